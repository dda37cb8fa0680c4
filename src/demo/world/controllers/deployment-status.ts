import type { Cluster } from '../cluster.ts';
import type { Condition, Workload, WorkloadStatus } from '../objects.ts';

interface Counts {
  readonly desired: number;
  readonly replicas: number;
  readonly updated: number;
  readonly ready: number;
}

function count(sets: readonly Workload[], of: (status: WorkloadStatus) => number | undefined): number {
  return sets.reduce((total, { status }) => total + ((status && of(status)) ?? 0), 0);
}

/** Status of a Deployment from its ReplicaSets, with the conditions Available and Progressing. */
export function deploymentStatus(
  cluster: Cluster,
  deployment: Workload,
  sets: readonly Workload[],
  newest: Workload | undefined,
): WorkloadStatus {
  const counts: Counts = {
    desired: deployment.spec.replicas ?? 1,
    replicas: count(sets, ({ replicas }) => replicas),
    updated: newest?.status?.replicas ?? 0,
    ready: count(sets, ({ readyReplicas }) => readyReplicas),
  };
  const { desired, replicas, updated, ready } = counts;
  const missing = Math.max(0, desired - ready);
  return {
    observedGeneration: deployment.metadata.generation ?? 1,
    ...(replicas > 0 && { replicas }),
    ...(updated > 0 && { updatedReplicas: updated }),
    ...(ready > 0 && { readyReplicas: ready, availableReplicas: ready }),
    ...(missing > 0 && { unavailableReplicas: missing }),
    conditions: conditionsOf(cluster, deployment, counts, newest),
  };
}

function conditionsOf(
  cluster: Cluster,
  deployment: Workload,
  counts: Counts,
  newest: Workload | undefined,
): readonly Condition[] {
  const enough = counts.ready >= counts.desired - allowedMissing(counts.desired);
  const availability = stamped(cluster, deployment, {
    type: 'Available',
    status: enough ? 'True' : 'False',
    reason: enough ? 'MinimumReplicasAvailable' : 'MinimumReplicasUnavailable',
    message: enough
      ? 'Deployment has minimum availability.'
      : 'Deployment does not have minimum availability.',
  });
  const before = deployment.status?.conditions;
  const withAvailability = cluster.withCondition(before, availability);
  const progress = progressOf(cluster, deployment, counts, newest);
  return progress
    ? cluster.withCondition(withAvailability, stamped(cluster, deployment, progress))
    : withAvailability;
}

/** A quarter may be missing, the default of maxUnavailable. */
function allowedMissing(desired: number): number {
  return Math.floor(desired / 4);
}

type Claim = Pick<Condition, 'type' | 'status'> & { readonly reason: string; readonly message: string };

/** The condition with its update time: that of the last change, or now when it says something new. */
function stamped(
  cluster: Cluster,
  deployment: Workload,
  claim: Claim,
): Omit<Condition, 'lastTransitionTime'> {
  const before = deployment.status?.conditions?.find(({ type }) => type === claim.type);
  const same =
    before?.reason === claim.reason && before.status === claim.status && before.message === claim.message;
  return { ...claim, lastUpdateTime: (same && before.lastUpdateTime) || cluster.time() };
}

function progressOf(
  cluster: Cluster,
  deployment: Workload,
  counts: Counts,
  newest: Workload | undefined,
): Claim | undefined {
  const { status } = deployment;
  const before = status?.conditions?.find(({ type }) => type === 'Progressing');
  const about = `ReplicaSet "${newest?.metadata.name ?? ''}"`;
  const { desired, replicas, updated, ready } = counts;
  if (updated === desired && replicas === desired && ready === desired) {
    return {
      type: 'Progressing',
      status: 'True',
      reason: 'NewReplicaSetAvailable',
      message: `${about} has successfully progressed.`,
    };
  }
  const rolling = before?.reason !== 'NewReplicaSetAvailable' || updated < desired || replicas > desired;
  if (!rolling) return undefined;
  const progressed =
    before?.reason === 'NewReplicaSetAvailable' ||
    before === undefined ||
    updated > (status?.updatedReplicas ?? 0) ||
    ready > (status?.readyReplicas ?? 0) ||
    !before.message?.startsWith(about);
  const wait = progressDeadline(deployment, cluster.clock.now());
  if (!progressed && (wait === undefined || wait <= 0)) {
    const message = `${about} has timed out progressing.`;
    return { type: 'Progressing', status: 'False', reason: 'ProgressDeadlineExceeded', message };
  }
  return {
    type: 'Progressing',
    status: 'True',
    reason: 'ReplicaSetUpdated',
    message: `${about} is progressing.`,
  };
}

/** Milliseconds until a rollout under way counts as stuck; undefined when none is, or when it already does. */
export function progressDeadline(deployment: Workload, now: number): number | undefined {
  const progressing = deployment.status?.conditions?.find(({ type }) => type === 'Progressing');
  if (progressing?.status !== 'True' || progressing.reason === 'NewReplicaSetAvailable') return undefined;
  const seconds = Number(deployment.spec.progressDeadlineSeconds ?? 600);
  const since = Date.parse(progressing.lastUpdateTime ?? '');
  return Math.max(0, since + seconds * 1000 + 1_000 - now);
}
