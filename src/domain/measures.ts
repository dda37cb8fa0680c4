/** Named live numbers, for goals and one-shot output. A number comes with its unit and denominator, or with why not. */
import type { Assessment, Coverage, Tally } from './assessment.ts';
import { fullyCovered } from './coverage.ts';

/** A live number. `value` is undefined when its inputs are unknown, and `why` then says so. */
export interface Measure {
  readonly name: string;
  readonly unit:
    | 'points'
    | 'restarts'
    | 'pods'
    | 'nodes'
    | 'workloads'
    | 'volumes'
    | 'ratio'
    | 'cores'
    | 'bytes';
  readonly value: number | undefined;
  /** What the value is a part of, in the same unit (for a ratio: how many things were counted). */
  readonly of?: number;
  readonly why?: string;
}

/** All measures of an assessment, by name. */
export function measuresOf(assessment: Assessment): ReadonlyMap<string, Measure> {
  const { nodes, pods, workloads, volumes, topRestarts, coverage, capacity, score } = assessment;
  const restarts = (pick: 'recent' | 'total') => Math.max(0, ...topRestarts.map((top) => top[pick]));
  const podsKnown = pods.why === undefined;
  const all: Measure[] = [
    known('health.score', 'points', score.value, 100, `not known: ${score.unknown.join(', ')}`),
    known(
      'pods.restarts24h.max',
      'restarts',
      podsKnown ? restarts('recent') : undefined,
      undefined,
      pods.why,
    ),
    known('pods.restarts.max', 'restarts', podsKnown ? restarts('total') : undefined, undefined, pods.why),
    tally('pods.problems', 'pods', pods, pods.total - pods.ok),
    tally('pods.healthy', 'pods', pods, pods.ok),
    tally('nodes.ready', 'nodes', nodes, nodes.ok),
    tally('workloads.ready', 'workloads', workloads, workloads.ok),
    tally('volumes.bound', 'volumes', volumes, volumes.ok),
    covered('coverage.requestsLimits', coverage, fullyCovered),
    covered('coverage.cpuRequest', coverage, ({ cpuRequest }) => cpuRequest),
    covered('coverage.memoryRequest', coverage, ({ memoryRequest }) => memoryRequest),
    covered('coverage.cpuLimit', coverage, ({ cpuLimit }) => cpuLimit),
    covered('coverage.memoryLimit', coverage, ({ memoryLimit }) => memoryLimit),
    known(
      'capacity.cpuRequested',
      'cores',
      capacity?.requested.cpu,
      capacity?.allocatable.cpu,
      'nodes or pods unknown',
    ),
    known(
      'capacity.memoryRequested',
      'bytes',
      capacity?.requested.memory,
      capacity?.allocatable.memory,
      'nodes or pods unknown',
    ),
  ];
  return new Map(all.map((measure) => [measure.name, measure]));
}

function known(
  name: string,
  unit: Measure['unit'],
  value: number | undefined,
  of: number | undefined,
  why = 'not known',
): Measure {
  return value === undefined
    ? { name, unit, value, why }
    : { name, unit, value, ...(of !== undefined && { of }) };
}

function tally(name: string, unit: Measure['unit'], source: Tally, value: number): Measure {
  return known(name, unit, source.why === undefined ? value : undefined, source.total, source.why);
}

function covered(name: string, coverage: Coverage | undefined, of: (coverage: Coverage) => number): Measure {
  const value = coverage && (coverage.total === 0 ? 1 : of(coverage) / coverage.total);
  return known(name, 'ratio', value, coverage?.total, 'not all workloads can be read');
}
