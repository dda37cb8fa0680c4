import type { Clock } from '../clock.ts';

/** Keys waiting to be reconciled. A key waits once, for the earliest of the times it was asked for. */
export class WorkQueue {
  private readonly clock: Clock;
  private readonly reconcile: (key: string) => void;
  private readonly waiting = new Map<string, { due: number; cancel: () => void }>();

  constructor(clock: Clock, reconcile: (key: string) => void) {
    this.clock = clock;
    this.reconcile = reconcile;
  }

  add(key: string, delayMs: number): void {
    const due = this.clock.now() + delayMs;
    const known = this.waiting.get(key);
    if (known && known.due <= due) return;
    known?.cancel();
    const cancel = this.clock.setTimeout(() => {
      this.waiting.delete(key);
      this.reconcile(key);
    }, delayMs);
    this.waiting.set(key, { due, cancel });
  }

  /** Forgets a key that waits. */
  drop(key: string): void {
    this.waiting.get(key)?.cancel();
    this.waiting.delete(key);
  }
}
