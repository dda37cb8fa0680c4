import fc from 'fast-check';
import stringWidth from 'string-width';
import { describe, expect, test } from 'vitest';
import type { Viewer, ViewerContent } from '../../src/views/model.ts';
import { visibleLines, wrapLine } from '../../src/views/viewer.ts';

const viewer = (more: Partial<Viewer> = {}): Viewer => ({ kind: 'logs', title: 'logs', top: 0, ...more });
const content = (...lines: string[]): ViewerContent => ({ status: 'ready', lines });
const texts = (v: Viewer, c: ViewerContent, height = 3, width = 10) =>
  visibleLines(v, c, height, width).lines.map(({ text }) => text);

describe('visible lines', () => {
  const five = content('a', 'b', 'c', 'd', 'e');

  test.each([
    [{ top: 0 }, ['a', 'b', 'c']],
    [{ top: 1 }, ['b', 'c', 'd']],
    [{ top: 99 }, ['c', 'd', 'e']],
    [{ top: 0, follow: true }, ['c', 'd', 'e']],
  ])('%j', (place, expected) => {
    expect(texts(viewer(place), five)).toEqual(expected);
  });

  test('fewer lines than rows are all shown', () => {
    expect(texts(viewer({ top: 4 }), content('a', 'b'))).toEqual(['a', 'b']);
    expect(texts(viewer({ follow: true }), content())).toEqual([]);
  });

  test('numbers count the lines that were dropped', () => {
    const part = visibleLines(viewer({ top: 102 }), { ...five, dropped: 100 }, 2, 10);
    expect(part.lines.map(({ text, number }) => [number, text])).toEqual([
      [102, 'c'],
      [103, 'd'],
    ]);
    expect(part).toMatchObject({ top: 102, end: 105, atEnd: false });
  });

  test('wrapped, the last line can still be reached', () => {
    const long = content('short', 'x'.repeat(25), 'end');
    expect(texts(viewer({ wrap: true, follow: true }), long, 4)).toEqual([
      'x'.repeat(10),
      'x'.repeat(10),
      'x'.repeat(5),
      'end',
    ]);
    expect(texts(viewer({ wrap: true, top: 9 }), content('a', 'y'.repeat(90)), 3)).toEqual(
      Array(3).fill('y'.repeat(10)),
    );
  });

  test('marks what the search finds, and the match jumped to', () => {
    const part = visibleLines(viewer({ search: '~[bd]', match: 3 }), five, 5, 10);
    expect(part.lines.map(({ match, current }) => [match, current])).toEqual([
      [false, false],
      [true, false],
      [false, false],
      [true, true],
      [false, false],
    ]);
  });

  test('a broken search marks nothing and says why', () => {
    const part = visibleLines(viewer({ search: '~(' }), five, 5, 10);
    expect(part.searchError).toMatch(/missing/);
    expect(part.lines.some(({ match }) => match)).toBe(false);
  });
});

const graphemes = new Intl.Segmenter('en', { granularity: 'grapheme' });

describe('wrapping', () => {
  test.each([
    ['short', ['short']],
    ['', ['']],
    ['one two three four', ['one two', 'three four']],
    ['abcdefghijklm', ['abcdefghij', 'klm']],
    ['  one two three', ['  one two', '  three']],
    ['a  one two three', ['a  one two', '   three']],
    ['世界世界世界', ['世界世界世', '界']],
  ])('%j', (line, rows) => {
    expect(wrapLine(line, 10)).toEqual(rows);
  });

  test('no row is too wide and no word is lost', () => {
    const text = fc.string({ unit: 'grapheme', maxLength: 60 });
    fc.assert(
      fc.property(text, fc.integer({ min: 2, max: 20 }), (line, width) => {
        const rows = wrapLine(line, width);
        // One grapheme may be wider than a narrow row; it cannot be cut.
        const cuttable = rows.filter((row) => [...graphemes.segment(row.trim())].length > 1);
        for (const row of cuttable) expect(stringWidth(row)).toBeLessThanOrEqual(width);
        expect(rows.join('').replace(/ /g, '')).toBe(line.replace(/ /g, ''));
      }),
    );
  });

  test('an endless line ends', () => {
    expect(wrapLine('é'.repeat(100_000), 80)).toHaveLength(1250);
    expect(wrapLine('x'.repeat(1_000_000), 100)).toHaveLength(10_000);
  });
});
