import { describe, expect, it } from 'vitest';
import { ConnectionMonitor } from '../../src/collectors/kubernetes/connection.ts';
import { KubeError } from '../../src/collectors/kubernetes/errors.ts';
import { Poller } from '../../src/collectors/kubernetes/poller.ts';
import type { CollectErrorKind, Snapshot } from '../../src/domain/snapshot.ts';
import type { Connection } from '../../src/domain/state.ts';
import { ManualClock, until } from '../support/manualClock.ts';

const live: Snapshot<number> = { status: 'live', data: 1, observedAt: 0 };
const failed = (kind: CollectErrorKind, nextTryAt = 5): Snapshot<number> => ({
  status: 'failed',
  error: { kind, message: kind, nextTryAt },
});

function monitor(): { observe: ConnectionMonitor['observe']; seen: Connection[] } {
  const seen: Connection[] = [];
  let time = 0;
  const connection = new ConnectionMonitor(
    () => {
      time += 1;
      return time;
    },
    (next) => seen.push(next),
  );
  return { observe: (source, snapshot) => connection.observe(source, snapshot), seen };
}

describe('ConnectionMonitor', () => {
  it('is live as soon as one source is, and stays so while one works', () => {
    const { observe, seen } = monitor();
    observe('pods', { status: 'pending' });
    observe('nodes', live);
    observe('pods', failed('unreachable'));
    expect(seen).toMatchObject([{ status: 'live' }]);
  });

  it('is lost when nothing works, says when the next try is, and tells of the return', () => {
    const { observe, seen } = monitor();
    observe('nodes', failed('unreachable', 9));
    observe('pods', failed('unreachable', 7));
    expect(seen).toMatchObject([{ status: 'lost' }, { status: 'lost', error: { nextTryAt: 7 } }]);
    expect(seen[0]).toMatchObject({ since: seen[1]?.since });
    expect(observe('nodes', live)).toBe(true);
    expect(seen.at(-1)?.status).toBe('live');
  });

  it('a server that forbids or asks us to wait is not lost', () => {
    const { observe, seen } = monitor();
    observe('nodes', failed('forbidden'));
    observe('pods', failed('unreachable'));
    expect(seen).toMatchObject([{ status: 'live' }]);
  });
});

describe('Poller', () => {
  it('goes from absent to live to stale without a restart, and keeps the last data', async () => {
    const clock = new ManualClock();
    const snapshots: Snapshot<number>[] = [];
    const answers = [
      () => Promise.reject(new KubeError('protocol', 'not there', { status: 404 })),
      () => Promise.resolve(1),
      () => Promise.reject(new KubeError('server', 'broken', { status: 503 })),
    ];
    const poller = new Poller<number>({
      clock,
      everyMs: 15_000,
      missing: 'usage',
      read: () => answers.shift()?.() ?? Promise.resolve(2),
      publish: (snapshot) => snapshots.push(snapshot),
      absent: (error) => (error.status === 404 ? 'not installed' : undefined),
    });
    poller.start();
    for (const status of ['absent', 'live', 'stale', 'live']) {
      await until(() => snapshots.at(-1)?.status === status && clock.waiting.length === 1, status);
      clock.advance(clock.waiting[0] ?? 0);
    }
    expect(snapshots.slice(0, 3)).toMatchObject([
      { status: 'absent', reason: 'not installed' },
      { status: 'live', data: 1 },
      { status: 'stale', data: 1, error: { message: 'broken', missing: 'usage', attempt: 1 } },
    ]);
    await poller.stop();
    expect(clock.waiting).toEqual([]);
  });

  it('a new failure after a time of absence begins anew', async () => {
    const clock = new ManualClock();
    const snapshots: Snapshot<number>[] = [];
    const absent = new KubeError('protocol', 'not there', { status: 404 });
    const broken = new KubeError('unreachable', 'connection refused');
    const refused = new KubeError('forbidden', 'no permission');
    const answers = [broken, broken, broken, ...Array.from({ length: 20 }, () => absent), refused];
    const poller = new Poller<number>({
      clock,
      everyMs: 15_000,
      missing: 'usage',
      read: () => Promise.reject(answers.shift() ?? absent),
      publish: (snapshot) => snapshots.push(snapshot),
      absent: (error) => (error.status === 404 ? 'not installed' : undefined),
    });
    poller.start();
    while (answers.length > 0) {
      await until(() => clock.waiting.length === 1, 'the next try');
      clock.advance(clock.waiting[0] ?? 0);
    }
    const last = snapshots.findLast(({ status }) => status === 'failed');
    const { attempt, since = 0, nextTryAt } = last?.status === 'failed' ? last.error : {};
    expect({ attempt, wait: (nextTryAt ?? 0) - since }).toEqual({ attempt: 1, wait: 800 });
    await poller.stop();
  });

  it('what is not installed stays so while the server is away or starting', async () => {
    const clock = new ManualClock();
    const statuses: string[] = [];
    const answers = [
      new KubeError('protocol', 'not there', { status: 404 }),
      new KubeError('unreachable', 'connection refused'),
      new KubeError('server', 'not all paths are installed yet', { status: 503 }),
    ];
    const poller = new Poller<number>({
      clock,
      everyMs: 15_000,
      missing: 'usage',
      read: () => {
        const error = answers.shift();
        return error ? Promise.reject(error) : Promise.resolve(1);
      },
      publish: ({ status }) => statuses.push(status),
      absent: (error) => (error.status === 404 ? 'not installed' : undefined),
    });
    poller.start();
    while (statuses.at(-1) !== 'live') {
      await until(() => clock.waiting.length === 1, 'the next try');
      clock.advance(clock.waiting[0] ?? 0);
    }
    expect(statuses).toEqual(['absent', 'live']);
    await poller.stop();
  });
});
