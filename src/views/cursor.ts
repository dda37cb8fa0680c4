/** Where the cursor of a list stands among its present rows. */
import type { ListRow, ListState } from './model.ts';

/** `lost` is true when the selected object is gone and another row stands at its old place. */
export interface Cursor {
  readonly index: number;
  readonly row: ListRow | undefined;
  readonly lost: boolean;
}

const indexes = new WeakMap<readonly ListRow[], ReadonlyMap<string, number>>();

/** Index of each id; built once for each rows array, which views keep while nothing changes. */
function indexOf(rows: readonly ListRow[], id: string): number | undefined {
  let index = indexes.get(rows);
  if (index === undefined) {
    index = new Map(rows.map((row, at) => [row.id, at]));
    indexes.set(rows, index);
  }
  return index.get(id);
}

/**
 * Finds the selection by id. A list without a selection has its cursor on the first row; when the selected
 * object vanished the cursor falls to the row at its old place.
 */
export function cursorOf(rows: readonly ListRow[], list: ListState): Cursor {
  if (list.selected === undefined) return { index: 0, row: rows[0], lost: false };
  if (rows[list.index]?.id === list.selected)
    return { index: list.index, row: rows[list.index], lost: false };
  const found = indexOf(rows, list.selected);
  if (found !== undefined) return { index: found, row: rows[found], lost: false };
  const index = Math.max(0, Math.min(list.index, rows.length - 1));
  return { index, row: rows[index], lost: true };
}
