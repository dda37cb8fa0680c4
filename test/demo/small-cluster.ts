import { type Clock, ManualClock } from '../../src/demo/clock.ts';
import type { Faults } from '../../src/demo/faults.ts';
import { type DemoServer, type ServerHooks, startServer } from '../../src/demo/server/index.ts';
import { type KubeObject, ObjectStore } from '../../src/demo/store.ts';

/** A fixed time for clocks of tests. */
export const START = Date.parse('2026-11-23T10:00:00Z');

const LABELS = { app: 'web' };

/** A running, ready pod of the app `web`. */
export function pod(
  name: string,
  changes: { namespace?: string; spec?: object; status?: object } = {},
): KubeObject {
  return {
    apiVersion: 'v1',
    kind: 'Pod',
    metadata: { name, namespace: changes.namespace ?? 'media', labels: LABELS },
    spec: { nodeName: 'ms01-1', containers: [{ name: 'app', image: 'nginx:1.27' }], ...changes.spec },
    status: {
      phase: 'Running',
      podIP: '10.42.0.7',
      conditions: [
        { type: 'Ready', status: 'True' },
        { type: 'PodScheduled', status: 'True' },
      ],
      containerStatuses: [
        {
          name: 'app',
          image: 'nginx:1.27',
          imageID: '',
          ready: true,
          started: true,
          restartCount: 0,
          state: { running: { startedAt: '2026-11-23T09:00:00Z' } },
          lastState: {},
        },
      ],
      ...changes.status,
    },
  };
}

export function namespace(name: string): KubeObject {
  return { apiVersion: 'v1', kind: 'Namespace', metadata: { name } };
}

export function node(name: string): KubeObject {
  return {
    apiVersion: 'v1',
    kind: 'Node',
    metadata: { name, labels: { 'node-role.kubernetes.io/control-plane': '' } },
    spec: {},
    status: {
      capacity: { cpu: '20', memory: '98304Mi', pods: '110' },
      allocatable: { cpu: '20', memory: '96256Mi', pods: '110' },
      conditions: [{ type: 'Ready', status: 'True', reason: 'KubeletReady', message: 'ready' }],
      addresses: [{ type: 'InternalIP', address: '192.168.1.11' }],
      nodeInfo: {
        kubeletVersion: 'v1.34.1',
        osImage: 'Talos',
        kernelVersion: '6.12',
        containerRuntimeVersion: 'containerd://2.1',
      },
    },
  };
}

export function deployment(name: string, replicas: number): KubeObject {
  return {
    apiVersion: 'apps/v1',
    kind: 'Deployment',
    metadata: { name, namespace: 'media', annotations: { 'deployment.kubernetes.io/revision': '1' } },
    spec: {
      replicas,
      selector: { matchLabels: LABELS },
      template: {
        metadata: { labels: LABELS },
        spec: { containers: [{ name: 'app', image: 'nginx:1.27', env: [{ name: 'A', value: '1' }] }] },
      },
    },
    status: {
      observedGeneration: 1,
      replicas,
      updatedReplicas: replicas,
      readyReplicas: replicas,
      availableReplicas: replicas,
      conditions: [
        { type: 'Available', status: 'True', reason: 'MinimumReplicasAvailable' },
        { type: 'Progressing', status: 'True', reason: 'NewReplicaSetAvailable' },
      ],
    },
  };
}

/** A small cluster: a node, two namespaces, a deployment with a replica set and two pods. */
export function smallStore(clock: Clock, historyLimit = 1000): ObjectStore {
  const store = new ObjectStore(clock, { historyLimit });
  for (const name of ['default', 'media']) store.create('namespaces', namespace(name));
  store.create('nodes', node('ms01-1'));
  const owner = store.create('deployments', deployment('web', 2));
  const { spec } = owner as { spec?: unknown };
  store.create('replicasets', {
    apiVersion: 'apps/v1',
    kind: 'ReplicaSet',
    metadata: {
      name: 'web-1',
      namespace: 'media',
      labels: LABELS,
      annotations: { 'deployment.kubernetes.io/revision': '1' },
      ownerReferences: [
        {
          apiVersion: 'apps/v1',
          kind: 'Deployment',
          name: 'web',
          uid: owner.metadata.uid ?? '',
          controller: true,
        },
      ],
    },
    spec: spec as object,
    status: { replicas: 2, readyReplicas: 2 },
  });
  for (const name of ['web-1-a', 'web-1-b']) store.create('pods', pod(name));
  return store;
}

/** A server over a small cluster, driven by a manual clock. */
export interface TestCluster {
  readonly store: ObjectStore;
  readonly clock: ManualClock;
  readonly server: DemoServer;
  /** Sends a request; a body goes out as JSON unless the headers say otherwise. */
  call(method: string, path: string, options?: CallOptions): Promise<Answer>;
  close(): Promise<void>;
}

export interface CallOptions {
  readonly body?: unknown;
  readonly type?: string;
  readonly accept?: string;
}

export interface Answer {
  readonly status: number;
  readonly headers: Headers;
  readonly text: string;
  /** The value at a path in the JSON reply, array indexes as numbers. */
  at(...path: readonly (string | number)[]): unknown;
}

/** The value at a path in a JSON value; undefined where the path ends. */
export function at(value: unknown, ...path: readonly (string | number)[]): unknown {
  return path.reduce<unknown>(
    (current, key) =>
      typeof current === 'object' && current !== null
        ? (current as Record<string | number, unknown>)[key]
        : undefined,
    value,
  );
}

export async function startCluster(
  options: { hooks?: ServerHooks; faults?: Faults; historyLimit?: number } = {},
): Promise<TestCluster> {
  const clock = new ManualClock(START);
  const store = smallStore(clock, options.historyLimit);
  const server = await startServer(store, {
    clock,
    hooks: options.hooks ?? {},
    version: 'v1.34.1',
    ...(options.faults && { faults: options.faults }),
  });
  return { store, clock, server, call: caller(server.url), close: () => server.close() };
}

function caller(url: string): TestCluster['call'] {
  return async (method, path, { body, type = 'application/json', accept = 'application/json' } = {}) => {
    const response = await fetch(url + path, {
      method,
      headers: { Accept: accept, ...(body !== undefined && { 'Content-Type': type }) },
      ...(body !== undefined && { body: JSON.stringify(body) }),
    });
    const text = await response.text();
    const json = parsed(text);
    return { status: response.status, headers: response.headers, text, at: (...path) => at(json, ...path) };
  };
}

function parsed(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}
