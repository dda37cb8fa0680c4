import { keyOf } from '../../domain/collection.ts';
import type { NodeUsage, PodUsage } from '../../domain/kinds.ts';
import type { Clock } from './clock.ts';
import type { KubeError } from './errors.ts';
import type { KubeHttp } from './http.ts';
import type { Interner } from './intern.ts';
import { readItems } from './listing.ts';
import { projectNodeUsage, projectPodUsage } from './projections/usage.ts';

const METRICS = '/apis/metrics.k8s.io/v1beta1';

/** CPU and memory of all nodes, by name. Throws KubeError. */
export async function readNodeUsage(
  http: KubeHttp,
  clock: Clock,
  signal: AbortSignal,
): Promise<ReadonlyMap<string, NodeUsage>> {
  const usages = new Map<string, NodeUsage>();
  await readItems(http, `${METRICS}/nodes`, signal, (raw) => {
    const usage = projectNodeUsage(raw, clock.now());
    if (usage) usages.set(usage.name, usage);
  });
  return usages;
}

/** CPU and memory of all pods, by `namespace/name`. Throws KubeError. */
export async function readPodUsage(
  http: KubeHttp,
  clock: Clock,
  intern: Interner,
  signal: AbortSignal,
): Promise<ReadonlyMap<string, PodUsage>> {
  const usages = new Map<string, PodUsage>();
  await readItems(http, `${METRICS}/pods`, signal, (raw) => {
    const usage = projectPodUsage(raw, clock.now(), intern);
    if (usage) usages.set(keyOf(usage), usage);
  });
  return usages;
}

/** 404: the API is not registered. 503: it is, but no metrics-server stands behind it (see `reason`). */
export function metricsAbsent(error: KubeError): string | undefined {
  return error.status === 404 ? 'metrics.k8s.io is not installed (metrics-server)' : undefined;
}
