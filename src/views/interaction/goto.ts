/** Going elsewhere: tabs, lists, single objects, namespaces, contexts. */
import type { ListId, TabId, UiState } from '../model.ts';
import { initialUi } from './initial.ts';
import { focusedList, nextList, tabOf } from './layers.ts';
import { type Outcome, refuse, type Step, show, tell, withViewers } from './outcome.ts';
import { keepSelection, rowsOf, select, withList } from './selection.ts';

/** Shows a tab with the list it had in focus. */
export function goToTab(step: Step, ui: UiState, tab: TabId): Outcome {
  const outcome = withViewers(ui, []);
  return { ...outcome, ui: keepSelection(step, { ...outcome.ui, tab }) };
}

/** Shows the tab of that number. */
export function goToTabKey(step: Step, key: string): Outcome {
  const { ui } = step.model;
  const view = step.views.find((candidate) => candidate.key === key);
  return view === undefined ? refuse(ui, step.clock, `there is no tab ${key}`) : goToTab(step, ui, view.id);
}

/** Focuses a list, wherever it is. */
export function goToList(step: Step, ui: UiState, list: ListId): Outcome {
  const tab = tabOf(list);
  return goToTab(step, { ...ui, focus: { ...ui.focus, [tab]: list } }, tab);
}

/** Focuses the next list of the tab, or the one before. */
export function cycleList(step: Step, key: string): Outcome {
  const { ui } = step.model;
  return goToList(step, ui, nextList(ui, key === 'shift-tab' ? -1 : 1));
}

/** Puts the cursor on one row; a filter that hides it is taken away. */
export function goToRow(step: Step, from: UiState, list: ListId, id: string): Outcome {
  const { ui, effects } = goToList(step, from, list);
  const open = { ...ui, filter: '', problemsOnly: false, namespace: '' };
  for (const candidate of [ui, open]) {
    const rows = rowsOf(step, list, candidate);
    const index = rows.findIndex((row) => row.id === id);
    if (index >= 0) return { ui: select(candidate, list, rows, index), effects };
  }
  return { ...refuse(from, step.clock, 'that object is no longer listed') };
}

/** Shows one namespace; '' shows all. */
export function goToNamespace(step: Step, ui: UiState, namespace: string): Outcome {
  const changed = keepSelection(step, { ...ui, namespace });
  return tell(changed, step.clock, namespace === '' ? 'all namespaces' : `namespace ${namespace}`);
}

/** Leaves for another context: nothing of the old cluster's screen stays but the tab. */
export function goToContext(step: Step, ui: UiState, name: string): Outcome {
  if (name === step.model.session.context) return tell(ui, step.clock, `context ${name} is in use already`);
  const closed = withViewers(ui, []);
  return { ui: { ...initialUi(), tab: ui.tab }, effects: [...closed.effects, { type: 'context', name }] };
}

/** Sorts the focused list, and lets go of the order held for the cursor's sake. */
export function sortBy(step: Step, ui: UiState, column: string, descending: boolean): Outcome {
  const sorted = withList(ui, focusedList(ui), { sort: { column, descending } });
  return show({ ...sorted, sortHeldUntil: step.clock });
}
