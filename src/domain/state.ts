import type { Collection } from './collection.ts';
import type {
  CronJobInfo,
  EndpointSliceInfo,
  EventInfo,
  JobInfo,
  LeaseInfo,
  NamespaceInfo,
  NodeInfo,
  NodeUsage,
  PdbInfo,
  PodInfo,
  PodUsage,
  PvcInfo,
  PvInfo,
  ServiceInfo,
  WorkloadInfo,
} from './kinds.ts';
import type { CollectError, Snapshot } from './snapshot.ts';

/** Facts about the API server we talk to. */
export interface ServerInfo {
  /** gitVersion, e.g. v1.33.1. */
  readonly version: string;
  readonly platform?: string;
  /** Server clock minus local clock in ms, from the Date header; rules use `now + clockSkewMs`. */
  readonly clockSkewMs: number;
}

/** Every source the console reads, by name. A new collector adds one line here. */
export interface Sources {
  server: ServerInfo;
  nodes: Collection<NodeInfo>;
  pods: Collection<PodInfo>;
  namespaces: Collection<NamespaceInfo>;
  deployments: Collection<WorkloadInfo>;
  statefulsets: Collection<WorkloadInfo>;
  daemonsets: Collection<WorkloadInfo>;
  replicasets: Collection<WorkloadInfo>;
  jobs: Collection<JobInfo>;
  cronjobs: Collection<CronJobInfo>;
  pvcs: Collection<PvcInfo>;
  pvs: Collection<PvInfo>;
  pdbs: Collection<PdbInfo>;
  services: Collection<ServiceInfo>;
  endpointslices: Collection<EndpointSliceInfo>;
  events: Collection<EventInfo>;
  leases: Collection<LeaseInfo>;
  nodeUsage: ReadonlyMap<string, NodeUsage>;
  /** Keyed by `namespace/name`. */
  podUsage: ReadonlyMap<string, PodUsage>;
}

export type SourceName = keyof Sources;

/** What is known of the cluster now: one snapshot for each source. */
export type ClusterState = { readonly [K in SourceName]: Snapshot<Sources[K]> };

/** The connection as a whole, judged from all sources. */
export type Connection =
  | { readonly status: 'connecting'; readonly since: number }
  | { readonly status: 'live'; readonly since: number }
  | { readonly status: 'lost'; readonly since: number; readonly error: CollectError };

export const SOURCE_NAMES: readonly SourceName[] = [
  'server',
  'nodes',
  'pods',
  'namespaces',
  'deployments',
  'statefulsets',
  'daemonsets',
  'replicasets',
  'jobs',
  'cronjobs',
  'pvcs',
  'pvs',
  'pdbs',
  'services',
  'endpointslices',
  'events',
  'leases',
  'nodeUsage',
  'podUsage',
];

/** A state in which nothing was read yet. */
export function pendingState(): ClusterState {
  return Object.fromEntries(
    SOURCE_NAMES.map((name) => [name, { status: 'pending' }]),
  ) as unknown as ClusterState;
}
