import stringWidth from 'string-width';

/** One terminal cell: a grapheme and the SGR parameters it is drawn with ('' for the default style). */
export interface Cell {
  readonly text: string;
  /** Cells it occupies: 1, or 2 for wide characters. */
  readonly width: 1 | 2;
  /** Canonical SGR parameters, e.g. `1;31`. */
  readonly style: string;
}

/** The attributes SGR can switch, each holding the parameter that is in force. */
type Attribute = 'bold' | 'dim' | 'italic' | 'underline' | 'inverse' | 'strike' | 'foreground' | 'background';

const ATTRIBUTES: readonly Attribute[] = [
  'bold',
  'dim',
  'italic',
  'underline',
  'inverse',
  'strike',
  'foreground',
  'background',
];

const SWITCH_ON: Readonly<Record<string, Attribute>> = {
  '1': 'bold',
  '2': 'dim',
  '3': 'italic',
  '4': 'underline',
  '7': 'inverse',
  '9': 'strike',
};

const SWITCH_OFF: Readonly<Record<string, readonly Attribute[]>> = {
  '22': ['bold', 'dim'],
  '23': ['italic'],
  '24': ['underline'],
  '27': ['inverse'],
  '29': ['strike'],
  '39': ['foreground'],
  '49': ['background'],
};

type Style = Partial<Record<Attribute, string>>;

const SGR = /\x1b\[([0-9;]*)m/g;
const ASCII = /^[\x20-\x7e]*$/;
const graphemes = new Intl.Segmenter('en', { granularity: 'grapheme' });
const widths = new Map<string, number>();

function applySgr(style: Style, parameters: string): Style {
  const next: Style = { ...style };
  const codes = parameters === '' ? ['0'] : parameters.split(';');
  for (let i = 0; i < codes.length; i += 1) {
    const code = codes[i] ?? '0';
    const on = SWITCH_ON[code];
    const off = SWITCH_OFF[code];
    if (Number(code) === 0) for (const attribute of ATTRIBUTES) delete next[attribute];
    else if (on) next[on] = code;
    else if (off) for (const attribute of off) delete next[attribute];
    else if (code === '38' || code === '48') {
      const length = codes[i + 1] === '2' ? 5 : 3;
      next[code === '38' ? 'foreground' : 'background'] = codes.slice(i, i + length).join(';');
      i += length - 1;
    } else if (/^(3|9)[0-7]$/.test(code)) next.foreground = code;
    else if (/^(4|10)[0-7]$/.test(code)) next.background = code;
  }
  return next;
}

function styleKey(style: Style): string {
  return ATTRIBUTES.flatMap((attribute) => style[attribute] ?? []).join(';');
}

function widthOf(grapheme: string): number {
  let width = widths.get(grapheme);
  if (width === undefined) {
    width = stringWidth(grapheme);
    if (widths.size > 4096) widths.clear();
    widths.set(grapheme, width);
  }
  return width;
}

function pushText(cells: Cell[], text: string, style: string): void {
  if (ASCII.test(text)) {
    for (const character of text) cells.push({ text: character, width: 1, style });
    return;
  }
  for (const { segment } of graphemes.segment(text)) {
    const width = widthOf(segment);
    if (width > 0) cells.push({ text: segment, width: width >= 2 ? 2 : 1, style });
  }
}

/** Splits one painted line (text with SGR sequences, no other control bytes) into styled cells. */
export function parseCells(line: string): readonly Cell[] {
  const cells: Cell[] = [];
  let style: Style = {};
  let at = 0;
  for (const match of line.matchAll(SGR)) {
    pushText(cells, line.slice(at, match.index), styleKey(style));
    style = applySgr(style, match[1] ?? '');
    at = match.index + match[0].length;
  }
  pushText(cells, line.slice(at), styleKey(style));
  return trimBlankEnd(cells);
}

/** Default-styled blanks at the end equal an erased line, so they need not be compared or sent. */
function trimBlankEnd(cells: Cell[]): readonly Cell[] {
  let end = cells.length;
  while (end > 0 && cells[end - 1]?.text === ' ' && cells[end - 1]?.style === '') end -= 1;
  cells.length = end;
  return cells;
}
