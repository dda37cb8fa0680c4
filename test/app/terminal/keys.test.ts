import type { Key } from 'ink';
import { describe, expect, it } from 'vitest';
import { clipboardRequest } from '../../../src/app/terminal/clipboard.ts';
import { KeyGatherer, keyPresses } from '../../../src/app/terminal/keys.ts';
import type { KeyPress } from '../../../src/views/model.ts';

const noKey = {} as Key;

async function gathered(feed: (keys: KeyGatherer) => void): Promise<KeyPress[]> {
  const presses: KeyPress[] = [];
  feed(new KeyGatherer((press) => presses.push(press)));
  await Promise.resolve();
  return presses;
}

describe('keys from Ink', () => {
  it.each<[string, string, Partial<Key>, KeyPress[]]>([
    ['a letter', 'j', {}, [{ type: 'char', text: 'j' }]],
    ['an arrow', '', { upArrow: true }, [{ type: 'key', name: 'up' }]],
    ['shift-tab', '', { tab: true, shift: true }, [{ type: 'key', name: 'tab', shift: true }]],
    ['ctrl-c', 'c', { ctrl: true }, [{ type: 'key', name: 'ctrl-c' }]],
    ['an unbound control key', 'k', { ctrl: true }, []],
    ['alt and a letter', 'j', { meta: true }, []],
    ['a grapheme of several code points', 'e\u0301', {}, [{ type: 'char', text: 'e\u0301' }]],
    [
      'a letter and Enter in one read',
      'y\r',
      {},
      [
        { type: 'char', text: 'y' },
        { type: 'key', name: 'enter' },
      ],
    ],
  ])('%s', (_name, input, key, expected) => {
    expect(keyPresses(input, { ...noKey, ...key } as Key)).toEqual(expected);
  });

  it('leaves a key that came alone unmarked', async () => {
    expect(await gathered((keys) => keys.input('y', noKey))).toEqual([{ type: 'char', text: 'y' }]);
  });

  it('marks every key of a read that held several, across events too', async () => {
    const presses = await gathered((keys) => {
      keys.input('q', noKey);
      keys.input('', { ...noKey, upArrow: true });
    });
    expect(presses).toEqual([
      { type: 'char', text: 'q', chunked: true },
      { type: 'key', name: 'up', chunked: true },
    ]);
  });

  it('bounds the keys of one read', async () => {
    expect((await gathered((keys) => keys.input('j'.repeat(1_000_000), noKey))).length).toBeLessThanOrEqual(
      256,
    );
  });
});

describe('clipboard request', () => {
  it('wraps OSC 52 for tmux', () => {
    expect(clipboardRequest('hi', {})).toBe('\x1b]52;c;aGk=\x07');
    expect(clipboardRequest('hi', { TMUX: '/tmp/x' })).toBe('\x1bPtmux;\x1b\x1b]52;c;aGk=\x07\x1b\\');
  });
  it('refuses what no terminal takes', () => {
    expect(clipboardRequest('x'.repeat(100_000), {})).toBeUndefined();
  });
});
