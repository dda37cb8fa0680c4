import fc from 'fast-check';
import { expect, test } from 'vitest';
import {
  age,
  bytes,
  cells,
  clockTime,
  cores,
  count,
  dateTime,
  duration,
  end,
  middle,
  moment,
  percent,
  plural,
  relative,
} from '../../src/domain/format.ts';

const S = 1000;
const M = 60 * S;
const H = 60 * M;
const D = 24 * H;

test.each([
  [-5 * S, '0s'],
  [42 * S, '42s'],
  [59.9 * S, '59s'],
  [18 * M + 50 * S, '18m'],
  [26 * H, '26h'],
  [47.9 * H, '47h'],
  [2 * D, '2d'],
  [2 * D + 8 * H, '2d 8h'],
  [9 * D + 5 * H, '9d'],
  [41 * D, '41d'],
])('age(%d) is %s', (ms, text) => expect(age(ms)).toBe(text));

test.each([
  [0, '0s'],
  [42 * S, '42s'],
  [6 * M + 12 * S, '6m 12s'],
  [6 * M, '6m'],
  [11 * H + 28 * M + 59 * S, '11h 28m'],
  [D + 8 * H, '1d 8h'],
  [41 * D, '41d'],
])('duration(%d) is %s', (ms, text) => expect(duration(ms)).toBe(text));

test('relative looks both ways', () => {
  expect(relative(100 * M, 100 * M + 2 * H)).toBe('2h ago');
  expect(relative(100 * M + 5 * M + 30 * S, 100 * M)).toBe('in 5m 30s');
});

test('moments are told in local time, with the date only when it is needed', () => {
  const now = new Date(2025, 5, 11, 14, 32, 7).getTime();
  expect(clockTime(now)).toBe('14:32:07');
  expect(dateTime(now)).toBe('2025-06-11 14:32:07');
  expect(moment(new Date(2025, 5, 11, 0, 5).getTime(), now)).toBe('00:05');
  expect(moment(new Date(2025, 5, 10, 23, 59).getTime(), now)).toBe('23:59 yesterday');
  expect(moment(new Date(2025, 4, 3, 8, 10).getTime(), now)).toBe('3 May 08:10');
  expect(moment(new Date(2024, 10, 23, 8, 10).getTime(), now)).toBe('2024-11-23 08:10');
});

test.each([
  [0, '0B'],
  [512, '512B'],
  [1023, '1023B'],
  [1024, '1Ki'],
  [980 * 2 ** 20, '980Mi'],
  [1.2 * 2 ** 30, '1.2Gi'],
  [96 * 2 ** 30, '96Gi'],
  [1023.9 * 2 ** 30, '1Ti'],
  [-2 * 2 ** 30, '-2Gi'],
])('bytes(%d) is %s', (n, text) => expect(bytes(n)).toBe(text));

test.each([
  [0, '0'],
  [0.25, '250m'],
  [1, '1'],
  [1.54, '1.5'],
  [18.6, '19'],
  [60, '60'],
])('cores(%d) is %s', (n, text) => expect(cores(n)).toBe(text));

test('percent, count and plural', () => {
  expect(percent(0.344)).toBe('34%');
  expect(percent(0.0017, 2)).toBe('0.17%');
  expect(count(999)).toBe('999');
  expect(count(100000)).toBe('100,000');
  expect(plural(1, 'pod')).toBe('1 pod');
  expect(plural(1200, 'pod')).toBe('1,200 pods');
  expect(plural(2, 'policy', 'policies')).toBe('2 policies');
});

test('names keep both ends, sentences their beginning', () => {
  expect(middle('airflow-webserver-6c8b', 12)).toBe('airfl…r-6c8b');
  expect(middle('short', 12)).toBe('short');
  expect(middle('abc', 1)).toBe('…');
  expect(middle('abc', 0)).toBe('');
  expect(end('connect ETIMEDOUT 10.0.0.10', 16)).toBe('connect ETIMEDO…');
  expect(end('数据库不可用', 6)).toBe('数据…');
});

test('cut text never exceeds its width, whatever the script', () => {
  fc.assert(
    fc.property(fc.string({ unit: 'grapheme' }), fc.integer({ min: 0, max: 30 }), (text, width) => {
      expect(cells(middle(text, width))).toBeLessThanOrEqual(width);
      expect(cells(end(text, width))).toBeLessThanOrEqual(width);
    }),
  );
});
