/**
 * The READY, STATUS and RESTARTS cells of a pod exactly as kubectl prints them. They are labels, not a verdict:
 * STATUS shows one container only and hides errors of the others (`podverdict.ts` looks at all of them).
 * Follows the server's table printer (kubernetes/pkg/printers/internalversion, printPod).
 */
import type { Condition, ContainerState, ContainerStatus, PodInfo } from './kinds.ts';

/** kubectl's cells. */
export interface PodCells {
  /** `1/2` */
  readonly ready: string;
  readonly status: string;
  readonly restarts: number;
  /** Newest end of a previous run among the counted containers (epoch ms). */
  readonly lastRestartAt?: number;
}

/** The condition of the given type, if the object reports it. */
export function condition(conditions: readonly Condition[], type: string): Condition | undefined {
  return conditions.find((entry) => entry.type === type);
}

/** All containers that have a status: init containers (sidecars among them) first. */
export function allStatuses(pod: PodInfo): readonly ContainerStatus[] {
  return pod.initStatuses.length === 0 ? pod.statuses : [...pod.initStatuses, ...pod.statuses];
}

/** True for an init container that keeps running beside the main containers. */
export function isSidecar(pod: PodInfo, name: string): boolean {
  return pod.initContainers.some((container) => container.name === name && container.sidecar === true);
}

/** A finished pod holds no node resources and needs no containers. */
export function isFinished(pod: PodInfo): boolean {
  return pod.phase === 'Succeeded' || pod.phase === 'Failed';
}

interface Cells {
  ready: number;
  status: string;
  /** Containers whose restarts kubectl counts. */
  counted: ContainerStatus[];
}

/** kubectl's READY, STATUS and RESTARTS of a pod. */
export function podCells(pod: PodInfo): PodCells {
  const cells: Cells = { ready: 0, status: initialStatus(pod), counted: [] };
  const initializing = readInitContainers(pod, cells);
  if (!initializing || condition(pod.conditions, 'Initialized')?.status === 'True')
    readContainers(pod, cells);
  const total = pod.containers.length + pod.initContainers.filter((container) => container.sidecar).length;
  const lastRestartAt = newestEnd(cells.counted);
  return {
    ready: `${cells.ready}/${total}`,
    status: deletionStatus(pod) ?? cells.status,
    restarts: cells.counted.reduce((sum, container) => sum + container.restartCount, 0),
    ...(lastRestartAt !== undefined && { lastRestartAt }),
  };
}

function initialStatus(pod: PodInfo): string {
  if (condition(pod.conditions, 'PodScheduled')?.reason === 'SchedulingGated') return 'SchedulingGated';
  return pod.reason || pod.phase;
}

function deletionStatus(pod: PodInfo): string | undefined {
  if (pod.deletedAt === undefined) return undefined;
  if (pod.reason === 'NodeLost') return 'Unknown';
  return isFinished(pod) ? undefined : 'Terminating';
}

/** Stops at the first init container that is not done, which then names the status; true if there is one. */
function readInitContainers(pod: PodInfo, cells: Cells): boolean {
  for (const [index, container] of pod.initStatuses.entries()) {
    cells.counted.push(container);
    const state = container.state;
    if (state?.kind === 'terminated' && state.exitCode === 0) continue;
    if (isSidecar(pod, container.name) && container.started === true) {
      if (container.ready) cells.ready += 1;
      continue;
    }
    cells.status = `Init:${initReason(state) || `${index}/${pod.initContainers.length}`}`;
    return true;
  }
  return false;
}

function initReason(state: ContainerState | undefined): string | undefined {
  if (state?.kind === 'terminated') return terminationReason(state);
  return state?.kind === 'waiting' && state.reason !== 'PodInitializing' ? state.reason : undefined;
}

/** Once the pod is initialised, restarts of plain init containers are forgotten. */
function readContainers(pod: PodInfo, cells: Cells): void {
  cells.counted = cells.counted.filter((container) => isSidecar(pod, container.name));
  let running = false;
  // Last to first, so that the first container has the last word.
  for (const container of pod.statuses.toReversed()) {
    cells.counted.push(container);
    const state = container.state;
    if (state?.kind === 'waiting' && state.reason) cells.status = state.reason;
    else if (state?.kind === 'terminated') cells.status = terminationReason(state);
    else if (container.ready && state?.kind === 'running') {
      running = true;
      cells.ready += 1;
    }
  }
  if (cells.status === 'Completed' && running)
    cells.status = condition(pod.conditions, 'Ready')?.status === 'True' ? 'Running' : 'NotReady';
}

function terminationReason(state: ContainerState & { kind: 'terminated' }): string {
  return state.reason || (state.signal ? `Signal:${state.signal}` : `ExitCode:${state.exitCode}`);
}

function newestEnd(containers: readonly ContainerStatus[]): number | undefined {
  let newest: number | undefined;
  for (const { lastState } of containers) {
    const at = lastState?.kind === 'terminated' ? lastState.finishedAt : undefined;
    if (at !== undefined && (newest === undefined || at > newest)) newest = at;
  }
  return newest;
}
