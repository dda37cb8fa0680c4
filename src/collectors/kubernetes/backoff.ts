import type { Clock } from './clock.ts';

const FIRST_MS = 800;
const CAP_MS = 30_000;
const HEALTHY_RESET_MS = 120_000;
/** A server may ask for more, e.g. by a date of a clock that is wrong; then we ask again. */
const MAX_RETRY_AFTER_MS = 300_000;

/**
 * Delays between failed tries, as client-go's reflector has them: 0.8 s, doubled up to 30 s, plus up to as much again
 * at random so that many clients do not come back at once; back to the start after two healthy minutes.
 */
export class Backoff {
  private readonly clock: Clock;
  private delay = FIRST_MS;
  private healthySince: number | undefined;
  /** Consecutive failures so far. */
  attempt = 0;

  constructor(clock: Clock) {
    this.clock = clock;
  }

  /** Told when things begin to work. */
  healthy(): void {
    this.healthySince ??= this.clock.now();
  }

  /** Milliseconds to wait after one more failure; not less than the server asked for, within reason. */
  next(retryAfterMs = 0): number {
    const healthyFor = this.healthySince === undefined ? 0 : this.clock.now() - this.healthySince;
    this.healthySince = undefined;
    if (healthyFor >= HEALTHY_RESET_MS) {
      this.delay = FIRST_MS;
      this.attempt = 0;
    }
    const wait = Math.min(CAP_MS, this.delay * (1 + this.clock.random()));
    this.delay = Math.min(CAP_MS, this.delay * 2);
    this.attempt += 1;
    return Math.max(wait, Math.min(retryAfterMs, MAX_RETRY_AFTER_MS));
  }
}
