/** What is wrong with the containers of a pod: now, and by their restarts of the last days. */
import { exitLabel, exitMeaning, isOom, type Terminated } from './exits.ts';
import { pullFailure, shortImage } from './images.ts';
import type { ContainerState, ContainerStatus, PodInfo } from './kinds.ts';
import { type Candidate, type PodCode, type PodIssue, RESTART_LIMIT } from './podissue.ts';
import { allStatuses, condition, isFinished, isSidecar } from './pods.ts';
import { RESTART_WINDOW_MS, type RestartRecord, restartTotal, sumRestarts } from './restarts.ts';

/** A long row of restarts is worth a mention for a week. */
const MENTION_MS = 7 * 24 * 60 * 60 * 1000;

const IMAGE_REASONS = new Set([
  'ImagePullBackOff',
  'ErrImagePull',
  'InvalidImageName',
  'ErrImageNeverPull',
  'ImageInspectError',
  'RegistryUnavailable',
  'SignatureValidationFailed',
]);
const CONFIG_REASONS = new Set([
  'CreateContainerConfigError',
  'CreateContainerError',
  'RunContainerError',
  'PreCreateHookError',
  'PreStartHookError',
  'PostStartHookError',
]);

/** What is wrong with one container now. */
export function containerTrouble(pod: PodInfo, status: ContainerStatus): Candidate[] {
  const { state } = status;
  if (state?.kind === 'running') return crashLoopGoesOn(pod, status, state);
  if (state?.kind === 'terminated') return ended(pod, status, state);
  const reason = state?.reason;
  if (reason === undefined) return [];
  if (reason === 'CrashLoopBackOff') return [{ from: 0, issue: crashLoop(pod, status, ', in back-off') }];
  if (IMAGE_REASONS.has(reason)) {
    const note = pullFailure(reason, [state?.message ?? '']) ?? `cannot pull ${shortImage(status.image)}`;
    return [{ from: 0, issue: notStarted(pod, status, 'POD_IMAGE_PULL', note) }];
  }
  if (!CONFIG_REASONS.has(reason)) return [];
  return [{ from: 0, issue: notStarted(pod, status, 'POD_CONTAINER_CONFIG', reason) }];
}

/** A Job's pods serve nobody, and the Job itself tries again or fails with a finding of its own. */
function severityOf(pod: PodInfo): 'warning' | 'critical' {
  return pod.owner?.kind === 'Job' ? 'warning' : 'critical';
}

function notStarted(pod: PodInfo, status: ContainerStatus, code: PodCode, note: string): PodIssue {
  const waiting = status.state?.kind === 'waiting' ? status.state : undefined;
  const cause = waiting?.message ?? waiting?.reason;
  const since = unreadySince(pod) ?? pod.startTime ?? pod.createdAt;
  return {
    severity: severityOf(pod),
    code,
    note,
    container: status,
    ...(cause !== undefined && { cause }),
    ...(since !== undefined && { since }),
  };
}

/** A container that never started keeps its pod unready from the start, one that stopped from then on. */
function unreadySince(pod: PodInfo): number | undefined {
  const ready = condition(pod.conditions, 'Ready');
  return ready?.status === 'False' ? ready.since : undefined;
}

function crashLoop(pod: PodInfo, status: ContainerStatus, phase: string): PodIssue {
  const { state, lastState } = status;
  const last = [state, lastState].find((each) => each?.kind === 'terminated');
  const begins = [last?.startedAt, unreadySince(pod)].filter((at) => at !== undefined);
  return {
    severity: severityOf(pod),
    code: isOom(last) ? 'POD_OOM_KILLED' : 'POD_CRASH_LOOP',
    note: last ? `${exitLabel(last)}${phase}` : 'in back-off',
    container: status,
    ...(last && { cause: exitMeaning(last) }),
    ...(begins.length > 0 && { since: Math.min(...begins) }),
  };
}

/** The kubelet forgets the crashes of a container that ran this long. */
const BACKOFF_RESET_MS = 10 * 60 * 1000;
const MINUTE = 60 * 1000;

/**
 * A container that crashes again and again runs between two crashes. It is not well before it ran clearly longer
 * than the last time, else every try would look like a recovery.
 */
function crashLoopGoesOn(
  pod: PodInfo,
  status: ContainerStatus,
  { startedAt }: ContainerState & { kind: 'running' },
): Candidate[] {
  const last = status.lastState?.kind === 'terminated' ? status.lastState : undefined;
  const ran = last && runTime(last);
  if (startedAt === undefined || last === undefined || ran === undefined) return [];
  if (status.restartCount < LOOP_RESTARTS || ran >= BACKOFF_RESET_MS) return [];
  const until = startedAt + Math.min(BACKOFF_RESET_MS, 2 * ran + MINUTE);
  return [{ from: 0, until, issue: crashLoop(pod, status, ', tries again') }];
}

/** So many restarts in a row make a loop: the first ones often only wait for something else to come up. */
const LOOP_RESTARTS = 3;

function runTime({ startedAt, finishedAt }: Terminated): number | undefined {
  return startedAt === undefined || finishedAt === undefined ? undefined : finishedAt - startedAt;
}

/** A container that ended for good while others of the pod still run, or that is about to be started again. */
function ended(pod: PodInfo, status: ContainerStatus, state: Terminated): Candidate[] {
  const restarts = pod.restartPolicy !== 'Never' || isSidecar(pod, status.name);
  const done = state.exitCode === 0 && !(pod.restartPolicy === 'Always' && pod.statuses.includes(status));
  if (done || isFinished(pod)) return [];
  if (restarts) {
    const ran = runTime(state);
    const loops = status.restartCount >= LOOP_RESTARTS && ran !== undefined && ran < BACKOFF_RESET_MS;
    return loops ? [{ from: 0, issue: crashLoop(pod, status, ', tries again') }] : [];
  }
  return [
    {
      from: 0,
      issue: {
        severity: severityOf(pod),
        code: 'POD_FAILED',
        note: exitLabel(state),
        container: status,
        cause: exitMeaning(state),
        ...(state.finishedAt !== undefined && { since: state.finishedAt }),
      },
    },
  ];
}

/**
 * Restarts that are over: they matter for a day, a long row of them is worth a mention for a week. Not those that
 * `explained` knows a reason for.
 */
export function restarted(
  pod: PodInfo,
  all: readonly RestartRecord[],
  explained: (record: RestartRecord) => boolean,
): Candidate[] {
  const restarts = all.filter((record) => !explained(record));
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
  if (total >= RESTART_LIMIT && earlier !== undefined && !explained(earlier))
    return [
      candidateOf(
        pod,
        'info',
        'POD_RESTARTING',
        'restarted',
        earlier.at,
        MENTION_MS,
        earlier.container,
        earlier.at,
      ),
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

function newestRestart(pod: PodInfo): RestartRecord | undefined {
  let newest: RestartRecord | undefined;
  for (const { name, lastState } of allStatuses(pod)) {
    const at = lastState?.kind === 'terminated' ? lastState.finishedAt : undefined;
    if (lastState?.kind === 'terminated' && at !== undefined && (newest === undefined || at > newest.at))
      newest = { at, container: name, count: 1, ended: lastState };
  }
  return newest;
}
