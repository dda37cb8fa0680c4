/** The API server of our own control plane dies under a running console, and comes back on the same etcd. */
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { startConsole } from '../../support/run.ts';
import { sleep, type Term } from '../../support/terminal.ts';
import type { ApiObject } from './api.ts';
import { killApiServer, startApiServer, until } from './cluster.ts';
import { type Cluster, emptyNamespace, fillNamespace, ownMissing, useCluster } from './fixture.ts';
import { type Observed, observe } from './observe.ts';

const NAMESPACE = 'homelab-top-restart';
const PODS = 44;

describe.skipIf(ownMissing !== undefined)(`the API server dies ${ownMissing ?? ''}`, () => {
  let cluster: Cluster;
  let term: Term | undefined;
  let observed: Observed | undefined;

  beforeAll(async () => {
    cluster = await useCluster();
    await fillNamespace(cluster.admin, NAMESPACE, PODS);
  }, 300_000);

  afterEach(async () => {
    await term?.close();
    await observed?.source.stop();
  });

  afterAll(async () => {
    if (cluster === undefined) return;
    await killApiServer();
    await startApiServer();
    await emptyNamespace(cluster.admin, NAMESPACE);
  }, 300_000);

  it('the console keeps what it knew, says since when, and recovers without an empty screen', async () => {
    term = startConsole(['--kubeconfig', cluster.kubeconfigs.admin], { columns: 120, rows: 36 });
    await term.until(/oom-4/, 30_000);
    await term.keys('2');
    await term.until(/Pods \d+[\s\S]*live/);
    const empty: string[] = [];
    const watching = setInterval(() => {
      const screen = term?.text() ?? '';
      if (/Pods 0\b|no pods|nothing is wrong/i.test(screen)) empty.push(screen);
    }, 20);
    try {
      await killApiServer();
      const lost = await term.until(/unreachable \d+s, retry in \d+s/, 30_000);
      expect(lost).toMatch(/CrashLoopBackOff|ImagePullBackOff/);
      expect(lost).not.toContain('live');
      await startApiServer();
      await term.until((screen) => !screen.includes('unreachable') && screen.includes('live'), 45_000);
      await cluster.admin.merge(`/api/v1/namespaces/${NAMESPACE}/pods/ready-0/status`, {
        status: { reason: 'SeenAfterRestart' },
      });
      await term.keys('/', ...'ready-0', '\r');
      await term.until('SeenAfterRestart', 15_000);
      expect(empty).toEqual([]);
    } finally {
      clearInterval(watching);
    }
  }, 150_000);

  const dead = ({ state }: Observed): readonly string[] =>
    Object.entries(state()).flatMap(([name, { status }]) =>
      status === 'live' || status === 'absent' ? [] : [name],
    );
  const live = (what: Observed, timeoutMs = 30_000): Promise<void> =>
    until('all sources are live', async () => dead(what).length === 0, timeoutMs);

  it.each([
    ['admin', 'with streaming lists', [], 0],
    ['admin', 'without streaming lists', ['--feature-gates=WatchList=false'], 1],
    ['viewer', 'with streaming lists', [], 0],
  ] as const)(
    '%s, a server %s takes over: all is live again, with data kept',
    async (user, _, flags, lists) => {
      observed = observe(cluster.kubeconfigs[user]);
      const { source, state } = observed;
      await live(observed);
      const { pods } = source.tables;
      const size = pods.size;
      let smallest = size;
      pods.onChange(() => {
        smallest = Math.min(smallest, pods.size);
      });
      await killApiServer();
      await until('the loss is noticed', async () => state().pods.status === 'stale', 30_000);
      await sleep(3_000);
      expect(pods.size).toBe(size);
      await startApiServer(...flags);
      // A server that has just started forbids everything to all but administrators: that must not last.
      await live(observed, 20_000);
      expect([pods.size, smallest]).toEqual([size, size]);
      for (const stats of Object.values(source.stats())) {
        expect(stats).toMatchObject({ skipped: 0, handlerErrors: 0 });
      }
      await source.stop();

      observed = observe(cluster.kubeconfigs[user]);
      await live(observed);
      expect(observed.source.tables.pods.size).toBe(size);
      expect(observed.source.stats().pods.lists).toBe(lists);
    },
    150_000,
  );

  it('rights are revoked and granted: what was read is kept, said to be old, and live again', async () => {
    const binding = '/apis/rbac.authorization.k8s.io/v1/clusterrolebindings/homelab-top-read';
    const granted = await cluster.admin.get<ApiObject>(binding);
    observed = observe(cluster.kubeconfigs.viewer);
    const { source, state } = observed;
    await live(observed);
    await cluster.admin.remove(binding);
    try {
      // Running watches go on; a new server asks every client for its rights again.
      await killApiServer();
      await startApiServer();
      await sleep(5_000);
      expect(state().pods).toMatchObject({ status: 'stale', error: { kind: 'forbidden' } });
      expect(source.tables.pods.size).toBeGreaterThanOrEqual(PODS);
    } finally {
      const { apiVersion, kind, roleRef, subjects } = granted;
      await cluster.admin.apply(binding, {
        apiVersion,
        kind,
        roleRef,
        subjects,
        metadata: { name: 'homelab-top-read' },
      });
    }
    await live(observed, 60_000);
  }, 150_000);
});
