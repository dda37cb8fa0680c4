/** What the one-shot commands print: one document, made from the same assessment the console shows. */
import type { Assessment, Tally } from '../../domain/assessment.ts';
import type { Area, Finding, Score } from '../../domain/finding.ts';
import { plural } from '../../domain/format.ts';
import { type Measure, measuresOf } from '../../domain/measures.ts';
import type { Severity } from '../../domain/severity.ts';
import type { CollectError, Snapshot } from '../../domain/snapshot.ts';
import type { ClusterState, SourceName } from '../../domain/state.ts';
import { type Metric, metricsOf } from './metrics.ts';

/** How the exit codes 0-3 read. */
const STATUS = ['healthy', 'warning', 'critical', 'unknown'] as const;

/** State of one source at the time of the report. */
export interface SourceReport {
  readonly name: SourceName;
  readonly status: Snapshot<unknown>['status'];
  /** Age of the data in ms; absent when there is none. */
  readonly ageMs?: number;
  /** Why it failed, may be old, or is not installed. */
  readonly reason?: string;
  readonly fix?: string;
}

/** Everything a printer needs. Times are epoch milliseconds. */
export interface Report {
  readonly at: number;
  readonly context: string;
  /** Address of the API server. */
  readonly server: string;
  /** gitVersion of the API server; absent when it did not answer. */
  readonly serverVersion?: string;
  readonly areas: readonly Area[];
  readonly exitCode: number;
  readonly status: (typeof STATUS)[number];
  /** Findings in the areas (roots and consequences) by severity. */
  readonly counts: Readonly<Record<Exclude<Severity, 'ok'>, number>>;
  /** Of the whole cluster, whatever the areas. */
  readonly score: Score;
  readonly tallies: Readonly<Record<'nodes' | 'pods' | 'workloads' | 'volumes' | 'services', Tally>>;
  readonly findings: readonly Finding[];
  readonly sources: readonly SourceReport[];
  readonly measures: readonly Measure[];
  /** Labelled numbers for Prometheus. */
  readonly metrics: readonly Metric[];
}

/** What a report is made from. `areas`, `sources` and `exitCode` are decided by domain/checks/areas. */
export interface ReportInput {
  readonly target: { readonly context: string; readonly server: string };
  readonly state: ClusterState;
  readonly assessment: Assessment;
  readonly areas: readonly Area[];
  readonly sources: readonly SourceName[];
  readonly exitCode: number;
}

/** Cuts the assessment down to the asked areas. */
export function reportOf({ target, state, assessment, areas, sources, exitCode }: ReportInput): Report {
  // A root of another area stays when it is what troubles an asked one: a dead node for `check pods`.
  const concerns = ({ area }: Finding): boolean => areas.includes(area);
  const findings = assessment.findings.filter((root) => flatten([root]).some(concerns));
  const { nodes, pods, workloads, volumes, services } = assessment;
  const server = state.server;
  const hasServer = server.status === 'live' || server.status === 'stale';
  return {
    at: assessment.at,
    context: target.context,
    server: target.server,
    ...(hasServer && { serverVersion: server.data.version }),
    areas,
    exitCode,
    status: STATUS[exitCode] ?? 'unknown',
    counts: countsOf(flatten(findings).filter(concerns)),
    score: assessment.score,
    tallies: { nodes, pods, workloads, volumes, services },
    findings,
    sources: sources.map((name) => sourceReport(name, state[name], assessment.at)),
    measures: [...measuresOf(assessment).values()],
    metrics: metricsOf(assessment),
  };
}

/** A finding and all it causes, depth first. */
export function flatten(findings: readonly Finding[]): Finding[] {
  return findings.flatMap((finding) => [finding, ...flatten(finding.consequences)]);
}

function countsOf(findings: readonly Finding[]): Report['counts'] {
  const counts = { critical: 0, warning: 0, unknown: 0, info: 0 };
  for (const { severity } of findings) counts[severity] += 1;
  return counts;
}

function sourceReport(name: SourceName, snapshot: Snapshot<unknown>, now: number): SourceReport {
  switch (snapshot.status) {
    case 'pending':
      return { name, status: 'pending', reason: 'no answer yet' };
    case 'live':
      return { name, status: 'live', ageMs: Math.max(0, now - snapshot.observedAt) };
    case 'stale':
      return {
        name,
        status: 'stale',
        ageMs: Math.max(0, now - snapshot.observedAt),
        ...failure(snapshot.error),
      };
    case 'failed':
      return { name, status: 'failed', ...failure(snapshot.error) };
    case 'absent':
      return { name, status: 'absent', reason: snapshot.reason };
  }
}

function failure({ message, fix }: CollectError): Pick<SourceReport, 'reason' | 'fix'> {
  return { reason: message, ...(fix && { fix }) };
}

/** Sources that had not answered by then. Those that failed or are stale have findings of their own. */
export function pendingSources({ sources }: Report): SourceName[] {
  return sources.filter(({ status }) => status === 'pending').map(({ name }) => name);
}

/** The counts that need a look, in words: `1 critical`, `3 warnings`. Empty when there are none. */
export function countWords({ counts: { critical, warning, unknown } }: Report): string[] {
  return [
    ...(critical > 0 ? [`${critical} critical`] : []),
    ...(warning > 0 ? [plural(warning, 'warning')] : []),
    ...(unknown > 0 ? [`${unknown} unknown`] : []),
  ];
}
