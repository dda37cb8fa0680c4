import { existsSync } from 'node:fs';
import { mkdtemp } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type Api, type ApiObject, connect } from './api.ts';
import { ADMIN, running, until } from './cluster.ts';
import { goCompiler } from './parts.ts';
import { FINALIZER, mixedPods } from './podStates.ts';
import { createUsers, type User } from './users.ts';

/** What suites need of a cluster. */
export interface Cluster {
  readonly admin: Api;
  readonly kubeconfigs: Readonly<Record<User, string>>;
}

const foreign = process.env.HOMELAB_TOP_TEST_KUBECONFIG;

/** Whether our own control plane runs, whose parts a test may stop. */
export const ours = foreign === undefined && running();

/** Why suites that need a cluster cannot run; undefined when they can. */
export const clusterMissing: string | undefined =
  foreign !== undefined || ours
    ? undefined
    : `(skipped: ${goCompiler() === undefined ? 'Go is not installed' : 'no cluster; npm run cluster:up starts one'})`;

/** Why suites that stop the API server cannot run; undefined when they can. */
export const ownMissing: string | undefined =
  clusterMissing ??
  (ours ? undefined : '(skipped: HOMELAB_TOP_TEST_KUBECONFIG names a cluster that is not ours)');

/** The running cluster, or the one that HOMELAB_TOP_TEST_KUBECONFIG names, with all users. */
export async function useCluster(): Promise<Cluster> {
  const kubeconfig = foreign ?? ADMIN;
  if (!existsSync(kubeconfig)) throw new Error(`there is no ${kubeconfig}`);
  const admin = connect(kubeconfig);
  const folder = await mkdtemp(join(tmpdir(), 'homelab-top-users-'));
  return { admin, kubeconfigs: await createUsers(admin, kubeconfig, folder) };
}

const CONCURRENT = 20;

/** Fills a namespace with pods in mixed states, and gives their names. */
export async function fillNamespace(
  admin: Api,
  namespace: string,
  count: number,
): Promise<readonly string[]> {
  const home = `/api/v1/namespaces/${namespace}`;
  await admin.apply(home, { apiVersion: 'v1', kind: 'Namespace', metadata: { name: namespace } });
  // Pods are refused until the controllers, which may have to notice a new API server, have made it.
  const account = `${home}/serviceaccounts/default`;
  await until(account, async () => (await admin.send('GET', account)).status === 200);
  const nodes = await admin.get<{ items: readonly ApiObject[] }>('/api/v1/nodes');
  const pods = mixedPods(
    count,
    nodes.items.map(({ metadata }) => metadata.name),
  );
  const queue = pods.values();
  const work = async (): Promise<void> => {
    for (const { name, body, status, deleted } of queue) {
      await admin.create(`${home}/pods`, body);
      if (status !== undefined) await admin.merge(`${home}/pods/${name}/status`, { status });
      if (deleted) await admin.remove(`${home}/pods/${name}`);
    }
  };
  await Promise.all(Array.from({ length: CONCURRENT }, work));
  return pods.map(({ name }) => name);
}

/** Removes the pods of `fillNamespace` at once, and the namespace. */
export async function emptyNamespace(admin: Api, namespace: string): Promise<void> {
  const pods = `/api/v1/namespaces/${namespace}/pods`;
  const { items } = await admin.get<{ items: readonly ApiObject[] }>(pods);
  const queue = items.values();
  const work = async (): Promise<void> => {
    for (const { metadata } of queue) {
      const pod = `${pods}/${metadata.name}`;
      const held = (metadata.finalizers as readonly string[] | undefined)?.includes(FINALIZER);
      if (held) await admin.merge(pod, { metadata: { finalizers: null } });
      await admin.send('DELETE', `${pod}?gracePeriodSeconds=0`);
    }
  };
  await Promise.all(Array.from({ length: CONCURRENT }, work));
  await admin.remove(`/api/v1/namespaces/${namespace}`);
}
