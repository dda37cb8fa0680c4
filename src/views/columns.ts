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

const DIRECTIONS: Readonly<Record<string, readonly [ascending: string, descending: string]>> = {
  severity: ['best first', 'worst first'],
  age: ['newest first', 'oldest first'],
  cpu: ['least first', 'most first'],
  memory: ['least first', 'most first'],
  pods: ['least first', 'most first'],
  restarts: ['least first', 'most first'],
};

/** A direction in words that fit the column; words are sorted `a to z`. */
export function directionText({ column, descending }: SortColumn): string {
  const [ascending, reversed] = DIRECTIONS[column] ?? ['a to z', 'z to a'];
  return descending ? reversed : ascending;
}

/** The order a list is shown in: the user's choice or the list's own. */
export function sortOf(list: ListId, state: ListState): SortColumn {
  return state.sort ?? SORT_COLUMNS[list][0];
}
