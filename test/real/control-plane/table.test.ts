/** The server's own Table, which kubectl prints, as the oracle of our cells. */
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { keyOf } from '../../../src/domain/collection.ts';
import { nodeStatus } from '../../../src/domain/nodes.ts';
import { podCells } from '../../../src/domain/pods.ts';
import { sleep } from '../../support/terminal.ts';
import { until } from './cluster.ts';
import { type Cluster, clusterMissing, emptyNamespace, fillNamespace, useCluster } from './fixture.ts';
import { type Observed, observe } from './observe.ts';

const NAMESPACE = 'homelab-top-table';
const PODS = Number(process.env.HOMELAB_TOP_TEST_PODS ?? 66);
const TABLE = { Accept: 'application/json;as=Table;v=v1;g=meta.k8s.io' };

interface Table {
  readonly columnDefinitions: readonly { readonly name: string }[];
  readonly rows: readonly {
    readonly cells: readonly unknown[];
    readonly object: { readonly metadata: { readonly name: string } };
  }[];
}

/** One line of words per object, by name. */
function cellsOf(table: Table, columns: readonly string[]): Readonly<Record<string, string>> {
  const indices = columns.map((name) => table.columnDefinitions.findIndex((column) => column.name === name));
  return Object.fromEntries(
    table.rows.map(({ cells, object }) => [
      object.metadata.name,
      // Restarts carry an age, "98 (5m ago)", that grows while we look.
      indices.map((index) => String(cells[index]).replace(/ \(.* ago\)$/, ' (ago)')).join(' | '),
    ]),
  );
}

describe.skipIf(clusterMissing !== undefined)(`the server's Table ${clusterMissing ?? ''}`, () => {
  let cluster: Cluster;
  let observed: Observed;

  beforeAll(async () => {
    cluster = await useCluster();
    observed = observe(cluster.kubeconfigs.admin);
    // Half of it comes as a list, half as events.
    await fillNamespace(cluster.admin, NAMESPACE, PODS);
  }, 300_000);

  afterAll(async () => {
    await observed?.source.stop();
    if (cluster !== undefined) await emptyNamespace(cluster.admin, NAMESPACE);
  }, 300_000);

  it(`READY, STATUS and RESTARTS of ${PODS} pods in all states are the same cell for cell`, async () => {
    const table = await cluster.admin.get<Table>(`/api/v1/namespaces/${NAMESPACE}/pods`, TABLE);
    const expected = cellsOf(table, ['Ready', 'Status', 'Restarts']);
    expect(Object.keys(expected)).toHaveLength(PODS);
    await until('all pods are read', async () => ours().length === PODS, 20_000);
    // The last status of a pod is an event of its own.
    await sleep(500);
    expect(Object.fromEntries(ours())).toEqual(expected);
  });

  const ours = (): readonly (readonly [string, string])[] =>
    [...observed.source.tables.pods.values()]
      .filter(({ namespace }) => namespace === NAMESPACE)
      .map((pod) => {
        const { ready, status, restarts, lastRestartAt } = podCells(pod);
        const ago = lastRestartAt !== undefined && restarts > 0 ? ' (ago)' : '';
        return [pod.name, `${ready} | ${status} | ${restarts}${ago}`];
      });

  it('a fresh list holds what the events led to', async () => {
    const fresh = observe(cluster.kubeconfigs.admin);
    try {
      await until('the pods are listed', async () => fresh.state().pods.status === 'live', 20_000);
      const versions = ({ source }: Observed) =>
        Object.fromEntries([...source.tables.pods.values()].map((pod) => [keyOf(pod), pod]));
      expect(versions(fresh)).toEqual(versions(observed));
    } finally {
      await fresh.source.stop();
    }
  });

  it('STATUS, ROLES and VERSION of nodes are the same, also of a cordoned one', async () => {
    const { items } = await cluster.admin.get<{ items: { metadata: { name: string } }[] }>('/api/v1/nodes');
    const node = `/api/v1/nodes/${items[0]?.metadata.name}`;
    await cluster.admin.merge(node, {
      metadata: {
        labels: { 'node-role.kubernetes.io/storage': '', 'node-role.kubernetes.io/control-plane': '' },
      },
      spec: { unschedulable: true },
    });
    try {
      const table = cellsOf(await cluster.admin.get<Table>('/api/v1/nodes', TABLE), [
        'Status',
        'Roles',
        'Version',
      ]);
      expect(Object.values(table).join()).toContain('SchedulingDisabled');
      const nodes = () =>
        Object.fromEntries(
          [...observed.source.tables.nodes.values()].map((each) => [
            each.name,
            [nodeStatus(each), each.roles.join(',') || '<none>', each.kubeletVersion].join(' | '),
          ]),
        );
      await until(
        'the cordon is seen',
        async () => Object.values(nodes()).join().includes('Disabled'),
        10_000,
      );
      expect(nodes()).toEqual(table);
    } finally {
      await cluster.admin.merge(node, {
        metadata: {
          labels: { 'node-role.kubernetes.io/storage': null, 'node-role.kubernetes.io/control-plane': null },
        },
        spec: { unschedulable: null },
      });
    }
  });
});
