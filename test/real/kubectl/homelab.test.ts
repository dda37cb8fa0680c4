import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { type Demo, startDemo } from '../../../src/demo/index.ts';
import { type Client, minorVersion, startClient } from './client.ts';

const NODE = 'ms-01-b';
const ON_NODE = `get pods -A -o name --field-selector spec.nodeName=${NODE}`;

const minor = minorVersion();

describe.skipIf(minor === undefined)(`kubectl 1.${minor ?? ' (not installed)'} in the homelab`, () => {
  let demo: Demo;
  let client: Client;

  beforeAll(async () => {
    demo = await startDemo({ scenario: 'healthy' });
    client = await startClient(demo.kubeconfig);
  });

  afterAll(async () => {
    await client.close();
    await demo.stop();
  });

  test('rolls a StatefulSet and a DaemonSet back to the revision before', async () => {
    const sets = [
      ['sts', 'airflow', 'airflow-redis'],
      ['ds', 'kube-system', 'spegel'],
    ] as const;
    for (const [kind, namespace, name] of sets) {
      const rollout = (verb: string) => client.ok(`rollout ${verb} -n ${namespace} ${kind}/${name}`);
      const image = () => client.ok(`get -n ${namespace} ${kind}/${name} -o jsonpath={..image}`);
      expect(await rollout('history')).toMatch(/\n1 +<none>\n/);
      const before = await image();
      await client.ok(`set image -n ${namespace} ${kind}/${name} *=example.net/next:1`);
      await expect.poll(() => rollout('history')).toMatch(/\n1 +<none>\n2 +<none>\n/);
      await rollout('undo');
      expect(await image()).toBe(before);
      await expect.poll(() => rollout('history')).toMatch(/\n2 +<none>\n3 +<none>\n/);
    }
    await client.ok('rollout status -n airflow sts/airflow-redis');
  });

  test('drains a node to its DaemonSets and static pods, waiting for budgets, and takes it back', async () => {
    const { out, error, code } = await client.run(
      ...`drain ${NODE} --ignore-daemonsets --delete-emptydir-data --timeout=45s`.split(' '),
    );
    expect([code, out]).toEqual([0, expect.stringContaining(`node/${NODE} drained`)]);
    expect(error).toContain("Cannot evict pod as it would violate the pod's disruption budget.");
    const left = (await client.ok(ON_NODE)).trim().split('\n');
    expect(left.filter((name) => /kube-apiserver|cilium|csi-rbdplugin/.test(name))).toHaveLength(3);
    expect(left).toHaveLength(11);
    await client.ok(`uncordon ${NODE}`);
    await expect
      .poll(() => client.ok('get pdb -n rook-ceph'), { timeout: 20_000, interval: 1_000 })
      .toMatch(/rook-ceph-osd +N\/A +1 +1 /);
  });
});
