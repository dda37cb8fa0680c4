/** What pods ask of their node. */
import type { PodInfo, Resources } from './kinds.ts';
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
    requested: amount(pod, 'requests', pod.podRequests),
    limits: amount(pod, 'limits', pod.podLimits),
  };
}

function amount(pod: PodInfo, kind: 'requests' | 'limits', podLevel: Resources | undefined): Amount {
  return {
    cpu: (podLevel?.cpu ?? effective(pod, kind, 'cpu')) + (pod.overhead?.cpu ?? 0),
    memory: (podLevel?.memory ?? effective(pod, kind, 'memory')) + (pod.overhead?.memory ?? 0),
  };
}

/**
 * max(containers + sidecars, max over init container i of (i + sidecars started before i)): init containers run one
 * after the other, sidecars stay from where they start.
 */
function effective(pod: PodInfo, kind: 'requests' | 'limits', resource: 'cpu' | 'memory'): number {
  let sidecars = 0;
  let peak = 0;
  for (const container of pod.initContainers) {
    const value = container[kind][resource] ?? 0;
    peak = Math.max(peak, sidecars + value);
    if (container.sidecar) sidecars += value;
  }
  let together = sidecars;
  for (const container of pod.containers) together += container[kind][resource] ?? 0;
  return Math.max(together, peak);
}
