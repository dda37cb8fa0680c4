import { describe, expect, it } from 'vitest';
import { nextRun, parseCron } from '../../src/demo/cron.ts';
import { installApp } from '../../src/demo/world/build-app.ts';
import { container } from '../../src/demo/world/catalog/app.ts';
import type { Node, Pod, Workload } from '../../src/demo/world/objects.ts';
import { isReady } from '../../src/demo/world/pod-index.ts';
import { CONTROLLER_FAILURE } from '../../src/demo/world/simulation.ts';
import { restartsOf, troubled, type World, worldOf } from './world-helpers.ts';

function change(
  world: World,
  resource: string,
  namespace: string,
  name: string,
  spec: (before: Workload['spec']) => object,
): void {
  const object = world.simulation.store.get(resource, namespace, name) as Workload;
  world.simulation.store.update(resource, { ...object, spec: spec(object.spec) });
}

/** What `kubectl rollout restart` does. */
function restartRollout(world: World, resource: string, namespace: string, name: string): void {
  change(world, resource, namespace, name, (spec) => ({
    ...spec,
    template: {
      ...spec.template,
      metadata: {
        ...spec.template.metadata,
        annotations: { 'kubectl.kubernetes.io/restartedAt': '2025-06-11T14:33:00Z' },
      },
    },
  }));
}

function cordon(world: World, name: string, unschedulable: boolean): void {
  const node = world.simulation.cluster.node(name);
  if (node) world.simulation.store.update('nodes', { ...node, spec: { ...node.spec, unschedulable } });
}

const names = (pods: readonly Pod[]) => pods.map(({ metadata }) => metadata.name);

describe('pods', () => {
  it('replaces a deleted pod by a ready one within four seconds', () => {
    const world = worldOf('healthy');
    const [before] = world.pods('home', 'zigbee2mqtt');
    world.simulation.store.delete('pods', 'home', before?.metadata.name ?? '');
    world.seconds(4.5);
    const after = world.pods('home', 'zigbee2mqtt');
    expect(after).toHaveLength(1);
    expect(names(after)).not.toEqual(names(before ? [before] : []));
    expect(after.every(isReady)).toBe(true);
  });

  it('gives a StatefulSet replica its name and its volume back', () => {
    const world = worldOf('healthy');
    const [before] = world.pods('monitoring', 'loki');
    world.simulation.store.delete('pods', 'monitoring', 'loki-0');
    world.seconds(8);
    const [after] = world.pods('monitoring', 'loki');
    expect(after?.metadata.name).toBe('loki-0');
    expect(after?.metadata.uid).not.toBe(before?.metadata.uid);
    expect(after?.spec.volumes).toEqual(before?.spec.volumes);
    expect(troubled(world.pods('monitoring', 'loki'))).toEqual([]);
  });

  it('puts the mirror of a static pod back under its name', () => {
    const world = worldOf('healthy');
    world.simulation.store.delete('pods', 'kube-system', 'kube-apiserver-ms-01-a', { gracePeriodSeconds: 0 });
    world.seconds(6);
    expect(world.simulation.cluster.pod('kube-system', 'kube-apiserver-ms-01-a')?.status.phase).toBe(
      'Running',
    );
  });

  it('restarts a crashing container with growing back-off', () => {
    const world = worldOf('healthy');
    world.simulation.cluster.faults.add({
      kind: 'crash',
      namespace: 'home',
      app: 'mosquitto',
      container: 'mosquitto',
      exitCode: 3,
      afterMs: [1_000, 2_000],
    });
    world.simulation.kubelet.recheck();
    world.seconds(120);
    const [pod] = world.pods('home', 'mosquitto');
    const restarts = pod ? restartsOf(pod) : 0;
    expect(restarts).toBeGreaterThanOrEqual(4);
    expect(restarts).toBeLessThanOrEqual(6);
    expect(pod?.status.containerStatuses?.[0]).toMatchObject({
      lastState: { terminated: { exitCode: 3, reason: 'Error' } },
    });
    const backOff = world.simulation.store.list('events', 'home').find(({ reason }) => reason === 'BackOff');
    expect(backOff?.message).toBe(
      `Back-off restarting failed container mosquitto in pod ${pod?.metadata.name}_home(${pod?.metadata.uid})`,
    );
  });
});

describe('workloads', () => {
  it('rolls a Deployment over without losing availability, and counts the revision', () => {
    const world = worldOf('healthy');
    const before = names(world.pods('default', 'echo'));
    restartRollout(world, 'deployments.apps', 'default', 'echo');
    for (let second = 0; second < 20; second += 1) {
      world.seconds(1);
      expect(world.pods('default', 'echo').filter(isReady).length).toBeGreaterThanOrEqual(2);
    }
    const after = world.pods('default', 'echo');
    expect(after).toHaveLength(2);
    expect(names(after).filter((name) => before.includes(name))).toEqual([]);
    const deployment = world.simulation.store.get('deployments.apps', 'default', 'echo') as Workload;
    expect(deployment.metadata.annotations?.['deployment.kubernetes.io/revision']).toBe('2');
    expect(deployment.status).toMatchObject({
      observedGeneration: deployment.metadata.generation,
      updatedReplicas: 2,
      readyReplicas: 2,
    });
    const sets = world.simulation.store.list('replicasets.apps', 'default') as Workload[];
    expect(
      sets
        .filter(({ metadata }) => metadata.name.startsWith('echo-'))
        .map(({ spec }) => spec.replicas)
        .sort(),
    ).toEqual([0, 2]);
  });

  it.each([
    ['statefulsets.apps', 'databases', 'postgres-main', 3],
    ['daemonsets.apps', 'kube-system', 'spegel', 3],
  ])('renews the pods of %s one after another', (resource, namespace, name, count) => {
    const world = worldOf('healthy');
    const before = new Set(world.pods(namespace, name).map(({ metadata }) => metadata.uid));
    restartRollout(world, resource, namespace, name);
    for (let second = 0; second < 60; second += 1) {
      world.seconds(1);
      expect(world.pods(namespace, name).filter(isReady).length).toBeGreaterThanOrEqual(count - 1);
    }
    const after = world.pods(namespace, name);
    expect(after).toHaveLength(count);
    expect(after.filter(({ metadata }) => before.has(metadata.uid))).toEqual([]);
    expect(troubled(after)).toEqual([]);
  });

  it('scales up and down', () => {
    const world = worldOf('healthy');
    change(world, 'deployments.apps', 'default', 'echo', (spec) => ({ ...spec, replicas: 5 }));
    world.seconds(5);
    expect(world.pods('default', 'echo').filter(isReady)).toHaveLength(5);
    change(world, 'deployments.apps', 'default', 'echo', (spec) => ({ ...spec, replicas: 1 }));
    world.seconds(5);
    expect(world.pods('default', 'echo')).toHaveLength(1);
  });

  it('deletes the ReplicaSets and pods of a deleted Deployment', () => {
    const world = worldOf('healthy');
    world.simulation.store.delete('deployments.apps', 'default', 'echo');
    world.seconds(5);
    expect(world.pods('default', 'echo')).toEqual([]);
    expect(world.simulation.store.list('replicasets.apps', 'default')).toEqual([]);
  });
});

describe('nodes', () => {
  it('taints a cordoned node and sends new pods elsewhere, then forgives it', () => {
    const world = worldOf('healthy');
    for (const name of ['ms-01-a', 'ms-01-b']) cordon(world, name, true);
    change(world, 'deployments.apps', 'default', 'echo', (spec) => ({ ...spec, replicas: 6 }));
    world.seconds(5);
    const added = world
      .pods('default', 'echo')
      .filter(({ metadata }) => (metadata.creationTimestamp ?? '') > '2025-06-11');
    expect(new Set(added.map(({ spec }) => spec.nodeName))).toEqual(new Set(['ms-01-c']));
    expect((world.simulation.cluster.node('ms-01-a') as Node).spec?.taints).toEqual([
      expect.objectContaining({ key: 'node.kubernetes.io/unschedulable', effect: 'NoSchedule' }),
    ]);
    cordon(world, 'ms-01-a', false);
    world.seconds(1);
    expect(world.simulation.cluster.node('ms-01-a')?.spec?.taints).toBeUndefined();
  });

  it('says why a pod fits nowhere, and places it once it can', () => {
    const world = worldOf('healthy');
    for (const name of ['ms-01-a', 'ms-01-b']) cordon(world, name, true);
    installApp(world.simulation.cluster, {
      namespace: 'ai',
      name: 'giant',
      kind: 'Deployment',
      ageDays: 0,
      containers: [container('giant', 'example.net/giant:1', '1', '60Gi')],
    });
    world.seconds(2);
    const condition = () =>
      world.pods('ai', 'giant')[0]?.status.conditions?.find(({ type }) => type === 'PodScheduled');
    expect(condition()).toMatchObject({
      status: 'False',
      reason: 'Unschedulable',
      message: expect.stringMatching(
        /^0\/3 nodes are available: 1 Insufficient memory, 2 node\(s\) were unschedulable\. preemption: /,
      ),
    });
    cordon(world, 'ms-01-b', false);
    world.seconds(5);
    expect(condition()).toMatchObject({ status: 'True' });
  });
});

describe('Services and budgets', () => {
  it('takes an unready pod out of the endpoints and lowers the allowed disruptions', () => {
    const world = worldOf('healthy');
    const { store, cluster, kubelet } = world.simulation;
    const service = 'ingress-nginx-internal-controller';
    const [pod] = world.pods('networking', service);
    cluster.faults.add({
      kind: 'not-ready',
      namespace: 'networking',
      app: pod?.metadata.name ?? '',
      container: 'controller',
      message: 'Readiness probe failed: HTTP probe failed with statuscode: 500',
      everyMs: 10_000,
    });
    kubelet.recheck();
    world.seconds(30);
    const slice = store
      .list('endpointslices.discovery.k8s.io', 'networking')
      .find(({ metadata }) => metadata.labels?.['kubernetes.io/service-name'] === service);
    const endpoints = (slice?.endpoints ?? []) as { conditions: { ready: boolean } }[];
    const ready = endpoints.map(({ conditions }) => conditions.ready);
    expect(ready.sort()).toEqual([false, true]);
    expect(store.get('poddisruptionbudgets.policy', 'networking', service)?.status).toMatchObject({
      disruptionsAllowed: 0,
      currentHealthy: 1,
      desiredHealthy: 1,
      expectedPods: 2,
    });
    const events = store.list('events', 'networking').filter(({ reason }) => reason === 'Unhealthy');
    expect(events).toEqual([expect.objectContaining({ count: 2 })]);
  });
});

describe('objects that nobody should have made', () => {
  it('harm nobody else', () => {
    const world = worldOf('healthy');
    const { store } = world.simulation;
    const odd = (apiVersion: string, kind: string, spec?: object) => ({
      apiVersion,
      kind,
      metadata: { name: 'odd', namespace: 'default' },
      ...(spec && { spec }),
    });
    store.create('nodes', { apiVersion: 'v1', kind: 'Node', metadata: { name: 'odd' } });
    store.create('services', odd('v1', 'Service'));
    store.create('persistentvolumeclaims', odd('v1', 'PersistentVolumeClaim'));
    store.create('deployments.apps', odd('apps/v1', 'Deployment', {}));
    store.create('cronjobs.batch', odd('batch/v1', 'CronJob', { schedule: '* * * * *' }));
    const [pod] = world.pods('home', 'mosquitto');
    store.delete('pods', 'home', pod?.metadata.name ?? '');
    world.seconds(90);
    expect(troubled(world.pods('home', 'mosquitto'))).toEqual([]);
    expect(
      world.simulation.cluster.node('ms-01-c')?.status?.conditions?.map(({ status }) => status),
    ).not.toContain('Unknown');
    expect(store.list('events').map(({ reason }) => reason)).toContain(CONTROLLER_FAILURE);
  });
});

describe("Rook's budgets", () => {
  it('let the rest of a drained host go and protect all others, until every OSD is back', () => {
    const world = worldOf('healthy');
    const { store } = world.simulation;
    const budgets = () =>
      store
        .list('poddisruptionbudgets.policy', 'rook-ceph')
        .map(({ metadata, status }) => [
          metadata.name,
          (status as { disruptionsAllowed: number }).disruptionsAllowed,
        ])
        .filter(([name]) => String(name).startsWith('rook-ceph-osd'));
    expect(budgets()).toEqual([['rook-ceph-osd', 1]]);
    cordon(world, 'ms-01-a', true);
    const [osd] = world.pods('rook-ceph', 'rook-ceph-osd-0');
    store.delete('pods', 'rook-ceph', osd?.metadata.name ?? '');
    world.seconds(5);
    expect(budgets()).toEqual([
      ['rook-ceph-osd-host-ms-01-b', 0],
      ['rook-ceph-osd-host-ms-01-c', 0],
    ]);
    cordon(world, 'ms-01-a', false);
    world.seconds(10);
    expect(budgets()).toEqual([['rook-ceph-osd', 1]]);
  });
});

describe('schedules', () => {
  const at = (text: string) => Date.parse(`${text}Z`);

  it.each([
    ['0 6 * * *', '2025-06-11T14:32:07', '2025-06-12T06:00:00'],
    ['*/15 * * * *', '2025-06-11T14:45:00', '2025-06-11T15:00:00'],
    ['30 2 * * 0', '2025-06-11T00:00:00', '2025-06-15T02:30:00'],
    ['0 0 1,15 * 5', '2025-06-11T00:00:00', '2025-06-13T00:00:00'],
    ['0 9-17/4 * 7 *', '2025-06-11T00:00:00', '2025-07-01T09:00:00'],
    ['@monthly', '2025-12-31T23:59:59', '2026-01-01T00:00:00'],
    ['0 0 * * 7', '2025-06-11T00:00:00', '2025-06-15T00:00:00'],
  ])('%s after %s is %s', (schedule, after, expected) => {
    const cron = parseCron(schedule);
    expect(cron && nextRun(cron, at(after))).toBe(at(expected));
  });

  it.each(['', '* * * *', '60 * * * *', '*/0 * * * *', 'a b c d e', '5-61 * * * *'])(
    'refuses "%s"',
    (schedule) => {
      expect(parseCron(schedule)).toBeUndefined();
    },
  );

  it('starts a Job when its time comes, and keeps three', () => {
    const world = worldOf('healthy');
    change(world, 'cronjobs.batch', 'default', 'k8s-health-check', (spec) => ({
      ...spec,
      schedule: '*/5 * * * *',
    }));
    world.seconds(30 * 60);
    const { store } = world.simulation;
    const jobs = store
      .list('jobs.batch', 'default')
      .filter(({ metadata }) => metadata.name.startsWith('k8s-health-check'));
    expect(jobs.map(({ metadata }) => metadata.creationTimestamp)).toEqual([
      '2025-06-11T14:50:00Z',
      '2025-06-11T14:55:00Z',
      '2025-06-11T15:00:00Z',
    ]);
    expect(store.get('cronjobs.batch', 'default', 'k8s-health-check')?.status).toMatchObject({
      lastScheduleTime: '2025-06-11T15:00:00Z',
    });
  });
});
