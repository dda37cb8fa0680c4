import type { ScreenCell, Term } from './terminal.ts';

// Whole pixels, so that neighbouring backgrounds meet without a seam.
const CELL_WIDTH = 9;
const CELL_HEIGHT = 20;
const PADDING = 12;
const FONT_SIZE = 15;
const FONTS = "'DejaVu Sans Mono', 'JetBrains Mono', Menlo, Consolas, monospace";
const BACKGROUND = '#12151a';
const FOREGROUND = '#d6dbe4';

/** The 16 colours a terminal's theme defines, here for a dark background. */
const THEME = [
  ['#12151a', '#ff5c70', '#7fc97f', '#e8c14a', '#6ca8ff', '#c792ea', '#56c8d8', '#d6dbe4'],
  ['#6b7380', '#ff8090', '#a5e0a5', '#ffd978', '#93c0ff', '#dcb0f5', '#84dfeb', '#ffffff'],
].flat();

/** The six levels of a channel in the 256-colour cube. */
const LEVELS = [0, 95, 135, 175, 215, 255];

interface Paint {
  readonly fg: string;
  readonly bg: string;
  readonly bold: boolean;
  readonly dim: boolean;
  readonly underline: boolean;
}

interface Run {
  readonly column: number;
  readonly columns: number;
  readonly text: string;
  readonly paint: Paint;
}

/** Draws what a terminal shows as an SVG picture; text stays text, so it scales and can be searched. */
export function screenToSvg(term: Term): string {
  const width = term.columns * CELL_WIDTH + 2 * PADDING;
  const height = term.rows * CELL_HEIGHT + 2 * PADDING;
  const rows = Array.from({ length: term.rows }, (_, row) => drawRow(runsOf(term, row), row)).join('');
  return [
    `<svg xmlns="http://www.w3.org/2000/svg" width="${width}" height="${height}" viewBox="0 0 ${width} ${height}">`,
    `<rect width="100%" height="100%" rx="8" fill="${BACKGROUND}"/>`,
    `<g font-family="${FONTS}" font-size="${FONT_SIZE}" xml:space="preserve">`,
    rows,
    '</g></svg>\n',
  ].join('\n');
}

/** Neighbouring cells of one style become one run; anything but ASCII stands alone, so that it keeps its place. */
function runsOf(term: Term, row: number): readonly Run[] {
  const runs: Run[] = [];
  for (let column = 0; column < term.columns; column += 1) {
    const cell = term.cell(column, row);
    if (cell.width === 0) continue;
    const text = cell.text === '' ? ' ' : cell.text;
    const paint = paintOf(cell);
    const last = runs.at(-1);
    if (last && isAscii(text) && isAscii(last.text) && samePaint(last.paint, paint)) {
      runs[runs.length - 1] = { ...last, columns: last.columns + 1, text: last.text + text };
    } else {
      runs.push({ column, columns: cell.width, text, paint });
    }
  }
  return runs;
}

function drawRow(runs: readonly Run[], row: number): string {
  const top = PADDING + row * CELL_HEIGHT;
  return runs.map((run) => drawBackground(run, top) + drawText(run, top)).join('');
}

function drawBackground({ column, columns, paint }: Run, top: number): string {
  if (paint.bg === BACKGROUND) return '';
  return `<rect x="${left(column)}" y="${top}" width="${columns * CELL_WIDTH}" height="${CELL_HEIGHT}" fill="${paint.bg}"/>\n`;
}

function drawText({ column, columns, text, paint }: Run, top: number): string {
  if (text.trim() === '') return '';
  const attributes = [
    `x="${left(column)}"`,
    `y="${top + FONT_SIZE}"`,
    `fill="${paint.fg}"`,
    // Pins the text to its cells whatever font the reader has.
    ...(columns > 1 ? [`textLength="${columns * CELL_WIDTH}"`, 'lengthAdjust="spacingAndGlyphs"'] : []),
    ...(paint.bold ? ['font-weight="bold"'] : []),
    ...(paint.dim ? ['opacity="0.65"'] : []),
    ...(paint.underline ? ['text-decoration="underline"'] : []),
  ];
  return `<text ${attributes.join(' ')}>${escapeXml(text)}</text>\n`;
}

function paintOf({ fg, bg, bold, dim, underline, inverse }: ScreenCell): Paint {
  const front = colour(fg, FOREGROUND);
  const back = colour(bg, BACKGROUND);
  return { fg: inverse ? back : front, bg: inverse ? front : back, bold, dim, underline };
}

/** `default`, `palette:N` or `#rrggbb` as a colour. */
function colour(name: string, fallback: string): string {
  if (name === 'default') return fallback;
  if (!name.startsWith('palette:')) return name;
  const index = Number(name.slice('palette:'.length));
  return THEME[index] ?? (index < 232 ? cube(index - 16) : grey(index - 232));
}

const rgb = (...channels: readonly number[]): string =>
  `#${channels.map((channel) => channel.toString(16).padStart(2, '0')).join('')}`;

const cube = (index: number): string =>
  rgb(...[Math.floor(index / 36), Math.floor(index / 6) % 6, index % 6].map((level) => LEVELS[level] ?? 0));

const grey = (index: number): string => rgb(8 + index * 10, 8 + index * 10, 8 + index * 10);

const left = (column: number): number => PADDING + column * CELL_WIDTH;

const isAscii = (text: string): boolean => /^[\x20-\x7e]*$/.test(text);

const samePaint = (a: Paint, b: Paint): boolean =>
  a.fg === b.fg && a.bg === b.bg && a.bold === b.bold && a.dim === b.dim && a.underline === b.underline;

const escapeXml = (text: string): string =>
  text.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('>', '&gt;');
