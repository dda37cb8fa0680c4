const FIRST_MS = 10_000;
const MAX_MS = 300_000;
/** A container that ran this long starts over with its back-off. */
const RESET_MS = 600_000;

/** Crash and image-pull back-off of each container: 10 s, doubling, at most 5 min. */
export class Backoff {
  private readonly tries = new Map<string, Map<string, number>>();

  /** Number of failures in a row. */
  failures(uid: string, what: string): number {
    return this.tries.get(uid)?.get(what) ?? 0;
  }

  /** Counts one failure; `ranMs` is how long it had worked. Returns the delay before the next try. */
  fail(uid: string, what: string, ranMs = 0): number {
    const before = ranMs > RESET_MS ? 0 : this.failures(uid, what);
    const group = this.tries.get(uid) ?? new Map<string, number>();
    this.tries.set(uid, group);
    group.set(what, before + 1);
    return this.delay(before);
  }

  /** Delay in milliseconds after so many earlier failures; the first retry is at once. */
  delay(failures: number): number {
    return failures === 0 ? 0 : Math.min(MAX_MS, FIRST_MS * 2 ** (failures - 1));
  }

  forget(uid: string): void {
    this.tries.delete(uid);
  }
}
