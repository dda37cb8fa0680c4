/** The whole collector against the embedded homelab, over real sockets. */
import { mkdtempSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, describe, expect, it } from 'vitest';
import {
  type KubernetesSource,
  loadKubeconfig,
  startKubernetes,
} from '../../src/collectors/kubernetes/index.ts';
import { readLines } from '../../src/collectors/kubernetes/objects.ts';
import { type Demo, startDemo } from '../../src/demo/index.ts';
import {
  type ClusterState,
  type Connection,
  pendingState,
  SOURCE_NAMES,
  type SourceName,
} from '../../src/domain/state.ts';
import { until } from '../support/manualClock.ts';

let demo: Demo | undefined;
let source: KubernetesSource | undefined;
let state: ClusterState;
let connections: Connection[];

async function homelab(port?: number): Promise<void> {
  for (;;) {
    try {
      demo = await startDemo({
        scenario: 'milestone',
        port: port ?? 20_000 + Math.floor(Math.random() * 10_000),
      });
      return;
    } catch (error) {
      if (port !== undefined) throw error;
    }
  }
}

async function connect(): Promise<KubernetesSource> {
  await homelab();
  const path = join(mkdtempSync(join(tmpdir(), 'homelab-')), 'config');
  writeFileSync(path, demo?.kubeconfig ?? '');
  state = pendingState();
  connections = [];
  const publish = <K extends SourceName>(name: K, snapshot: ClusterState[K]): void => {
    state = { ...state, [name]: snapshot };
  };
  source = startKubernetes(loadKubeconfig({ path }), publish, (connection) => connections.push(connection));
  return source;
}

afterEach(async () => {
  await source?.stop();
  await demo?.stop();
});

describe('the embedded homelab', () => {
  it('every source becomes live, with one watch and no more for each kind', async () => {
    const live = await connect();
    await until(() => SOURCE_NAMES.every((name) => state[name].status === 'live'), 'all live');
    expect(connections.map(({ status }) => status)).toEqual(['live']);
    expect(live.tables.nodes.size).toBe(3);
    const restarts = [...live.tables.pods.values()].flatMap((pod) =>
      pod.statuses.map(({ restartCount }) => restartCount),
    );
    expect(Math.max(...restarts)).toBe(98);
    for (const stats of Object.values(live.stats()))
      expect(stats).toMatchObject({ skipped: 0, handlerErrors: 0, watches: 1 });
    const server = state.server.status === 'live' ? state.server.data : undefined;
    expect(server?.version).toMatch(/^v1\.\d+/);
  });

  it('a restart of the API server: lost with cause, data kept, then live again', async () => {
    const live = await connect();
    await until(() => state.pods.status === 'live' && state.nodes.status === 'live', 'live');
    const { size } = live.tables.pods;
    const port = demo?.port;
    await demo?.stop();
    await until(() => connections.at(-1)?.status === 'lost', 'lost');
    expect(connections.at(-1)).toMatchObject({
      error: { kind: 'unreachable', nextTryAt: expect.any(Number) },
    });
    expect(state.pods.status).toBe('stale');
    expect(live.tables.pods.size).toBe(size);
    await homelab(port);
    live.retryNow();
    await until(() => connections.at(-1)?.status === 'live' && state.pods.status === 'live', 'live again');
    expect(live.tables.pods.size).toBe(size);
  });

  it('describes every kind of object there is', async () => {
    const live = await connect();
    await until(() => SOURCE_NAMES.every((name) => state[name].status === 'live'), 'all live');
    const kinds = {
      pods: 'Pod',
      nodes: 'Node',
      deployments: 'Deployment',
      pvcs: 'PersistentVolumeClaim',
      cronjobs: 'CronJob',
      services: 'Service',
    } as const;
    for (const [name, kind] of Object.entries(kinds)) {
      const [object] = live.tables[name as keyof typeof kinds].values();
      if (object === undefined) throw new Error(`no ${kind}`);
      const lines = await readLines(live.http, 'describe', {
        kind,
        namespace: object.namespace,
        name: object.name,
      });
      expect(lines[0]).toMatch(new RegExp(`^Name: +${object.name}$`));
    }
  });
});
