/** What the console says to users who may read everything, most things, and one namespace only. */
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { run } from '../../support/run.ts';
import { type Cluster, clusterMissing, emptyNamespace, fillNamespace, useCluster } from './fixture.ts';
import type { User } from './users.ts';

const NAMESPACE = 'homelab-top-users-pods';

interface Document {
  readonly status: string;
  readonly exitCode: number;
  readonly sources: readonly { readonly name: string; readonly status: string }[];
  readonly findings: readonly object[];
}

describe.skipIf(clusterMissing !== undefined)(`users of a real server ${clusterMissing ?? ''}`, () => {
  let cluster: Cluster;

  beforeAll(async () => {
    cluster = await useCluster();
    await fillNamespace(cluster.admin, NAMESPACE, 22);
  }, 300_000);

  afterAll(async () => {
    if (cluster !== undefined) await emptyNamespace(cluster.admin, NAMESPACE);
  }, 300_000);

  const check = async (user: User): Promise<{ code: number; document: Document; text: string }> => {
    const { code, stdout } = await run(['check', '-o', 'json', '--kubeconfig', cluster.kubeconfigs[user]]);
    return { code, document: JSON.parse(stdout) as Document, text: stdout };
  };
  const unread = ({ sources }: Document): readonly string[] =>
    sources.filter(({ status }) => status !== 'live' && status !== 'absent').map(({ name }) => name);

  it.each(['admin', 'viewer', 'operator'] as const)(
    '%s is told what is wrong, and misses nothing',
    async (user) => {
      const { code, document, text } = await check(user);
      expect(unread(document)).toEqual([]);
      expect(code).toBe(2);
      expect(text).toMatch(/oom-4.*OOMKilled/s);
    },
  );

  it('no-secrets, who may not read nodes, is told so, and what is wrong with pods', async () => {
    const { document, text } = await check('no-secrets');
    expect(unread(document)).toContain('nodes');
    expect(unread(document)).not.toContain('pods');
    expect(text).toMatch(/oom-4.*OOMKilled/s);
  });

  it('namespace-only is told what cannot be read, and never that the cluster is healthy', async () => {
    const { code, document, text } = await check('namespace-only');
    expect(unread(document)).toEqual(expect.arrayContaining(['nodes', 'namespaces', 'pvs', 'leases']));
    expect(document.status).not.toBe('healthy');
    expect([2, 3]).toContain(code);
    expect(text).not.toContain('oom-4');
  });
});
