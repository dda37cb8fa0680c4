import type { Line, Segment, Token } from '../model.ts';
import { toAscii } from './glyphs.ts';
import { graphemes } from './line.ts';

/** What the terminal and the user allow; decided once at start. */
export interface Caps {
  readonly color: 'none' | '16' | 'truecolor';
  readonly theme: 'ansi16' | 'dark' | 'light' | 'mono';
  /** False: only ASCII bytes are painted. */
  readonly unicode: boolean;
  /** Words instead of glyphs, one column, no bars. */
  readonly screenReader: boolean;
}

/** Turns styled lines into terminal text. The only place that knows colours. */
export interface Theme {
  readonly caps: Caps;
  /** The line with SGR codes; every style that is opened is closed within the line. */
  paint(line: Line): string;
  /** The same line without SGR codes. */
  text(line: Line): string;
}

/** SGR parameters of a token; bold and inverse are added by the segment. */
interface Style {
  readonly color?: string;
  readonly bold?: boolean;
  readonly inverse?: boolean;
  readonly underline?: boolean;
}

const PRINTABLE_ASCII = /^[\x20-\x7e]*$/;

type Palette = Readonly<Record<Token, Style>>;

const BASE = { text: {}, ok: {}, info: {}, unknown: { bold: true } } as const;

/** Unless the terminal has true colour we stay in its own 16, so that we look native in every scheme. */
const ANSI16: Palette = {
  ...BASE,
  muted: { color: '90' },
  accent: { color: '36' },
  critical: { color: '31', bold: true },
  warning: { color: '33' },
};

const DARK: Palette = {
  ...BASE,
  muted: { color: '90' },
  accent: { color: rgb(0x4d97ff) },
  critical: { color: rgb(0xff4d6a) },
  warning: { color: rgb(0xffcc00) },
};

const LIGHT: Palette = {
  ...BASE,
  muted: { color: '90' },
  accent: { color: rgb(0x1f5fa8) },
  critical: { color: rgb(0x7a0c24), bold: true },
  warning: { color: rgb(0x8a6a00) },
};

/** NO_COLOR: weight and inversion are not colours, so severities keep them. */
const MONO: Palette = {
  ...BASE,
  muted: {},
  accent: { underline: true },
  critical: { bold: true, inverse: true },
  warning: { bold: true },
};

function rgb(hex: number): string {
  return `38;2;${hex >> 16};${(hex >> 8) & 255};${hex & 255}`;
}

function paletteFor(caps: Caps): Palette {
  if (caps.color === 'none' || caps.theme === 'mono') return MONO;
  if (caps.color === '16' || caps.theme === 'ansi16') return ANSI16;
  return caps.theme === 'light' ? LIGHT : DARK;
}

/** Makes the theme for these capabilities. */
export function createTheme(caps: Caps): Theme {
  const palette = paletteFor(caps);
  const plain = caps.unicode ? (text: string) => text : asciiText;
  return {
    caps,
    paint: (line) => line.map((segment) => paintSegment(segment, palette, plain)).join(''),
    text: (line) => line.map((segment) => plain(segment.text)).join(''),
  };
}

function paintSegment(segment: Segment, palette: Palette, plain: (text: string) => string): string {
  const style = palette[segment.token ?? 'text'];
  const open: string[] = [];
  const close: string[] = [];
  const add = (wanted: boolean | undefined, on: string, off: string) => {
    if (!wanted) return;
    open.push(on);
    close.unshift(off);
  };
  add(segment.bold || style.bold, '1', '22');
  add(style.underline, '4', '24');
  // An inverse glyph on an inverse row stands out by being the only part that is not inverse.
  add(Boolean(segment.inverse) !== Boolean(style.inverse), '7', '27');
  add(style.color !== undefined, style.color ?? '', '39');
  const text = plain(segment.text);
  return open.length === 0 ? text : `\x1b[${open.join(';')}m${text}\x1b[${close.join(';')}m`;
}

/** ASCII text of the same width. */
function asciiText(text: string): string {
  if (PRINTABLE_ASCII.test(text)) return text;
  let result = '';
  for (const part of graphemes(text)) {
    result += PRINTABLE_ASCII.test(part.text) ? part.text : toAscii(part.text, part.width);
  }
  return result;
}
