import type { Line } from '../model.ts';
import { cells, fit, line, lineCells, seg, spread } from './line.ts';
import type { Caps } from './theme.ts';

/** A key and what it does, as the bindings name them. */
export interface FooterKey {
  readonly key: string;
  readonly label: string;
}

const KEY_WORDS: Readonly<Record<string, string>> = {
  '↑': 'up',
  '↓': 'dn',
  '←': 'left',
  '→': 'right',
  '⏎': 'enter',
};

/** How a key is written where its symbol cannot be shown or is not read aloud: `up/dn`, `enter`. */
export function keyLabel(key: string, caps: Caps): string {
  if (caps.unicode && !caps.screenReader) return key;
  return [...key]
    .map((symbol, index, all) => {
      const word = KEY_WORDS[symbol];
      const followed = word !== undefined && KEY_WORDS[all[index + 1] ?? ''] !== undefined;
      return followed ? `${word}/` : (word ?? symbol);
    })
    .join('');
}

/** Last row: the keys that work now. Help and quit stay at the right; others give way from the end. */
export function footer(keys: readonly FooterKey[], caps: Caps, width: number): Line {
  const isFixed = (entry: FooterKey) => entry.key === '?' || entry.key === 'q';
  const right = joinKeys(keys.filter(isFixed), caps);
  const room = width - lineCells(right) - 3;
  const shown: FooterKey[] = [];
  let used = 1;
  for (const entry of keys.filter((candidate) => !isFixed(candidate))) {
    const size = cells(`${keyLabel(entry.key, caps)} ${entry.label}`) + (shown.length === 0 ? 0 : 2);
    if (used + size > room) break;
    shown.push(entry);
    used += size;
  }
  return fit(spread(line(' ', joinKeys(shown, caps)), line(right, ' '), width), width);
}

function joinKeys(keys: readonly FooterKey[], caps: Caps): Line {
  return line(
    ...keys.map((entry, index) =>
      line(
        index === 0 ? '' : '  ',
        seg(keyLabel(entry.key, caps), 'text', { bold: true }),
        seg(` ${entry.label}`, 'muted'),
      ),
    ),
  );
}
