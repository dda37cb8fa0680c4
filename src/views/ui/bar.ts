import type { Line, Token } from '../model.ts';
import { GLYPH } from './glyphs.ts';
import { line, seg } from './line.ts';

/**
 * A bar of `width` cells for `value` on a scale that ends at `max`. `mark` is a limit on the same scale, drawn
 * inside; `token` colours the filled part. A value that is not zero shows at least one cell.
 */
export function bar(options: {
  readonly value: number;
  readonly max: number;
  readonly width: number;
  readonly mark?: number;
  readonly token?: Token;
}): Line {
  const { value, max, width, mark, token } = options;
  const toCells = (amount: number) => Math.round((Math.min(Math.max(amount, 0), max) / max) * width);
  const filled = value > 0 && max > 0 ? Math.max(1, toCells(value)) : 0;
  const cells: string[] = [...Array(width).keys()].map((cell) => (cell < filled ? GLYPH.full : GLYPH.empty));
  if (mark !== undefined && max > 0 && width > 0) cells[Math.min(width - 1, toCells(mark))] = GLYPH.mark;
  const at = cells.findIndex((cell, index) => index >= filled && cell === GLYPH.empty);
  const text = cells.join('');
  const split = at < 0 ? text.length : at;
  return line(seg(text.slice(0, split), token), seg(text.slice(split), 'muted'));
}
