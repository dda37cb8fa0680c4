import type { Line } from '../model.ts';
import { GUTTER, type Pane, sideBySide, stack } from './stack.ts';

/** Width of the side panel. */
const SIDE = 39;
/** Lines of text longer than this are hard to read; more room than that stays empty or goes to other columns. */
const READABLE = 100;
/** From here on there is a list and a side panel, and from there on list, details and side panel. */
const TWO = 110;
const THREE = 160;

/** Widths of the columns for a screen this wide: one below 110, two below 160, else three. */
export function columnWidths(width: number): readonly number[] {
  if (width < TWO) return [width];
  if (width < THREE) return [width - SIDE - GUTTER, SIDE];
  const free = width - SIDE - 2 * GUTTER;
  const main = Math.min(READABLE, free - SIDE);
  return [main, Math.min(READABLE, free - main), SIDE];
}

/** Panes of each column, given the widths of the columns; missing panes are left out. */
export type Columns = (widths: readonly number[]) => readonly (readonly (Pane | undefined)[])[];

/** Draws panes in as many columns as the width has room for, in exactly `height` rows. */
export function drawColumns(width: number, height: number, columns: Columns): readonly Line[] {
  const widths = columnWidths(width);
  const drawn = columns(widths).map((panes, index) => ({
    width: widths[index] ?? 0,
    lines: stack(
      panes.filter((pane) => pane !== undefined),
      height,
    ),
  }));
  return sideBySide(drawn, height);
}
