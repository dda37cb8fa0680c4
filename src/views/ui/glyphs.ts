import type { Severity } from '../../domain/severity.ts';
import type { Token } from '../model.ts';

/**
 * Every symbol the screens are drawn with. Each is one cell wide and has no emoji form, and the five severities
 * differ in shape. Views always draw these; a terminal without Unicode gets them through `toAscii`, which keeps
 * every width, so there is only one layout.
 */
export const GLYPH = {
  cursor: '▌',
  rule: '─',
  sheet: '━',
  gutter: '│',
  full: '█',
  empty: '░',
  mark: '│',
  caret: '▏',
  ellipsis: '…',
  missing: '·',
  over: '↑',
  spinner: '⠹',
} as const;

/** Levels of a sparkline, lowest first. */
export const SPARK_LEVELS = '▁▂▃▄▅▆▇█';

const SEVERITY: Record<Severity, { glyph: string; word: string; token: Token }> = {
  critical: { glyph: '✗', word: 'critical', token: 'critical' },
  warning: { glyph: '▲', word: 'warning', token: 'warning' },
  unknown: { glyph: '?', word: 'unknown', token: 'unknown' },
  info: { glyph: '·', word: 'info', token: 'info' },
  ok: { glyph: '✓', word: 'ok', token: 'ok' },
};

/** The shape of a severity: one cell. */
export function severityGlyph(severity: Severity): string {
  return SEVERITY[severity].glyph;
}

/** The severity in a word, for screen readers and details. */
export function severityWord(severity: Severity): string {
  return SEVERITY[severity].word;
}

/** The token that colours a severity. */
export function severityToken(severity: Severity): Token {
  return SEVERITY[severity].token;
}

/** The word for a glyph segment, undefined when the text is no severity glyph. */
export function wordOfGlyph(text: string, token: Token | undefined): string | undefined {
  return Object.values(SEVERITY).find((entry) => entry.glyph === text && entry.token === token)?.word;
}

/** One ASCII character for each symbol that we or our data commonly use. */
const ASCII: Readonly<Record<string, string>> = {
  '✗': 'X',
  '▲': '!',
  '✓': '+',
  '·': '-',
  '▌': '>',
  '─': '-',
  '━': '=',
  '│': '|',
  '░': '.',
  '▏': '_',
  '▁': '_',
  '▂': '.',
  '▃': ':',
  '▄': '~',
  '▅': '=',
  '▆': '+',
  '▇': '*',
  '█': '#',
  '…': '~',
  '↑': '^',
  '↓': 'v',
  '→': '>',
  '←': '<',
  '‹': '<',
  '›': '>',
  '×': 'x',
  '÷': '/',
  '−': '-',
  '–': '-',
  '—': '-',
  '≥': '>',
  '≤': '<',
  '⠹': '*',
  '⏎': '>',
  '●': '*',
  '○': 'o',
  '“': '"',
  '”': '"',
  '‘': "'",
  '’': "'",
};

/** The ASCII stand-in of one grapheme that is `width` cells wide; `?` for what has none. */
export function toAscii(grapheme: string, width: number): string {
  return ASCII[grapheme] ?? '?'.repeat(width);
}
