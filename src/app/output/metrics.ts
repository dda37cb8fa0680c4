import type { Assessment } from '../../domain/assessment.ts';
import type { Resources } from '../../domain/kinds.ts';

/** One sample of a Prometheus gauge; names and labels follow Prometheus' conventions (base units, snake case). */
export interface Metric {
  readonly name: string;
  readonly help: string;
  readonly labels: Readonly<Record<string, string>>;
  readonly value: number;
}

/** The numbers of an assessment; what is unknown is left out, never 0. */
export function metricsOf(assessment: Assessment): Metric[] {
  return [
    ...tallies(assessment),
    ...restarts(assessment),
    ...coverage(assessment.coverage),
    ...capacity(assessment.capacity),
  ];
}

function tallies(assessment: Assessment): Metric[] {
  return (['nodes', 'pods', 'workloads', 'volumes', 'services'] as const).flatMap((kind) => {
    const { ok, total, severity } = assessment[kind];
    if (severity === 'unknown') return [];
    const labels = { kind };
    return [
      { name: 'objects', help: 'Objects of a kind.', labels, value: total },
      { name: 'objects_ok', help: 'Objects of a kind without problems.', labels, value: ok },
    ];
  });
}

function restarts({ topRestarts, restartWindowMs }: Assessment): Metric[] {
  const rows = topRestarts.flatMap(({ ref, recent, total }) => {
    const labels = { kind: ref.kind, namespace: ref.namespace ?? '', name: ref.name };
    return [
      {
        name: 'restarts',
        help: 'Container restarts of the existing pods of a workload (top list).',
        labels,
        value: total,
      },
      {
        name: 'restarts_recent',
        help: 'Container restarts within the restart window (top list).',
        labels,
        value: recent,
      },
    ];
  });
  const window = {
    name: 'restart_window_seconds',
    help: 'How far back recent restarts reach.',
    labels: {},
    value: restartWindowMs / 1000,
  };
  return [window, ...rows];
}

function coverage(cells: Assessment['coverage']): Metric[] {
  if (cells === undefined) return [];
  const help = 'Containers of all workload templates that set a request or limit.';
  return [
    {
      name: 'coverage_containers',
      help: 'Containers of all workload templates.',
      labels: {},
      value: cells.total,
    },
    ...(
      [
        ['cpu_request', cells.cpuRequest],
        ['memory_request', cells.memoryRequest],
        ['cpu_limit', cells.cpuLimit],
        ['memory_limit', cells.memoryLimit],
      ] as const
    ).map(([cell, value]) => ({ name: 'coverage_set', help, labels: { cell }, value })),
  ];
}

function capacity(sums: Assessment['capacity']): Metric[] {
  if (sums === undefined) return [];
  const { allocatable, requested, limits, usage } = sums;
  const parts: [string, Resources][] = [
    ['allocatable', allocatable],
    ['requested', requested],
    ['limits', limits],
    ...(usage ? [['used', usage] as [string, Resources]] : []),
  ];
  return parts.flatMap(([part, { cpu, memory }]) => [
    ...(cpu === undefined
      ? []
      : [{ name: 'cpu_cores', help: 'CPU over all nodes.', labels: { part }, value: cpu }]),
    ...(memory === undefined
      ? []
      : [{ name: 'memory_bytes', help: 'Memory over all nodes.', labels: { part }, value: memory }]),
  ]);
}
