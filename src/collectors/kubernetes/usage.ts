import { keyOf } from '../../domain/collection.ts';
import type { NodeUsage, PodUsage } from '../../domain/kinds.ts';
import type { Clock } from './clock.ts';
import { KubeError } from './errors.ts';
import type { KubeHttp } from './http.ts';
import type { Interner } from './intern.ts';
import { readItems } from './listing.ts';
import { projectNodeUsage, projectPodUsage } from './projections/usage.ts';
import type { Raw } from './raw.ts';

const GROUP = '/apis/metrics.k8s.io';
const METRICS = `${GROUP}/v1beta1`;

/** CPU and memory of all nodes, by name. Throws KubeError. */
export async function readNodeUsage(
  http: KubeHttp,
  clock: Clock,
  signal: AbortSignal,
): Promise<ReadonlyMap<string, NodeUsage>> {
  const usages = new Map<string, NodeUsage>();
  await readMetrics(http, 'nodes', signal, (raw) => {
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
  await readMetrics(http, 'pods', signal, (raw) => {
    const usage = projectPodUsage(raw, clock.now(), intern);
    if (usage) usages.set(keyOf(usage), usage);
  });
  return usages;
}

/**
 * Reads one resource of the metrics API. Permissions are checked before existence, so who may not read it is told
 * "forbidden" even where it is not installed; discovery, open to all, tells these apart.
 */
async function readMetrics(
  http: KubeHttp,
  resource: 'nodes' | 'pods',
  signal: AbortSignal,
  onItem: (raw: Raw) => void,
): Promise<void> {
  try {
    await readItems(http, `${METRICS}/${resource}`, signal, onItem);
  } catch (error) {
    if (error instanceof KubeError && error.kind === 'forbidden') await http.json(GROUP, { signal });
    throw error;
  }
}

/** 404: the API is not registered. 503: it is, but no metrics-server stands behind it (see `reason`). */
export function metricsAbsent(error: KubeError): string | undefined {
  return error.status === 404 ? 'metrics.k8s.io is not installed (metrics-server)' : undefined;
}
