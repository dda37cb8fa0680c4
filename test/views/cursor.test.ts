import { expect, test } from 'vitest';
import { cursorOf } from '../../src/views/cursor.ts';

const rows = ['a', 'b', 'c'].map((id) => ({ id, ref: { kind: 'Pod', name: id } }));

test.each([
  ['nothing selected', { index: 2 }, 0, 'a', false],
  ['at its place', { selected: 'b', index: 1 }, 1, 'b', false],
  ['moved', { selected: 'c', index: 0 }, 2, 'c', false],
  ['gone', { selected: 'x', index: 1 }, 1, 'b', true],
  ['gone from the end', { selected: 'x', index: 9 }, 2, 'c', true],
])('%s', (_name, state, index, id, lost) => {
  const cursor = cursorOf(rows, state);
  expect([cursor.index, cursor.row?.id, cursor.lost]).toEqual([index, id, lost]);
});

test('an empty list has no row under the cursor', () => {
  expect(cursorOf([], { selected: 'a', index: 4 })).toEqual({ index: 0, row: undefined, lost: true });
});
