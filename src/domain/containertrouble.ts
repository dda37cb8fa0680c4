/** What is wrong with the containers of a pod: now, and by their restarts of the last days. */
import { exitLabel, exitMeaning, isOom } from './exits.ts';
import { pullFailure, shortImage } from './images.ts';
import type { ContainerState, ContainerStatus, PodInfo } from './kinds.ts';
import { type Candidate, type PodCode, type PodIssue, RESTART_LIMIT } from './podissue.ts';
import { allStatuses, isFinished } from './pods.ts';
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

/** Restarts that are over: they matter for a day, a long row of them is worth a mention for a week. */
export function restarted(pod: PodInfo, restarts: readonly RestartRecord[]): Candidate[] {
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
      candidateOf(
        pod,
        'info',
        'POD_RESTARTING',
        'restarted',
        earlier.at,
        MENTION_MS,
        earlier.name,
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

function newestRestart(pod: PodInfo): { readonly at: number; readonly name: string } | undefined {
  let newest: { at: number; name: string } | undefined;
  for (const { name, lastState } of allStatuses(pod)) {
    const at = lastState?.kind === 'terminated' ? lastState.finishedAt : undefined;
    if (at !== undefined && (newest === undefined || at > newest.at)) newest = { at, name };
  }
  return newest;
}
