import type { Collection, Keyed, ObjectTable } from '../../domain/collection.ts';
import type { Snapshot } from '../../domain/snapshot.ts';
import type { Clock } from './clock.ts';
import { collectError, type KubeError } from './errors.ts';

/** A quiet source repeats its snapshot this often, so that its age shows the last contact. */
const REPUBLISH_MS = 5_000;
const PROGRESS_MS = 250;

interface SourceOptions<T extends Keyed> {
  readonly table: ObjectTable<T>;
  /** What the user misses while this source fails. */
  readonly missing: string;
}

/** Which of the five states a watched source is in, and who is told when that changes. */
export class SourceState<T extends Keyed> {
  /** A complete list has been read: there is data to show. */
  synced = false;
  private readonly options: SourceOptions<T>;
  private readonly clock: Clock;
  private readonly tell: (snapshot: Snapshot<Collection<T>>) => void;
  private status: Snapshot<unknown>['status'] = 'pending';
  private observedAt = 0;
  private publishedAt = 0;
  private failingSince: number | undefined;

  constructor(options: SourceOptions<T>, clock: Clock, tell: (snapshot: Snapshot<Collection<T>>) => void) {
    this.options = options;
    this.clock = clock;
    this.tell = tell;
  }

  /** Objects are arriving, the first list is not complete yet. */
  loading(loaded: number): void {
    if (this.status !== 'pending' || this.publishedWithin(PROGRESS_MS)) return;
    this.publish({ status: 'pending', loaded });
  }

  /** The server has just confirmed what we have. */
  confirmed(): void {
    this.observedAt = this.clock.now();
    this.failingSince = undefined;
    if (!this.synced) return;
    if (this.status === 'live' && this.publishedWithin(REPUBLISH_MS)) return;
    this.publish({ status: 'live', data: this.options.table, observedAt: this.observedAt });
  }

  /** A try failed; the next one comes after `waitMs`. */
  failed(error: KubeError, { attempt, waitMs }: { readonly attempt: number; readonly waitMs: number }): void {
    const now = this.clock.now();
    this.failingSince ??= now;
    const { missing, table } = this.options;
    const reported = collectError(error, {
      missing,
      attempt: Math.max(1, attempt),
      since: this.failingSince,
      nextTryAt: now + waitMs,
    });
    if (!this.synced) this.publish({ status: 'failed', error: reported });
    else this.publish({ status: 'stale', data: table, observedAt: this.observedAt, error: reported });
  }

  /** The server does not have this API. */
  absent(reason: string): void {
    this.synced = false;
    this.failingSince = undefined;
    if (this.status !== 'absent') this.publish({ status: 'absent', reason });
  }

  /** A clock that was set back must not silence us until it has caught up. */
  private publishedWithin(ms: number): boolean {
    const elapsed = this.clock.now() - this.publishedAt;
    return elapsed >= 0 && elapsed < ms;
  }

  private publish(snapshot: Snapshot<Collection<T>>): void {
    this.status = snapshot.status;
    this.publishedAt = this.clock.now();
    this.tell(snapshot);
  }
}
