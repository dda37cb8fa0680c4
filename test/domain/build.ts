/** Short constructors of domain objects for tests: everything has a healthy default. */
import { type Keyed, ObjectTable } from '../../src/domain/collection.ts';
import type {
  Condition,
  ContainerSpec,
  ContainerState,
  ContainerStatus,
  EventInfo,
  Meta,
  NodeInfo,
  PodInfo,
  WorkloadInfo,
} from '../../src/domain/kinds.ts';
import type { Snapshot } from '../../src/domain/snapshot.ts';
import { type ClusterState, pendingState, type Sources } from '../../src/domain/state.ts';

export const SECOND = 1000;
export const MINUTE = 60 * SECOND;
export const HOUR = 60 * MINUTE;
export const DAY = 24 * HOUR;
export const GI = 2 ** 30;
/** The moment at which the tests' clusters are judged. */
export const NOW = Date.UTC(2025, 5, 11, 14, 32, 7);

let serial = 0;

export function meta(name: string, namespace = 'default'): Meta {
  serial += 1;
  return {
    uid: `uid-${namespace}-${name}`,
    namespace,
    name,
    resourceVersion: String(serial),
    createdAt: NOW - 10 * DAY,
    labels: {},
  };
}

export const running: ContainerState = { kind: 'running', startedAt: NOW - 10 * DAY };

export function waiting(reason: string, message?: string): ContainerState {
  return { kind: 'waiting', reason, ...(message !== undefined && { message }) };
}

export function terminated(
  exitCode: number,
  more: Partial<ContainerState & { kind: 'terminated' }> = {},
): ContainerState {
  return { kind: 'terminated', exitCode, ...more };
}

export function status(name: string, more: Partial<ContainerStatus> = {}): ContainerStatus {
  return {
    name,
    image: `registry.example/${name}:1`,
    ready: true,
    started: true,
    restartCount: 0,
    state: running,
    ...more,
  };
}

export function container(name: string, more: Partial<ContainerSpec> = {}): ContainerSpec {
  return { name, image: `registry.example/${name}:1`, requests: {}, limits: {}, ...more };
}

export function cond(type: string, value: string, more: Partial<Condition> = {}): Condition {
  return { type, status: value, since: NOW - 10 * DAY, ...more };
}

/** A running, ready pod with one container per status. */
export function pod(name: string, more: Partial<PodInfo> = {}): PodInfo {
  const statuses = more.statuses ?? [status('main')];
  return {
    ...meta(name, more.namespace),
    phase: 'Running',
    nodeName: 'ms-01-a',
    startTime: NOW - 10 * DAY,
    restartPolicy: 'Always',
    conditions: [cond('PodScheduled', 'True'), cond('Initialized', 'True'), cond('Ready', 'True')],
    containers: statuses.map((entry) => container(entry.name)),
    initContainers: [],
    initStatuses: [],
    ...more,
    statuses,
  };
}

export function node(name: string, more: Partial<NodeInfo> = {}): NodeInfo {
  return {
    ...meta(name, ''),
    unschedulable: false,
    roles: ['control-plane'],
    taints: [],
    conditions: [
      cond('Ready', 'True', { heartbeat: NOW - 30 * SECOND }),
      cond('MemoryPressure', 'False'),
      cond('DiskPressure', 'False'),
      cond('PIDPressure', 'False'),
    ],
    allocatable: { cpu: 20, memory: 94 * GI, pods: 110 },
    capacity: { cpu: 20, memory: 96 * GI, pods: 110 },
    kubeletVersion: 'v1.33.1',
    osImage: 'Talos (v1.10.3)',
    kernelVersion: '6.12.28-talos',
    containerRuntime: 'containerd://2.0.5',
    bootID: `boot-${name}`,
    ...more,
  };
}

export function workload(name: string, more: Partial<WorkloadInfo> = {}): WorkloadInfo {
  const desired = more.desired ?? 1;
  return {
    ...meta(name, more.namespace),
    kind: 'Deployment',
    desired,
    replicas: desired,
    updated: desired,
    ready: desired,
    available: desired,
    generation: 1,
    observedGeneration: 1,
    conditions:
      (more.kind ?? 'Deployment') === 'Deployment'
        ? [cond('Available', 'True'), cond('Progressing', 'True', { reason: 'NewReplicaSetAvailable' })]
        : [],
    containers: [],
    initContainers: [],
    ...more,
  };
}

export function event(
  reason: string,
  regarding: EventInfo['regarding'],
  more: Partial<EventInfo> = {},
): EventInfo {
  serial += 1;
  return {
    ...meta(`event-${serial}`, regarding.namespace),
    type: 'Warning',
    reason,
    message: '',
    count: 1,
    lastAt: NOW - MINUTE,
    regarding,
    ...more,
  };
}

export function table<T extends Keyed>(...objects: T[]): ObjectTable<T> {
  const result = new ObjectTable<T>();
  result.replaceAll(objects);
  return result;
}

export function live<T>(data: T, observedAt = NOW): Snapshot<T> {
  return { status: 'live', data, observedAt };
}

/** Everything read and empty, except for what is given. */
export function cluster(
  more: { [K in keyof Sources]?: Sources[K] | Snapshot<Sources[K]> } = {},
): ClusterState {
  const state: Record<string, unknown> = { ...pendingState() };
  for (const name of Object.keys(state)) state[name] = live(table());
  state.server = live({ version: 'v1.33.1', clockSkewMs: 0 });
  state.nodeUsage = { status: 'absent', reason: 'metrics.k8s.io is not installed' };
  state.podUsage = state.nodeUsage;
  for (const [name, value] of Object.entries(more)) state[name] = isSnapshot(value) ? value : live(value);
  return state as unknown as ClusterState;
}

function isSnapshot(value: object): boolean {
  return 'status' in value;
}
