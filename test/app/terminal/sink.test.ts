import { describe, expect, it } from 'vitest';
import { FrameSink } from '../../../src/app/terminal/sink.ts';

/** A terminal that takes a write only when told to. */
function stalledTerminal() {
  const writes: string[] = [];
  const release: (() => void)[] = [];
  const sink = new FrameSink(
    (bytes, done) => {
      writes.push(bytes);
      release.push(done);
    },
    80,
    24,
  );
  return { sink, writes, takeOne: () => release.shift()?.() };
}

describe('FrameSink', () => {
  it('has one write in flight and skips to the newest frame after a stall', () => {
    const { sink, writes, takeOne } = stalledTerminal();
    for (let i = 0; i < 1000; i += 1) sink.write(`frame ${i}`);
    expect(writes).toHaveLength(1);
    takeOne();
    expect(writes).toHaveLength(2);
    expect(writes[1]).toContain('999');
    takeOne();
    expect(writes).toHaveLength(2);
  });

  it('writes nothing when the frame did not change', () => {
    const { sink, writes, takeOne } = stalledTerminal();
    sink.write('same');
    takeOne();
    sink.write('same');
    expect(writes).toHaveLength(1);
  });

  it('repaints completely after a resize, a repaint request and a pause', () => {
    const { sink, writes, takeOne } = stalledTerminal();
    sink.write('hello');
    takeOne();
    sink.resize(100, 30);
    sink.write('hello');
    expect(writes[1]).toContain('\x1b[2J');
    takeOne();
    sink.repaint();
    expect(writes[2]).toContain('hello');
    takeOne();
    sink.pause();
    sink.write('while paused');
    expect(writes).toHaveLength(3);
    sink.resume();
    expect(writes[3]).toContain('\x1b[2J');
    expect(writes[3]).toContain('while paused');
  });

  it('tells Ink about the new size', () => {
    const { sink } = stalledTerminal();
    let heard = 0;
    sink.on('resize', () => {
      heard += 1;
    });
    sink.resize(120, 36);
    expect([heard, sink.columns, sink.rows]).toEqual([1, 120, 36]);
  });
});
