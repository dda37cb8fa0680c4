/** What a command is made of, and the places where commands work. */
import { layerOf, topViewer } from '../interaction/layers.ts';
import type { ScreenModel } from '../model.ts';

/** Sections of the help, in order. */
export const GROUPS = ['Move', 'View', 'Object', 'Text', 'Screen', 'Typing'] as const;

/** Where a binding works: `words` say so in the help. */
export interface Place {
  readonly words: string;
  holds(model: ScreenModel): boolean;
}

const layer = (model: ScreenModel) => layerOf(model.ui);
export const ALWAYS: Place = { words: 'everywhere', holds: () => true };
export const OPEN: Place = { words: 'except while typing', holds: (model) => layer(model) !== 'field' };
export const LIST: Place = { words: 'in lists', holds: (model) => layer(model) === 'list' };
export const VIEWER: Place = { words: 'in text views', holds: (model) => layer(model) === 'viewer' };
export const FIELD: Place = { words: 'while typing or choosing', holds: (model) => layer(model) === 'field' };
const inLogs = (model: ScreenModel) => VIEWER.holds(model) && topViewer(model.ui)?.kind === 'logs';
export const LOGS: Place = { words: 'in logs', holds: inLogs };
export const NOT_LOGS: Place = {
  words: 'except in logs',
  holds: (model) => OPEN.holds(model) && !inLogs(model),
};

/** A command as data. */
export interface Command {
  readonly id: string;
  /** Tokens of `keyToken`. */
  readonly keys: readonly string[];
  /** One or two words for footer and palette. */
  readonly label: string;
  /** What it does, for the help. */
  readonly about: string;
  readonly group: (typeof GROUPS)[number];
  readonly where: Place;
  /** May come in a burst of keys read at once: it only moves, edits text or leaves. */
  readonly burst?: true;
  /** How the footer shows its keys. */
  readonly hint?: string;
  /** Rank in the footer, 1 first; absent: never there. */
  readonly footer?: number;
  /** Its words in the footer when they depend on the screen. */
  footerLabel?(model: ScreenModel): string;
  /** Shown in the footer only then. */
  footerWhen?(model: ScreenModel): boolean;
  /** Why it cannot act now, in words for the user. */
  disabledReason?(model: ScreenModel): string | undefined;
}
