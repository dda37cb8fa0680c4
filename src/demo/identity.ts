import { createHash } from 'node:crypto';

const SUFFIX_ALPHABET = 'bcdfghjklmnpqrstvwxz2456789';
const SUFFIX_LENGTH = 5;

/** Makes uids and name suffixes that depend on the seed and the order of the calls only. */
export class IdentitySource {
  readonly #seed: string;
  #count = 0;

  constructor(seed: string) {
    this.#seed = seed;
  }

  /** A version 4 UUID. */
  uid(): string {
    const hex = this.#next().toString('hex');
    return `${hex.slice(0, 8)}-${hex.slice(8, 12)}-4${hex.slice(13, 16)}-a${hex.slice(17, 20)}-${hex.slice(20, 32)}`;
  }

  /** The random end of a generated name, from the letters Kubernetes uses (no vowels, no look-alikes). */
  suffix(): string {
    const bytes = this.#next().subarray(0, SUFFIX_LENGTH);
    return Array.from(bytes, (byte) => SUFFIX_ALPHABET.charAt(byte % SUFFIX_ALPHABET.length)).join('');
  }

  #next(): Buffer {
    this.#count += 1;
    return createHash('sha1').update(`${this.#seed}:${this.#count}`).digest();
  }
}
