/** What is watched, and how it is cut. A new kind is one line here. */
import type { Collection, Keyed, ObjectTable } from '../../domain/collection.ts';
import type { EventInfo } from '../../domain/kinds.ts';
import type { SourceName, Sources } from '../../domain/state.ts';
import type { Interner } from './intern.ts';
import { projectEvent } from './projections/event.ts';
import type { Projection } from './projections/meta.ts';
import { projectEndpointSlice, projectService } from './projections/network.ts';
import { projectLease, projectNamespace, projectNode } from './projections/node.ts';
import { projectPod } from './projections/pod.ts';
import { projectPv, projectPvc } from './projections/storage.ts';
import { projectCronJob, projectJob, projectPdb, projectWorkload } from './projections/workload.ts';

/** Names of the sources that are watched collections. */
export type WatchedName = {
  [K in SourceName]: Sources[K] extends Collection<Keyed> ? K : never;
}[SourceName];

/** The object type of a watched source. */
export type ObjectOf<K extends WatchedName> = Sources[K] extends Collection<infer T> ? T : never;

export interface WatchSpec<T extends Keyed> {
  readonly path: string;
  readonly kind: string;
  readonly project: (intern: Interner) => Projection<T>;
  /** What the user misses while it cannot be read. */
  readonly missing: string;
  readonly trim?: (table: ObjectTable<T>) => void;
}

const MAX_EVENTS = 5_000;
const TRIM_EVENTS_AT = 5_500;

/** In the order in which they are started: what the first screen shows comes first. */
export const WATCHED: { readonly [K in WatchedName]: WatchSpec<ObjectOf<K>> } = {
  nodes: { path: '/api/v1/nodes', kind: 'Node', project: projectNode, missing: 'nodes and their health' },
  pods: { path: '/api/v1/pods', kind: 'Pod', project: projectPod, missing: 'pods and their health' },
  namespaces: {
    path: '/api/v1/namespaces',
    kind: 'Namespace',
    project: projectNamespace,
    missing: 'namespaces',
  },
  events: {
    path: '/api/v1/events',
    kind: 'Event',
    project: projectEvent,
    missing: 'events, the reasons behind many findings',
    trim: trimEvents,
  },
  deployments: {
    path: '/apis/apps/v1/deployments',
    kind: 'Deployment',
    project: (intern) => projectWorkload('Deployment', intern),
    missing: 'Deployments',
  },
  statefulsets: {
    path: '/apis/apps/v1/statefulsets',
    kind: 'StatefulSet',
    project: (intern) => projectWorkload('StatefulSet', intern),
    missing: 'StatefulSets',
  },
  daemonsets: {
    path: '/apis/apps/v1/daemonsets',
    kind: 'DaemonSet',
    project: (intern) => projectWorkload('DaemonSet', intern),
    missing: 'DaemonSets',
  },
  replicasets: {
    path: '/apis/apps/v1/replicasets',
    kind: 'ReplicaSet',
    project: (intern) => projectWorkload('ReplicaSet', intern),
    missing: 'which Deployment a pod belongs to',
  },
  leases: {
    path: '/apis/coordination.k8s.io/v1/namespaces/kube-node-lease/leases',
    kind: 'Lease',
    project: projectLease,
    missing: 'node heartbeats',
  },
  pvcs: {
    path: '/api/v1/persistentvolumeclaims',
    kind: 'PersistentVolumeClaim',
    project: projectPvc,
    missing: 'volume claims',
  },
  pvs: {
    path: '/api/v1/persistentvolumes',
    kind: 'PersistentVolume',
    project: projectPv,
    missing: 'volumes',
  },
  services: { path: '/api/v1/services', kind: 'Service', project: projectService, missing: 'services' },
  endpointslices: {
    path: '/apis/discovery.k8s.io/v1/endpointslices',
    kind: 'EndpointSlice',
    project: projectEndpointSlice,
    missing: 'whether services have endpoints',
  },
  jobs: { path: '/apis/batch/v1/jobs', kind: 'Job', project: projectJob, missing: 'Jobs' },
  cronjobs: {
    path: '/apis/batch/v1/cronjobs',
    kind: 'CronJob',
    project: projectCronJob,
    missing: 'CronJobs',
  },
  pdbs: {
    path: '/apis/policy/v1/poddisruptionbudgets',
    kind: 'PodDisruptionBudget',
    project: projectPdb,
    missing: 'disruption budgets',
  },
};

/** Keeps the newest events. Lists come in order of name, so age is looked at, some at a time. */
function trimEvents(table: ObjectTable<EventInfo>): void {
  if (table.size <= TRIM_EVENTS_AT) return;
  const oldestFirst = [...table.values()].sort((a, b) => a.lastAt - b.lastAt);
  for (const event of oldestFirst.slice(0, table.size - MAX_EVENTS)) {
    table.delete(`${event.namespace}/${event.name}`, event.uid);
  }
}
