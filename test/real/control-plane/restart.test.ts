/** The API server of our own control plane dies under a running console, and comes back on the same etcd. */
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { startConsole } from '../../support/run.ts';
import { sleep, type Term } from '../../support/terminal.ts';
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
  }, 120_000);

  afterEach(async () => {
    await term?.close();
    await observed?.source.stop();
  });

  afterAll(async () => {
    if (cluster === undefined) return;
    await killApiServer();
    await startApiServer();
    await emptyNamespace(cluster.admin, NAMESPACE);
  }, 120_000);

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

  it.each([
    ['with streaming lists', []],
    ['without streaming lists', ['--feature-gates=WatchList=false']],
  ])(
    'every source is live again after a server %s takes over, with data kept throughout',
    async (_, flags) => {
      observed = observe(cluster.kubeconfigs.admin);
      const { source, state } = observed;
      const pods = source.tables.pods;
      const dead = (): readonly string[] =>
        Object.entries(state()).flatMap(([name, { status }]) =>
          status === 'live' || status === 'absent' ? [] : [name],
        );
      await until('all sources are read', async () => dead().length === 0, 30_000);
      const size = pods.size;
      let smallest = size;
      const unwatch = pods.onChange(() => {
        smallest = Math.min(smallest, pods.size);
      });
      await killApiServer();
      await until('the loss is noticed', async () => state().pods.status === 'stale', 30_000);
      await sleep(3_000);
      expect(pods.size).toBe(size);
      await startApiServer(...flags);
      await until('all sources are live again', async () => dead().length === 0, 60_000);
      expect(pods.size).toBe(size);
      expect(smallest).toBe(size);
      unwatch();
      for (const stats of Object.values(source.stats()))
        expect(stats).toMatchObject({ skipped: 0, handlerErrors: 0 });
    },
    150_000,
  );
});
