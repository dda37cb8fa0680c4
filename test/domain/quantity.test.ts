import { describe, expect, it } from 'vitest';
import { parseQuantity } from '../../src/domain/quantity.ts';

describe('parseQuantity', () => {
  it.each([
    ['0', 0],
    ['2', 2],
    ['100m', 0.1],
    ['1500m', 1.5],
    ['250u', 0.00025],
    ['123456789n', 0.123456789],
    ['0.5', 0.5],
    ['.5', 0.5],
    ['2.', 2],
    ['+3', 3],
    ['-1', -1],
    ['128Ki', 131072],
    ['128Mi', 134217728],
    ['1.5Gi', 1610612736],
    ['1Ti', 1099511627776],
    ['2Pi', 2251799813685248],
    ['1Ei', 2 ** 60],
    ['129k', 129000],
    ['129M', 129e6],
    ['98G', 98e9],
    ['1T', 1e12],
    ['1E', 1e18],
    ['129e6', 129e6],
    ['1E3', 1000],
    ['12e-3', 0.012],
    [4, 4],
  ])('%s is %d', (text, value) => {
    expect(parseQuantity(text)).toBe(value);
  });

  it.each(
    [
      ['', 'Gi', '1 Gi', '1Kb', '1ki', '0x10', 'NaN', '1e', '1m1'],
      [null, undefined, {}, Number.NaN],
    ].flat(),
  )('%s is no quantity', (text) => {
    expect(parseQuantity(text)).toBeUndefined();
  });
});
