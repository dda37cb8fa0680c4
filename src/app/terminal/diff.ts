import { type Cell, parseCells } from './cells.ts';

/** Moving the cursor costs about this many bytes; shorter equal runs are cheaper to send again. */
const CURSOR_MOVE_COST = 7;

const moveTo = (row: number, column: number): string => `\x1b[${row + 1};${column + 1}H`;

const same = (a: Cell | undefined, b: Cell | undefined): boolean =>
  a !== undefined && b !== undefined && a.text === b.text && a.style === b.style;

/**
 * The bytes that turn one frame into another: for each changed row only the changed runs of cells, each preceded
 * by a cursor move. `previous` undefined means the screen content is unknown: it is cleared first. Frames are
 * painted lines as produced by the theme. Returns '' when nothing changed.
 */
export function frameDiff(previous: readonly string[] | undefined, next: readonly string[]): string {
  let out = previous === undefined ? '\x1b[0m\x1b[2J' : '';
  const before = previous ?? [];
  for (let row = 0; row < Math.max(before.length, next.length); row += 1) {
    const oldLine = before[row] ?? '';
    const newLine = next[row] ?? '';
    if (oldLine !== newLine) out += rowDiff(row, parseCells(oldLine), parseCells(newLine));
  }
  return out;
}

function rowDiff(row: number, before: readonly Cell[], after: readonly Cell[]): string {
  const oldAt = byColumn(before);
  const newAt = byColumn(after);
  let out = '';
  let column = 0;
  while (column < newAt.length) {
    const cell = newAt[column];
    if (cell === 'tail' || same(asCell(oldAt[column]), asCell(cell))) {
      column += 1;
      continue;
    }
    const end = runEnd(oldAt, newAt, column);
    out += moveTo(row, column) + paint(newAt.slice(column, end));
    column = end;
  }
  if (oldAt.length > newAt.length) out += `${moveTo(row, newAt.length)}\x1b[K`;
  return out;
}

/** Cells by screen column; the second column of a wide character is 'tail'. */
type Columns = readonly (Cell | 'tail')[];

function byColumn(cells: readonly Cell[]): Columns {
  const columns: (Cell | 'tail')[] = [];
  for (const cell of cells) {
    columns.push(cell);
    if (cell.width === 2) columns.push('tail');
  }
  return columns;
}

function asCell(entry: Cell | 'tail' | undefined): Cell | undefined {
  return entry === 'tail' ? undefined : entry;
}

/** End of the run to send from `start`: it swallows equal stretches shorter than a cursor move. */
function runEnd(oldAt: Columns, newAt: Columns, start: number): number {
  let end = start + 1;
  let equal = 0;
  for (let column = start + 1; column < newAt.length && equal <= CURSOR_MOVE_COST; column += 1) {
    const cell = newAt[column];
    if (cell !== 'tail' && same(asCell(oldAt[column]), cell)) equal += 1;
    else {
      equal = 0;
      end = column + 1;
    }
  }
  while (newAt[end] === 'tail') end += 1;
  return end;
}

function paint(entries: Columns): string {
  let out = '';
  let style = '';
  for (const entry of entries) {
    if (entry === 'tail') continue;
    if (entry.style !== style) {
      out += entry.style === '' ? '\x1b[0m' : `\x1b[0;${entry.style}m`;
      style = entry.style;
    }
    out += entry.text;
  }
  return style === '' ? out : `${out}\x1b[0m`;
}
