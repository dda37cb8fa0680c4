/**
 * Our verdict on a pod, over every container. Unlike STATUS it knows time (a young pod or a healthy rollout is quiet)
 * and looks at containers that kubectl's label hides.
 */
import { exitLabel, exitMeaning, isOom } from './exits.ts';
import { pullFailure, shortImage } from './images.ts';
import type { ContainerState, ContainerStatus, PodInfo } from './kinds.ts';
import { allStatuses, condition, isFinished } from './pods.ts';
import { RESTART_WINDOW_MS, type RestartRecord, restartTotal, sumRestarts } from './restarts.ts';
import { schedulingProblem, schedulingWords } from './scheduling.ts';
import { type Severity, severityRank } from './severity.ts';

const SECOND = 1000;
const MINUTE = 60 * SECOND;
const DAY = 24 * 60 * MINUTE;

/** Patience before a state that every pod passes through is called a problem. */
export const PATIENCE = {
  /** Pending, and past its deletion time. */
  pendingMs: 60 * SECOND,
  terminatingMs: 60 * SECOND,
  /** Running but not Ready, or still in an init container that runs. */
  notReadyMs: 5 * MINUTE,
} as const;

/** Restarts per container that are still normal; the milestone's goal is "fewer than 5 per pod". */
export const RESTART_LIMIT = 5;

/** What can be wrong with a pod; part of the stable finding codes. */
export type PodCode =
  | 'POD_OOM_KILLED'
  | 'POD_CRASH_LOOP'
  | 'POD_IMAGE_PULL'
  | 'POD_CONTAINER_CONFIG'
  | 'POD_FAILED'
  | 'POD_UNKNOWN'
  | 'POD_NODE_DOWN'
  | 'POD_UNSCHEDULABLE'
  | 'POD_GATED'
  | 'POD_PENDING'
  | 'POD_NOT_READY'
  | 'POD_STUCK_TERMINATING'
  | 'POD_RESTARTING'
  | 'POD_LEFTOVER';

/** One thing that is wrong with a pod. */
export interface PodIssue {
  readonly severity: Exclude<Severity, 'ok'>;
  readonly code: PodCode;
  /** Short words: `OOMKilled`, `tag not found`. */
  readonly note: string;
  /** When the note happened, if it is an event in the past. */
  readonly noteAt?: number;
  readonly since?: number;
  readonly container?: ContainerStatus;
  /** One sentence with the reason. */
  readonly cause?: string;
}

/** The worst issue, if any, and when to judge again though nothing changed (epoch ms; Infinity: never). */
export interface PodVerdict {
  readonly issue: PodIssue | undefined;
  readonly dueAt: number;
}

/** An issue that holds from `from` on. */
interface Candidate {
  readonly issue: PodIssue;
  readonly from: number;
  readonly until?: number;
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

/** What a verdict needs beside the pod itself. */
export interface PodFacts {
  /** Its dated restarts of the last 24 h, oldest first. */
  readonly restarts: readonly RestartRecord[];
  /** Its node is not ready, so what the pod's status says is old. */
  readonly nodeDown: boolean;
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
  if (pod.deletedAt !== undefined) return [terminating(pod, pod.deletedAt)];
  if (pod.phase === 'Succeeded') return [];
  if (pod.phase === 'Failed') return [failed(pod)];
  if (pod.phase === 'Unknown') return [{ issue: lost(pod), from: 0 }];
  if (!pod.nodeName) return unscheduled(pod, now);
  if (facts.nodeDown) return [{ issue: outOfReach(pod), from: 0 }];
  return [
    ...allStatuses(pod).flatMap((status) => containerTrouble(pod, status)),
    ...slow(pod, now),
    ...restarted(pod, facts.restarts),
  ];
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
]);

function failed(pod: PodInfo): Candidate {
  const at = lastEnd(pod);
  const since = at ?? pod.startTime;
  const when = since === undefined ? {} : { since };
  if (pod.reason !== undefined && LEFTOVER_REASONS.has(pod.reason)) {
    const note = pod.reason.toLowerCase();
    const cause = pod.message === undefined ? {} : { cause: pod.message };
    return { from: 0, issue: { severity: 'warning', code: 'POD_LEFTOVER', note, ...when, ...cause } };
  }
  const culprit = allStatuses(pod).find(({ state }) => state?.kind === 'terminated' && state.exitCode !== 0);
  const end = culprit?.state?.kind === 'terminated' ? culprit.state : undefined;
  return {
    from: 0,
    issue: {
      // A Job starts another pod by itself and serves nobody meanwhile.
      severity: pod.owner?.kind === 'Job' ? 'warning' : 'critical',
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

const IMAGE_REASONS = new Set([
  'ImagePullBackOff',
  'ErrImagePull',
  'InvalidImageName',
  'ErrImageNeverPull',
  'ImageInspectError',
  'RegistryUnavailable',
]);
const CONFIG_REASONS = new Set(['CreateContainerConfigError', 'CreateContainerError', 'RunContainerError']);

function containerTrouble(pod: PodInfo, status: ContainerStatus): Candidate[] {
  const { state } = status;
  // A Job's pods serve nobody, and the Job itself tries again or fails with a finding of its own.
  const severity: 'warning' | 'critical' = pod.owner?.kind === 'Job' ? 'warning' : 'critical';
  const started = pod.startTime ?? pod.createdAt;
  const since = started === undefined ? {} : { since: started };
  if (state?.kind === 'terminated') return deadContainer(pod, status, state);
  if (state?.kind !== 'waiting' || state.reason === undefined) return [];
  if (state.reason === 'CrashLoopBackOff') return [{ from: 0, issue: crashLoop(status, severity) }];
  if (IMAGE_REASONS.has(state.reason)) {
    const why = pullFailure(state.reason, [state.message ?? '']);
    const note = why ?? `cannot pull ${shortImage(status.image)}`;
    return [
      {
        from: 0,
        issue: {
          severity,
          code: 'POD_IMAGE_PULL',
          note,
          container: status,
          cause: state.message ?? state.reason,
          ...since,
        },
      },
    ];
  }
  if (!CONFIG_REASONS.has(state.reason)) return [];
  const cause = state.message ?? state.reason;
  return [
    {
      from: 0,
      issue: {
        severity,
        code: 'POD_CONTAINER_CONFIG',
        note: state.reason,
        container: status,
        cause,
        ...since,
      },
    },
  ];
}

function crashLoop(status: ContainerStatus, severity: 'warning' | 'critical'): PodIssue {
  const last = status.lastState?.kind === 'terminated' ? status.lastState : undefined;
  return {
    severity,
    code: isOom(last) ? 'POD_OOM_KILLED' : 'POD_CRASH_LOOP',
    note: last ? `${exitLabel(last)}, in back-off` : 'in back-off',
    container: status,
    ...(last && { cause: exitMeaning(last) }),
    ...(last?.startedAt !== undefined && { since: last.startedAt }),
  };
}

/** A container that ended for good while others of the pod still run. */
function deadContainer(
  pod: PodInfo,
  status: ContainerStatus,
  state: ContainerState & { kind: 'terminated' },
): Candidate[] {
  if (pod.restartPolicy !== 'Never' || state.exitCode === 0 || isFinished(pod)) return [];
  return [
    {
      from: 0,
      issue: {
        severity: 'critical',
        code: 'POD_FAILED',
        note: exitLabel(state),
        container: status,
        cause: exitMeaning(state),
        ...(state.finishedAt !== undefined && { since: state.finishedAt }),
      },
    },
  ];
}

/** States that are normal for a while. */
function slow(pod: PodInfo, now: number): Candidate[] {
  const created = pod.startTime ?? pod.createdAt ?? now;
  if (pod.phase === 'Pending') {
    const initialising = pod.initStatuses.some(({ state }) => state?.kind === 'running');
    const from = created + (initialising ? PATIENCE.notReadyMs : PATIENCE.pendingMs);
    const note = initialising ? 'init container does not end' : 'containers do not start';
    return [{ from, issue: { severity: 'warning', code: 'POD_PENDING', note, since: created } }];
  }
  const ready = condition(pod.conditions, 'Ready');
  if (pod.phase !== 'Running' || ready?.status === 'True') return [];
  const since = ready?.since ?? created;
  const unready = pod.statuses.find((status) => !status.ready);
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

/** Restarts that are over: they matter for a day, a long row of them is worth a mention for a week. */
function restarted(pod: PodInfo, restarts: readonly RestartRecord[]): Candidate[] {
  const oom = restarts.filter(({ ended }) => isOom(ended));
  const lastOom = oom.at(-1);
  if (lastOom !== undefined)
    return [
      candidateOf(
        pod,
        'warning',
        'POD_OOM_KILLED',
        'OOMKilled',
        lastOom.at,
        RESTART_WINDOW_MS,
        lastOom.container,
        oom[0]?.at,
      ),
    ];
  const total = restartTotal(pod);
  const last = restarts.at(-1);
  if (last !== undefined && (total >= RESTART_LIMIT || sumRestarts(restarts) >= RESTART_LIMIT))
    return [
      candidateOf(
        pod,
        'warning',
        'POD_RESTARTING',
        'restarted',
        last.at,
        RESTART_WINDOW_MS,
        last.container,
        restarts[0]?.at,
      ),
    ];
  const earlier = newestRestart(pod);
  if (total >= RESTART_LIMIT && earlier !== undefined)
    return [
      candidateOf(pod, 'info', 'POD_RESTARTING', 'restarted', earlier.at, 7 * DAY, earlier.name, earlier.at),
    ];
  return [];
}

function candidateOf(
  pod: PodInfo,
  severity: 'warning' | 'info',
  code: PodCode,
  note: string,
  at: number,
  lastsMs: number,
  name: string,
  since: number | undefined,
): Candidate {
  const container = allStatuses(pod).find((status) => status.name === name);
  const end = container?.lastState?.kind === 'terminated' ? container.lastState : undefined;
  return {
    from: 0,
    until: at + lastsMs,
    issue: {
      severity,
      code,
      note,
      noteAt: at,
      ...(container && { container }),
      ...(end && { cause: exitMeaning(end) }),
      ...(since !== undefined && { since }),
    },
  };
}

function newestRestart(pod: PodInfo): { readonly at: number; readonly name: string } | undefined {
  let newest: { at: number; name: string } | undefined;
  for (const { name, lastState } of allStatuses(pod)) {
    const at = lastState?.kind === 'terminated' ? lastState.finishedAt : undefined;
    if (at !== undefined && (newest === undefined || at > newest.at)) newest = { at, name };
  }
  return newest;
}
