import { describe, expect, it } from 'vitest';
import { LineBuffer } from '../../../src/app/console/lineBuffer.ts';

describe('LineBuffer', () => {
  it('keeps the newest lines and counts the rest', () => {
    const buffer = new LineBuffer(3, 1000);
    buffer.push(['a', 'b']);
    buffer.push(['c', 'd', 'e']);
    expect(buffer.lines).toEqual(['c', 'd', 'e']);
    expect(buffer.dropped).toBe(2);
  });

  it('is bounded in characters too, but keeps the last line whatever its length', () => {
    const buffer = new LineBuffer(100, 10);
    buffer.push(['12345', '12345', '1']);
    expect(buffer.lines).toEqual(['12345', '1']);
    buffer.push(['x'.repeat(50)]);
    expect(buffer.lines).toEqual(['x'.repeat(50)]);
    expect(buffer.dropped).toBe(3);
  });
});
