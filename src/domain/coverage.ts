/**
 * Requests/limits coverage over pod templates. Templates, not pods, because admission may add defaults to pods;
 * every template once: not the ReplicaSets of a Deployment, nor the Jobs of a CronJob or another controller.
 */
import type { Coverage } from './assessment.ts';
import type { ContainerSpec, Meta, Resources } from './kinds.ts';
import { refTo } from './owners.ts';
import { dataOf } from './snapshot.ts';
import type { ClusterState } from './state.ts';

interface Template extends Meta {
  readonly containers: readonly ContainerSpec[];
  readonly initContainers: readonly ContainerSpec[];
  readonly podRequests?: Resources;
  readonly podLimits?: Resources;
}

/** Sources that hold pod templates, with the kind of their objects. */
const TEMPLATE_SOURCES = [
  ['deployments', 'Deployment'],
  ['statefulsets', 'StatefulSet'],
  ['daemonsets', 'DaemonSet'],
  ['replicasets', 'ReplicaSet'],
  ['jobs', 'Job'],
  ['cronjobs', 'CronJob'],
] as const;

/** The sources that coverage is counted from. */
export const COVERAGE_SOURCES = TEMPLATE_SOURCES.map(([source]) => source);

/** Counts the cells; undefined when a source that holds templates has no data (an absent API holds none). */
export function coverageOf(state: ClusterState): Coverage | undefined {
  const sum = { total: 0, cpuRequest: 0, memoryRequest: 0, cpuLimit: 0, memoryLimit: 0 };
  const missing: Coverage['missing'][number][] = [];
  for (const [source, kind] of TEMPLATE_SOURCES) {
    const snapshot = state[source];
    if (snapshot.status === 'absent') continue;
    const templates: Iterable<Template> | undefined = dataOf<{ values(): Iterable<Template> }>(
      snapshot,
    )?.values();
    if (templates === undefined) return undefined;
    for (const template of templates) {
      const owned = template.owner !== undefined && (kind === 'ReplicaSet' || kind === 'Job');
      if (owned) continue;
      for (const container of [...template.initContainers, ...template.containers]) {
        const lacks = count(container, template, sum);
        if (lacks.length > 0)
          missing.push({ workload: refTo(kind, template), container: container.name, lacks });
      }
    }
  }
  return { ...sum, missing };
}

type Cell = 'cpuRequest' | 'memoryRequest' | 'cpuLimit' | 'memoryLimit';

const CELL_NAMES: Readonly<Record<Cell, string>> = {
  cpuRequest: 'cpu request',
  memoryRequest: 'memory request',
  cpuLimit: 'cpu limit',
  memoryLimit: 'memory limit',
};

/** Adds one container to the sums; returns the names of what it lacks. */
function count(container: ContainerSpec, template: Template, sum: Record<Cell | 'total', number>): string[] {
  const limits = { ...template.podLimits, ...container.limits };
  // The API server defaults a request to the limit of the same resource.
  const requests = { ...limits, ...template.podRequests, ...container.requests };
  const cells: readonly [Cell, number | undefined][] = [
    ['cpuRequest', requests.cpu],
    ['memoryRequest', requests.memory],
    ['cpuLimit', limits.cpu],
    ['memoryLimit', limits.memory],
  ];
  sum.total += 1;
  for (const [cell, value] of cells) if (value !== undefined) sum[cell] += 1;
  return cells.filter(([, value]) => value === undefined).map(([cell]) => CELL_NAMES[cell]);
}

/** Containers with all four cells set. */
export function fullyCovered(coverage: Coverage): number {
  return coverage.total - coverage.missing.length;
}
