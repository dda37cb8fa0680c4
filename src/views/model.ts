/**
 * The contract between the key reducer, the views and the app: what the screen is made from. Everything here is
 * plain data; views turn a `ScreenModel` into `Line`s and the reducer turns (UiState, KeyPress, ScreenModel) into
 * a new UiState plus effects for the app to carry out.
 */
import type { Judge } from '../domain/assessment.ts';
import type { ObjectRef } from '../domain/finding.ts';
import type { Severity } from '../domain/severity.ts';
import type { CollectError } from '../domain/snapshot.ts';
import type { ClusterState, Connection } from '../domain/state.ts';

/** Tabs in order; later sources add their own. */
export type TabId = 'triage' | 'nodes';

/** A focusable list inside a tab, e.g. `nodes/pods`. */
export type ListId = 'triage/findings' | 'nodes/nodes' | 'nodes/pods' | 'nodes/workloads';

/** Cursor of one list: by object id, never by index, so it stays on its object while rows re-sort. */
export interface ListState {
  readonly selected?: string;
  /** Index of the selection when it was made: where the cursor falls if the object vanishes. */
  readonly index: number;
  readonly sort?: { readonly column: string; readonly descending: boolean };
}

/** What a full-screen text viewer shows. */
export type ViewerKind =
  | 'yaml'
  | 'describe'
  | 'logs'
  | 'explain'
  | 'events'
  | 'help'
  | 'collectors'
  | 'details';

/** A text viewer over the tab: lines are loaded by the app, scrolled and searched by the reducer. */
export interface Viewer {
  readonly kind: ViewerKind;
  readonly title: string;
  readonly ref?: ObjectRef;
  /** For logs. */
  readonly container?: string;
  readonly containers?: readonly string[];
  readonly previous?: boolean;
  readonly follow?: boolean;
  /** First visible line, counted from the start of the stream: dropped lines included, so that text stands still. */
  readonly top: number;
  readonly wrap?: boolean;
  /** Search as in `compileText`; the help viewer shows only what matches. */
  readonly search?: string;
  /** Line of the search match last jumped to, counted as `top`. */
  readonly match?: number;
  /** Set while the user types the search. */
  readonly searching?: boolean;
}

/** A text field at the bottom: filter or command palette. */
export interface Prompt {
  readonly kind: 'filter' | 'palette';
  readonly text: string;
  /** Selected entry of the palette. */
  readonly index: number;
  /** The filter before typing began, which escape brings back (it is applied while it is typed). */
  readonly before?: string;
}

/** A small list to choose from: context, namespace, container, sort column. */
export interface Picker {
  readonly kind: 'context' | 'namespace' | 'container' | 'sort';
  readonly text: string;
  readonly index: number;
}

/** Everything about the screen that is not cluster data. Only the reducer and the app's effects change it. */
export interface UiState {
  readonly tab: TabId;
  /** Focused list of each tab. */
  readonly focus: Readonly<Record<TabId, ListId>>;
  readonly lists: Readonly<Record<ListId, ListState>>;
  readonly filter: string;
  /** Hide healthy rows (`!`). */
  readonly problemsOnly: boolean;
  /** '' = all namespaces. */
  readonly namespace: string;
  /** Stack of viewers, the last is on top. */
  readonly viewers: readonly Viewer[];
  readonly prompt?: Prompt;
  readonly picker?: Picker;
  /** Set while the screen is frozen (`f`): the time it was frozen at. */
  readonly frozenAt?: number;
  readonly toast?: { readonly text: string; readonly error: boolean; readonly until: number };
  /** No re-sorting before this time, so that rows do not move under the cursor (2 s after a motion key). */
  readonly sortHeldUntil: number;
}

/** Content of the top viewer, kept outside UiState because the app streams into it. */
export interface ViewerContent {
  readonly status: 'loading' | 'ready' | 'failed';
  readonly lines: readonly string[];
  /** Older lines were dropped from the bounded buffer. */
  readonly dropped?: number;
  readonly error?: CollectError;
  /** Log stream state: following, ended. */
  readonly note?: string;
}

/** Who and what we are connected to, for the header. */
export interface Session {
  readonly context: string;
  readonly contexts: readonly string[];
  readonly server: string;
  readonly user: string;
  readonly insecure: boolean;
  readonly demo: boolean;
  readonly mode: 'READ-ONLY' | 'READ-WRITE';
}

/** All that a frame is made from. */
export interface ScreenModel {
  /** Wall clock of the cluster view: frozen while `ui.frozenAt` is set. */
  readonly now: number;
  readonly columns: number;
  readonly rows: number;
  readonly session: Session;
  readonly connection: Connection;
  readonly state: ClusterState;
  readonly judge: Judge;
  readonly ui: UiState;
  readonly viewerContent: ViewerContent | undefined;
  /** Names of namespaces, for the picker. */
  readonly namespaces: readonly string[];
  readonly log: readonly { readonly at: number; readonly text: string }[];
}

/**
 * A key as the reducer sees it. `text` is one grapheme for printable keys. `chunked` is true when it came in one
 * read with other keys (fast repeat on a slow link, or a paste without bracketed paste): such keys may move and
 * type into a text field, but never trigger a command. `paste` carries a whole bracketed paste.
 */
export type KeyPress =
  | {
      readonly type: 'key';
      readonly name: KeyName;
      readonly ctrl?: boolean;
      readonly shift?: boolean;
      readonly chunked?: boolean;
    }
  | { readonly type: 'char'; readonly text: string; readonly chunked?: boolean }
  | { readonly type: 'paste'; readonly text: string };

export type KeyName =
  | 'up'
  | 'down'
  | 'left'
  | 'right'
  | 'pageup'
  | 'pagedown'
  | 'home'
  | 'end'
  | 'enter'
  | 'escape'
  | 'tab'
  | 'backspace'
  | 'delete'
  | 'ctrl-a'
  | 'ctrl-c'
  | 'ctrl-e'
  | 'ctrl-l'
  | 'ctrl-r'
  | 'ctrl-s'
  | 'ctrl-u'
  | 'ctrl-w'
  | 'ctrl-z'
  | 'f1';

/** What the app has to do because of a key. The reducer itself does nothing. */
export type Effect =
  | { readonly type: 'quit' }
  | { readonly type: 'suspend' }
  | { readonly type: 'repaint' }
  | { readonly type: 'retry' }
  | { readonly type: 'copy'; readonly text: string; readonly label: string }
  | { readonly type: 'load'; readonly kind: 'yaml' | 'describe'; readonly ref: ObjectRef }
  | { readonly type: 'logs'; readonly ref: ObjectRef; readonly container: string; readonly previous: boolean }
  | { readonly type: 'close-viewer' }
  | { readonly type: 'save'; readonly label: string }
  | { readonly type: 'context'; readonly name: string };

/** Meaning of a piece of text; theme.ts alone knows colours. */
export type Token = 'text' | 'muted' | 'accent' | 'critical' | 'warning' | 'unknown' | 'ok' | 'info';

/** A run of text with one style. Text is already sanitised and contains no newline. */
export interface Segment {
  readonly text: string;
  readonly token?: Token;
  readonly bold?: boolean;
  readonly inverse?: boolean;
}

/** One row of the screen. Its display width never exceeds the width it was made for. */
export type Line = readonly Segment[];

/** One row of a list as the reducer needs it. */
export interface ListRow {
  readonly id: string;
  readonly ref: ObjectRef;
}

/** A tab. Pure functions of the model: `rows` gives each list's visible order, `render` draws the body. */
export interface View {
  readonly id: TabId;
  readonly key: string;
  readonly title: string;
  readonly lists: readonly ListId[];
  rows(model: ScreenModel, list: ListId): readonly ListRow[];
  /** Draws exactly `height` lines of at most `width` cells. */
  render(model: ScreenModel, width: number, height: number): readonly Line[];
  /** Worst severity for the tab bar. */
  badge(model: ScreenModel): Severity;
}
