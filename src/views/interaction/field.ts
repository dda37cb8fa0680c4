/** Text fields: filter, palette, pickers and the search of a viewer. They take every key while one is open. */
import { SORT_COLUMNS, sortOf } from '../columns.ts';
import { compileFilter } from '../filter.ts';
import type { ListId, Picker, TabId, UiState } from '../model.ts';
import { paletteEntries } from '../palette.ts';
import { pickerEntries } from '../pickers.ts';
import { goToContext, goToList, goToNamespace, goToRow, goToTab, sortBy } from './goto.ts';
import { focusedList, layerOf, topViewer } from './layers.ts';
import { changeViewer, type Outcome, refuse, type Step, show, withoutField } from './outcome.ts';
import { destination, keepSelection } from './selection.ts';
import { acceptSearch, cancelSearch, chooseContainer } from './text.ts';

/** Longest text a field takes, in UTF-16 units. */
const MAX_TEXT = 200;
const PAGE = 10;

/** Opens the filter field on the present filter. */
export function openFilter({ model: { ui } }: Step): Outcome {
  return show({ ...ui, prompt: { kind: 'filter', text: ui.filter, index: 0, before: ui.filter } });
}

/** Opens the palette. */
export function openPalette({ model: { ui } }: Step): Outcome {
  return show({ ...ui, prompt: { kind: 'palette', text: '', index: 0 } });
}

/** Opens a picker with its cursor on what is in use. */
export function openPicker(step: Step, kind: Picker['kind']): Outcome {
  const { model } = step;
  const ui = { ...model.ui, picker: { kind, text: '', index: 0 } };
  const current = pickerEntries({ ...model, ui }).findIndex((entry) => entry.current === true);
  return show({ ...ui, picker: { ...ui.picker, index: Math.max(0, current) } });
}

/** Text of the open field; undefined when none is open. */
export function fieldText(ui: UiState): string | undefined {
  if (layerOf(ui) !== 'field') return undefined;
  return ui.picker?.text ?? ui.prompt?.text ?? topViewer(ui)?.search ?? '';
}

/** Types into the open field. Line breaks and control characters become spaces. */
export function type(step: Step, typed: string): Outcome {
  const { ui } = step.model;
  const clean = typed.slice(0, MAX_TEXT).replace(/\p{C}+/gu, ' ');
  return setText(step, ((fieldText(ui) ?? '') + clean).slice(0, MAX_TEXT));
}

/** Replaces the text of the open field; a filter works while it is typed. */
function setText(step: Step, text: string): Outcome {
  const { ui } = step.model;
  if (ui.picker !== undefined) return show({ ...ui, picker: { ...ui.picker, text, index: 0 } });
  if (ui.prompt === undefined) return changeViewer(ui, (viewer) => ({ ...viewer, search: text }));
  const prompt = { ...ui.prompt, text, index: 0 };
  if (prompt.kind === 'palette') return show({ ...ui, prompt });
  return show(keepSelection(step, { ...ui, prompt, filter: text }));
}

const segmenter = new Intl.Segmenter('en', { granularity: 'grapheme' });

/** Erases one character as the user sees characters. */
export function erase(step: Step): Outcome {
  const text = fieldText(step.model.ui) ?? '';
  const last = [...segmenter.segment(text)].at(-1);
  return setText(step, text.slice(0, last?.index ?? 0));
}

/** Erases one word and the space after it. */
export function eraseWord(step: Step): Outcome {
  return setText(step, (fieldText(step.model.ui) ?? '').replace(/\S*\s*$/, ''));
}

/** Erases all. */
export function clear(step: Step): Outcome {
  return setText(step, '');
}

/** Moves among the entries of the palette or picker. */
export function moveEntry(step: Step, key: string): Outcome {
  const { model } = step;
  const { ui } = model;
  const to = (at: number, count: number) =>
    Math.max(0, Math.min(destination(key, at, PAGE, count - 1), count - 1));
  if (ui.picker !== undefined) {
    const index = to(ui.picker.index, pickerEntries(model).length);
    return show({ ...ui, picker: { ...ui.picker, index } });
  }
  if (ui.prompt?.kind !== 'palette') return show(ui);
  return show({ ...ui, prompt: { ...ui.prompt, index: to(ui.prompt.index, paletteEntries(model).length) } });
}

/** Closes the open field and leaves everything as it was before. */
export function cancel(step: Step): Outcome {
  const { ui } = step.model;
  const closed = withoutField(ui);
  if (ui.picker !== undefined) return show(closed);
  if (ui.prompt?.kind === 'filter')
    return show(keepSelection(step, { ...closed, filter: ui.prompt.before ?? '' }));
  return ui.prompt === undefined ? cancelSearch(step) : show(closed);
}

/** Runs a command by its id, as if its key had been pressed. */
export type RunCommand = (step: Step, id: string) => Outcome;

/** Uses what was typed or chosen. */
export function accept(step: Step, run: RunCommand): Outcome {
  const { ui } = step.model;
  if (ui.picker !== undefined) return acceptPicker(step, ui.picker);
  if (ui.prompt === undefined) return acceptSearch(step);
  if (ui.prompt.kind === 'palette') return acceptPalette(step, ui.prompt.index, run);
  const { error } = compileFilter(ui.prompt.text);
  return error === undefined ? show(withoutField(ui)) : refuse(ui, step.clock, error);
}

function acceptPicker(step: Step, { kind, index }: Picker): Outcome {
  const entry = pickerEntries(step.model)[index];
  if (entry === undefined) return refuse(step.model.ui, step.clock, 'nothing matches: esc closes');
  const ui = withoutField(step.model.ui);
  switch (kind) {
    case 'context':
      return goToContext(step, ui, entry.id);
    case 'namespace':
      return goToNamespace(step, ui, entry.id);
    case 'container':
      return chooseContainer(ui, entry.id);
    case 'sort':
      return chooseSort(step, ui, entry.id);
  }
}

/** Choosing the column in use keeps its direction; another begins with its own. */
function chooseSort(step: Step, ui: UiState, column: string): Outcome {
  const list = focusedList(ui);
  const now = sortOf(list, ui.lists[list]);
  const chosen = now.column === column ? now : SORT_COLUMNS[list].find((known) => known.column === column);
  return chosen === undefined ? show(ui) : sortBy(step, ui, column, chosen.descending);
}

function acceptPalette(step: Step, index: number, run: RunCommand): Outcome {
  const entry = paletteEntries(step.model)[index];
  if (entry === undefined) return refuse(step.model.ui, step.clock, 'nothing matches: esc closes');
  if (entry.disabled !== undefined) return refuse(step.model.ui, step.clock, entry.disabled);
  const ui = withoutField(step.model.ui);
  const colon = entry.id.indexOf(':');
  const rest = entry.id.slice(colon + 1);
  switch (entry.id.slice(0, colon)) {
    case 'tab':
      return goToTab(step, ui, rest as TabId);
    case 'list':
      return goToList(step, ui, rest as ListId);
    case 'context':
      return goToContext(step, ui, rest);
    case 'namespace':
      return goToNamespace(step, ui, rest);
    case 'row':
      return goToRow(step, ui, ...listAndRow(rest));
    default:
      return run({ ...step, model: { ...step.model, ui } }, rest);
  }
}

/** Splits `LIST:ROW`; rows may hold colons, lists do not. */
function listAndRow(text: string): [ListId, string] {
  const colon = text.indexOf(':');
  return [text.slice(0, colon) as ListId, text.slice(colon + 1)];
}
