import type { Clock } from '../clock.ts';
import { createApiService } from './build-api-service.ts';
import { createBudget, ensureNamespace, installApp } from './build-app.ts';
import { createNode, createStaticPod, rebootNode } from './build-node.ts';
import { APPS } from './catalog/index.ts';
import { MACHINES } from './catalog/nodes.ts';
import { STATIC_PODS } from './catalog/system.ts';
import { type Cluster, R } from './cluster.ts';
import { DAY, HOUR, MINUTE, type Moment, type Scenario } from './scenarios/scenario.ts';
import { Simulation } from './simulation.ts';

const CLUSTER_AGE = 165 * DAY;
/** Time the controllers get after each event of the distant past. */
const SETTLE = 2 * MINUTE;
/** The daily checks run between 6 and 7 o'clock. */
const CHECKS_FROM = 6 * HOUR - MINUTE;
const CHECKS_TO = 6 * HOUR + 33 * MINUTE;
const CHECK_DAYS = [3, 2, 1, 0];

/** Builds the homelab of a scenario by living through its history, up to now; then it follows the clock. */
export function createHomelab(scenario: Scenario, seed: number, clock: Clock): Simulation {
  const now = clock.now();
  const simulation = new Simulation(now - CLUSTER_AGE, seed);
  createFoundation(simulation.cluster);
  const moments = [
    ...installations(scenario),
    ...REBOOTS,
    ...dailyChecks(now, scenario),
    ...scenario.moments,
  ];
  relive(simulation, moments, now, scenario.warmup);
  simulation.attach(clock);
  return simulation;
}

/** Runs the moments in order: jumps through the distant past, and lives through the last stretch. */
function relive(simulation: Simulation, moments: readonly Moment[], now: number, warmup: number): void {
  const { clock } = simulation;
  const inOrder = [...moments].sort((a, b) => b.ago - a.ago);
  for (const { ago, run } of inOrder) {
    const at = now - ago;
    if (ago <= warmup) {
      beginWarmup(simulation, now - warmup);
      clock.runUntil(at);
    } else clock.jump(at);
    run(simulation);
    if (ago > warmup) clock.runUntil(Math.min(clock.now() + SETTLE, now - warmup));
  }
  beginWarmup(simulation, now - warmup);
  clock.runUntil(now);
}

function beginWarmup(simulation: Simulation, start: number): void {
  simulation.clock.jump(start);
  simulation.startBeating();
}

function installations(scenario: Scenario): Moment[] {
  return [...APPS, ...(scenario.apps ?? [])].map((app) => ({
    ago: app.ageDays * DAY,
    run: ({ cluster }) => installApp(cluster, app),
  }));
}

const REBOOTS: readonly Moment[] = MACHINES.map(({ name, upDays }) => ({
  ago: upDays * DAY,
  run: ({ cluster }) => rebootNode(cluster, name),
}));

/** Lets the daily checks of the last days run, as far as those lie before the warm-up. */
function dailyChecks(now: number, { warmup }: Scenario): Moment[] {
  const today = Math.floor(now / DAY) * DAY;
  return CHECK_DAYS.map((days) => today - days * DAY)
    .filter((day) => day + CHECKS_FROM < now - warmup)
    .map((day) => ({
      ago: now - (day + CHECKS_FROM),
      run: ({ clock }) => clock.runUntil(Math.min(day + CHECKS_TO, now - warmup)),
    }));
}

const STORAGE_CLASSES = [
  ['ceph-block', 'rook-ceph.rbd.csi.ceph.com'],
  ['ceph-filesystem', 'rook-ceph.cephfs.csi.ceph.com'],
] as const;

/** Nodes, control plane and what else is there before the first app. */
function createFoundation(cluster: Cluster): void {
  for (const name of ['default', 'kube-system', 'kube-public', 'kube-node-lease', 'rook-ceph'])
    ensureNamespace(cluster, name);
  for (const [name, provisioner] of STORAGE_CLASSES) createStorageClass(cluster, name, provisioner);
  for (const [name, value] of [
    ['system-node-critical', 2_000_001_000],
    ['system-cluster-critical', 2_000_000_000],
  ] as const) {
    cluster.create(R.priorityClasses, {
      apiVersion: 'scheduling.k8s.io/v1',
      kind: 'PriorityClass',
      metadata: { name },
      value,
      globalDefault: false,
    });
  }
  for (const machine of MACHINES) {
    const node = createNode(cluster, machine);
    for (const container of STATIC_PODS) createStaticPod(cluster, node, container);
  }
  createApiService(
    cluster,
    MACHINES.map(({ address }) => address),
  );
  const mons = { matchLabels: { app: 'rook-ceph-mon' } };
  createBudget(cluster, 'rook-ceph', 'rook-ceph-mon-pdb', { maxUnavailable: 1, selector: mons });
}

function createStorageClass(cluster: Cluster, name: string, provisioner: string): void {
  const isDefault = { 'storageclass.kubernetes.io/is-default-class': String(name === 'ceph-block') };
  cluster.create(R.storageClasses, {
    apiVersion: 'storage.k8s.io/v1',
    kind: 'StorageClass',
    metadata: { name, annotations: isDefault },
    provisioner,
    reclaimPolicy: 'Delete',
    volumeBindingMode: 'Immediate',
    allowVolumeExpansion: true,
  });
}
