import stringWidth from 'string-width';
import { end, middle } from '../../domain/format.ts';
import type { Line, Segment, Token } from '../model.ts';
import { GLYPH } from './glyphs.ts';

const segmenter = new Intl.Segmenter();

/** Printable ASCII and the one-cell symbols we draw with: their width is their length (most of all text). */
const SINGLE_CELLS = /^[\x20-\x7e·…×─-▟✓✗▲→←↑↓−–]*$/;

/** Width of a text in terminal cells. */
export function cells(text: string): number {
  return SINGLE_CELLS.test(text) ? text.length : stringWidth(text);
}

/** Grapheme clusters with their widths. */
export function* graphemes(text: string): Generator<{ text: string; width: number }> {
  for (const { segment } of segmenter.segment(text)) yield { text: segment, width: cells(segment) };
}

/** The longest start of `text` that fits `width` cells. */
export function take(text: string, width: number): string {
  if (SINGLE_CELLS.test(text)) return text.slice(0, Math.max(0, width));
  let used = 0;
  let result = '';
  for (const part of graphemes(text)) {
    if (used + part.width > width) break;
    used += part.width;
    result += part.text;
  }
  return result;
}

/** Cuts a sentence at its end, marked with an ellipsis. */
export function cutEnd(text: string, width: number): string {
  return end(text, width, cells).replace(/ +…$/, GLYPH.ellipsis);
}

/** Cuts a name in its middle, because names differ at their ends. */
export function cutMiddle(text: string, width: number): string {
  return middle(text, width, cells);
}

/**
 * Cuts `namespace/name` so that the namespace stays readable as long as the name keeps half the room; the part
 * that is too long is cut in its middle.
 */
export function cutName(text: string, width: number): string {
  const slash = text.indexOf('/');
  if (cells(text) <= width || slash < 0) return cutMiddle(text, width);
  const scope = text.slice(0, slash + 1);
  const room = width - cells(scope);
  if (room < Math.ceil(width / 2)) return cutMiddle(text, width);
  return scope + cutMiddle(text.slice(slash + 1), room);
}

/** A styled run of text. */
export function seg(text: string, token?: Token, style?: Pick<Segment, 'bold' | 'inverse'>): Segment {
  return token === undefined ? { text, ...style } : { text, token, ...style };
}

/** Joins pieces into a line; plain strings are unstyled text, empty pieces vanish. */
export function line(...pieces: readonly (string | Segment | Line)[]): Line {
  return pieces
    .flatMap((piece) => (typeof piece === 'string' ? [seg(piece)] : piece))
    .filter((segment) => segment.text !== '');
}

/** The text of a line without its styles. */
export function textOf(content: Line): string {
  return content.map((segment) => segment.text).join('');
}

/** Width of a line in cells. */
export function lineCells(content: Line): number {
  return content.reduce((sum, segment) => sum + cells(segment.text), 0);
}

/** Cuts a line at `width` cells with an ellipsis where text was lost. */
export function clip(content: Line, width: number): Line {
  if (lineCells(content) <= width) return content;
  const result: Segment[] = [];
  let room = width;
  for (const [index, segment] of content.entries()) {
    const size = cells(segment.text);
    const isLast = content.slice(index + 1).every((rest) => rest.text === '');
    if (size < room || (size === room && isLast)) {
      result.push(segment);
      room -= size;
      continue;
    }
    if (room > 0) result.push({ ...segment, text: `${take(segment.text, room - 1)}${GLYPH.ellipsis}` });
    break;
  }
  return result;
}

/** Makes a line exactly `width` cells wide: clipped, or padded on the side that `align` leaves free. */
export function fit(content: Line, width: number, align: 'left' | 'right' = 'left'): Line {
  const clipped = clip(content, width);
  const free = width - lineCells(clipped);
  if (free <= 0) return clipped;
  const padding = seg(' '.repeat(free));
  return align === 'left' ? [...clipped, padding] : [padding, ...clipped];
}

/** Puts `left` and `right` at the two ends of `width` cells; `right` keeps its place, `left` is cut. */
export function spread(left: Line, right: Line, width: number): Line {
  const end = clip(right, width);
  const size = lineCells(end);
  return [...fit(left, width - size), ...end];
}

/** Removes trailing plain blanks: they cost bytes on a slow link and show nothing. */
export function trimEnd(content: Line): Line {
  const result = [...content];
  for (let last = result.at(-1); last !== undefined && !last.inverse; last = result.at(-1)) {
    const text = last.text.trimEnd();
    if (text === last.text) break;
    result.pop();
    if (text === '') continue;
    result.push({ ...last, text });
    break;
  }
  return result;
}

/** A selected row: inverse, with no colour but that of severities (muted text would be unreadable). */
export function highlight(content: Line): Line {
  return content.map(({ token, ...rest }) =>
    token === undefined || token === 'muted' || token === 'accent'
      ? { ...rest, inverse: true }
      : { ...rest, token, inverse: true },
  );
}

/** Breaks a text into lines of at most `width` cells, at blanks where there are any. */
export function wrap(text: string, width: number): string[] {
  if (width <= 0) return [];
  const lines: string[] = [];
  let current = '';
  for (const word of text.split(' ')) {
    const joined = current === '' ? word : `${current} ${word}`;
    if (cells(joined) <= width) {
      current = joined;
      continue;
    }
    if (current !== '') lines.push(current);
    current = word;
    while (cells(current) > width) {
      const head = take(current, width);
      if (head === '') return lines;
      lines.push(head);
      current = current.slice(head.length);
    }
  }
  return current === '' && lines.length > 0 ? lines : [...lines, current];
}
