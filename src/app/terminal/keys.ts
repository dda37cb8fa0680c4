import type { Key } from 'ink';
import type { KeyName, KeyPress } from '../../views/model.ts';

/** More keys than this in one read are no typing; the rest is dropped so that a huge paste costs nothing. */
const MAX_KEYS_PER_READ = 256;

const CONTROL_KEYS = new Set('acelrsuwz');

const graphemes = new Intl.Segmenter('en', { granularity: 'grapheme' });

function namedKey(input: string, key: Key): KeyName | undefined {
  if (key.upArrow) return 'up';
  if (key.downArrow) return 'down';
  if (key.leftArrow) return 'left';
  if (key.rightArrow) return 'right';
  if (key.pageUp) return 'pageup';
  if (key.pageDown) return 'pagedown';
  if (key.home) return 'home';
  if (key.end) return 'end';
  if (key.return) return 'enter';
  if (key.escape) return 'escape';
  if (key.tab) return 'tab';
  if (key.backspace) return 'backspace';
  if (key.delete) return 'delete';
  if (key.ctrl && CONTROL_KEYS.has(input)) return `ctrl-${input}` as KeyName;
  return undefined;
}

/** Translates one of Ink's input events, which may hold several typed characters, into key presses. */
export function keyPresses(input: string, key: Key): readonly KeyPress[] {
  const name = namedKey(input, key);
  if (name !== undefined) return [{ type: 'key', name, ...(key.shift ? { shift: true } : {}) }];
  if (key.ctrl || key.meta || input === '') return [];
  const presses: KeyPress[] = [];
  for (const { segment } of graphemes.segment(input.slice(0, MAX_KEYS_PER_READ * 4))) {
    if (segment === '\r' || segment === '\n' || segment === '\r\n')
      presses.push({ type: 'key', name: 'enter' });
    else if (segment === '\t') presses.push({ type: 'key', name: 'tab' });
    else if (segment >= ' ' && segment !== '\x7f') presses.push({ type: 'char', text: segment });
  }
  return presses;
}

/**
 * Gathers everything that arrived in one read of the terminal before handing it on, because only then is it
 * known whether a key came alone. Keys that did not are marked `chunked`: they were typed or pasted before the
 * effect of the first could be seen.
 */
export class KeyGatherer {
  private pending: KeyPress[] = [];
  private readonly deliver: (press: KeyPress) => void;

  constructor(deliver: (press: KeyPress) => void) {
    this.deliver = deliver;
  }

  input(input: string, key: Key): void {
    this.add(keyPresses(input, key));
  }

  paste(text: string): void {
    this.add([{ type: 'paste', text }]);
  }

  private add(presses: readonly KeyPress[]): void {
    if (presses.length === 0) return;
    if (this.pending.length === 0) queueMicrotask(() => this.flush());
    if (this.pending.length < MAX_KEYS_PER_READ) this.pending.push(...presses);
  }

  private flush(): void {
    const presses = this.pending.slice(0, MAX_KEYS_PER_READ);
    this.pending = [];
    const chunked = presses.length > 1;
    for (const press of presses) {
      this.deliver(chunked && press.type !== 'paste' ? { ...press, chunked } : press);
    }
  }
}
