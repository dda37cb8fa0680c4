/** The result of a key: a new UiState and what the app has to do. */
import type { Effect, ScreenModel, UiState, View, Viewer } from '../model.ts';
import { isLoaded } from '../viewer.ts';

/** What a command may read: the screen of this very key, the tabs, and the real time (epoch ms). */
export interface Step {
  readonly model: ScreenModel;
  readonly views: readonly View[];
  readonly clock: number;
}

/** Answer of a command. */
export interface Outcome {
  readonly ui: UiState;
  readonly effects: readonly Effect[];
}

const TOAST_MS = 2000;
const ERROR_TOAST_MS = 4000;

/** A change of the screen with nothing else to do. */
export function show(ui: UiState): Outcome {
  return { ui, effects: [] };
}

/** An order to the app that leaves the screen as it is. */
export function order(step: Step, effect: Effect): Outcome {
  return { ui: step.model.ui, effects: [effect] };
}

/** A note in the status row for 2 s. */
export function tell(ui: UiState, clock: number, text: string): Outcome {
  return show({ ...ui, toast: { text, error: false, until: clock + TOAST_MS } });
}

/** Says for 4 s why a key did nothing. */
export function refuse(ui: UiState, clock: number, text: string): Outcome {
  return show({ ...ui, toast: { text, error: true, until: clock + ERROR_TOAST_MS } });
}

/** The UiState without its open text field. */
export function withoutField(ui: UiState): UiState {
  const { prompt: _prompt, picker: _picker, ...rest } = ui;
  return rest;
}

/**
 * Changes the stack of viewers and orders the content that the new top needs. The app keeps the content of one
 * loaded viewer, the topmost: a load replaces the one before, and `close-viewer` says that none is left.
 */
export function withViewers(ui: UiState, viewers: readonly Viewer[]): Outcome {
  const before = ui.viewers.findLast(isLoaded);
  const after = viewers.findLast(isLoaded);
  const changed = { ...ui, viewers };
  if (after === undefined)
    return { ui: changed, effects: before === undefined ? [] : [{ type: 'close-viewer' }] };
  return { ui: changed, effects: before !== undefined && sameContent(before, after) ? [] : loadOf(after) };
}

/** Puts a viewer on top. One of its kind already open is replaced, with all above it, so the stack stays small. */
export function openViewer(ui: UiState, viewer: Viewer): Outcome {
  const place = ui.viewers.findIndex((open) => open.kind === viewer.kind);
  return withViewers(ui, [...(place < 0 ? ui.viewers : ui.viewers.slice(0, place)), viewer]);
}

/** Changes the top viewer. */
export function changeViewer(ui: UiState, change: (viewer: Viewer) => Viewer): Outcome {
  const top = ui.viewers.at(-1);
  return top === undefined ? show(ui) : withViewers(ui, [...ui.viewers.slice(0, -1), change(top)]);
}

function sameContent(a: Viewer, b: Viewer): boolean {
  return (
    a.kind === b.kind &&
    a.ref === b.ref &&
    a.container === b.container &&
    (a.previous ?? false) === (b.previous ?? false)
  );
}

function loadOf(viewer: Viewer): readonly Effect[] {
  const { kind, ref, container, previous = false } = viewer;
  if (ref === undefined) return [];
  if (kind === 'logs') return container === undefined ? [] : [{ type: 'logs', ref, container, previous }];
  return kind === 'yaml' || kind === 'describe' ? [{ type: 'load', kind, ref }] : [];
}
