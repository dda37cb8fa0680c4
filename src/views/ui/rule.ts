import type { Line } from '../model.ts';
import { GLYPH } from './glyphs.ts';
import { clip, line, lineCells, seg } from './line.ts';

/** `─ Title ──────── right ─`: heads a pane. The title is cut last, because it says what one looks at. */
export function rule(title: string | Line, right: Line, width: number, char: string = GLYPH.rule): Line {
  const head = typeof title === 'string' ? [seg(title, 'text', { bold: true })] : title;
  if (width < 6) return [seg(char.repeat(Math.max(0, width)), 'muted')];
  const titleLine = clip(head, width - 4);
  const room = width - lineCells(titleLine) - 4;
  // `right` needs its own two blanks, the closing dash and at least one dash of filling.
  const end = room >= 8 && lineCells(right) > 0 ? clip(right, room - 3) : [];
  const tail = end.length === 0 ? 0 : lineCells(end) + 3;
  const filling = Math.max(0, width - 3 - lineCells(titleLine) - tail);
  return line(
    seg(`${char} `, 'muted'),
    titleLine,
    seg(` ${char.repeat(filling)}`, 'muted'),
    end.length === 0 ? '' : line(' ', end, seg(` ${char}`, 'muted')),
  );
}
