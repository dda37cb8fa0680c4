import { describe, expect, it } from 'vitest';
import { isComplete } from '../../src/demo/world/controllers/job.ts';
import type { Container, Job, Pod, PodTemplate, Workload } from '../../src/demo/world/objects.ts';
import { ALL_SCENARIOS } from '../../src/demo/world/scenarios/index.ts';
import { CONTROLLER_FAILURE } from '../../src/demo/world/simulation.ts';
import { restartsOf, START, troubled, worldOf } from './world-helpers.ts';

const HOUR = 3_600_000;
const WORKLOADS = [
  'deployments.apps',
  'statefulsets.apps',
  'daemonsets.apps',
  'jobs.batch',
  'cronjobs.batch',
];

function endOfLastRun(pod: Pod | undefined): number {
  const times = pod?.status.containerStatuses?.map(({ lastState }) =>
    Date.parse(lastState.terminated?.finishedAt ?? ''),
  );
  return Math.max(...(times ?? []).filter((time) => !Number.isNaN(time)));
}

describe('the homelab', () => {
  it('has three MS-01 nodes, 142 pods and the workloads of 27 HelmReleases', () => {
    const { simulation } = worldOf('milestone');
    const { store } = simulation;
    expect(store.list('nodes').map(({ metadata }) => metadata.name)).toEqual([
      'ms-01-a',
      'ms-01-b',
      'ms-01-c',
    ]);
    expect(store.list('pods')).toHaveLength(142);
    const releases = WORKLOADS.flatMap((resource) => store.list(resource))
      .map(({ metadata }) => metadata.labels?.['helm.toolkit.fluxcd.io/name'])
      .filter((name) => name !== undefined);
    expect(new Set(releases).size).toBe(27);
  });

  it('sets requests and limits of CPU and memory for every container of every workload', () => {
    const { store } = worldOf('milestone').simulation;
    const templates = WORKLOADS.flatMap((resource) => store.list(resource)).map(({ spec }) => {
      const { template, jobTemplate } = spec as {
        template?: PodTemplate;
        jobTemplate?: { spec: { template: PodTemplate } };
      };
      return template ?? jobTemplate?.spec.template;
    });
    const containers = templates.flatMap((template): readonly Container[] => [
      ...(template?.spec.containers ?? []),
      ...(template?.spec.initContainers ?? []),
    ]);
    expect(containers.length).toBeGreaterThan(100);
    const lacking = containers.filter(({ resources }) =>
      [resources?.requests, resources?.limits].some((amounts) => !amounts?.cpu || !amounts.memory),
    );
    expect(lacking).toEqual([]);
  });

  it('binds every claim and fills every Service when nothing is wrong', () => {
    const { store } = worldOf('healthy').simulation;
    expect(troubled(store.list('pods'))).toEqual([]);
    const unbound = store
      .list('persistentvolumeclaims')
      .filter(({ status }) => (status as { phase: string }).phase !== 'Bound');
    expect(unbound).toEqual([]);
    const empty = store
      .list('endpointslices.discovery.k8s.io')
      .filter(({ endpoints }) => (endpoints as unknown[]).length === 0);
    expect(empty).toEqual([]);
    const recent = (store.list('pods') as Pod[]).filter((pod) => endOfLastRun(pod) > START - 24 * HOUR);
    expect(recent).toEqual([]);
  });

  it('keeps the last three runs of each daily check', () => {
    const { store } = worldOf('healthy').simulation;
    const checks = store
      .list('jobs.batch', 'default')
      .filter(({ metadata }) => metadata.name.startsWith('k8s-health-check'));
    expect(checks).toHaveLength(3);
  });

  it.each([
    ['02:30', -1],
    ['06:04', 0],
    ['06:17', 0],
    ['08:00', 0],
    ['12:15', 0],
    ['23:18', 0],
  ])('has run the last check that was due at %s', (time, daysAgo) => {
    const midnight = Math.floor(START / (24 * HOUR)) * 24 * HOUR;
    const now = Date.parse(`${new Date(midnight).toISOString().slice(0, 10)}T${time}:00Z`);
    const { store } = worldOf('healthy', 1, now).simulation;
    const check = store.get('cronjobs.batch', 'default', 'k8s-health-check');
    const due = new Date(midnight + daysAgo * 24 * HOUR + 6 * HOUR).toISOString();
    expect(check?.status).toMatchObject({ lastScheduleTime: due.replace('.000', '') });
    expect(store.list('jobs.batch', 'default').filter((job) => !isComplete(job as Job))).toEqual([]);
  });

  it('gives each pod a free address of its node', () => {
    const { store, cluster } = worldOf('milestone').simulation;
    const pods = (store.list('pods') as Pod[]).filter(
      ({ spec, status }) => !spec.hostNetwork && status.podIP !== undefined,
    );
    expect(pods.length).toBeGreaterThan(90);
    for (const { spec, status } of pods) {
      const range = String(cluster.node(spec.nodeName ?? '')?.spec?.podCIDR);
      expect(status.podIP?.startsWith(range.replace('0/24', ''))).toBe(true);
    }
    expect(new Set(pods.map(({ status }) => status.podIP)).size).toBe(pods.length);
  });
});

describe('scenario milestone', () => {
  it('has an Airflow webserver with 98 restarts, OOM-killed about two hours ago and running', () => {
    const [webserver, ...others] = worldOf('milestone').pods('airflow', 'airflow-webserver');
    expect(others).toEqual([]);
    const [status] = webserver?.status.containerStatuses ?? [];
    expect(status).toMatchObject({
      ready: true,
      restartCount: 98,
      lastState: { terminated: { reason: 'OOMKilled', exitCode: 137 } },
    });
    expect(Math.abs(START - endOfLastRun(webserver) - 2 * HOUR)).toBeLessThan(HOUR / 4);
    expect(webserver?.spec.containers[0]?.resources?.limits?.memory).toBe('2Gi');
  });

  it('has a Velero job that cannot pull a tag nobody published', () => {
    const { pods, simulation } = worldOf('milestone');
    const [pod] = pods('velero', 'velero-upgrade-crds');
    const image = 'docker.io/bitnami/kubectl:v1.31.3';
    expect(pod?.status.containerStatuses?.[0]?.state.waiting).toMatchObject({
      reason: 'ImagePullBackOff',
      message: expect.stringContaining(`Back-off pulling image "${image}"`),
    });
    const failure = simulation.store
      .list('events', 'velero')
      .find(({ message }) =>
        String(message).startsWith(`Failed to pull image "${image}": rpc error: code = NotFound desc = `),
      );
    expect(failure).toMatchObject({ type: 'Warning', reason: 'Failed' });
    expect(failure?.message).toMatch(/not found$/);
    expect(Number(failure?.count)).toBeGreaterThan(20);
  });

  it('has CSI plugins that restarted 12, 9 and 7 times because the API server did not answer', () => {
    const plugins = worldOf('milestone').pods('rook-ceph', 'csi-rbdplugin');
    expect(plugins.map(restartsOf).sort((a, b) => b - a)).toEqual([12, 9, 7]);
    for (const plugin of plugins) {
      const ends =
        plugin.status.containerStatuses?.map(({ lastState }) => lastState.terminated?.message ?? '') ?? [];
      expect(ends.join()).toContain('context deadline exceeded');
    }
  });

  it('has no other trouble', () => {
    const { simulation } = worldOf('milestone');
    expect(troubled(simulation.store.list('pods'))).toEqual([
      expect.stringMatching(/^velero\/velero-upgrade-crds-/),
    ]);
  });

  it('kills the webserver again and again, but not in the first 90 seconds, until its limit is raised', () => {
    const world = worldOf('milestone');
    const restarts = () => world.pods('airflow', 'airflow-webserver').map(restartsOf);
    world.seconds(89);
    expect(restarts()).toEqual([98]);
    world.seconds(3 * 3600);
    expect(restarts()[0]).toBeGreaterThan(99);

    const { store } = world.simulation;
    const deployment = store.get('deployments.apps', 'airflow', 'airflow-webserver') as Workload;
    const { template } = deployment.spec;
    const containers = template.spec.containers.map((each) => ({
      ...each,
      resources: { requests: { cpu: '250m', memory: '1Gi' }, limits: { cpu: '1', memory: '4Gi' } },
    }));
    store.update('deployments.apps', {
      ...deployment,
      spec: { ...deployment.spec, template: { ...template, spec: { ...template.spec, containers } } },
    });
    world.seconds(6 * 3600);
    expect(restarts()).toEqual([0]);
  });
});

describe('scenario node-down', () => {
  it('marks the silent node Unknown and taints it, and its pods are unready', () => {
    const { store, cluster } = worldOf('node-down').simulation;
    const node = cluster.node('ms-01-c');
    const ready = node?.status?.conditions?.find(({ type }) => type === 'Ready');
    expect(ready).toMatchObject({ status: 'Unknown', reason: 'NodeStatusUnknown' });
    const effects = node?.spec?.taints
      ?.filter(({ key }) => key === 'node.kubernetes.io/unreachable')
      .map(({ effect }) => effect);
    expect(effects?.sort()).toEqual(['NoExecute', 'NoSchedule']);
    const there = (store.list('pods') as Pod[]).filter(({ spec }) => spec.nodeName === 'ms-01-c');
    expect(there.length).toBeGreaterThan(20);
    expect(
      there.flatMap(({ status }) => status.conditions?.filter(({ type }) => type === 'Ready') ?? []),
    ).not.toContainEqual(expect.objectContaining({ status: 'True' }));
    const others = ['ms-01-a', 'ms-01-b'].map(
      (name) => cluster.node(name)?.status?.conditions?.find(({ type }) => type === 'Ready')?.status,
    );
    expect(others).toEqual(['True', 'True']);
  });

  it('keeps evicted pods terminating and moves what can be moved; exclusive volumes hold the others up', () => {
    const { pods, simulation } = worldOf('node-down');
    const terminating = (simulation.store.list('pods') as Pod[]).filter(
      ({ metadata }) => metadata.deletionTimestamp !== undefined,
    );
    expect(new Set(terminating.map(({ spec }) => spec.nodeName))).toEqual(new Set(['ms-01-c']));
    const moved = pods('networking', 'ingress-nginx-internal-controller').filter(
      ({ metadata }) => metadata.deletionTimestamp === undefined,
    );
    expect(moved.every(({ spec }) => spec.nodeName !== 'ms-01-c')).toBe(true);
    expect(troubled(moved)).toEqual([]);
    expect(simulation.store.list('events').map(({ reason }) => reason)).toContain('FailedAttachVolume');
  });

  it('heals when the node comes back', () => {
    const world = worldOf('node-down');
    world.simulation.cluster.silentNodes.clear();
    world.simulation.kubelet.recheck();
    world.seconds(120);
    expect(world.simulation.cluster.node('ms-01-c')?.spec?.taints).toBeUndefined();
    expect(troubled(world.simulation.store.list('pods'))).toEqual([]);
  });
});

describe('scenario incident', () => {
  it('shows one of each trouble', () => {
    const { pods, simulation } = worldOf('incident');
    const { store } = simulation;
    const [gateway] = pods('rook-ceph', 'rook-ceph-rgw-objectstore-a');
    const notReady = gateway?.status.conditions?.find(({ type }) => type === 'Ready');
    expect(notReady?.status).toBe('False');
    expect(START - Date.parse(notReady?.lastTransitionTime ?? '')).toBeGreaterThan(25.9 * HOUR);
    const probe = store.list('events', 'rook-ceph').find(({ reason }) => reason === 'Unhealthy');
    expect(probe).toMatchObject({ count: 311 });

    const evicted = (store.list('pods') as Pod[]).filter(({ status }) => status.reason === 'Evicted');
    expect(evicted).toHaveLength(2);
    const stuck = (store.list('pods') as Pod[]).filter(
      ({ metadata }) => metadata.deletionTimestamp !== undefined,
    );
    expect(stuck.map(({ metadata }) => metadata.finalizers)).toEqual([['kubeai.org/drain']]);
    const claim = store.get('persistentvolumeclaims', 'ai', 'kubeai-model-cache');
    expect(claim?.status).toEqual({ phase: 'Pending' });
    expect(store.get('cronjobs.batch', 'default', 'flux-health-check')?.spec).toMatchObject({
      suspend: true,
    });
    expect(store.get('poddisruptionbudgets.policy', 'media', 'jellyfin')?.status).toMatchObject({
      disruptionsAllowed: 0,
    });
    expect(store.get('jobs.batch', 'media', 'media-cleanup')?.status).toMatchObject({
      conditions: expect.arrayContaining([
        expect.objectContaining({ type: 'Failed', status: 'True', reason: 'BackoffLimitExceeded' }),
      ]),
    });
    expect(store.get('deployments.apps', 'default', 'echo')?.status).toMatchObject({
      conditions: expect.arrayContaining([
        expect.objectContaining({ reason: 'ProgressDeadlineExceeded', status: 'False' }),
      ]),
    });
  });

  it('leaves the Service of the gateway without a ready endpoint', () => {
    const { store } = worldOf('incident').simulation;
    const slice = store
      .list('endpointslices.discovery.k8s.io', 'rook-ceph')
      .find(
        ({ metadata }) => metadata.labels?.['kubernetes.io/service-name'] === 'rook-ceph-rgw-objectstore-a',
      );
    expect(slice?.endpoints).toEqual([
      expect.objectContaining({ conditions: { ready: false, serving: false, terminating: false } }),
    ]);
  });
});

describe('determinism', () => {
  it.each(ALL_SCENARIOS.map(({ name }) => name))(
    '%s: the same seed gives the same objects, byte for byte',
    (name) => {
      const [one, two] = [worldOf(name, 7), worldOf(name, 7)];
      for (const world of [one, two]) world.seconds(600);
      const reasons = one.simulation.store.list('events').map(({ reason }) => reason);
      expect(reasons).not.toContain(CONTROLLER_FAILURE);
      for (const resource of [
        'nodes',
        'pods',
        'events',
        'deployments.apps',
        'persistentvolumes',
        'leases.coordination.k8s.io',
      ]) {
        expect(JSON.stringify(two.simulation.store.list(resource))).toBe(
          JSON.stringify(one.simulation.store.list(resource)),
        );
      }
      expect(JSON.stringify(worldOf(name, 8).simulation.store.list('pods'))).not.toBe(
        JSON.stringify(one.simulation.store.list('pods')),
      );
    },
  );
});
