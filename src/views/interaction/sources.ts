/** Which source stands behind each list and kind. */
import type { SourceName } from '../../domain/state.ts';
import type { ListId } from '../model.ts';

type WorkloadSource = 'deployments' | 'statefulsets' | 'daemonsets' | 'replicasets';

/** Source of each workload kind. */
export const workloadSources: Readonly<Record<string, WorkloadSource | undefined>> = {
  Deployment: 'deployments',
  StatefulSet: 'statefulsets',
  DaemonSet: 'daemonsets',
  ReplicaSet: 'replicasets',
};

/** What a list shows and the source it needs; findings come from all sources. */
export const listSource: Readonly<Record<ListId, { readonly source?: SourceName; readonly noun: string }>> = {
  'triage/findings': { noun: 'finding' },
  'nodes/nodes': { source: 'nodes', noun: 'node' },
  'nodes/pods': { source: 'pods', noun: 'pod' },
  'nodes/workloads': { source: 'deployments', noun: 'workload' },
};
