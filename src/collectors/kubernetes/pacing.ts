import { type Clock, sleep } from './clock.ts';

/** Keeps us a polite client: a token bucket over all requests, and few heavy ones (lists) at a time. */
export class Pacer {
  private readonly clock: Clock;
  private readonly perSecond: number;
  private readonly burst: number;
  private tokens: number;
  private filledAt: number;
  private freeSlots: number;
  private readonly waiting: (() => void)[] = [];

  constructor(clock: Clock, { perSecond = 20, burst = 40, heavy = 6 } = {}) {
    this.clock = clock;
    this.perSecond = perSecond;
    this.burst = burst;
    this.tokens = burst;
    this.filledAt = clock.now();
    this.freeSlots = heavy;
  }

  /** Resolves when one more request may be sent, or at once when the signal is aborted. */
  async turn(signal?: AbortSignal): Promise<void> {
    const now = this.clock.now();
    const earned = (Math.max(0, now - this.filledAt) / 1000) * this.perSecond;
    this.tokens = Math.min(this.burst, this.tokens + earned) - 1;
    this.filledAt = now;
    if (this.tokens < 0) await sleep(this.clock, (-this.tokens / this.perSecond) * 1000, signal);
  }

  /** Runs a heavy request when a slot is free; in the order of asking. */
  async heavy<T>(run: () => Promise<T>): Promise<T> {
    if (this.freeSlots > 0) this.freeSlots -= 1;
    else await new Promise<void>((resolve) => this.waiting.push(resolve));
    try {
      return await run();
    } finally {
      const next = this.waiting.shift();
      if (next) next();
      else this.freeSlots += 1;
    }
  }
}
