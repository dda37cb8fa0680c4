import type { TabId, View } from './model.ts';
import { nodesView } from './NodesView.ts';
import { triageView } from './TriageView.ts';

/** All tabs in order. A new tab is one more line here. */
export const VIEWS: readonly View[] = [triageView, nodesView];

/** The view of a tab. */
export function viewOf(tab: TabId): View {
  return VIEWS.find((view) => view.id === tab) ?? triageView;
}
