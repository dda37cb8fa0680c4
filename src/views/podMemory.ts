/** What pods may use of memory, and which of them are nearest to that. */
import { type Collection, keyOf } from '../domain/collection.ts';
import type { ContainerSpec, PodInfo, PodUsage, Resources } from '../domain/kinds.ts';

/** The memory limit of a pod in bytes; undefined when a container has none, because then there is no bound. */
export function memoryLimit(pod: PodInfo): number | undefined {
  return pod.podLimits?.memory ?? memorySum(pod.containers, ({ limits }) => limits);
}

/** Memory summed over containers; undefined when one of them sets none. */
export function memorySum(
  containers: readonly ContainerSpec[],
  pick: (container: ContainerSpec) => Resources,
): number | undefined {
  let sum = 0;
  for (const container of containers) {
    const amount = pick(container).memory;
    if (amount === undefined) return undefined;
    sum += amount;
  }
  return containers.length === 0 ? undefined : sum;
}

/** A pod and its memory in bytes. */
export interface MemoryUse {
  /** `namespace/name`. */
  readonly id: string;
  readonly used: number;
  readonly limit: number;
}

/** Pods by how near they are to their memory limit, the nearest first, at most `most` of them. */
export function nearestToLimit(
  pods: Collection<PodInfo>,
  usages: Iterable<PodUsage>,
  most: number,
): readonly MemoryUse[] {
  const uses: MemoryUse[] = [];
  for (const usage of usages) {
    const id = keyOf(usage);
    const pod = pods.get(id);
    const limit = pod && memoryLimit(pod);
    if (limit) uses.push({ id, used: usage.memory, limit });
  }
  return uses.sort((a, b) => b.used / b.limit - a.used / a.limit).slice(0, most);
}
