/** Findings about pods: one for each workload and kind of trouble, not one for each pod. */

import { keyOf } from '../collection.ts';
import { eventText } from '../events.ts';
import { exitLabel, isOom, type Terminated } from '../exits.ts';
import type { Evidence, ObjectRef } from '../finding.ts';
import { duration, plural } from '../format.ts';
import type { ContainerStatus, EventInfo, PodInfo, PvcInfo } from '../kinds.ts';
import { isReady } from '../nodes.ts';
import { refKey, refTo, workloadOf } from '../owners.ts';
import type { PodProblem } from '../podindex.ts';
import { condition } from '../pods.ts';
import { restartTotal } from '../restarts.ts';
import { severityRank, worst } from '../severity.ts';
import { dataOf } from '../snapshot.ts';
import type { Check, CheckContext } from './context.ts';
import { type Draft, draft, findingId } from './draft.ts';
import { podAdvice, podRemediations } from './podadvice.ts';
import { type PodGroup, podTitle, pullWhy, waitingFor } from './podtitles.ts';
import { waitsForPod } from './storage.ts';

/** How many pods and events are told as evidence. */
const MAX_PODS = 3;
const MAX_EVENTS = 3;

/** All findings about pods; also fills `context.blame`. */
export const checkPods: Check = (context) => {
  context.blame.clear();
  if (dataOf(context.state.pods) === undefined) return [];
  const all = groups(context);
  for (const { code, owner, problems } of all)
    for (const problem of problems) {
      const { pod } = problem;
      const workload = workloadOf(context.state, pod);
      context.blame.add(pod, workload, findingId(code, owner));
      for (const id of lostNodes(context, [problem])) context.blame.add(pod, workload, id);
    }
  for (const pod of context.pods.settling())
    if (condition(pod.conditions, 'Ready')?.status !== 'True')
      context.blame.addSettling(workloadOf(context.state, pod));
  return all.map((group) => describe(context, group));
};

function groups(context: CheckContext): PodGroup[] {
  const byKey = new Map<string, PodGroup>();
  for (const problem of context.pods.problems()) {
    const { code } = problem.issue;
    if (isRetried(context, problem.pod)) continue;
    const owner: ObjectRef = isByNode(problem) ? nodeOf(problem.pod) : workloadOf(context.state, problem.pod);
    const key = `${code}/${refKey(owner)}`;
    const group = byKey.get(key);
    if (group === undefined) byKey.set(key, { code, owner, problems: [problem] });
    else group.problems.push(problem);
  }
  for (const { problems } of byKey.values()) problems.sort(worstFirst);
  return [...byKey.values()];
}

/** True for a failed try of a Job that succeeded in the end. */
function isRetried({ state }: CheckContext, { phase, namespace, owner }: PodInfo): boolean {
  if (phase !== 'Failed' || owner?.kind !== 'Job') return false;
  const job = dataOf(state.jobs)?.get(keyOf({ namespace, name: owner.name }));
  return job?.uid === owner.uid && condition(job.conditions, 'Complete')?.status === 'True';
}

/** The pods that a node stopped in an orderly way before it went down. */
const SHUTDOWN_REASONS = new Set(['Terminated', 'NodeShutdown', 'Shutdown']);

/** Everything on a node that is down or was shut down suffers from the same: one finding for the node. */
function isByNode({ pod, issue }: PodProblem): boolean {
  if (issue.code === 'POD_NODE_DOWN') return true;
  return issue.code === 'POD_LEFTOVER' && SHUTDOWN_REASONS.has(pod.reason ?? '');
}

function worstFirst(a: PodProblem, b: PodProblem): number {
  return (
    severityRank(b.issue.severity) - severityRank(a.issue.severity) ||
    restartTotal(b.pod) - restartTotal(a.pod) ||
    (keyOf(a.pod) < keyOf(b.pod) ? -1 : 1)
  );
}

function describe(context: CheckContext, group: PodGroup): Draft {
  const { code, owner, problems } = group;
  const events = podEvents(context, group);
  const title = podTitle(context, group, events);
  const severity = worst(problems.map(({ issue }) => issue.severity));
  const why = cause(context, group, events);
  const sinces = problems.flatMap(({ issue }) => (issue.since === undefined ? [] : [issue.since]));
  return draft({
    code,
    severity: severity === 'ok' ? 'info' : severity,
    area: code === 'POD_NODE_DOWN' ? 'nodes' : 'pods',
    subject: owner,
    title,
    since: sinces.length > 0 ? Math.min(...sinces) : undefined,
    evidence: evidence(context, group, events, title),
    cause: why,
    advice: podAdvice(code, problems[0], why),
    remediations: podRemediations(code, owner, problems[0].pod),
    causedBy: causes(context, group),
  });
}

/** Warnings and kills that the kubelet and the scheduler reported about these pods, the newest first. */
function podEvents(context: CheckContext, { code, problems }: PodGroup): readonly EventInfo[] {
  const telling = code === 'POD_PENDING' ? 'Pulling' : 'Killing';
  return (
    problems
      .slice(0, MAX_PODS)
      .flatMap(({ pod }) => context.events.of(refTo('Pod', pod)))
      .filter(({ type, reason }) => type === 'Warning' || reason === telling)
      // The kubelet repeats the bare state beside the event that explains it.
      .filter(({ message }) => !/^Error: \w+$/.test(message))
      .sort((a, b) => b.lastAt - a.lastAt)
  );
}

function cause(context: CheckContext, group: PodGroup, events: readonly EventInfo[]): string | undefined {
  const [{ pod, issue }] = group.problems;
  switch (group.code) {
    case 'POD_IMAGE_PULL':
      return pullWhy(group, events);
    case 'POD_PENDING':
      return waitingFor(events)?.message ?? issue.cause;
    case 'POD_NOT_READY': {
      const probe = events.find(
        ({ reason, message }) => reason === 'Unhealthy' && message.startsWith('Readiness'),
      );
      return probe?.message ?? issue.cause;
    }
    case 'POD_STUCK_TERMINATING':
      return issue.cause ?? terminatingCause(context, pod, events);
    case 'POD_CRASH_LOOP':
    case 'POD_RESTARTING':
      return probeKill(events) ?? issue.cause;
    default:
      return issue.cause;
  }
}

function terminatingCause(
  context: CheckContext,
  pod: PodInfo,
  events: readonly EventInfo[],
): string | undefined {
  if (pod.nodeName) {
    const node = dataOf(context.state.nodes)?.get(pod.nodeName);
    const nodesKnown = context.state.nodes.status === 'live';
    if (node === undefined && nodesKnown) return `its node ${pod.nodeName} no longer exists`;
    if (node !== undefined && !isReady(node))
      return `its node ${pod.nodeName} is not ready and cannot confirm the end`;
  }
  const volume = events.find(({ reason }) => /Unmount|Detach|FailedKillPod/.test(reason));
  return volume?.message;
}

/** The kubelet kills a container whose liveness or startup probe failed; only events tell so. */
function probeKill(events: readonly EventInfo[]): string | undefined {
  const kill = events.find(
    ({ reason, message }) => reason === 'Killing' && /failed (liveness|startup) probe/.test(message),
  );
  if (kill === undefined) return undefined;
  const probe = events.find(
    ({ reason, message }) => reason === 'Unhealthy' && /^(Liveness|Startup)/.test(message),
  );
  return probe ? `killed by its probe: ${probe.message}` : `killed by its probe: ${kill.message}`;
}

/** Fixed rules: a claim that is not bound keeps its pods waiting, a lost node takes its pods with it. */
function causes(context: CheckContext, { code, owner, problems }: PodGroup): string[] {
  const [{ pod }] = problems;
  const waits = code === 'POD_UNSCHEDULABLE' || code === 'POD_PENDING';
  const claims = (waits ? claimsOf(context, pod) : []).flatMap((claim) =>
    ['PVC_LOST', 'PVC_PENDING'].map((claimCode) =>
      findingId(claimCode, refTo('PersistentVolumeClaim', claim)),
    ),
  );
  // The replacement of a pod on a lost node often waits for the volume or the room that this node still holds.
  const replaced = waits ? context.blame.ofOwner(owner).filter((id) => id.startsWith(`${NODE_LOST}/`)) : [];
  const lost = lostNodes(context, problems);
  const pressed = code === 'POD_LEFTOVER' ? findingId('NODE_PRESSURE', nodeOf(pod)) : undefined;
  return [
    ...claims,
    ...replaced,
    ...(lost.length === 1 ? lost : []),
    ...(pressed === undefined ? [] : [pressed]),
  ];
}

const NODE_LOST = 'NODE_NOT_READY';

function nodeOf(pod: PodInfo): ObjectRef {
  return { kind: 'Node', name: pod.nodeName ?? '' };
}

/** The node controller writes down a loss somewhat later than it happened. */
const LOSS_NOTED_LATE_MS = 60_000;

/** Ids of the findings about the nodes that are down, if all of these pods are on such nodes and in trouble since. */
function lostNodes(context: CheckContext, problems: readonly PodProblem[]): readonly string[] {
  if (!problems.every((problem) => isSinceLoss(context, problem))) return [];
  return [...new Set(problems.map(({ pod }) => findingId(NODE_LOST, nodeOf(pod))))];
}

/** What was wrong before its node went down has another cause. */
function isSinceLoss(context: CheckContext, { pod, issue }: PodProblem): boolean {
  const name = pod.nodeName ?? '';
  if (!context.pods.isDown(name)) return false;
  const node = dataOf(context.state.nodes)?.get(name);
  const lostAt = node && condition(node.conditions, 'Ready')?.since;
  return issue.since === undefined || lostAt === undefined || issue.since >= lostAt - LOSS_NOTED_LATE_MS;
}

/** The claims of a pod that keep it waiting, not those that wait for the pod. */
function claimsOf(context: CheckContext, pod: PodInfo): PvcInfo[] {
  const claims = dataOf(context.state.pvcs);
  return (pod.claims ?? []).flatMap((name) => {
    const claim = claims?.get(keyOf({ namespace: pod.namespace, name }));
    return claim === undefined || waitsForPod(context, claim) ? [] : [claim];
  });
}

/** The pods' own state first, then what the cluster reported about them. */
function evidence(
  context: CheckContext,
  group: PodGroup,
  events: readonly EventInfo[],
  title: string,
): Evidence[] {
  const counted = group.problems.length === 1 && title.includes('restart');
  const told = group.problems.slice(0, MAX_PODS).map((problem) => podEvidence(context, problem, !counted));
  const rest = group.problems.length - MAX_PODS;
  const more: Evidence[] = rest > 0 ? [{ text: `and ${plural(rest, 'more pod')}` }] : [];
  const reported = events.slice(0, MAX_EVENTS).map((event) => ({ at: event.lastAt, text: eventText(event) }));
  return [...told.flat(), ...more, ...reported];
}

/** What happened to the pod last, where and how often; what the container said at its end; when it is tried again. */
function podEvidence(context: CheckContext, { pod, issue }: PodProblem, withRestarts: boolean): Evidence[] {
  const { container } = issue;
  const last = container?.lastState?.kind === 'terminated' ? container.lastState : undefined;
  const at = last?.finishedAt ?? issue.since;
  const when = at === undefined ? {} : { at };
  const where = pod.nodeName ? ` on ${pod.nodeName}` : '';
  // The kubelet alternates between two words for a failing pull, and the note says why it fails, which is the cause.
  const now = issue.code === 'POD_IMAGE_PULL' ? 'image cannot be pulled' : issue.note;
  const what = container && last ? `${container.name} ${endOf(last)}` : now;
  const total = restartTotal(pod);
  const restarts = withRestarts && total > 0 ? `, ${plural(total, 'restart')}` : '';
  const words = last?.message ? [{ ...when, text: `its last words: ${last.message.trim()}` }] : [];
  return [
    { ...when, text: `${pod.name}${where}: ${what}${restarts}`, severity: issue.severity },
    ...words,
    ...nextTry(context, container),
  ];
}

/** `OOMKilled after 1h 15m`, `ended with exit 1 after 3s`. */
function endOf(last: Terminated): string {
  const { startedAt, finishedAt } = last;
  const how = isOom(last) ? exitLabel(last) : `ended with ${exitLabel(last)}`;
  const lived = startedAt !== undefined && finishedAt !== undefined && finishedAt >= startedAt;
  return lived ? `${how} after ${duration(finishedAt - startedAt)}` : how;
}

/** Back-off starts at 10 s, doubles with each crash, and is capped at 5 min. */
function nextTry(context: CheckContext, container: ContainerStatus | undefined): Evidence[] {
  const { state, lastState } = container ?? {};
  const inBackOff = state?.kind === 'waiting' && state.reason === 'CrashLoopBackOff';
  const finishedAt = lastState?.kind === 'terminated' ? lastState.finishedAt : undefined;
  if (!inBackOff || finishedAt === undefined) return [];
  const at = finishedAt + Math.min(300_000, 10_000 * 2 ** Math.min(container?.restartCount ?? 0, 10));
  return at > context.now ? [{ at, text: 'next try, at the latest' }] : [];
}
