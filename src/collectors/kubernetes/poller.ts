import type { CollectError, CollectErrorKind, Snapshot } from '../../domain/snapshot.ts';
import { Backoff } from './backoff.ts';
import type { Clock } from './clock.ts';
import { collectError, type KubeError, kubeError } from './errors.ts';
import { Loop } from './loop.ts';

/** A reading that takes long is repeated less often: it may fill at most one part in this many of the time. */
const SHARE = 20;
/** A reading that spans a sleep of the machine seems to take hours. */
const MAX_WAIT_MS = 300_000;

/** Failures after which what was not installed still counts as that. */
const SAYS_NOTHING: ReadonlySet<CollectErrorKind> = new Set(['unreachable', 'timeout', 'busy', 'server']);

export interface PollerOptions<T> {
  readonly clock: Clock;
  readonly everyMs: number;
  readonly missing: string;
  /** One reading. Throws KubeError. */
  readonly read: (signal: AbortSignal) => Promise<T>;
  readonly publish: (snapshot: Snapshot<T>) => void;
  /** Why an error means "not installed" rather than "failed"; undefined when it does not. */
  readonly absent?: (error: KubeError) => string | undefined;
}

/** Reads a small thing again and again, for what cannot be watched. Never more than one reading at a time. */
export class Poller<T> extends Loop {
  private readonly options: PollerOptions<T>;
  private readonly backoff: Backoff;
  private last: { readonly data: T; readonly observedAt: number } | undefined;
  private failingSince: number | undefined;
  private isAbsent = false;

  constructor(options: PollerOptions<T>) {
    super(options.clock);
    this.options = options;
    this.backoff = new Backoff(options.clock);
  }

  protected override async run(): Promise<void> {
    const { everyMs, read } = this.options;
    const { clock } = this;
    while (!this.stopped) {
      const startedAt = clock.now();
      let wait: number;
      try {
        const data = await read(this.signal);
        this.last = { data, observedAt: clock.now() };
        this.failingSince = undefined;
        this.isAbsent = false;
        this.backoff.healthy();
        this.publish({ status: 'live', ...this.last });
        wait = Math.max(everyMs, Math.min(MAX_WAIT_MS, (clock.now() - startedAt) * SHARE));
      } catch (error) {
        wait = this.failed(kubeError(error));
      }
      await this.pause(wait);
    }
  }

  /** Publishes what the failure means; returns how long to wait. */
  private failed(error: KubeError): number {
    const { everyMs, missing, absent } = this.options;
    const { clock } = this;
    const reason = absent?.(error);
    if (reason !== undefined) {
      this.last = undefined;
      this.failingSince = undefined;
      this.isAbsent = true;
      this.backoff.healthy();
      this.publish({ status: 'absent', reason });
      return Math.max(everyMs, error.retryAfterMs ?? 0);
    }
    const now = clock.now();
    const wait = this.backoff.next(error.retryAfterMs);
    // A server that is away or just starting says nothing about what it serves.
    if (this.isAbsent && SAYS_NOTHING.has(error.kind)) return wait;
    this.isAbsent = false;
    this.failingSince ??= now;
    const reported: CollectError = collectError(error, {
      missing,
      attempt: Math.max(1, this.backoff.attempt),
      since: this.failingSince,
      nextTryAt: now + wait,
    });
    this.publish(
      this.last ? { status: 'stale', ...this.last, error: reported } : { status: 'failed', error: reported },
    );
    return wait;
  }

  private publish(snapshot: Snapshot<T>): void {
    if (!this.stopped) this.options.publish(snapshot);
  }
}
