/** Letters and digits Kubernetes uses in generated names (no vowels, so no words appear by accident). */
const NAME_ALPHABET = 'bcdfghjklmnpqrstvwxz2456789';

/** 32-bit FNV-1a hash of a text: the stable per-object number that waves and hashes are derived from. */
export function hashOf(text: string): number {
  let hash = 0x811c9dc5;
  for (let i = 0; i < text.length; i += 1) hash = Math.imul(hash ^ text.charCodeAt(i), 0x01000193);
  return hash >>> 0;
}

/** Name-safe rendering of a number, as Kubernetes does for pod-template hashes. */
export function nameHash(text: string, length: number): string {
  const random = new Random(hashOf(text));
  return random.suffix(length);
}

/** Small seeded generator (mulberry32). The same seed gives the same sequence on every machine. */
export class Random {
  private state: number;

  constructor(seed: number) {
    this.state = seed >>> 0;
  }

  /** An independent generator for a named purpose, so that one consumer never shifts another's sequence. */
  fork(purpose: string): Random {
    return new Random(hashOf(`${this.state}/${purpose}`));
  }

  /** Uniform in [0, 1). */
  next(): number {
    this.state = (this.state + 0x6d2b79f5) >>> 0;
    let mixed = this.state;
    mixed = Math.imul(mixed ^ (mixed >>> 15), mixed | 1);
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61);
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 0x1_0000_0000;
  }

  /** Uniform integer in [low, high]. */
  int(low: number, high: number): number {
    return low + Math.floor(this.next() * (high - low + 1));
  }

  /** One element; throws a RangeError for an empty list. */
  pick<T>(items: readonly T[]): T {
    const item = items[this.int(0, items.length - 1)];
    if (item === undefined) throw new RangeError('nothing to pick from');
    return item;
  }

  /** Suffix of a generated object name. */
  suffix(length: number): string {
    let text = '';
    for (let i = 0; i < length; i += 1) text += NAME_ALPHABET[this.int(0, NAME_ALPHABET.length - 1)];
    return text;
  }

  /** Hexadecimal digits. */
  hex(length: number): string {
    let text = '';
    while (text.length < length) text += this.int(0, 0xffff).toString(16).padStart(4, '0');
    return text.slice(0, length);
  }

  /** A version 4 UUID in form (its bits are pseudo-random). */
  uuid(): string {
    const hex = this.hex(32);
    return [
      hex.slice(0, 8),
      hex.slice(8, 12),
      `4${hex.slice(13, 16)}`,
      `${this.pick(['8', '9', 'a', 'b'])}${hex.slice(17, 20)}`,
      hex.slice(20, 32),
    ].join('-');
  }
}
