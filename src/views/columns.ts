/** The columns each list can be sorted by: what the sort picker offers and the views sort on. */
import type { ListId, ListState } from './model.ts';

/** A sortable column; `descending` is the direction it starts with (largest, worst or newest first). */
export interface SortColumn {
  readonly column: string;
  readonly descending: boolean;
}

const up = (column: string): SortColumn => ({ column, descending: false });
const down = (column: string): SortColumn => ({ column, descending: true });

/** By list; the first is the order used until the user chooses. `age` descending is oldest first. */
export const SORT_COLUMNS: Readonly<Record<ListId, readonly [SortColumn, ...SortColumn[]]>> = {
  'triage/findings': [down('severity'), down('age'), up('scope'), up('title')],
  'nodes/nodes': [
    down('severity'),
    up('name'),
    up('status'),
    down('cpu'),
    down('memory'),
    down('pods'),
    down('age'),
  ],
  'nodes/pods': [
    down('severity'),
    up('namespace'),
    up('name'),
    up('status'),
    down('restarts'),
    down('age'),
    up('node'),
  ],
  'nodes/workloads': [
    down('severity'),
    up('namespace'),
    up('name'),
    up('kind'),
    up('ready'),
    up('status'),
    down('age'),
  ],
};

/** The order a list is shown in: the user's choice or the list's own. */
export function sortOf(list: ListId, state: ListState): SortColumn {
  return state.sort ?? SORT_COLUMNS[list][0];
}
