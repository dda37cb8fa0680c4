/** Which layer of the screen a key belongs to, and what is under the hand there. */
import type { ListId, ScreenModel, TabId, UiState, Viewer } from '../model.ts';

/** From top to bottom: a text field (prompt, picker or search) takes every key, then a viewer, then the lists. */
export type Layer = 'field' | 'viewer' | 'list';

/** The layer that the next key goes to. */
export function layerOf(ui: UiState): Layer {
  if (ui.picker !== undefined || ui.prompt !== undefined || topViewer(ui)?.searching === true) return 'field';
  return ui.viewers.length > 0 ? 'viewer' : 'list';
}

/** The viewer on top of the stack. */
export function topViewer(ui: UiState): Viewer | undefined {
  return ui.viewers.at(-1);
}

/** The list that has the focus on the present tab. */
export function focusedList(ui: UiState): ListId {
  return ui.focus[ui.tab];
}

/** The tab a list belongs to. */
export function tabOf(list: ListId): TabId {
  return list.startsWith('nodes/') ? 'nodes' : 'triage';
}

/** All lists of a tab, in the order `tab` walks them. */
export function listsOf(ui: UiState, tab: TabId): readonly ListId[] {
  return (Object.keys(ui.lists) as ListId[]).filter((list) => tabOf(list) === tab);
}

/** The list after the focused one, or the one before it (`step` -1), going round. */
export function nextList(ui: UiState, step: 1 | -1): ListId {
  const lists = listsOf(ui, ui.tab);
  const focused = focusedList(ui);
  return lists.at((lists.indexOf(focused) + step) % lists.length) ?? focused;
}

/** The screen as it would be with another UiState: what views are asked after a change. */
export function withUi(model: ScreenModel, ui: UiState): ScreenModel {
  return { ...model, ui };
}
