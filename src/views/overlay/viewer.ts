import { count, percent, plural } from '../../domain/format.ts';
import type { CollectError } from '../../domain/snapshot.ts';
import type { Line, ScreenModel, Viewer, ViewerContent } from '../model.ts';
import { GLYPH } from '../ui/glyphs.ts';
import { clip, cutMiddle, line, seg } from '../ui/line.ts';
import { problem } from '../ui/notice.ts';
import { rule } from '../ui/rule.ts';
import { padRows } from '../ui/stack.ts';
import { contentOf, type VisibleLine, type VisiblePart, viewerSize, visibleLines } from '../viewer.ts';

/** The text viewer over the whole body: title rule with position and stream state, then a window of its lines. */
export function drawViewer(
  model: ScreenModel,
  viewer: Viewer,
  width: number,
  height: number,
): readonly Line[] {
  const content = contentOf(model) ?? { status: 'loading', lines: [] };
  const room = { height: Math.max(0, height - 1), width: Math.min(width - 2, viewerSize(model).width) };
  const part =
    content.status === 'ready' ? visibleLines(viewer, content, room.height, room.width) : undefined;
  const head = rule(
    [seg(cutMiddle(viewer.title, Math.max(8, Math.floor(width * 0.6))), 'text', { bold: true })],
    [seg(stateText(viewer, content, part), part?.searchError === undefined ? 'muted' : 'critical')],
    width,
  );
  const body =
    part === undefined
      ? waiting(model, viewer, content, width)
      : part.lines.map((visible) => viewerLine(visible, viewer, width));
  return padRows([head, ...body], height);
}

/** What the rule says on its right: search, losses, stream, amount and place. */
function stateText(viewer: Viewer, content: ViewerContent, part: VisiblePart | undefined): string {
  const words = [
    part?.searchError ?? (viewer.search && !viewer.searching ? `/${viewer.search}` : undefined),
    content.dropped ? `${count(content.dropped)} older lines dropped` : undefined,
    content.note ?? (viewer.follow ? 'following' : undefined),
    viewer.wrap ? 'wrap' : undefined,
    part === undefined ? undefined : plural(content.lines.length, 'line'),
    part === undefined ? undefined : placeOf(content, part),
  ];
  return words.filter((word) => word !== undefined).join(' · ');
}

/** How much of the text lies above the last visible line; undefined when all of it is visible. */
function placeOf(content: ViewerContent, part: VisiblePart): string | undefined {
  const first = content.dropped ?? 0;
  if (part.top === first && part.atEnd) return undefined;
  const seen = (part.lines.at(-1)?.number ?? first) + 1 - first;
  return percent(content.lines.length === 0 ? 1 : seen / content.lines.length);
}

function waiting(model: ScreenModel, viewer: Viewer, content: ViewerContent, width: number): readonly Line[] {
  if (content.status === 'loading') return [line(` ${GLYPH.spinner} reading ${viewer.title}`)];
  const unexplained: CollectError = { kind: 'internal', message: 'reading ended without a reason' };
  return problem(content.error ?? unexplained, model, width);
}

/** One row; found text is inverse, and the match that was jumped to has the cursor in its margin. */
function viewerLine(visible: VisibleLine, viewer: Viewer, width: number): Line {
  const text = visible.match ? hits(visible.text, viewer.search ?? '') : [seg(visible.text)];
  return clip(line(visible.current && !visible.continued ? GLYPH.cursor : ' ', text), width);
}

/** The searched text inverse wherever it stands; the whole row when the search is a pattern. */
function hits(text: string, search: string): Line {
  const haystack = text.toLowerCase();
  const needle = search.replace(/^"([^"]*)"?$/, '$1').toLowerCase();
  const isLiteral = needle !== '' && haystack.length === text.length && haystack.includes(needle);
  if (!isLiteral) return [seg(text, 'text', { inverse: true })];
  const pieces: Line[] = [];
  let from = 0;
  for (let at = haystack.indexOf(needle); at >= 0; at = haystack.indexOf(needle, from)) {
    const end = at + needle.length;
    pieces.push([seg(text.slice(from, at)), seg(text.slice(at, end), 'text', { inverse: true })]);
    from = end;
  }
  return line(...pieces, text.slice(from));
}
