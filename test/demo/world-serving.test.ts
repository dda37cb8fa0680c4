import { afterEach, describe, expect, it } from 'vitest';
import { ManualClock } from '../../src/demo/clock.ts';
import { type Demo, type DemoOptions, SCENARIOS, startDemo } from '../../src/demo/index.ts';
import { podLog } from '../../src/demo/world/logs/logs.ts';
import { nodeMetrics, podMetrics } from '../../src/demo/world/metrics.ts';
import type { Pod } from '../../src/demo/world/objects.ts';
import { quantity } from '../../src/demo/world/quantity.ts';
import { START, worldOf } from './world-helpers.ts';

const running: Demo[] = [];

async function start(options: DemoOptions): Promise<Demo> {
  const demo = await startDemo({ clock: new ManualClock(START), ...options });
  running.push(demo);
  return demo;
}

afterEach(async () => {
  await Promise.all(running.splice(0).map((demo) => demo.stop()));
});

async function items(demo: Demo, path: string): Promise<unknown[]> {
  const reply = await fetch(`${demo.url}${path}`);
  expect(reply.status).toBe(200);
  const { items: list } = (await reply.json()) as { items: unknown[] };
  return list;
}

describe('startDemo', () => {
  it('serves the milestone homelab by default, at the address in its kubeconfig', async () => {
    const demo = await start({});
    expect(SCENARIOS[0]?.name).toBe('milestone');
    expect(demo.kubeconfig).toContain(`server: ${demo.url}`);
    expect(demo.kubeconfig).toContain('current-context: homelab-demo');
    expect(await items(demo, '/api/v1/pods')).toHaveLength(142);
    expect(await items(demo, '/apis/metrics.k8s.io/v1beta1/nodes')).toHaveLength(3);
  });

  it('serves the log of the OOM-killed webserver run', async () => {
    const demo = await start({});
    const pod = demo.store
      .list('pods', 'airflow')
      .find(({ metadata }) => metadata.name.startsWith('airflow-webserver'));
    const path = `/api/v1/namespaces/airflow/pods/${pod?.metadata.name}/log?container=webserver&previous=true&tailLines=20`;
    const reply = await fetch(`${demo.url}${path}`);
    const lines = (await reply.text()).trimEnd().split('\n');
    expect(lines).toHaveLength(20);
    expect(lines.join('\n')).toMatch(/Worker \(pid:\d+\) was sent SIGKILL! Perhaps out of memory\?/);
  });

  it('names the scenarios when asked for one that does not exist', async () => {
    await expect(startDemo({ scenario: 'nirvana' })).rejects.toThrow(
      'unknown scenario "nirvana"; there are: milestone, healthy, node-down, incident, flaky-api',
    );
  });

  it.each([0, -1, 1.5, 1_000_000])('refuses %s pods', async (pods) => {
    await expect(startDemo({ pods })).rejects.toThrow(
      `pods must be a whole number from 1 to 100000, not ${pods}`,
    );
  });

  it('throttles in the flaky scenario, then fails, and cuts watches off', async () => {
    const clock = new ManualClock(START);
    const demo = await start({ scenario: 'flaky-api', clock });
    const round = () => Promise.all(Array.from({ length: 7 }, () => fetch(`${demo.url}/version`)));
    const refused = async () => (await round()).filter(({ ok }) => !ok);
    const [throttled] = await refused();
    expect([throttled?.status, throttled?.headers.get('retry-after')]).toEqual([429, '1']);
    const version = demo.store.resourceVersion;
    const watched = await fetch(`${demo.url}/api/v1/namespaces?watch=true&resourceVersion=${version}`);
    clock.advance(15_000);
    expect(await watched.text()).toBe('');
    clock.advance(5_000);
    const [failed] = await refused();
    expect([failed?.status, failed?.headers.get('retry-after')]).toEqual([500, null]);
    await Promise.all([round(), round()]);
    await expect(Promise.all([round(), round()])).rejects.toThrow();
  });

  it('generates a cluster of any size, mostly well', async () => {
    const began = performance.now();
    const demo = await start({ pods: 10_000, nodes: 130 });
    process.stderr.write(`10,000 pods generated in ${Math.round(performance.now() - began)} ms\n`);
    const pods = demo.store.list('pods') as Pod[];
    expect(pods).toHaveLength(10_000);
    expect(demo.store.list('nodes')).toHaveLength(130);
    const well = pods.filter(({ status }) => status.containerStatuses?.every(({ ready }) => ready));
    expect(well.length / pods.length).toBeGreaterThan(0.94);
    expect(well.length).toBeLessThan(pods.length);
  });

  it('leaves a settled generated cluster alone', async () => {
    const clock = new ManualClock(START);
    const demo = await start({ pods: 500, clock });
    clock.advance(5_000);
    const before = new Map((demo.store.list('pods') as Pod[]).map((pod) => [pod.metadata.uid, pod]));
    clock.advance(60_000);
    const changed = (demo.store.list('pods') as Pod[]).filter(
      (pod) =>
        pod !== before.get(pod.metadata.uid) && pod.status.containerStatuses?.every(({ ready }) => ready),
    );
    expect(changed).toEqual([]);
  });
});

describe('metrics', () => {
  it('keeps every container below its limits and adds up to the nodes', () => {
    const { cluster } = worldOf('milestone').simulation;
    const pods = podMetrics(cluster) as unknown as {
      metadata: Pod['metadata'];
      containers: { name: string; usage: Record<string, string> }[];
    }[];
    expect(pods.length).toBeGreaterThan(120);
    for (const { metadata, containers } of pods) {
      const pod = cluster.pod(metadata.namespace ?? '', metadata.name);
      for (const { name, usage } of containers) {
        const limits = pod?.spec.containers.find((each) => each.name === name)?.resources?.limits;
        expect(quantity(usage.memory)).toBeLessThan(quantity(limits?.memory));
        expect(quantity(usage.cpu)).toBeLessThan(quantity(limits?.cpu));
      }
    }
    const sum = pods
      .flatMap(({ containers }) => containers)
      .reduce((total, { usage }) => total + quantity(usage.memory), 0);
    const nodes = nodeMetrics(cluster) as unknown as { usage: Record<string, string> }[];
    const whole = nodes.reduce((total, { usage }) => total + quantity(usage.memory), 0);
    expect(whole).toBeGreaterThan(sum);
  });

  it('shows the webserver near its limit', () => {
    const { cluster } = worldOf('milestone').simulation;
    const [metrics] = podMetrics(cluster).filter(({ metadata }) =>
      metadata.name.startsWith('airflow-webserver'),
    );
    const [first] = (metrics?.containers ?? []) as { usage: Record<string, string> }[];
    expect(quantity(first?.usage.memory)).toBeGreaterThan(0.8 * 2 ** 31);
  });

  it('has none for a silent node', () => {
    const { cluster } = worldOf('node-down').simulation;
    expect(nodeMetrics(cluster).map(({ metadata }) => metadata.name)).toEqual(['ms-01-a', 'ms-01-b']);
  });
});

describe('logs', () => {
  const plain = { previous: false, timestamps: false };

  it('grows while it is followed, and repeats itself exactly', () => {
    const world = worldOf('healthy');
    const { cluster } = world.simulation;
    const [pod] = world.pods('velero', 'velero');
    if (!pod) throw new Error('no velero pod');
    const log = podLog(cluster, pod, 'velero', plain);
    const pushed: string[] = [];
    const stop = log.follow?.((line) => pushed.push(line));
    world.seconds(60);
    expect(pushed.length).toBeGreaterThanOrEqual(5);
    const later = podLog(cluster, pod, 'velero', { ...plain, tailLines: pushed.length });
    expect(later.lines).toEqual(pushed);
    stop?.();
    world.seconds(60);
    expect(later.lines).toHaveLength(pushed.length);
  });

  it('ends when its pod goes', () => {
    const world = worldOf('healthy');
    const { cluster, store } = world.simulation;
    const [pod] = world.pods('velero', 'velero');
    if (!pod) throw new Error('no velero pod');
    const pushed: string[] = [];
    podLog(cluster, pod, 'velero', plain).follow?.((line) => pushed.push(line));
    store.delete('pods', 'velero', pod.metadata.name);
    world.seconds(5);
    pushed.length = 0;
    world.seconds(120);
    expect(pushed).toEqual([]);
  });

  it('keeps to tailLines and sinceSeconds, and prefixes timestamps when asked', () => {
    const world = worldOf('healthy');
    const { cluster } = world.simulation;
    const [pod] = world.pods('home', 'home-assistant');
    if (!pod) throw new Error('no home-assistant pod');
    expect(podLog(cluster, pod, 'home-assistant', { ...plain, tailLines: 3 }).lines).toHaveLength(3);
    expect(podLog(cluster, pod, 'home-assistant', { ...plain, tailLines: 0 }).lines).toEqual([]);
    const { lines } = podLog(cluster, pod, 'home-assistant', {
      previous: false,
      timestamps: true,
      sinceSeconds: 60,
    });
    expect(lines.length).toBeGreaterThan(3);
    for (const line of lines) {
      const time = Date.parse(`${line.slice(0, 23)}Z`);
      expect(time).toBeGreaterThan(START - 60_000);
      expect(time).toBeLessThanOrEqual(START);
    }
  });

  it('has no previous log for a container that never restarted', () => {
    const world = worldOf('healthy');
    const [pod] = world.pods('home', 'mosquitto');
    if (!pod) throw new Error('no mosquitto pod');
    expect(podLog(world.simulation.cluster, pod, 'mosquitto', { ...plain, previous: true }).lines).toEqual(
      [],
    );
  });
});
