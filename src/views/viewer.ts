/** The text viewer: what it shows, where it is scrolled to, and its search. */
import stringWidth from 'string-width';
import { collectorLines } from './collectors.ts';
import { detailLines } from './explain/details.ts';
import { eventLines } from './explain/events.ts';
import { explainLines } from './explain.ts';
import { compileText, type TextFilter } from './filter.ts';
import { helpLines } from './help.ts';
import { topViewer } from './interaction/layers.ts';
import type { ScreenModel, Viewer, ViewerContent } from './model.ts';

/** Text area of a viewer: body without its titled rule, one cell of margin at both sides. */
export interface ViewerSize {
  readonly height: number;
  readonly width: number;
}

/** Header, tabs, titled rule, status, keys, and the row kept free below the frame. */
const ROWS_AROUND = 6;

/** Size of the text area that a viewer is scrolled for. */
export function viewerSize(model: ScreenModel): ViewerSize {
  return { height: Math.max(1, model.rows - ROWS_AROUND), width: Math.max(1, model.columns - 2) };
}

/** Whether the app loads the content of a viewer; the others are written from the model. */
export function isLoaded(viewer: Viewer): boolean {
  return ['yaml', 'describe', 'logs'].includes(viewer.kind);
}

const contents = new WeakMap<ScreenModel, ViewerContent | undefined>();

/** The content of the top viewer: what the app loaded, or the text made from the model. */
export function contentOf(model: ScreenModel): ViewerContent | undefined {
  const viewer = topViewer(model.ui);
  if (viewer === undefined) return undefined;
  if (isLoaded(viewer)) return model.viewerContent;
  const known = contents.get(model);
  if (known !== undefined) return known;
  const content: ViewerContent = { status: 'ready', lines: localLines(model, viewer) };
  contents.set(model, content);
  return content;
}

function localLines(model: ScreenModel, viewer: Viewer): readonly string[] {
  if (viewer.kind === 'help') return helpLines(model, viewer.search ?? '');
  if (viewer.kind === 'collectors') return collectorLines(model);
  if (viewer.ref === undefined) return [];
  if (viewer.kind === 'events') return eventLines(model, viewer.ref);
  return viewer.kind === 'explain' ? explainLines(model, viewer.ref) : detailLines(model, viewer.ref);
}

/** One visible row of a viewer; `text` may be wider than the area unless the viewer wraps. */
export interface VisibleLine {
  readonly text: string;
  /** Line number in the stream, from 0. */
  readonly number: number;
  /** A row of the same line stands above it. */
  readonly continued: boolean;
  /** The line matches the search. */
  readonly match: boolean;
  /** It is the match last jumped to. */
  readonly current: boolean;
}

/** What a viewer shows now. */
export interface VisiblePart {
  readonly lines: readonly VisibleLine[];
  /** Number of the first visible line, and of the line after the last one there is. */
  readonly top: number;
  readonly end: number;
  /** True when nothing lies below. */
  readonly atEnd: boolean;
  readonly searchError?: string;
}

/** The rows of `content` that fit into `height` x `width` at the viewer's place; a following viewer shows the end. */
export function visibleLines(
  viewer: Viewer,
  content: ViewerContent,
  height: number,
  width: number,
): VisiblePart {
  const range = rangeOf(viewer, content, { height, width });
  const top = viewer.follow === true ? range.max : clampTop(viewer.top, range);
  const search = searchOf(viewer);
  const lines: VisibleLine[] = [];
  let number = top;
  for (; number < range.end && lines.length < height; number += 1) {
    const line = content.lines[number - range.min] ?? '';
    const match = search !== undefined && search.error === undefined && search.test(line);
    const current = number === viewer.match;
    const parts = viewer.wrap === true ? wrapLine(line, width) : [line];
    for (const [index, text] of parts.entries()) {
      if (lines.length < height) lines.push({ text, number, continued: index > 0, match, current });
    }
  }
  const shown = { lines, top, end: range.end, atEnd: top >= range.max };
  return search?.error === undefined ? shown : { ...shown, searchError: search.error };
}

/** Line numbers: of the oldest line kept, the last useful top, and one past the newest line. */
export interface LineRange {
  readonly min: number;
  readonly max: number;
  readonly end: number;
}

/** Bounds of `Viewer.top` for a content and a size. */
export function rangeOf(viewer: Viewer, content: ViewerContent | undefined, size: ViewerSize): LineRange {
  const lines = content?.lines ?? [];
  const min = content?.dropped ?? 0;
  let first = lines.length;
  let rows = 0;
  while (first > 0) {
    const line = lines[first - 1] ?? '';
    rows += viewer.wrap === true ? wrapLine(line, size.width).length : 1;
    // A last line taller than the area still has to be reachable.
    if (rows > size.height && first < lines.length) break;
    first -= 1;
    if (rows >= size.height) break;
  }
  return { min, max: min + first, end: min + lines.length };
}

/** A top within its bounds. */
export function clampTop(top: number, range: LineRange): number {
  return Math.max(range.min, Math.min(top, range.max));
}

/** The search of a viewer; help uses its search to choose lines, so there it marks nothing. */
export function searchOf(viewer: Viewer): TextFilter | undefined {
  return viewer.search === undefined || viewer.search === '' || viewer.kind === 'help'
    ? undefined
    : compileText(viewer.search);
}

/**
 * The next matching line from `start` in one direction, going round at the ends; undefined when none matches.
 * Numbers count dropped lines.
 */
export function findMatch(
  search: TextFilter,
  content: ViewerContent,
  start: number,
  step: 1 | -1,
): number | undefined {
  const { lines } = content;
  const min = content.dropped ?? 0;
  for (let offset = 0; offset < lines.length; offset += 1) {
    const index = (((start - min + offset * step) % lines.length) + lines.length) % lines.length;
    if (search.test(lines[index] ?? '')) return min + index;
  }
  return undefined;
}

const graphemes = new Intl.Segmenter('en', { granularity: 'grapheme' });
const ASCII_ONLY = /^[\x20-\x7e]*$/;

/** Longest piece of text looked at for one row, in code units per cell: bounds the work on endless lines. */
const UNITS_PER_CELL = 16;

/** Breaks a line into rows of at most `width` cells, at a space where one is near; rows hang below the text. */
export function wrapLine(line: string, width: number): readonly string[] {
  if (cellsOf(line) <= width) return [line];
  const indent = ' '.repeat(hangOf(line, width));
  const rows: string[] = [];
  for (let offset = 0; offset < line.length; ) {
    const lead = offset === 0 ? '' : indent;
    const room = width - lead.length;
    const piece = line.slice(offset, offset + room * UNITS_PER_CELL);
    const full = fitting(piece, room);
    const space = offset + full < line.length ? piece.lastIndexOf(' ', full) : -1;
    const cut = space > full / 2 ? space : full;
    // Only the blanks we wrap at: trimEnd would also drop other kinds of space, which are text.
    rows.push((lead + piece.slice(0, cut)).replace(/ +$/, ''));
    offset += cut;
    while (line[offset] === ' ') offset += 1;
  }
  return rows;
}

/** Where the text of a line begins: after its indent, and after a label set off by two spaces (`node    ms-01`). */
function hangOf(line: string, width: number): number {
  const most = Math.floor(width / 3);
  const start = line.slice(0, most + 1);
  const label = /^ *\S.*? {2,}(?=\S)/.exec(start)?.[0];
  const hang = label !== undefined && ASCII_ONLY.test(label) ? label.length : start.search(/\S|$/);
  return Math.min(hang, most);
}

/** Length of the longest beginning that fits `width` cells; at least one grapheme, so that wrapping ends. */
function fitting(text: string, width: number): number {
  if (ASCII_ONLY.test(text)) return Math.min(text.length, width);
  let used = 0;
  let length = 0;
  for (const { segment } of graphemes.segment(text)) {
    used += stringWidth(segment);
    if (used > width && length > 0) break;
    length += segment.length;
  }
  return length;
}

function cellsOf(text: string): number {
  return ASCII_ONLY.test(text) ? text.length : stringWidth(text);
}
