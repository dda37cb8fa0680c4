/** Every command of the console as data: the keys, where they work, and the words for footer, help and palette. */

import { layerOf, topViewer } from './interaction/layers.ts';
import {
  logsReason,
  namespaceReason,
  objectReason,
  oneContainerReason,
  oneListReason,
  previousReason,
  searchReason,
} from './interaction/reasons.ts';
import type { ScreenModel } from './model.ts';

/** Sections of the help, in order. */
export const GROUPS = ['Move', 'View', 'Object', 'Text', 'Screen', 'Typing'] as const;

/** Where a binding works: `words` say so in the help. */
export interface Place {
  readonly words: string;
  holds(model: ScreenModel): boolean;
}

const layer = (model: ScreenModel) => layerOf(model.ui);
const ALWAYS: Place = { words: 'everywhere', holds: () => true };
const OPEN: Place = { words: 'except while typing', holds: (model) => layer(model) !== 'field' };
const LIST: Place = { words: 'in lists', holds: (model) => layer(model) === 'list' };
const VIEWER: Place = { words: 'in text views', holds: (model) => layer(model) === 'viewer' };
const FIELD: Place = { words: 'while typing or choosing', holds: (model) => layer(model) === 'field' };
const inLogs = (model: ScreenModel) => VIEWER.holds(model) && topViewer(model.ui)?.kind === 'logs';
const LOGS: Place = { words: 'in logs', holds: inLogs };
const NOT_LOGS: Place = { words: 'except in logs', holds: (model) => OPEN.holds(model) && !inLogs(model) };

interface Command {
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
  /** Shown in the footer only then. */
  footerWhen?(model: ScreenModel): boolean;
  /** Why it cannot act now, in words for the user. */
  disabledReason?(model: ScreenModel): string | undefined;
}

const lost = (model: ScreenModel) => model.connection.status === 'lost';

const COMMANDS = [
  {
    id: 'move.line',
    keys: ['up', 'down', 'k', 'j'],
    label: 'move',
    about: 'one row up or down',
    group: 'Move',
    where: OPEN,
    burst: true,
    hint: '↑↓',
    footer: 1,
  },
  {
    id: 'move.page',
    keys: ['pageup', 'pagedown'],
    label: 'page',
    about: 'one page up or down',
    group: 'Move',
    where: OPEN,
    burst: true,
  },
  {
    id: 'move.end',
    keys: ['g', 'home', 'G', 'end'],
    label: 'first/last',
    about: 'to the first or last row',
    group: 'Move',
    where: OPEN,
    burst: true,
  },
  {
    id: 'tab',
    keys: ['1', '2', '3', '4', '5', '6', '7', '8', '9'],
    label: 'tab',
    about: 'to the tab of that number',
    group: 'Move',
    where: LIST,
    hint: '1-9',
  },
  {
    id: 'list.next',
    keys: ['tab', 'shift-tab'],
    label: 'next list',
    about: 'to the next or previous list of the tab',
    group: 'Move',
    where: LIST,
    hint: 'tab',
    footer: 4,
    disabledReason: oneListReason,
  },
  {
    id: 'back',
    keys: ['escape'],
    label: 'back',
    about: 'close the topmost thing, then clear the filter; never quits',
    group: 'Move',
    where: OPEN,
  },
  {
    id: 'filter',
    keys: ['/'],
    label: 'filter',
    about: 'filter: text, ~regex, !not, column:value, restarts>5; several terms narrow further',
    group: 'View',
    where: LIST,
    footer: 7,
  },
  {
    id: 'problems',
    keys: ['!'],
    label: 'problems',
    about: 'hide or show what is healthy',
    group: 'View',
    where: LIST,
    footer: 9,
  },
  { id: 'sort', keys: ['s'], label: 'sort', about: 'choose the sort column', group: 'View', where: LIST },
  {
    id: 'sort.reverse',
    keys: ['S'],
    label: 'reverse sort',
    about: 'reverse the order',
    group: 'View',
    where: LIST,
  },
  {
    id: 'namespace',
    keys: ['n'],
    label: 'namespace',
    about: 'choose one namespace',
    group: 'View',
    where: LIST,
    disabledReason: namespaceReason,
  },
  {
    id: 'namespace.all',
    keys: ['0'],
    label: 'all namespaces',
    about: 'show all namespaces',
    group: 'View',
    where: LIST,
  },
  {
    id: 'freeze',
    keys: ['f'],
    label: 'freeze',
    about: 'hold the screen still; again to go on',
    group: 'View',
    where: NOT_LOGS,
  },
  {
    id: 'details',
    keys: ['enter'],
    label: 'open',
    about: 'all that is known of the selected object',
    group: 'Object',
    where: LIST,
    hint: '⏎',
    footer: 3,
    disabledReason: objectReason,
  },
  {
    id: 'explain',
    keys: ['x'],
    label: 'explain',
    about: 'why it has its verdict, and what to do',
    group: 'Object',
    where: OPEN,
    footer: 6,
    disabledReason: objectReason,
  },
  {
    id: 'logs',
    keys: ['l'],
    label: 'logs',
    about: 'logs of the pod, following',
    group: 'Object',
    where: NOT_LOGS,
    footer: 5,
    disabledReason: logsReason,
  },
  {
    id: 'logs.previous',
    keys: ['p'],
    label: 'previous logs',
    about: 'logs from before the last restart',
    group: 'Object',
    where: NOT_LOGS,
    disabledReason: logsReason,
  },
  {
    id: 'describe',
    keys: ['d'],
    label: 'describe',
    about: 'the object in words, as kubectl describe',
    group: 'Object',
    where: OPEN,
    footer: 8,
    disabledReason: objectReason,
  },
  {
    id: 'yaml',
    keys: ['Y', 'y'],
    label: 'yaml',
    about: 'the object as YAML, without managedFields',
    group: 'Object',
    where: OPEN,
    disabledReason: objectReason,
  },
  {
    id: 'events',
    keys: ['e'],
    label: 'events',
    about: 'events about the object',
    group: 'Object',
    where: OPEN,
    disabledReason: objectReason,
  },
  {
    id: 'copy',
    keys: ['c'],
    label: 'copy name',
    about: 'copy the name of the selected object',
    group: 'Object',
    where: LIST,
    disabledReason: objectReason,
  },
  {
    id: 'text.copy',
    keys: ['c'],
    label: 'copy',
    about: 'copy the text, or what is visible when it is long',
    group: 'Text',
    where: VIEWER,
    footer: 8,
  },
  {
    id: 'text.save',
    keys: ['ctrl-s'],
    label: 'save',
    about: 'save the text to a file',
    group: 'Text',
    where: VIEWER,
  },
  {
    id: 'text.search',
    keys: ['/'],
    label: 'search',
    about: 'search: text or ~regex; in this help it shows matching keys only',
    group: 'Text',
    where: VIEWER,
    footer: 2,
  },
  {
    id: 'text.match',
    keys: ['n', 'N'],
    label: 'next match',
    about: 'to the next or previous match',
    group: 'Text',
    where: VIEWER,
    hint: 'n',
    footer: 3,
    disabledReason: searchReason,
  },
  {
    id: 'text.wrap',
    keys: ['w'],
    label: 'wrap',
    about: 'wrap long lines or cut them',
    group: 'Text',
    where: VIEWER,
    footer: 7,
  },
  {
    id: 'log.follow',
    keys: ['f'],
    label: 'follow',
    about: 'follow the end of the log, or stand still',
    group: 'Text',
    where: LOGS,
    footer: 4,
  },
  {
    id: 'log.previous',
    keys: ['p'],
    label: 'previous',
    about: 'switch between the present run and the one before the last restart',
    group: 'Text',
    where: LOGS,
    footer: 5,
    disabledReason: previousReason,
  },
  {
    id: 'log.container',
    keys: ['o'],
    label: 'container',
    about: 'choose another container',
    group: 'Text',
    where: LOGS,
    footer: 6,
    disabledReason: oneContainerReason,
  },
  {
    id: 'log.cycle',
    keys: ['left', 'right'],
    label: 'next container',
    about: 'to the previous or next container',
    group: 'Text',
    where: LOGS,
    disabledReason: oneContainerReason,
  },
  {
    id: 'palette',
    keys: [':'],
    label: 'palette',
    about: 'go to a tab, list, object, namespace or context, or run a command, by name',
    group: 'Screen',
    where: OPEN,
    footer: 10,
  },
  {
    id: 'context',
    keys: ['C'],
    label: 'context',
    about: 'choose another kubeconfig context; works without a connection',
    group: 'Screen',
    where: LIST,
    footer: 11,
    footerWhen: lost,
  },
  {
    id: 'retry',
    keys: ['ctrl-r'],
    label: 'retry now',
    about: 'read everything that failed again, now',
    group: 'Screen',
    where: OPEN,
    footer: 1.1,
    footerWhen: lost,
  },
  {
    id: 'collectors',
    keys: ['L'],
    label: 'collector log',
    about: "state of every source and the console's log",
    group: 'Screen',
    where: OPEN,
    footer: 1.2,
    footerWhen: lost,
  },
  { id: 'help', keys: ['?', 'f1'], label: 'help', about: 'this help', group: 'Screen', where: OPEN },
  { id: 'repaint', keys: ['ctrl-l'], label: 'repaint', about: 'draw anew', group: 'Screen', where: ALWAYS },
  {
    id: 'suspend',
    keys: ['ctrl-z'],
    label: 'suspend',
    about: 'back to the shell; fg returns',
    group: 'Screen',
    where: ALWAYS,
  },
  { id: 'close', keys: ['q'], label: 'back', about: 'close the text', group: 'Screen', where: VIEWER },
  { id: 'quit', keys: ['q'], label: 'quit', about: 'quit', group: 'Screen', where: LIST },
  {
    id: 'interrupt',
    keys: ['ctrl-c'],
    label: 'quit',
    about: 'quit at once, from everywhere',
    group: 'Screen',
    where: ALWAYS,
    burst: true,
  },
  {
    id: 'field.accept',
    keys: ['enter'],
    label: 'accept',
    about: 'use what was typed or chosen',
    group: 'Typing',
    where: FIELD,
    hint: '⏎',
    footer: 1,
  },
  {
    id: 'field.cancel',
    keys: ['escape'],
    label: 'cancel',
    about: 'close and leave everything as it was',
    group: 'Typing',
    where: FIELD,
    hint: 'esc',
    footer: 2,
  },
  {
    id: 'field.move',
    keys: ['up', 'down', 'pageup', 'pagedown', 'home', 'end'],
    label: 'choose',
    about: 'to another entry',
    group: 'Typing',
    where: FIELD,
    burst: true,
    hint: '↑↓',
    footer: 3,
    footerWhen: (model) => model.ui.picker !== undefined || model.ui.prompt?.kind === 'palette',
  },
  {
    id: 'field.erase',
    keys: ['backspace'],
    label: 'erase',
    about: 'erase one character',
    group: 'Typing',
    where: FIELD,
    burst: true,
  },
  {
    id: 'field.word',
    keys: ['ctrl-w'],
    label: 'erase word',
    about: 'erase one word',
    group: 'Typing',
    where: FIELD,
    burst: true,
  },
  {
    id: 'field.clear',
    keys: ['ctrl-u'],
    label: 'clear',
    about: 'erase all',
    group: 'Typing',
    where: FIELD,
    burst: true,
    hint: 'ctrl-u',
    footer: 4,
  },
] as const satisfies readonly Command[];

/** Name of a command: each has exactly one binding here and one handler in the reducer. */
export type CommandId = (typeof COMMANDS)[number]['id'];

/** A command with its keys. */
export interface Binding extends Command {
  readonly id: CommandId;
}

/** All commands. Unbound on purpose: ctrl-d, ctrl-k, delete, and backspace outside text fields. */
export const BINDINGS: readonly Binding[] = COMMANDS;

const FOOTER_KEYS = 6;

/** The keys for the last row: up to six that work now, best first, then help and quit (or back). */
export function footerKeys(model: ScreenModel): readonly { readonly key: string; readonly label: string }[] {
  const here = BINDINGS.filter((binding) => binding.where.holds(model));
  const best = here
    .filter((binding) => binding.footer !== undefined && (binding.footerWhen?.(model) ?? true))
    .filter((binding) => binding.disabledReason?.(model) === undefined)
    .toSorted((a, b) => (a.footer ?? 0) - (b.footer ?? 0))
    .slice(0, FOOTER_KEYS);
  const fixed = here.filter(({ id }) => id === 'help' || id === 'quit' || id === 'close');
  return [...best, ...fixed].map(({ hint, keys, label }) => ({ key: hint ?? keyName(keys[0] ?? ''), label }));
}

/** One section of the help: every binding is in exactly one. */
export interface HelpGroup {
  readonly group: string;
  readonly entries: readonly { readonly keys: string; readonly label: string; readonly disabled?: string }[];
}

/** All bindings by section, with the reason where one does not work on the present screen. */
export function helpGroups(model: ScreenModel): readonly HelpGroup[] {
  return GROUPS.map((group) => ({
    group,
    entries: BINDINGS.filter((binding) => binding.group === group).map((binding) => {
      const entry = { keys: keyNames(binding), label: binding.about };
      const disabled = unusableReason(binding, model);
      return disabled === undefined ? entry : { ...entry, disabled };
    }),
  }));
}

/** Why a binding would do nothing on this screen: the wrong place, or its own reason. */
export function unusableReason(binding: Binding, model: ScreenModel): string | undefined {
  return binding.where.holds(model) ? binding.disabledReason?.(model) : `only ${binding.where.words}`;
}

const KEY_NAMES: Readonly<Record<string, string>> = {
  up: '↑',
  down: '↓',
  left: '←',
  right: '→',
  enter: '⏎',
  escape: 'esc',
  pageup: 'PgUp',
  pagedown: 'PgDn',
  home: 'Home',
  end: 'End',
  f1: 'F1',
};

function keyName(token: string): string {
  return KEY_NAMES[token] ?? token;
}

/** How help and palette write the keys of a binding: `↑ ↓ k j`. */
export function keyNames(binding: Binding): string {
  const digits = binding.keys.every((key) => /^[0-9]$/.test(key)) && binding.keys.length > 1;
  return digits ? (binding.hint ?? '') : binding.keys.map(keyName).join(' ');
}
