/** What pods ask of their node. */
import type { ContainerSpec, PodInfo, Resources } from './kinds.ts';
import { isFinished } from './pods.ts';

/** CPU in cores and memory in bytes; unlike `Resources` never open. */
export interface Amount {
  cpu: number;
  memory: number;
}

/** Requests and limits of a pod as its node counts them. */
export interface PodDemand {
  readonly requested: Amount;
  readonly limits: Amount;
}

const NOTHING: PodDemand = { requested: { cpu: 0, memory: 0 }, limits: { cpu: 0, memory: 0 } };

/** Requests and limits of a pod; nothing for a finished pod. Pod-level resources win over the containers'. */
export function podDemand(pod: PodInfo): PodDemand {
  if (isFinished(pod)) return NOTHING;
  return {
    requested: amount(pod, (container) => container.requests, pod.podRequests),
    limits: amount(pod, (container) => container.limits, pod.podLimits),
  };
}

function amount(
  pod: PodInfo,
  of: (container: ContainerSpec) => Resources,
  podLevel: Resources | undefined,
): Amount {
  return {
    cpu: effective(pod, (container) => of(container).cpu ?? 0, podLevel?.cpu) + (pod.overhead?.cpu ?? 0),
    memory:
      effective(pod, (container) => of(container).memory ?? 0, podLevel?.memory) +
      (pod.overhead?.memory ?? 0),
  };
}

/**
 * max(containers + sidecars, max over init container i of (i + sidecars started before i)): init containers run one
 * after the other, sidecars stay from where they start.
 */
function effective(
  pod: PodInfo,
  of: (container: ContainerSpec) => number,
  podLevel: number | undefined,
): number {
  if (podLevel !== undefined) return podLevel;
  let sidecars = 0;
  let peak = 0;
  for (const container of pod.initContainers) {
    peak = Math.max(peak, sidecars + of(container));
    if (container.sidecar) sidecars += of(container);
  }
  let together = sidecars;
  for (const container of pod.containers) together += of(container);
  return Math.max(together, peak);
}
