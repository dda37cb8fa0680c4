/** A source that cannot be read is a finding of its own: what we do not see is never healthy. */
import type { Area, Evidence } from '../finding.ts';
import { type CollectError, dataOf, type Snapshot } from '../snapshot.ts';
import { type ClusterState, type Connection, SOURCE_NAMES, type SourceName } from '../state.ts';
import { type Draft, draft, findingId } from './draft.ts';

/** What a source is called, where it belongs, and what cannot be judged without it. */
const SOURCES: Readonly<
  Record<SourceName, { readonly label: string; readonly area: Area; readonly missing: string }>
> = {
  server: { label: 'the API server version', area: 'nodes', missing: 'version and clock of the API server' },
  nodes: { label: 'nodes', area: 'nodes', missing: 'health and capacity of nodes, the health score' },
  leases: { label: 'node leases', area: 'nodes', missing: 'prompt heartbeats of nodes' },
  nodeUsage: { label: 'node metrics', area: 'nodes', missing: 'CPU and memory use of nodes' },
  pods: { label: 'pods', area: 'pods', missing: 'health and restarts of pods, the health score' },
  namespaces: { label: 'namespaces', area: 'pods', missing: 'namespaces that do not go' },
  deployments: { label: 'deployments', area: 'pods', missing: 'readiness of deployments' },
  statefulsets: { label: 'statefulsets', area: 'pods', missing: 'readiness of statefulsets' },
  daemonsets: { label: 'daemonsets', area: 'pods', missing: 'readiness of daemonsets' },
  replicasets: { label: 'replicasets', area: 'pods', missing: 'which deployment a pod belongs to' },
  jobs: { label: 'jobs', area: 'pods', missing: 'failed jobs' },
  cronjobs: { label: 'cronjobs', area: 'pods', missing: 'cron jobs that fail or do not run' },
  pdbs: { label: 'poddisruptionbudgets', area: 'pods', missing: 'what blocks draining a node' },
  events: { label: 'events', area: 'pods', missing: 'the reasons behind pod trouble' },
  podUsage: { label: 'pod metrics', area: 'pods', missing: 'CPU and memory use of pods' },
  pvcs: { label: 'persistentvolumeclaims', area: 'storage', missing: 'health of volume claims' },
  pvs: { label: 'persistentvolumes', area: 'storage', missing: 'health of volumes' },
  services: { label: 'services', area: 'network', missing: 'services that reach nothing' },
  endpointslices: { label: 'endpointslices', area: 'network', missing: 'services that reach nothing' },
};

/** The area a source belongs to. */
export function sourceArea(source: SourceName): Area {
  return SOURCES[source].area;
}

const API_DOWN = 'API_UNREACHABLE';
const API_SUBJECT = { kind: 'Console', name: 'connection' } as const;

/** One finding for each failed or stale source; all of them below one when the whole API is out of reach. */
export function checkSources(state: ClusterState, connection: Connection): readonly Draft[] {
  return [
    ...lostConnection(connection, state),
    ...SOURCE_NAMES.flatMap((source) => unreadable(source, state[source])),
  ];
}

function lostConnection(connection: Connection, state: ClusterState): Draft[] {
  if (connection.status !== 'lost') return [];
  const everRead = Object.values(state).some((snapshot) => dataOf<unknown>(snapshot) !== undefined);
  const { error, since } = connection;
  return [
    draft({
      code: API_DOWN,
      severity: 'unknown',
      area: 'nodes',
      subject: API_SUBJECT,
      scope: 'api',
      title: `the API server cannot be reached: ${error.message}`,
      since,
      effect: everRead ? 'everything shown is the last known state' : 'nothing of the cluster can be seen',
      evidence: errorEvidence(error),
      advice: error.fix
        ? [error.fix]
        : ['check the network, VPN and the control plane; it is tried again by itself'],
    }),
  ];
}

function unreadable(source: SourceName, snapshot: Snapshot<unknown>): Draft[] {
  if (snapshot.status !== 'failed' && snapshot.status !== 'stale') return [];
  const { error } = snapshot;
  const { label, area, missing } = SOURCES[source];
  return [
    draft({
      code: snapshot.status === 'failed' ? 'SOURCE_FAILED' : 'SOURCE_STALE',
      severity: 'unknown',
      area,
      subject: { kind: 'Console', name: source },
      scope: label,
      title:
        snapshot.status === 'failed'
          ? `${label} cannot be read: ${reason(error)}`
          : `${label} may be out of date: ${reason(error)}`,
      since: error.since ?? (snapshot.status === 'stale' ? snapshot.observedAt : undefined),
      effect: `not known: ${error.missing ?? missing}`,
      evidence: errorEvidence(error),
      advice: error.fix ? [error.fix] : [],
      causedBy: [findingId(API_DOWN, API_SUBJECT)],
    }),
  ];
}

/** Messages often begin with the kind already. */
function reason({ kind, message }: CollectError): string {
  return message.toLowerCase().startsWith(kind) ? message : `${kind}: ${message}`;
}

function errorEvidence(error: CollectError): Evidence[] {
  const attempt = error.attempt === undefined ? '' : ` (attempt ${error.attempt})`;
  return [{ ...(error.since !== undefined && { at: error.since }), text: `${reason(error)}${attempt}` }];
}
