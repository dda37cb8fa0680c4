import type { Clock } from '../clock.ts';
import { kubeTime } from '../object.ts';
import { ensureNamespace } from './build-app.ts';
import { createNode } from './build-node.ts';
import { ownedBy, podFromTemplate } from './build-pod.ts';
import { container } from './catalog/app.ts';
import { type Cluster, R } from './cluster.ts';
import { settledPod, settledStatus, type Trouble } from './generated-status.ts';
import type { Container, PodTemplate, Workload } from './objects.ts';
import { nameHash, type Random } from './random.ts';
import { DAY, MINUTE } from './scenarios/scenario.ts';
import { Simulation } from './simulation.ts';

/** Size of a generated cluster. */
export interface Size {
  readonly nodes: number;
  readonly pods: number;
}

const PODS_PER_NODE = 80;
const APPS_PER_NAMESPACE = 40;
/** One app in so many has a Service. */
const SERVICE_EVERY = 10;
/** Share of the apps that are in trouble. */
const TROUBLE_SHARE = 0.03;
const UNPUBLISHED = 'registry.example.net/team/api:v9.9.9';

const TROUBLES: readonly Trouble[] = ['crash', 'image', 'not-ready', 'unschedulable'];

/** A few container lists that all generated apps share, in memory as well. */
const SHAPES: readonly (readonly Container[])[] = [
  [container('web', 'docker.io/library/nginx:1.27', '50m/500m', '64Mi/256Mi', { port: 8080, probe: '/' })],
  [
    container('api', 'registry.example.net/team/api:v1.4.2', '100m/1', '128Mi/512Mi', {
      port: 8080,
      probe: '/healthz',
    }),
  ],
  [
    container('worker', 'registry.example.net/team/worker:v2.0.1', '100m/1', '128Mi/512Mi'),
    container('proxy', 'docker.io/envoyproxy/envoy:v1.34.1', '20m/200m', '32Mi/128Mi', {
      port: 9901,
      probe: '/ready',
    }),
  ],
];
const UNPUBLISHED_SHAPE: readonly Container[] = [container('api', UNPUBLISHED, '100m/1', '128Mi/512Mi')];

/** Number of nodes that fit so many pods. */
export function nodesFor(pods: number): number {
  return Math.max(3, Math.ceil(pods / PODS_PER_NODE));
}

/**
 * A cluster of any size in mixed states, about 97 % of its apps well. Objects are written settled instead of living
 * through a history, and the pods of an app share all that is equal among them.
 */
export function createGenerated(size: Size, seed: number, clock: Clock): Simulation {
  const simulation = new Simulation(clock.now(), seed);
  const { cluster } = simulation;
  cluster.faults.add({ kind: 'image-missing', image: UNPUBLISHED });
  for (const namespace of ['default', 'kube-system', 'kube-node-lease']) ensureNamespace(cluster, namespace);
  const nodes = createNodes(cluster, size.nodes);
  const random = cluster.random.fork('generated');
  let left = size.pods;
  for (let index = 0; left > 0; index += 1) {
    const replicas = Math.min(left, random.int(1, 20));
    createApp(cluster, nodes, random, index, replicas);
    left -= replicas;
  }
  simulation.attach(clock);
  return simulation;
}

function createNodes(cluster: Cluster, count: number): readonly string[] {
  const names: string[] = [];
  for (let i = 0; i < count; i += 1) {
    const name = `node-${String(i + 1).padStart(4, '0')}`;
    const address = `10.${100 + (i >> 16)}.${(i >> 8) % 256}.${i % 256}`;
    createNode(cluster, { name, address, cpu: 64, memoryGi: 256, upDays: 20, controlPlane: i < 3 });
    names.push(name);
  }
  return names;
}

function createApp(
  cluster: Cluster,
  nodes: readonly string[],
  random: Random,
  index: number,
  replicas: number,
): void {
  const namespace = `team-${String(Math.floor(index / APPS_PER_NAMESPACE)).padStart(3, '0')}`;
  ensureNamespace(cluster, namespace);
  const name = `app-${String(index).padStart(5, '0')}`;
  const trouble = random.next() < TROUBLE_SHARE ? random.pick(TROUBLES) : undefined;
  const created = kubeTime(cluster.clock.now() - random.int(MINUTE * 20, 90 * DAY));
  const labels = { 'app.kubernetes.io/name': name };
  const containers = trouble === 'image' ? UNPUBLISHED_SHAPE : random.pick(SHAPES);
  const spec = { containers, ...(trouble === 'unschedulable' && { nodeSelector: { accelerator: 'gpu' } }) };
  const deployment = cluster.create(R.deployments, {
    apiVersion: 'apps/v1',
    kind: 'Deployment',
    metadata: { name, namespace, labels, creationTimestamp: created, annotations: REVISION_ONE },
    spec: { replicas, selector: { matchLabels: labels }, template: { metadata: { labels }, spec } },
    status: settledStatus(created, name, replicas, trouble),
  }) as Workload;
  const set = createReplicaSet(cluster, deployment, replicas, trouble === undefined);
  addFault(cluster, namespace, name, containers[0]?.name ?? '', trouble);
  createPods(cluster, set, { nodes, random, replicas, created, trouble });
  if (index % SERVICE_EVERY === 0) {
    cluster.create(R.services, {
      apiVersion: 'v1',
      kind: 'Service',
      metadata: { name, namespace, labels },
      spec: { type: 'ClusterIP', selector: labels, ports: [{ port: 80, targetPort: 8080, protocol: 'TCP' }] },
    });
  }
}

const REVISION_ONE = { 'deployment.kubernetes.io/revision': '1' };

function createReplicaSet(cluster: Cluster, deployment: Workload, replicas: number, well: boolean): Workload {
  const { name, namespace = '', creationTimestamp = '', labels } = deployment.metadata;
  const { template, selector } = deployment.spec;
  const hash = nameHash(JSON.stringify(template), 10);
  const podLabels = { ...labels, 'pod-template-hash': hash };
  return cluster.create(R.replicaSets, {
    apiVersion: 'apps/v1',
    kind: 'ReplicaSet',
    metadata: {
      name: `${name}-${hash}`,
      namespace,
      labels: podLabels,
      creationTimestamp,
      annotations: REVISION_ONE,
      ownerReferences: [ownedBy(deployment)],
    },
    spec: {
      replicas,
      selector: { matchLabels: { ...selector.matchLabels, 'pod-template-hash': hash } },
      template: { ...template, metadata: { labels: podLabels } },
    },
    status: {
      replicas,
      fullyLabeledReplicas: replicas,
      ...(well && { readyReplicas: replicas, availableReplicas: replicas }),
      observedGeneration: 1,
    },
  }) as Workload;
}

function addFault(
  cluster: Cluster,
  namespace: string,
  app: string,
  name: string,
  trouble: Trouble | undefined,
): void {
  const target = { namespace, app, container: name };
  if (trouble === 'crash')
    cluster.faults.add({ ...target, kind: 'crash', exitCode: 1, afterMs: [5_000, 60_000] });
  if (trouble === 'not-ready') {
    const message = 'Readiness probe failed: HTTP probe failed with statuscode: 503';
    cluster.faults.add({ ...target, kind: 'not-ready', message, everyMs: 5 * MINUTE });
  }
}

interface PodPlan {
  readonly nodes: readonly string[];
  readonly random: Random;
  readonly replicas: number;
  readonly created: string;
  readonly trouble: Trouble | undefined;
}

function createPods(cluster: Cluster, set: Workload, plan: PodPlan): void {
  const { nodes, random, replicas, created, trouble } = plan;
  const template: PodTemplate = set.spec.template;
  const draft = podFromTemplate(set, template, created);
  const { generateName = '', ...metadata } = draft.metadata;
  const status =
    trouble === 'unschedulable'
      ? { phase: 'Pending' }
      : settledPod(template.spec.containers, created, trouble, random);
  for (let i = 0; i < replicas; i += 1) {
    const nodeName = random.pick(nodes);
    cluster.create(R.pods, {
      ...draft,
      metadata: {
        ...metadata,
        generateName,
        name: `${generateName}${random.suffix(5)}`,
        creationTimestamp: created,
      },
      spec: trouble === 'unschedulable' ? draft.spec : { ...(draft.spec as object), nodeName },
      status,
    });
  }
}
