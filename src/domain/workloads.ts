/** Readiness of Deployments, StatefulSets and DaemonSets by the rules of kstatus, and our verdict on them. */
import type { WorkloadInfo } from './kinds.ts';
import { condition } from './pods.ts';
import type { Severity } from './severity.ts';

/** kstatus' words for the state of an object. */
export type WorkloadStatus = 'Current' | 'InProgress' | 'Failed' | 'Terminating';

/** kstatus with its reason in words. */
export interface WorkloadState {
  readonly status: WorkloadStatus;
  readonly why: string;
}

/** kstatus of a workload. */
export function workloadState(workload: WorkloadInfo): WorkloadState {
  if (workload.deletedAt !== undefined) return { status: 'Terminating', why: 'being deleted' };
  const { generation, observedGeneration } = workload;
  if (generation !== undefined && observedGeneration !== undefined && observedGeneration !== generation)
    return inProgress('the controller has not seen the newest change yet');
  const stalled = condition(workload.conditions, 'Stalled');
  if (stalled?.status === 'True') return { status: 'Failed', why: stalled.message ?? 'stalled' };
  const progressing = condition(workload.conditions, 'Progressing');
  if (progressing?.reason === 'ProgressDeadlineExceeded')
    return { status: 'Failed', why: progressing.message ?? 'the rollout exceeded its deadline' };
  const why = shortfall(workload);
  return why === undefined ? { status: 'Current', why: '' } : inProgress(why);
}

function inProgress(why: string): WorkloadState {
  return { status: 'InProgress', why };
}

/** What is still missing, the way kstatus asks for it kind by kind. */
function shortfall(workload: WorkloadInfo): string | undefined {
  const { kind, desired, replicas, ready, available } = workload;
  const updated = workload.updated ?? 0;
  if (kind === 'StatefulSet' && workload.strategy === 'OnDelete') return undefined;
  if (replicas < desired) return `${replicas} of ${desired} pods created`;
  const wanted = desired - (kind === 'StatefulSet' ? (workload.partition ?? 0) : 0);
  if (kind !== 'ReplicaSet' && kind !== 'StatefulSet' && updated < desired)
    return `${updated} of ${desired} pods updated`;
  if (kind === 'StatefulSet' && workload.partition && updated < wanted)
    return `${updated} of ${wanted} pods updated`;
  if (replicas > desired && kind !== 'DaemonSet') return `${replicas - desired} old pods still to go`;
  if (ready < desired) return `${ready} of ${desired} pods ready`;
  if (available !== undefined && available < desired) return `${available} of ${desired} pods available`;
  if (kind === 'StatefulSet' && !workload.partition && isRolling(workload)) return 'rolling update under way';
  const { currentReplicas } = workload;
  if (
    kind === 'StatefulSet' &&
    !workload.partition &&
    currentReplicas !== undefined &&
    currentReplicas < desired
  )
    return `${currentReplicas} of ${desired} pods of the current revision`;
  if (kind === 'Deployment') return deploymentShortfall(workload);
  if (kind === 'DaemonSet' && workload.observedGeneration === undefined)
    return 'not seen by its controller yet';
  return undefined;
}

function deploymentShortfall(workload: WorkloadInfo): string | undefined {
  // Deployments without a progress deadline report no such condition.
  const progressing = condition(workload.conditions, 'Progressing');
  if (progressing !== undefined && progressing.reason !== 'NewReplicaSetAvailable' && !workload.paused)
    return 'rollout under way';
  if (condition(workload.conditions, 'Available')?.status === 'False') return 'not available';
  return undefined;
}

/** True while pods are being replaced by a newer template. */
export function isRolling(workload: WorkloadInfo): boolean {
  // Whoever asked for these waits on purpose.
  if (workload.strategy === 'OnDelete' || workload.paused) return false;
  // Pods of an older template are there; pods that are merely missing are no rollout.
  const wanted = Math.min(workload.desired - (workload.partition ?? 0), workload.replicas);
  if (workload.updated !== undefined && workload.updated < wanted) return true;
  if (workload.kind === 'StatefulSet')
    return (
      !workload.partition &&
      workload.currentRevision !== undefined &&
      workload.updateRevision !== undefined &&
      workload.currentRevision !== workload.updateRevision
    );
  const progressing = condition(workload.conditions, 'Progressing');
  return (
    workload.kind === 'Deployment' &&
    progressing?.status === 'True' &&
    progressing.reason !== 'NewReplicaSetAvailable'
  );
}

/** Pods that are ready, and for long enough where that is asked for. */
export function servingPods({ ready, available }: WorkloadInfo): number {
  return Math.min(ready, available ?? ready);
}

/** True when fewer pods serve than asked for. */
export function isShort(workload: WorkloadInfo): boolean {
  return workload.deletedAt === undefined && servingPods(workload) < workload.desired;
}

const SECOND = 1000;
/** How long a workload may be short of pods before that is a problem; a rollout or growth explains it for longer. */
const STEADY_PATIENCE_MS = 60 * SECOND;
const ROLLING_PATIENCE_MS = 300 * SECOND;

/** What was seen of a workload that is short of pods (epoch ms). */
export interface ShortageFacts {
  /** When it was first seen short. */
  readonly since?: number;
  /** When more pods were asked for or came up to date: pods that a large rollout still lacks are no news. */
  readonly progressAt?: number;
}

/** Our verdict on a workload. */
export interface WorkloadVerdict {
  readonly severity: Severity;
  readonly note: string;
  /** Since when it is short of pods, as far as known (epoch ms). */
  readonly since?: number;
}

/** Judges a workload. A Deployment's own Available condition is better evidence than what we saw, and wins. */
export function judgeWorkload(workload: WorkloadInfo, facts: ShortageFacts, now: number): WorkloadVerdict {
  const { status, why } = workloadState(workload);
  const worstCase: Severity = servingPods(workload) === 0 && workload.desired > 0 ? 'critical' : 'warning';
  if (status === 'Failed') return { severity: worstCase, note: why, ...sinceOf(workload, facts.since) };
  if (!isShort(workload)) return { severity: 'ok', note: status === 'Current' ? '' : why };
  const since = sinceOf(workload, facts.since).since ?? now;
  if (now < explainedUntil(workload, since, facts.progressAt)) return { severity: 'ok', note: why, since };
  return { severity: worstCase, note: why, since };
}

function explainedUntil(workload: WorkloadInfo, since: number, progressAt: number | undefined): number {
  const explained = [since + STEADY_PATIENCE_MS];
  if (progressAt !== undefined) explained.push(progressAt + ROLLING_PATIENCE_MS);
  if (isRolling(workload)) {
    // The controller dates its last progress itself.
    const progressed = condition(workload.conditions, 'Progressing')?.heartbeat;
    explained.push(Math.max(since, progressed ?? since) + ROLLING_PATIENCE_MS);
  }
  return Math.max(...explained);
}

function sinceOf(workload: WorkloadInfo, shortSince: number | undefined): { since?: number } {
  const available = condition(workload.conditions, 'Available');
  const progressing = condition(workload.conditions, 'Progressing');
  const failing = [available, progressing].find(
    (each) => each?.status === 'False' && each.since !== undefined,
  );
  if (failing?.since !== undefined) return { since: failing.since };
  // What never was complete is short since it exists.
  return shortSince === undefined ? {} : { since: shortSince };
}
