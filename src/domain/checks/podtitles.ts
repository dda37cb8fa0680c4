/** The title of a finding about pods: what, how often, and why if that fits in a few words. */
import { exitLabel, isOom } from '../exits.ts';
import type { ObjectRef } from '../finding.ts';
import { duration, plural, relative } from '../format.ts';
import { pullFailure, shortImage } from '../images.ts';
import type { EventInfo, PodInfo } from '../kinds.ts';
import type { PodProblem } from '../podindex.ts';
import type { PodCode } from '../podissue.ts';
import { type RestartRecord, restartTotal, sumRestarts } from '../restarts.ts';
import type { CheckContext } from './context.ts';

/** Pods of one owner with the same trouble, the worst first. */
export interface PodGroup {
  readonly code: PodCode;
  readonly owner: ObjectRef;
  readonly problems: [PodProblem, ...PodProblem[]];
}

/** One line, understandable alone. */
export function podTitle(context: CheckContext, group: PodGroup, events: readonly EventInfo[]): string {
  const { owner, problems } = group;
  const [{ pod, issue }] = problems;
  const many = problems.length > 1 ? ` on ${problems.length} pods` : '';
  const container = issue.container;
  switch (group.code) {
    case 'POD_OOM_KILLED': {
      const loop = container?.state?.kind === 'waiting' ? ', CrashLoopBackOff' : '';
      return `${owner.name} ${oomWords(context, pod)} (${plural(restartTotal(pod), 'restart')})${loop}${many}`;
    }
    case 'POD_CRASH_LOOP': {
      const last = container?.lastState?.kind === 'terminated' ? `: ${exitLabel(container.lastState)}` : '';
      return `${owner.name} in CrashLoopBackOff${last} (${plural(restartTotal(pod), 'restart')})${many}`;
    }
    case 'POD_IMAGE_PULL': {
      const reason = container?.state?.kind === 'waiting' ? container.state.reason : undefined;
      // The kubelet alternates between the two; they are one trouble.
      const label = reason === undefined || reason === 'ErrImagePull' ? 'ImagePullBackOff' : reason;
      const why = pullWhy(group, events);
      return `${label} ${shortImage(container?.image ?? owner.name)}${why ? `, ${why}` : ''}${many}`;
    }
    case 'POD_CONTAINER_CONFIG':
      return `${owner.name} ${issue.note}${issue.cause ? `: ${issue.cause}` : ''}${many}`;
    case 'POD_RESTARTING':
      return `${owner.name} ${restartWords(context, problems)}`;
    case 'POD_NODE_DOWN':
      return `${plural(problems.length, 'pod')} out of reach on ${owner.name}`;
    case 'POD_LEFTOVER':
      return `${owner.name}: ${plural(problems.length, 'pod')} left behind (${issue.note})`;
    case 'POD_UNSCHEDULABLE':
      return `${owner.name} cannot be scheduled: ${issue.cause ?? issue.note}${many}`;
    case 'POD_NOT_READY':
      return `${owner.name} running, not ready${many}`;
    case 'POD_PENDING':
      return `${owner.name} Pending: ${waitingFor(events)?.words ?? issue.note}${many}`;
    case 'POD_STUCK_TERMINATING':
      return `${owner.name} stuck Terminating: ${issue.note}${many}`;
    case 'POD_FAILED':
      return `${owner.name} failed: ${issue.note}${many}`;
    case 'POD_UNKNOWN':
    case 'POD_GATED':
      return `${owner.name}: ${issue.note}${many}`;
  }
}

function recordsOf(context: CheckContext, pod: PodInfo): readonly RestartRecord[] {
  return context.pods.ledger.recent(pod.uid, context.now);
}

/** `OOMKilled 4× in 6h`, or `OOMKilled 2h ago` for a single one. */
function oomWords(context: CheckContext, pod: PodInfo): string {
  const ooms = recordsOf(context, pod).filter(({ ended }) => isOom(ended));
  const [first] = ooms;
  if (first === undefined) return 'OOMKilled';
  const times = sumRestarts(ooms);
  return times === 1
    ? `OOMKilled ${relative(first.at, context.now)}`
    : `OOMKilled ${times}× in ${hours(context.now - first.at)}`;
}

/** `restarted 3× in 24h (12 restarts)`; for several pods `restarts on 3 pods (12, 9, 7 times)`. */
function restartWords(context: CheckContext, problems: readonly PodProblem[]): string {
  const [worstPod] = problems;
  if (worstPod === undefined) return 'restarted';
  const totals = problems.map(({ pod }) => restartTotal(pod));
  if (problems.length > 1) {
    const told = totals.slice(0, 4).join(', ') + (totals.length > 4 ? ', …' : '');
    return `restarts on ${problems.length} pods (${told} times)`;
  }
  const records = recordsOf(context, worstPod.pod);
  const times = sumRestarts(records);
  const total = plural(totals[0] ?? 0, 'restart');
  const at = worstPod.issue.noteAt ?? context.now;
  return times > 1
    ? `restarted ${times}× in ${hours(context.now - (records[0]?.at ?? at))} (${total})`
    : `restarted ${relative(at, context.now)} (${total})`;
}

function hours(ms: number): string {
  return ms < 3_600_000
    ? duration(Math.max(60_000, Math.ceil(ms / 60_000) * 60_000))
    : `${Math.ceil(ms / 3_600_000)}h`;
}

/** Why the image cannot be pulled, from the kubelet's own words. */
export function pullWhy(group: PodGroup, events: readonly EventInfo[]): string | undefined {
  const state = group.problems[0].issue.container?.state;
  const waiting = state?.kind === 'waiting' ? state : undefined;
  const told = events.filter(({ reason }) => reason === 'Failed').map(({ message }) => message);
  return pullFailure(waiting?.reason ?? '', [waiting?.message ?? '', ...told]);
}

/** Events that say what a pending pod waits for. */
const WAITS: Readonly<Record<string, string>> = {
  FailedMount: 'a volume cannot be mounted',
  FailedAttachVolume: 'a volume cannot be attached',
  FailedCreatePodSandBox: 'the pod network cannot be set up',
  NetworkNotReady: 'the network of its node is not ready',
  Pulling: 'its image is being pulled',
};

/** What a pending pod waits for, if its events tell. */
export function waitingFor(
  events: readonly EventInfo[],
): { readonly words: string; readonly message: string } | undefined {
  for (const { reason, message } of events) {
    const words = WAITS[reason];
    if (words !== undefined) return { words, message };
  }
  return undefined;
}
