import xterm from '@xterm/headless';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { frameDiff } from '../../../src/app/terminal/diff.ts';

const COLUMNS = 24;
const ROWS = 4;

function screen(): { write(bytes: string): Promise<void>; cells(): string[] } {
  const terminal = new xterm.Terminal({ cols: COLUMNS, rows: ROWS, allowProposedApi: true, scrollback: 0 });
  return {
    write: (bytes) => new Promise((resolve) => terminal.write(bytes, resolve)),
    cells: () => {
      const out: string[] = [];
      for (let y = 0; y < ROWS; y += 1) {
        const line = terminal.buffer.active.getLine(y);
        for (let x = 0; x < COLUMNS; x += 1) {
          const cell = line?.getCell(x);
          const chars = cell?.getChars() || ' ';
          const look = `${cell?.getFgColor()}/${cell?.isBold()}/${cell?.isInverse()}`;
          out.push(`${chars} ${cell?.getWidth() === 0 ? 'tail' : look}`);
        }
      }
      return out;
    },
  };
}

const piece = fc.record({
  text: fc.constantFrom('a', 'bc', '  ', 'node ', '✗', '█░', '漢', 'é', '…', '▌'),
  style: fc.constantFrom(
    '',
    '\x1b[31m',
    '\x1b[1m',
    '\x1b[7m',
    '\x1b[1;33m',
    '\x1b[38;2;1;2;3m',
    '\x1b[38;5;9m',
  ),
});
const line = fc
  .array(piece, { maxLength: 4 })
  .map((pieces) => pieces.map(({ text, style }) => (style ? `${style}${text}\x1b[0m` : text)).join(''));
const frame = fc.array(line, { maxLength: ROWS });

describe('frameDiff', () => {
  it('leaves the terminal as if the new frame had been drawn on an empty screen', async () => {
    await fc.assert(
      fc.asyncProperty(fc.array(frame, { minLength: 2, maxLength: 5 }), async (frames) => {
        const stepped = screen();
        const fresh = screen();
        let previous: readonly string[] | undefined;
        for (const next of frames) {
          await stepped.write(frameDiff(previous, next));
          previous = next;
        }
        await fresh.write(frameDiff(undefined, frames.at(-1) ?? []));
        expect(stepped.cells()).toEqual(fresh.cells());
      }),
      { numRuns: 200 },
    );
  });

  it('sends nothing for an equal frame', () => {
    expect(frameDiff(['one', 'two'], ['one', 'two'])).toBe('');
  });

  it('sends only the changed cells of a row', () => {
    const before = `${'x'.repeat(60)} 18% ${'y'.repeat(10)}`;
    const after = `${'x'.repeat(60)} 19% ${'y'.repeat(10)}`;
    expect(frameDiff(['same', before], ['same', after])).toBe('\x1b[2;63H9');
  });

  it('erases what a shorter row leaves behind', () => {
    expect(frameDiff(['long line'], ['long'])).toBe('\x1b[1;5H\x1b[K');
  });

  it('keeps a style that changes without the text changing', () => {
    expect(frameDiff(['ok'], ['\x1b[31mok\x1b[39m'])).toBe('\x1b[1;1H\x1b[0;31mok\x1b[0m');
  });
});
