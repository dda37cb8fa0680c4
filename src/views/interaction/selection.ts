/** The cursor of a list: where it is, how it moves, and how it keeps to its object. */
import { cursorOf } from '../cursor.ts';
import type { ListId, ListRow, ListState, UiState } from '../model.ts';
import { focusedList, tabOf, withUi } from './layers.ts';
import { emptyReason } from './objects.ts';
import { type Outcome, refuse, type Step, show } from './outcome.ts';

const SORT_HOLD_MS = 2000;

/** The visible rows of a list on a screen that may differ from the one drawn by its UiState. */
export function rowsOf(step: Step, list: ListId, ui: UiState = step.model.ui): readonly ListRow[] {
  const view = step.views.find(({ id }) => id === tabOf(list));
  return view?.rows(ui === step.model.ui ? step.model : withUi(step.model, ui), list) ?? [];
}

/** Changes the state of one list. */
export function withList(ui: UiState, list: ListId, change: Partial<ListState>): UiState {
  return { ...ui, lists: { ...ui.lists, [list]: { ...ui.lists[list], ...change } } };
}

/** Puts the cursor of a list on a row, or nowhere when there is none. */
export function select(ui: UiState, list: ListId, rows: readonly ListRow[], index: number): UiState {
  const at = Math.max(0, Math.min(index, rows.length - 1));
  const row = rows[at];
  if (row !== undefined) return withList(ui, list, { selected: row.id, index: at });
  const { selected: _gone, ...rest } = ui.lists[list];
  return { ...ui, lists: { ...ui.lists, [list]: { ...rest, index: 0 } } };
}

/** Rows of a page: lists share the height of the screen, so half of it without the frame. */
function pageOf(rows: number): number {
  return Math.max(1, Math.floor(rows / 2) - 2);
}

/** Moves the cursor of the focused list, and holds the order still for a moment so that rows stay under the hand. */
export function moveCursor(step: Step, key: string): Outcome {
  const { ui } = step.model;
  const list = focusedList(ui);
  const rows = rowsOf(step, list);
  const { index } = cursorOf(rows, ui.lists[list]);
  const moved = select(ui, list, rows, destination(key, index, pageOf(step.model.rows), rows.length - 1));
  return show({ ...moved, sortHeldUntil: step.clock + SORT_HOLD_MS });
}

/** Where a motion key leads from `at`, before it is held within bounds. */
export function destination(key: string, at: number, page: number, last: number): number {
  switch (key) {
    case 'up':
    case 'k':
      return at - 1;
    case 'down':
    case 'j':
      return at + 1;
    case 'pageup':
      return at - page;
    case 'pagedown':
      return at + page;
    case 'home':
    case 'g':
      return 0;
    default:
      return last;
  }
}

/**
 * After what is listed has changed by the user's own doing (filter, namespace, problems only), the cursor stays on
 * its object where that is still listed, else goes to the top.
 */
export function keepSelection(step: Step, ui: UiState): UiState {
  const list = focusedList(ui);
  if (ui.lists[list].selected === undefined) return ui;
  const rows = rowsOf(step, list, ui);
  const cursor = cursorOf(rows, ui.lists[list]);
  return select(ui, list, rows, cursor.lost ? 0 : cursor.index);
}

/**
 * Runs a command on the selected row. When the selected object has vanished the cursor falls to the row at its
 * place and the command does not run: the user has not seen that row selected.
 */
export function onSelected(step: Step, act: (row: ListRow) => Outcome): Outcome {
  const { ui } = step.model;
  const list = focusedList(ui);
  const rows = rowsOf(step, list);
  const { row, index, lost } = cursorOf(rows, ui.lists[list]);
  if (row === undefined) return refuse(ui, step.clock, emptyReason(step.model, list));
  const settled = select(ui, list, rows, index);
  if (lost)
    return refuse(settled, step.clock, 'the selected object is gone: the cursor is now on another one');
  const outcome = act(row);
  // Acting on a row pins the cursor to it, also when it was only the first row by default.
  return { ...outcome, ui: { ...outcome.ui, lists: { ...outcome.ui.lists, [list]: settled.lists[list] } } };
}
