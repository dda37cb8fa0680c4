import { afterAll, beforeAll, describe } from 'vitest';
import type { Api } from '../real/control-plane/api.ts';
import { until } from '../real/control-plane/cluster.ts';
import { access } from './access.ts';
import { discovery } from './discovery.ts';
import { eviction } from './eviction.ts';
import { patching } from './patching.ts';
import { reading } from './reading.ts';
import { shapes } from './shapes.ts';
import { watching } from './watching.ts';
import type { Contract, Workspace } from './workspace.ts';
import { writing } from './writing.ts';

const PARTS: Readonly<Record<string, Contract>> = {
  discovery,
  reading,
  watching,
  writing,
  patching,
  eviction,
  shapes,
  access,
};

/**
 * What the program relies on in a Kubernetes API server, for one server.
 * It works in a new namespace, which it removes.
 */
export function contract(connect: () => Promise<Api>): void {
  let workspace: Workspace | undefined;

  beforeAll(async () => {
    const api = await connect();
    const namespace = `homelab-top-contract-${Date.now().toString(36)}`;
    await api.create('/api/v1/namespaces', {
      apiVersion: 'v1',
      kind: 'Namespace',
      metadata: { name: namespace },
    });
    workspace = { api, namespace };
    const account = `/api/v1/namespaces/${namespace}/serviceaccounts/default`;
    await until(account, async () => (await api.send('GET', account)).status === 200, 30_000);
  }, 60_000);

  afterAll(async () => {
    if (workspace) await workspace.api.remove(`/api/v1/namespaces/${workspace.namespace}`);
  });

  const prepared = (): Workspace => {
    if (!workspace) throw new Error('there is no namespace to work in');
    return workspace;
  };
  for (const [name, part] of Object.entries(PARTS)) describe(name, () => part(prepared));
}
