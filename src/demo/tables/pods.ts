import { dig, fields, list, num, text } from '../json.ts';
import type { KubeObject } from '../object.ts';
import { AGE, ageOf, type Column, column, NAME, orNone, wide } from './table.ts';

/** The READY, STATUS and RESTARTS cells of a pod. */
export interface PodCells {
  readonly ready: string;
  readonly status: string;
  readonly restarts: string;
}

interface Tally {
  ready: number;
  restarts: number;
  /** Newest end of a counted container's last run, epoch ms. */
  lastRestart: number | undefined;
}

/**
 * The cells as the API server prints them (`pkg/printers/internalversion` printPod). The status is a label: it tells of
 * the first init container that is not done, else of the first container that waits or has ended.
 */
export function podCells(pod: KubeObject, now: number): PodCells {
  const sidecars = sidecarNames(pod);
  const total = list(dig(pod, 'spec', 'containers')).length + sidecars.size;
  const tally: Tally = { ready: 0, restarts: 0, lastRestart: undefined };
  const initReason = tallyInitContainers(pod, sidecars, tally);
  let reason = initReason ?? baseReason(pod);
  if (initReason === undefined || conditionStatus(pod, 'Initialized') === 'True') {
    reason = tallyContainers(pod, reason, tally);
  }
  const age = tally.restarts > 0 && tally.lastRestart !== undefined;
  return {
    ready: `${tally.ready}/${total}`,
    status: deletionReason(pod) ?? reason,
    restarts: age
      ? `${tally.restarts} (${ageOf(new Date(tally.lastRestart ?? 0).toISOString(), now)} ago)`
      : String(tally.restarts),
  };
}

function sidecarNames(pod: KubeObject): ReadonlySet<string> {
  const sidecars = list(dig(pod, 'spec', 'initContainers')).filter(
    (each) => dig(each, 'restartPolicy') === 'Always',
  );
  return new Set(sidecars.map((each) => text(dig(each, 'name'))));
}

function baseReason(pod: KubeObject): string {
  const gated = list(dig(pod, 'status', 'conditions')).some(
    (each) => dig(each, 'type') === 'PodScheduled' && dig(each, 'reason') === 'SchedulingGated',
  );
  if (gated) return 'SchedulingGated';
  return text(dig(pod, 'status', 'reason')) || text(dig(pod, 'status', 'phase'));
}

/** Counts init containers up to the first that is not done; returns the reason it gives, if there is one. */
function tallyInitContainers(
  pod: KubeObject,
  sidecars: ReadonlySet<string>,
  tally: Tally,
): string | undefined {
  const statuses = list(dig(pod, 'status', 'initContainerStatuses'));
  const sidecarTally: Tally = { ready: 0, restarts: 0, lastRestart: undefined };
  for (const [index, container] of statuses.entries()) {
    const isSidecar = sidecars.has(text(dig(container, 'name')));
    countRestarts(container, tally);
    if (isSidecar) countRestarts(container, sidecarTally);
    const terminated = dig(container, 'state', 'terminated');
    if (terminated !== undefined && num(dig(terminated, 'exitCode')) === 0) continue;
    if (isSidecar && dig(container, 'started') === true) {
      if (dig(container, 'ready') === true) tally.ready += 1;
      continue;
    }
    const total = list(dig(pod, 'spec', 'initContainers')).length;
    const reason = initReason(container, index, total);
    if (conditionStatus(pod, 'Initialized') === 'True') forgetInitRestarts(tally, sidecarTally);
    return reason;
  }
  forgetInitRestarts(tally, sidecarTally);
  return undefined;
}

/** Once the pod is initialised only sidecars count on. */
function forgetInitRestarts(tally: Tally, sidecars: Tally): void {
  tally.restarts = sidecars.restarts;
  tally.lastRestart = sidecars.lastRestart;
}

function initReason(container: unknown, index: number, total: number): string {
  const terminated = dig(container, 'state', 'terminated');
  if (terminated !== undefined) return `Init:${terminatedReason(terminated)}`;
  const waiting = text(dig(container, 'state', 'waiting', 'reason'));
  if (waiting !== '' && waiting !== 'PodInitializing') return `Init:${waiting}`;
  return `Init:${index}/${total}`;
}

/** Counts the containers, last to first, so that the first one has the last word on the reason. */
function tallyContainers(pod: KubeObject, initial: string, tally: Tally): string {
  let reason = initial;
  let running = false;
  for (const container of list(dig(pod, 'status', 'containerStatuses')).toReversed()) {
    countRestarts(container, tally);
    const state = fields(dig(container, 'state'));
    const waiting = text(dig(state.waiting, 'reason'));
    if (waiting !== '') reason = waiting;
    else if (state.terminated !== undefined) reason = terminatedReason(state.terminated);
    else if (dig(container, 'ready') === true && state.running !== undefined) {
      running = true;
      tally.ready += 1;
    }
  }
  if (reason !== 'Completed' || !running) return reason;
  return conditionStatus(pod, 'Ready') === 'True' ? 'Running' : 'NotReady';
}

function terminatedReason(terminated: unknown): string {
  const reason = text(dig(terminated, 'reason'));
  const signal = num(dig(terminated, 'signal'));
  if (reason !== '') return reason;
  return signal !== 0 ? `Signal:${signal}` : `ExitCode:${num(dig(terminated, 'exitCode'))}`;
}

function countRestarts(container: unknown, tally: Tally): void {
  tally.restarts += num(dig(container, 'restartCount'));
  const finished = Date.parse(text(dig(container, 'lastState', 'terminated', 'finishedAt')));
  if (!Number.isNaN(finished)) tally.lastRestart = Math.max(tally.lastRestart ?? finished, finished);
}

function deletionReason(pod: KubeObject): string | undefined {
  if (pod.metadata.deletionTimestamp === undefined) return undefined;
  if (dig(pod, 'status', 'reason') === 'NodeLost') return 'Unknown';
  const phase = dig(pod, 'status', 'phase');
  return phase === 'Succeeded' || phase === 'Failed' ? undefined : 'Terminating';
}

function conditionStatus(object: KubeObject, type: string): unknown {
  const conditions = list(dig(object, 'status', 'conditions'));
  return dig(
    conditions.find((each) => dig(each, 'type') === type),
    'status',
  );
}

function readinessGates(pod: KubeObject): string {
  const gates = list(dig(pod, 'spec', 'readinessGates'));
  if (gates.length === 0) return '<none>';
  const met = gates.filter((gate) => conditionStatus(pod, text(dig(gate, 'conditionType'))) === 'True');
  return `${met.length}/${gates.length}`;
}

/** Columns of pods. */
export const POD_COLUMNS: readonly Column[] = [
  NAME,
  column('Ready', (pod, now) => podCells(pod, now).ready),
  column('Status', (pod, now) => podCells(pod, now).status),
  column('Restarts', (pod, now) => podCells(pod, now).restarts),
  AGE,
  wide(
    column('IP', (pod) =>
      orNone(dig(list(dig(pod, 'status', 'podIPs'))[0], 'ip') ?? dig(pod, 'status', 'podIP')),
    ),
  ),
  wide(column('Node', (pod) => orNone(dig(pod, 'spec', 'nodeName')))),
  wide(column('Nominated Node', (pod) => orNone(dig(pod, 'status', 'nominatedNodeName')))),
  wide(column('Readiness Gates', readinessGates)),
];
