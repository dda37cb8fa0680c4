/**
 * Keeps a table equal to the objects of one kind on the API server: list, then watch, by the rules client-go's
 * Reflector follows, and harder ones where faults are concerned: nothing but `stop` ends it.
 */
import { type Collection, type Keyed, keyOf } from '../../domain/collection.ts';
import type { Snapshot } from '../../domain/snapshot.ts';
import { Backoff } from './backoff.ts';
import { type Clock, systemClock } from './clock.ts';
import { KubeError, kubeError } from './errors.ts';
import type { KubeHttp } from './http.ts';
import { readList } from './listing.ts';
import { Loop } from './loop.ts';
import { isRecord, record, string } from './raw.ts';
import { SourceState } from './sourceState.ts';
import { isOlder, type ReflectorStats, type TableOptions, TableWriter } from './tableWriter.ts';
import { followWatch, UndecodableError, type WatchEvent } from './watching.ts';

const ABSENT_RETRY_MS = 60_000;
/** A watch without events that ends sooner than this did not work at all. */
const VERY_SHORT_MS = 1_000;
/** A watch that ends sooner than this is not reopened at once. */
const SHORT_MS = 10_000;
/** A version that expires twice within this time is a fault. */
const EXPIRED_AGAIN_MS = 120_000;

export interface ReflectorOptions<T extends Keyed> extends TableOptions<T> {
  readonly http: KubeHttp;
  /** Collection path, e.g. /api/v1/pods. */
  readonly path: string;
  /** Told of every change of state (not of data: that is the table's `onChange`). Not called after `stop`. */
  readonly publish: (snapshot: Snapshot<Collection<T>>) => void;
  /** What the user misses while this source fails. */
  readonly missing: string;
  /** Shared by all reflectors of a server: cleared by the first one whose streaming list is refused. */
  readonly streaming: { supported: boolean };
  readonly clock?: Clock;
}

export class Reflector<T extends Keyed> extends Loop {
  readonly stats: ReflectorStats = {
    lists: 0,
    watches: 0,
    events: 0,
    skipped: 0,
    lastSkipped: '',
    handlerErrors: 0,
  };
  private readonly options: ReflectorOptions<T>;
  private readonly backoff: Backoff;
  private readonly objects: TableWriter<T>;
  private readonly state: SourceState<T>;

  /** Where the next watch continues; undefined: a list is needed first. */
  private cursor: string | undefined;
  /** What the next list must not be older than: '0' anything, '' the newest. */
  private listVersion = '0';
  private expiredAt = Number.NEGATIVE_INFINITY;

  constructor(options: ReflectorOptions<T>) {
    super(options.clock ?? systemClock);
    this.options = options;
    this.backoff = new Backoff(this.clock);
    this.objects = new TableWriter(options, this.stats);
    this.state = new SourceState(options, this.clock, (snapshot) => {
      if (!this.stopped) this.objects.contained(() => options.publish(snapshot));
    });
  }

  protected override async run(): Promise<void> {
    while (!this.stopped) {
      try {
        if (this.cursor === undefined) await this.sync();
        else await this.watch();
      } catch (error) {
        if (!this.stopped) await this.recover(kubeError(error));
      }
    }
  }

  // ---- list -------------------------------------------------------------------------------------------------

  private async sync(): Promise<void> {
    const { streaming } = this.options;
    if (streaming.supported) {
      try {
        return await this.watch();
      } catch (error) {
        const refusal = kubeError(error);
        if (this.stopped || this.cursor !== undefined || !mayStillList(refusal)) throw error;
        // Who may not watch may still list; any other refusal is of the server, so nobody needs to ask again.
        if (refusal.kind !== 'forbidden') streaming.supported = false;
      }
    }
    await this.list();
  }

  private async list(): Promise<void> {
    const { http, path, kind } = this.options;
    const objects = new Map<string, T>();
    const cursor = await http.pacer.heavy(async () => {
      this.stats.lists += 1;
      return readList({
        http,
        path,
        kind,
        resourceVersion: this.listVersion,
        signal: this.signal,
        onItem: (raw) => this.collect(objects, raw),
        onRestart: () => objects.clear(),
      });
    });
    await this.replace(objects.values(), cursor);
  }

  private collect(objects: Map<string, T>, raw: unknown): void {
    const object = isRecord(raw) ? this.objects.project(raw) : undefined;
    if (object === undefined) return;
    objects.set(keyOf(object), object);
    this.state.loading(objects.size);
  }

  private async replace(objects: Iterable<T>, cursor: string): Promise<void> {
    await this.objects.replace(objects, this.signal);
    if (this.stopped) return;
    this.cursor = cursor;
    this.listVersion = cursor;
    this.state.synced = true;
    this.alive();
  }

  // ---- watch ------------------------------------------------------------------------------------------------

  /**
   * Follows one watch. Without a cursor it begins as a streaming list: what comes before the end mark is thrown away
   * when the stream breaks, because half a list is no list.
   */
  private async watch(): Promise<void> {
    const { http, path } = this.options;
    const { clock, cursor, stats } = this;
    const initial = cursor === undefined;
    const listed = new Map<string, T>();
    const openedAt = clock.now();
    const eventsBefore = stats.events;
    let confirmed = false;
    stats.watches += 1;
    try {
      await followWatch({
        http,
        path,
        clock,
        resourceVersion: cursor ?? (this.listVersion === '0' ? '' : this.listVersion),
        initialEvents: initial,
        signal: this.signal,
        onOpen: () => {
          if (initial) return;
          confirmed = true;
          this.alive();
        },
        onEvent: async (event) => {
          if (!initial || confirmed) this.apply(event);
          else confirmed = await this.gather(listed, event);
          return !initial || confirmed;
        },
      });
    } catch (error) {
      // A connection that was fine for a while and then broke or fell silent says nothing yet: the next try will.
      const broken = error instanceof KubeError && (error.kind === 'unreachable' || error.silent);
      if (confirmed && broken && clock.now() - openedAt >= SHORT_MS) return;
      throw error;
    }
    if (!confirmed) throw new KubeError('server', 'the streaming list ended before it was complete');
    const lasted = clock.now() - openedAt;
    if (lasted < VERY_SHORT_MS && stats.events === eventsBefore) {
      throw new KubeError('server', `${http.access.target.server} ends every watch at once`, {
        fix: 'check what is between this machine and the API server (proxy, load balancer)',
      });
    }
    if (lasted < SHORT_MS) await this.pause(this.backoff.next());
  }

  /** Takes one of the first events of a streaming list; true when the list is complete and in the table. */
  private async gather(listed: Map<string, T>, event: WatchEvent): Promise<boolean> {
    this.stats.events += 1;
    if (event.type === 'changed') this.collect(listed, this.objects.checked(event.object));
    if (event.type === 'unknown') this.objects.skip(event.what);
    if (event.type === 'deleted') {
      const gone = this.options.project(event.object);
      if (gone && listed.get(keyOf(gone))?.uid === gone.uid) listed.delete(keyOf(gone));
    }
    if (event.type !== 'bookmark' || !event.initialEventsEnd || event.version === undefined) return false;
    await this.replace(listed.values(), event.version);
    return true;
  }

  private apply(event: WatchEvent): void {
    if (this.stopped) return;
    this.stats.events += 1;
    if (event.type === 'unknown') this.objects.skip(event.what);
    else if (event.type === 'bookmark') this.advance(event.version);
    else {
      this.objects.apply(event.type, event.object);
      this.advance(string(record(event.object.metadata).resourceVersion));
    }
    this.alive();
  }

  /** Objects without a version, and older ones, do not move the cursor back. */
  private advance(version: string | undefined): void {
    if (version === undefined || (this.cursor !== undefined && isOlder(version, this.cursor))) return;
    this.cursor = version;
    this.listVersion = version;
  }

  // ---- state ------------------------------------------------------------------------------------------------

  /** The server has just confirmed what we have. */
  private alive(): void {
    this.backoff.healthy();
    this.state.confirmed();
  }

  private async recover(error: KubeError): Promise<void> {
    const expired =
      error.status === 410 || error.reason === 'Expired' || error.reason === 'ResourceVersionTooLarge';
    if (expired) {
      this.cursor = undefined;
      this.listVersion = '';
      // Once is normal after a long sleep; again and again it is a fault like any other.
      const before = this.expiredAt;
      this.expiredAt = this.clock.now();
      if (this.expiredAt - before >= EXPIRED_AGAIN_MS) return;
    }
    // An event was lost, or none will come: only a list tells how things are.
    if (error instanceof UndecodableError || error.kind === 'forbidden') this.cursor = undefined;
    if (error.status === 404) return this.absent();
    // Also when forbidden: a server that has just started forbids everything until it has read its roles.
    const wait = this.backoff.next(error.retryAfterMs);
    this.state.failed(error, { attempt: this.backoff.attempt, waitMs: wait });
    await this.pause(wait);
  }

  private async absent(): Promise<void> {
    const { path, http } = this.options;
    await this.objects.replace([], this.signal);
    this.cursor = undefined;
    this.listVersion = '0';
    this.state.absent(`${http.access.target.server} does not serve ${path}`);
    await this.pause(ABSENT_RETRY_MS);
  }
}

/** The streaming list was refused for what it is, or withheld: an ordinary list may still work. */
function mayStillList({ status, silent }: KubeError): boolean {
  return status === 400 || status === 403 || status === 405 || status === 422 || silent === true;
}
