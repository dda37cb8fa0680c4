import type { Line } from '../model.ts';
import { GLYPH } from './glyphs.ts';
import { fit, line, seg, trimEnd } from './line.ts';

/** A titled part of a column. Heights count the rows under the title rule. */
export interface Pane {
  /** The title rule, made for the width of the column. */
  readonly rule: Line;
  readonly min: number;
  readonly want: number;
  /** Shown only in rows that no other pane wants. */
  readonly spare?: true;
  /** Draws at most `height` lines. */
  draw(height: number): readonly Line[];
}

/** The same pane, shown only where there is room to spare. */
export function spare(pane: Pane | undefined): Pane | undefined {
  return pane && { ...pane, spare: true };
}

/**
 * Shares `height` rows among panes: first each its minimum (the last panes are left out when that is too much),
 * then one row at a time to whoever wants more, so that a long list cannot starve the explanation under it. Spare
 * panes get what is left then. A pane without a share is not shown.
 */
export function shareRows(panes: readonly Pane[], height: number): readonly (number | undefined)[] {
  const shares = panes.map((): number | undefined => undefined);
  let free = height;
  for (const isTurn of [({ spare }: Pane) => spare !== true, ({ spare }: Pane) => spare === true]) {
    for (const [index, pane] of panes.entries()) {
      if (!isTurn(pane)) continue;
      if (free < pane.min + 1) break;
      shares[index] = pane.min;
      free -= pane.min + 1;
    }
    for (let given = true; given && free > 0; ) {
      given = false;
      for (const [index, share] of shares.entries()) {
        if (free === 0 || share === undefined || share >= (panes[index]?.want ?? 0)) continue;
        shares[index] = share + 1;
        free -= 1;
        given = true;
      }
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
  for (const [index, pane] of panes.entries()) {
    const share = shares[index];
    if (share === undefined) continue;
    if (gaps > 0 && lines.length > 0) lines.push([]);
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
