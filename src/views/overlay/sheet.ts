import type { Line } from '../model.ts';
import { GLYPH } from '../ui/glyphs.ts';
import { cells, cutEnd, cutMiddle, fit, highlight, line, seg, spread } from '../ui/line.ts';
import { rule } from '../ui/rule.ts';
import { windowTop } from '../ui/table.ts';

/** One entry to choose from. */
export interface Choice {
  readonly label: string;
  readonly detail?: string;
  /** Why it cannot be chosen now. */
  readonly disabled?: string;
  /** It is what is in force now. */
  readonly current?: boolean;
}

/** Entries of a sheet that are visible at once. */
const VISIBLE = 10;

/** A sheet that takes rows from the bottom of the body: title, and a window of entries around the chosen one. */
export function sheet(
  title: string,
  entries: readonly Choice[],
  index: number,
  width: number,
  height: number,
): readonly Line[] {
  const room = Math.min(VISIBLE, Math.max(1, height - 1), Math.max(1, entries.length));
  const selected = Math.max(0, Math.min(index, entries.length - 1));
  const top = windowTop(selected, entries.length, room);
  const shown = entries.slice(top, top + room);
  const where = entries.length > room ? `${top + 1}–${top + shown.length} of ${entries.length}` : '';
  const labels = Math.min(
    Math.floor(width * 0.55),
    shown.reduce((max, entry) => Math.max(max, cells(entry.label)), 8),
  );
  const lines =
    entries.length === 0
      ? [[seg(` ${GLYPH.missing} nothing matches`, 'muted')]]
      : shown.map((entry, row) => choiceLine(entry, top + row === selected, labels, width));
  return [
    rule([seg(title, 'text', { bold: true })], [seg(where, 'muted')], width, GLYPH.sheet),
    ...lines,
  ].slice(0, Math.max(0, height));
}

function choiceLine(entry: Choice, selected: boolean, labels: number, width: number): Line {
  const token = entry.disabled === undefined ? 'text' : 'muted';
  const why = entry.disabled === undefined ? (entry.detail ?? '') : `– disabled: ${entry.disabled}`;
  const content = line(
    selected ? GLYPH.cursor : ' ',
    entry.current ? '● ' : '  ',
    fit([seg(cutMiddle(entry.label, labels), token)], labels),
    seg(`  ${cutEnd(why, Math.max(0, width - labels - 5))}`, entry.disabled === undefined ? 'muted' : 'text'),
  );
  return selected ? highlight(fit(content, width)) : content;
}

/** A text field on the last row: what is typed after its sign, and on the right what it does or what is wrong. */
export function field(sign: string, text: string, hint: Line, width: number): Line {
  const room = width - cells(sign) - 3;
  // The end of a long text is where the user types.
  const visible = cells(text) <= room ? text : cutMiddle(text, room);
  return spread(
    line(seg(` ${sign}`, 'accent', { bold: true }), visible, seg(GLYPH.caret, 'accent')),
    cells(visible) + cells(sign) + 4 < width ? line('  ', hint, ' ') : [],
    width,
  );
}
