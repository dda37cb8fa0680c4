/** Sums for the panels: capacity of all nodes, and who restarts most. */
import type { Assessment, RestartTop } from './assessment.ts';
import type { Finding } from './finding.ts';
import type { Resources } from './kinds.ts';
import { refKey, workloadOf } from './owners.ts';
import type { PodIndex } from './podindex.ts';
import { restartTotal, sumRestarts } from './restarts.ts';
import { dataOf } from './snapshot.ts';
import type { ClusterState } from './state.ts';

/** How many findings there are of each severity, roots only. */
export function countBySeverity(findings: readonly Finding[]): Assessment['counts'] {
  const counts = { critical: 0, warning: 0, unknown: 0, info: 0 };
  for (const { severity } of findings) counts[severity] += 1;
  return counts;
}

/** Sums over all nodes; undefined while nodes or pods are unknown. */
export function capacityOf(state: ClusterState, pods: PodIndex): Assessment['capacity'] {
  const nodes = dataOf(state.nodes);
  if (nodes === undefined || dataOf(state.pods) === undefined) return undefined;
  const all = [...nodes.values()];
  const demands = all.map(({ name }) => pods.demandOn(name));
  const usage = dataOf(state.nodeUsage);
  const used = all.flatMap(({ name }) => usage?.get(name) ?? []);
  return {
    allocatable: sum(all.map(({ allocatable }) => allocatable)),
    requested: sum(demands.map(({ requested }) => requested)),
    limits: sum(demands.map(({ limits }) => limits)),
    // A sum that lacks a node would look like a quieter cluster.
    ...(used.length === all.length && used.length > 0 && { usage: sum(used) }),
  };
}

function sum(parts: readonly Resources[]): Resources {
  return {
    cpu: parts.reduce((total, { cpu }) => total + (cpu ?? 0), 0),
    memory: parts.reduce((total, { memory }) => total + (memory ?? 0), 0),
  };
}

const MAX_TOP = 20;

/**
 * Workloads by restarts, most recent restarts first. The numbers are those of the worst pod, because "fewer than 5
 * restarts" is a goal for each pod.
 */
export function topRestartsOf(state: ClusterState, pods: PodIndex, now: number): readonly RestartTop[] {
  const tops = new Map<string, RestartTop>();
  for (const pod of pods.restarted()) {
    const ref = workloadOf(state, pod);
    const known = tops.get(refKey(ref));
    tops.set(refKey(ref), {
      ref,
      recent: Math.max(known?.recent ?? 0, sumRestarts(pods.ledger.recent(pod.uid, now))),
      total: Math.max(known?.total ?? 0, restartTotal(pod)),
    });
  }
  return [...tops.values()]
    .sort((a, b) => b.recent - a.recent || b.total - a.total || (refKey(a.ref) < refKey(b.ref) ? -1 : 1))
    .slice(0, MAX_TOP);
}
