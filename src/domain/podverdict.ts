/**
 * Our verdict on a pod, over every container. Unlike STATUS it knows time (a young pod or a healthy rollout is quiet)
 * and looks at containers that kubectl's label hides.
 */
import { containerTrouble, restarted } from './containertrouble.ts';
import { exitLabel, exitMeaning, isOom } from './exits.ts';
import type { ContainerStatus, PodInfo } from './kinds.ts';
import { type Candidate, PATIENCE, type PodIssue } from './podissue.ts';
import { allStatuses, condition, isFinished, isSidecar } from './pods.ts';
import type { RestartRecord } from './restarts.ts';
import { schedulingProblem, schedulingWords } from './scheduling.ts';
import { severityRank } from './severity.ts';

/** The worst issue, if any, and when to judge again though nothing changed (epoch ms; Infinity: never). */
export interface PodVerdict {
  readonly issue: PodIssue | undefined;
  readonly dueAt: number;
}

/** True for a pod that needs no closer look: running, ready and never restarted. Must stay cheap. */
export function isQuiet(pod: PodInfo): boolean {
  return (
    pod.phase === 'Running' &&
    pod.deletedAt === undefined &&
    pod.statuses.every(
      (status) => status.ready && status.restartCount === 0 && status.state?.kind === 'running',
    ) &&
    pod.initStatuses.every((status) => status.restartCount === 0) &&
    condition(pod.conditions, 'Ready')?.status === 'True'
  );
}

/** What its node means for a pod. */
export interface NodeOutlook {
  /** It is not ready, so what the pod's status says is old. */
  readonly down: boolean;
  /** Since when it is ready (epoch ms); a node that joins or returns needs a while to start its pods. */
  readonly readySince?: number;
}

/** What a verdict needs beside the pod itself. */
export interface PodFacts {
  /** Its dated restarts of the last 24 h, oldest first. */
  readonly restarts: readonly RestartRecord[];
  readonly node: NodeOutlook;
}

/** Judges a pod at `now` (cluster time). */
export function judgePod(pod: PodInfo, now: number, facts: PodFacts): PodVerdict {
  let issue: PodIssue | undefined;
  let dueAt = Number.POSITIVE_INFINITY;
  for (const candidate of candidates(pod, now, facts)) {
    const until = candidate.until ?? Number.POSITIVE_INFINITY;
    if (now >= until) continue;
    if (now < candidate.from) dueAt = Math.min(dueAt, candidate.from);
    else {
      dueAt = Math.min(dueAt, until);
      if (issue === undefined || severityRank(candidate.issue.severity) > severityRank(issue.severity))
        issue = candidate.issue;
    }
  }
  return { issue, dueAt };
}

/** In order of precedence: of two equally severe issues the first one is told. */
function candidates(pod: PodInfo, now: number, facts: PodFacts): Candidate[] {
  const unreached: Candidate[] =
    facts.node.down && !isFinished(pod) ? [{ issue: outOfReach(pod), from: 0 }] : [];
  const settled = settledAt(facts.node);
  if (pod.deletedAt !== undefined) return [notBefore(settled, terminating(pod, pod.deletedAt)), ...unreached];
  if (unreached.length > 0) return unreached;
  if (pod.phase === 'Succeeded') return [];
  if (pod.phase === 'Failed') return failed(pod);
  if (pod.phase === 'Unknown') return [{ issue: lost(pod), from: 0 }];
  if (!pod.nodeName) return unscheduled(pod, now);
  return [
    ...allStatuses(pod).flatMap((status) => containerTrouble(pod, status)),
    ...slow(pod, now).map((candidate) => notBefore(settled, candidate)),
    ...restarted(pod, facts.restarts, (record) => isByNode(record, facts.node)),
  ];
}

/** By when the pods of a node that became ready should have caught up. */
export function settledAt({ readySince }: NodeOutlook): number {
  return readySince === undefined ? 0 : readySince + PATIENCE.settleMs;
}

function notBefore(at: number, candidate: Candidate): Candidate {
  return { ...candidate, from: Math.max(at, candidate.from) };
}

/** True for a restart that goes with a reboot or an outage of the node, which is told by the node. */
function isByNode({ at, ended }: RestartRecord, { readySince }: NodeOutlook): boolean {
  if (readySince === undefined || isOom(ended)) return false;
  return at > readySince - PATIENCE.rebootMs && at < readySince + PATIENCE.settleMs;
}

function terminating(pod: PodInfo, deletedAt: number): Candidate {
  const finalizers = pod.finalizers ?? [];
  return {
    from: deletedAt + PATIENCE.terminatingMs,
    issue: {
      severity: 'warning',
      code: 'POD_STUCK_TERMINATING',
      note: finalizers.length > 0 ? 'held by a finalizer' : 'does not end',
      since: deletedAt,
      ...(finalizers.length > 0 && { cause: `held by ${finalizers.join(', ')}` }),
    },
  };
}

/** Reasons for which a pod is stopped by its node, to be replaced elsewhere: what stays is only an empty shell. */
const LEFTOVER_REASONS = new Set([
  'Evicted',
  'Preempting',
  'NodeShutdown',
  'NodeAffinity',
  'Shutdown',
  'Terminated',
  'UnexpectedAdmissionError',
  'OutOfcpu',
  'OutOfmemory',
  'OutOfpods',
  'OutOfephemeral-storage',
]);

function isLeftover(pod: PodInfo): boolean {
  const disrupted = condition(pod.conditions, 'DisruptionTarget')?.status === 'True';
  return pod.owner?.kind !== 'Job' && (disrupted || LEFTOVER_REASONS.has(pod.reason ?? ''));
}

/** A pod that failed long ago is nobody's emergency any more. */
function failed(pod: PodInfo): Candidate[] {
  const endedAt = failedAt(pod);
  const candidate = failure(pod, endedAt);
  const { issue } = candidate;
  if (issue.severity !== 'critical' || endedAt === undefined) return [candidate];
  const until = endedAt + PATIENCE.failedMs;
  return [
    { ...candidate, until },
    { from: until, issue: { ...issue, severity: 'warning' } },
  ];
}

/** A pod refused or evicted before a container ended still dates the decision against it. */
function failedAt(pod: PodInfo): number | undefined {
  const ready = condition(pod.conditions, 'Ready');
  return (
    lastEnd(pod) ??
    condition(pod.conditions, 'DisruptionTarget')?.since ??
    (ready?.status === 'False' ? ready.since : undefined)
  );
}

function failure(pod: PodInfo, endedAt: number | undefined): Candidate {
  const since = endedAt ?? pod.startTime;
  const when = since === undefined ? {} : { since };
  if (isLeftover(pod)) {
    const note = (pod.reason ?? 'disrupted').toLowerCase();
    const cause = pod.message === undefined ? {} : { cause: pod.message };
    return { from: 0, issue: { severity: 'warning', code: 'POD_LEFTOVER', note, ...when, ...cause } };
  }
  const culprit = allStatuses(pod).find(({ state }) => state?.kind === 'terminated' && state.exitCode !== 0);
  const end = culprit?.state?.kind === 'terminated' ? culprit.state : undefined;
  return {
    from: 0,
    issue: {
      // A Job tries again by itself, and has a finding of its own when it gives up.
      severity: pod.owner?.kind === 'Job' ? 'info' : 'critical',
      code: 'POD_FAILED',
      note: end ? exitLabel(end) : (pod.reason ?? 'failed'),
      ...(culprit && { container: culprit }),
      cause: end ? exitMeaning(end) : (pod.message ?? 'no container says why'),
      ...when,
    },
  };
}

function lastEnd(pod: PodInfo): number | undefined {
  const ends = allStatuses(pod).flatMap(({ state }) =>
    state?.kind === 'terminated' && state.finishedAt !== undefined ? [state.finishedAt] : [],
  );
  return ends.length === 0 ? undefined : Math.max(...ends);
}

function lost(pod: PodInfo): PodIssue {
  const since = condition(pod.conditions, 'Ready')?.since;
  return {
    severity: 'critical',
    code: 'POD_UNKNOWN',
    note: 'state unknown',
    cause: 'its node stopped reporting',
    ...(since !== undefined && { since }),
  };
}

function outOfReach(pod: PodInfo): PodIssue {
  const ready = condition(pod.conditions, 'Ready');
  return {
    severity: 'warning',
    code: 'POD_NODE_DOWN',
    note: 'its node is not ready',
    ...(ready?.status !== 'True' && ready?.since !== undefined && { since: ready.since }),
  };
}

function unscheduled(pod: PodInfo, now: number): Candidate[] {
  const scheduled = condition(pod.conditions, 'PodScheduled');
  const since = scheduled?.since ?? pod.createdAt ?? now;
  const from = since + PATIENCE.pendingMs;
  if (scheduled?.reason === 'SchedulingGated')
    return [
      { from, issue: { severity: 'info', code: 'POD_GATED', note: 'held by a scheduling gate', since } },
    ];
  if (scheduled?.status !== 'False')
    return [
      { from, issue: { severity: 'warning', code: 'POD_PENDING', note: 'no scheduler took it', since } },
    ];
  const message = scheduled.message ?? '';
  const problem = schedulingProblem(message);
  const cause = problem
    ? schedulingWords(problem)
    : message || scheduled.reason || 'the scheduler does not say why';
  return [
    { from, issue: { severity: 'warning', code: 'POD_UNSCHEDULABLE', note: 'no node fits', since, cause } },
  ];
}

/** True for a container that ended well and is not started again. */
function isDone(pod: PodInfo, { name, state }: ContainerStatus): boolean {
  if (state?.kind !== 'terminated' || state.exitCode !== 0) return false;
  const isInit = pod.initContainers.some((container) => container.name === name && !container.sidecar);
  return isInit || pod.restartPolicy !== 'Always';
}

/** States that are normal for a while. */
function slow(pod: PodInfo, now: number): Candidate[] {
  const created = pod.startTime ?? pod.createdAt ?? now;
  if (pod.phase === 'Pending') {
    const initialising = pod.initStatuses.some(
      ({ name, state }) => state?.kind === 'running' && !isSidecar(pod, name),
    );
    const from = created + (initialising ? PATIENCE.notReadyMs : PATIENCE.pendingMs);
    const note = initialising ? 'init container does not end' : 'containers do not start';
    return [{ from, issue: { severity: 'warning', code: 'POD_PENDING', note, since: created } }];
  }
  const ready = condition(pod.conditions, 'Ready');
  if (pod.phase !== 'Running' || ready?.status === 'True') return [];
  const since = ready?.since ?? created;
  const unready = allStatuses(pod).find((status) => !status.ready && !isDone(pod, status));
  // A pod that does its work once is not ready while its last containers finish.
  if (unready === undefined && pod.restartPolicy !== 'Always') return [];
  return [
    {
      from: since + PATIENCE.notReadyMs,
      issue: {
        severity: 'warning',
        code: 'POD_NOT_READY',
        note: 'running, not ready',
        since,
        ...(unready && { container: unready }),
        ...(ready?.message && { cause: ready.message }),
      },
    },
  ];
}
