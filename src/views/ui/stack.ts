import type { Line } from '../model.ts';
import { GLYPH } from './glyphs.ts';
import { fit, line, seg, trimEnd } from './line.ts';

/** A titled part of a column. Heights count the rows under the title rule. */
export interface Pane {
  /** The title rule, made for the width of the column. */
  readonly rule: Line;
  readonly min: number;
  readonly want: number;
  /** Draws at most `height` lines. */
  draw(height: number): readonly Line[];
}

/**
 * Shares `height` rows among panes: first each its minimum (the last panes are left out when that is too much),
 * then one row at a time to whoever wants more, so that a long list cannot starve the explanation under it.
 */
export function shareRows(panes: readonly Pane[], height: number): readonly number[] {
  const shares: number[] = [];
  let free = height;
  for (const pane of panes) {
    if (free < pane.min + 1) break;
    shares.push(pane.min);
    free -= pane.min + 1;
  }
  for (let given = true; given && free > 0; ) {
    given = false;
    for (const [index, share] of shares.entries()) {
      if (free === 0 || share >= (panes[index]?.want ?? 0)) continue;
      shares[index] = share + 1;
      free -= 1;
      given = true;
    }
  }
  return shares;
}

/** From this height on there is a blank row between panes. */
const ROOMY = 28;

/** Draws panes under each other in exactly `height` rows. */
export function stack(panes: readonly Pane[], height: number): readonly Line[] {
  const gaps = height >= ROOMY ? panes.length - 1 : 0;
  const shares = shareRows(panes, height - Math.max(0, gaps));
  const lines: Line[] = [];
  for (const [index, share] of shares.entries()) {
    const pane = panes[index];
    if (pane === undefined) break;
    if (gaps > 0 && index > 0) lines.push([]);
    lines.push(pane.rule, ...padRows(pane.draw(share), share));
  }
  return padRows(lines, height);
}

/** Puts columns side by side with a gutter between them, in exactly `height` rows. */
export function sideBySide(
  columns: readonly { readonly width: number; readonly lines: readonly Line[] }[],
  height: number,
): readonly Line[] {
  const gutter = seg(` ${GLYPH.gutter} `, 'muted');
  return [...Array(height).keys()].map((row) =>
    trimEnd(
      line(
        ...columns.flatMap((column, index) => {
          const cell = fit(column.lines[row] ?? [], column.width);
          return index === 0 ? [cell] : [gutter, cell];
        }),
      ),
    ),
  );
}

/** Width of a gutter between columns. */
export const GUTTER = 3;

/** Exactly `height` lines: cut or filled with empty ones. */
export function padRows(lines: readonly Line[], height: number): readonly Line[] {
  if (lines.length >= height) return lines.slice(0, Math.max(0, height));
  return [...lines, ...Array.from({ length: height - lines.length }, (): Line => [])];
}
