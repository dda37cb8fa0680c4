/** Which container's logs to open. */
import type { ContainerStatus, PodInfo } from '../../domain/kinds.ts';

/** Names of all containers, main ones first. */
export function containerNames(pod: PodInfo): readonly string[] {
  return [...pod.containers, ...pod.initContainers].map((container) => container.name);
}

/** How much a container asks for a look; 0 for one that is fine. */
function trouble(status: ContainerStatus): number {
  const { state } = status;
  if (state?.kind === 'terminated') return state.exitCode === 0 ? 0 : 3;
  // A waiting container that never ran has no logs; what it waits for is somewhere else.
  if (state?.kind === 'waiting') return status.restartCount > 0 ? 3 : 0;
  if (state?.kind === 'running' && !status.ready) return 2;
  return status.lastState?.kind === 'terminated' && status.lastState.exitCode !== 0 ? 1 : 0;
}

/**
 * The container a user most likely wants: for previous logs the one with most restarts, else the one in worst
 * trouble, else the first. A running init container comes first because it is what the pod waits for.
 */
export function likelyContainer(pod: PodInfo, previous: boolean): string | undefined {
  const statuses = [...pod.initStatuses, ...pod.statuses];
  const weight = (status: ContainerStatus) => (previous ? status.restartCount : trouble(status));
  const best = statuses.toSorted((a, b) => weight(b) - weight(a))[0];
  if (best !== undefined && weight(best) > 0) return best.name;
  const initialising = pod.initStatuses.find((status) => status.state?.kind === 'running' && !status.ready);
  return (initialising ?? pod.containers[0] ?? pod.initContainers[0])?.name;
}

/** Why there can be no previous logs of a container; undefined when there may be. */
export function noPreviousReason(pod: PodInfo | undefined, container: string): string | undefined {
  const status = [...(pod?.statuses ?? []), ...(pod?.initStatuses ?? [])].find(
    (candidate) => candidate.name === container,
  );
  return status !== undefined && status.restartCount === 0
    ? `container ${container} has not restarted: there are no previous logs`
    : undefined;
}
