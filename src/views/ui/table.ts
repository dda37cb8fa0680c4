import type { Severity } from '../../domain/severity.ts';
import type { Line } from '../model.ts';
import { GLYPH, severityGlyph, severityToken } from './glyphs.ts';
import { fit, highlight, line, seg } from './line.ts';

/** One column of a table. Widths are fixed, so that nothing jumps while rows scroll; some may flex. */
export interface Column<Row> {
  readonly head: string;
  /** Cells; a flexing column begins with them. */
  readonly width: number;
  /** What it can live with when dropping columns does not make enough room. */
  readonly least?: number;
  /** A flexing column grows into what is left, up to this. */
  readonly max?: number;
  readonly align?: 'left' | 'right';
  /** Columns with a number are dropped when room is short, the smallest number first. */
  readonly drop?: number;
  cell(row: Row, width: number): Line;
}

/** A list of rows in a fixed height of which only the visible ones are formatted. */
export interface Table<Row> {
  readonly columns: readonly Column<Row>[];
  readonly count: number;
  row(index: number): Row | undefined;
  severity(row: Row): Severity;
  readonly selected: number;
  /** The focused list marks its selection. */
  readonly focused: boolean;
  readonly heads: boolean;
  /** Old data: rows are painted muted. */
  readonly muted: boolean;
}

/** Cursor, glyph and blank before the first column. */
const PREFIX = 3;
const SPACING = 1;

/** Chooses the columns that fit `width` cells, and their widths. */
export function layout<Row>(
  columns: readonly Column<Row>[],
  width: number,
): readonly { readonly column: Column<Row>; readonly width: number }[] {
  const kept = [...columns];
  const needed = () => kept.reduce((sum, column) => sum + column.width + SPACING, PREFIX - SPACING);
  while (needed() > width) {
    const next = kept.filter((column) => column.drop !== undefined).sort(byDrop)[0];
    if (next === undefined) break;
    kept.splice(kept.indexOf(next), 1);
  }
  const widths = kept.map((column) => column.width);
  const room = width - needed();
  const bound = (column: Column<Row>) =>
    room < 0 ? (column.least ?? column.width) : (column.max ?? column.width);
  spreadOver(widths, kept.map(bound), room);
  return kept.map((column, index) => ({ column, width: widths[index] ?? 0 }));
}

/** Adds (or takes) `amount` cell by cell in turn, so that none gets all of it, up (or down) to the bounds. */
function spreadOver(widths: number[], bounds: readonly number[], amount: number): void {
  const step = Math.sign(amount);
  for (let left = Math.abs(amount), changed = true; changed && left > 0; ) {
    changed = false;
    for (const [index, size] of widths.entries()) {
      if (left === 0 || size === bounds[index]) continue;
      widths[index] = size + step;
      left -= 1;
      changed = true;
    }
  }
}

function byDrop<Row>(a: Column<Row>, b: Column<Row>): number {
  return (a.drop ?? 0) - (b.drop ?? 0);
}

/**
 * First visible row. It depends on nothing but the selection, and moves by half pages: the cursor travels inside
 * a standing window (few bytes over a slow link) and always has rows above and below it.
 */
export function windowTop(selected: number, count: number, height: number): number {
  const half = Math.max(1, Math.floor(height / 2));
  const top = Math.floor(Math.max(0, selected) / half) * half - Math.floor(half / 2);
  return Math.max(0, Math.min(top, count - height));
}

/** Draws a table of `width` cells in at most `height` rows. */
export function table<Row>(options: Table<Row>, width: number, height: number): readonly Line[] {
  const placed = layout(options.columns, width);
  const lines: Line[] = [];
  if (options.heads && height > 0) {
    const heads = placed.flatMap(({ column, width: size }) => [
      seg(' '.repeat(SPACING)),
      ...fit([seg(column.head, 'muted')], size, column.align),
    ]);
    lines.push(fit(line(' '.repeat(PREFIX - SPACING), heads), width));
  }
  const room = height - lines.length;
  const tone = (cell: Line): Line => (options.muted ? cell.map(({ text }) => seg(text, 'muted')) : cell);
  const top = windowTop(options.selected, options.count, room);
  for (let index = top; index < Math.min(options.count, top + room); index += 1) {
    const row = options.row(index);
    if (row === undefined) continue;
    const isSelected = options.focused && index === options.selected;
    const severity = options.severity(row);
    const body = line(
      isSelected ? GLYPH.cursor : ' ',
      seg(severityGlyph(severity), severityToken(severity)),
      placed.flatMap(({ column, width: size }) => [
        seg(' '.repeat(SPACING)),
        ...fit(tone(column.cell(row, size)), size, column.align),
      ]),
    );
    const full = fit(body, width);
    lines.push(isSelected ? highlight(full) : full);
  }
  return lines;
}
