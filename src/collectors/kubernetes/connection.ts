import type { CollectErrorKind, Snapshot } from '../../domain/snapshot.ts';
import type { Connection } from '../../domain/state.ts';

/** The server answers, even if not with what we asked for. */
const ANSWERED: ReadonlySet<CollectErrorKind> = new Set(['forbidden', 'busy']);

/** Judges the connection as a whole from the watched sources: it is lost when none of them works. */
export class ConnectionMonitor {
  private readonly states = new Map<string, Snapshot<unknown>>();
  private readonly publish: (connection: Connection) => void;
  private readonly now: () => number;
  private connection: Connection;

  constructor(now: () => number, publish: (connection: Connection) => void) {
    this.now = now;
    this.publish = publish;
    this.connection = { status: 'connecting', since: now() };
  }

  get current(): Connection {
    return this.connection;
  }

  /** Takes in the new state of one source; true when the connection has just come back. */
  observe(source: string, snapshot: Snapshot<unknown>): boolean {
    this.states.set(source, snapshot);
    const before = this.connection;
    this.connection = this.judge();
    if (same(before, this.connection)) return false;
    this.publish(this.connection);
    return before.status === 'lost' && this.connection.status === 'live';
  }

  private judge(): Connection {
    const before = this.connection;
    const states = [...this.states.values()];
    const errors = states.flatMap((state) => ('error' in state ? [state.error] : []));
    const works =
      states.some((state) => state.status === 'live') || errors.some(({ kind }) => ANSWERED.has(kind));
    if (works) return before.status === 'live' ? before : { status: 'live', since: this.now() };
    const [first] = errors;
    if (first === undefined) return before;
    const tries = errors.flatMap(({ nextTryAt }) => nextTryAt ?? []);
    const since = before.status === 'lost' ? before.since : this.now();
    return {
      status: 'lost',
      since,
      error: { ...first, ...(tries.length > 0 && { nextTryAt: Math.min(...tries) }) },
    };
  }
}

function same(a: Connection, b: Connection): boolean {
  if (a.status !== 'lost' || b.status !== 'lost') return a.status === b.status;
  return a.error.message === b.error.message && a.error.nextTryAt === b.error.nextTryAt;
}
