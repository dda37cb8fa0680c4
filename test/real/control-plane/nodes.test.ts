/** The kubelets of our own control plane fall silent; the real node controller notices, and so do we. */
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { nodeStatus } from '../../../src/domain/nodes.ts';
import { run } from '../../support/run.ts';
import { until } from './cluster.ts';
import { type Cluster, ownMissing, useCluster } from './fixture.ts';
import { observe } from './observe.ts';
import { signalPart } from './parts.ts';

describe.skipIf(ownMissing !== undefined)(`kubelets fall silent ${ownMissing ?? ''}`, () => {
  let cluster: Cluster;

  beforeAll(async () => {
    cluster = await useCluster();
  });

  afterAll(() => {
    if (cluster !== undefined) signalPart('fake-kubelet', 'SIGCONT');
  });

  const check = async (): Promise<{ code: number; stdout: string }> =>
    run(['check', 'nodes', '--kubeconfig', cluster.kubeconfigs.viewer]);

  it('nodes are not ready, then well again, for a watch that was open as for a fresh look', async () => {
    const { source } = observe(cluster.kubeconfigs.viewer);
    const nodes = (wanted: string, timeoutMs: number): Promise<void> =>
      until(
        `three nodes ${wanted}`,
        async () =>
          [...source.tables.nodes.values()].filter((node) => nodeStatus(node) === wanted).length === 3,
        timeoutMs,
      );
    try {
      await nodes('Ready', 90_000);
      signalPart('fake-kubelet', 'SIGSTOP');
      await nodes('NotReady', 120_000);
      expect(await check()).toMatchObject({
        code: 2,
        stdout: expect.stringMatching(/nodes 0\/3.*kubelet stopped reporting/s),
      });
      signalPart('fake-kubelet', 'SIGCONT');
      await nodes('Ready', 60_000);
      await until('a fresh look finds health', async () => (await check()).code === 0, 60_000);
    } finally {
      await source.stop();
    }
  }, 300_000);
});
