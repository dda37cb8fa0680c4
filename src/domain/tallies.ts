/** How many of each kind are well, with unknown where it cannot be counted. */
import type { Tally } from './assessment.ts';
import type { CheckContext } from './checks/context.ts';
import type { Draft } from './checks/draft.ts';
import { nodeIssues } from './checks/nodes.ts';
import { refKey } from './owners.ts';
import type { ScoreInput } from './score.ts';
import { type Severity, worse } from './severity.ts';
import type { Snapshot } from './snapshot.ts';
import type { ClusterState, SourceName } from './state.ts';
import { WORKLOAD_SOURCES } from './workloadindex.ts';

/** Bad and total objects of one kind. */
export interface Count {
  readonly critical: number;
  readonly warning: number;
  readonly total: number;
}

/** All counts behind the tallies and the score. */
export interface Counts {
  readonly nodes: Count;
  readonly pods: Count;
  readonly workloads: Count;
  readonly volumes: Count;
  readonly services: Count;
  readonly jobs: Count;
}

const SOURCES: Readonly<Record<keyof Counts, readonly SourceName[]>> = {
  nodes: ['nodes'],
  pods: ['pods'],
  workloads: WORKLOAD_SOURCES,
  volumes: ['pvcs', 'pvs'],
  services: ['services', 'endpointslices'],
  jobs: ['jobs', 'cronjobs'],
};

/** Counts what is bad; `drafts` are the raw results of the checks. */
export function countAll(context: Omit<CheckContext, 'blame'>, drafts: readonly Draft[]): Counts {
  const { state, pods, workloads } = context;
  const about = (...kinds: readonly string[]) => worstBySubject(drafts, kinds);
  const podCounts = pods.counts();
  return {
    nodes: count(
      [...listOf(state.nodes)].map((node) => nodeIssues(context, node)[0]?.severity ?? 'ok'),
      state,
      'nodes',
    ),
    pods: { critical: podCounts.critical, warning: podCounts.warning, total: totalOf(state, 'pods') },
    workloads: count(
      [...workloads.problems()].map(({ verdict }) => verdict.severity),
      state,
      'workloads',
    ),
    volumes: count(about('PersistentVolumeClaim', 'PersistentVolume'), state, 'volumes'),
    services: count(about('Service'), state, 'services'),
    jobs: count(
      worstBySubject(
        drafts.filter(({ code }) => /^(JOB|CRONJOB)_/.test(code)),
        ['Job', 'CronJob'],
      ),
      state,
      'jobs',
    ),
  };
}

/** The worst that is said of each object of these kinds: one with two troubles is still one object. */
function worstBySubject(drafts: readonly Draft[], kinds: readonly string[]): Severity[] {
  const bySubject = new Map<string, Severity>();
  for (const { subject, severity } of drafts) {
    if (!kinds.includes(subject.kind)) continue;
    const key = refKey(subject);
    bySubject.set(key, worse(bySubject.get(key) ?? 'ok', severity));
  }
  return [...bySubject.values()];
}

function listOf<T>(snapshot: Snapshot<{ values(): Iterable<T> }>): Iterable<T> {
  return snapshot.status === 'live' || snapshot.status === 'stale' ? snapshot.data.values() : [];
}

function count(severities: readonly Severity[], state: ClusterState, kind: keyof Counts): Count {
  return {
    critical: severities.filter((severity) => severity === 'critical').length,
    warning: severities.filter((severity) => severity === 'warning').length,
    total: totalOf(state, kind),
  };
}

/** Endpoint slices belong to their Services and are not counted themselves. */
function totalOf(state: ClusterState, kind: keyof Counts): number {
  const counted = SOURCES[kind].filter((source) => source !== 'endpointslices');
  return counted.reduce((sum, source) => sum + sizeOf(state[source]), 0);
}

function sizeOf(snapshot: Snapshot<unknown>): number {
  if (snapshot.status !== 'live' && snapshot.status !== 'stale') return 0;
  const { data } = snapshot;
  return typeof data === 'object' && data !== null && 'size' in data && typeof data.size === 'number'
    ? data.size
    : 0;
}

/** The tally of one kind: never green unless every source behind it is current. */
export function tallyOf(state: ClusterState, kind: keyof Counts, { critical, warning, total }: Count): Tally {
  const ok = Math.max(0, total - critical - warning);
  const severity: Severity = critical > 0 ? 'critical' : warning > 0 ? 'warning' : 'ok';
  const gap = SOURCES[kind]
    .map((source) => ({ source, why: gapOf(state[source]) }))
    .find(({ why }) => why !== undefined);
  if (gap?.why === undefined) return { ok, total, severity };
  return { ok, total, severity: worse('unknown', severity), why: gap.why };
}

/** Why a source does not give a current picture; undefined when it does (or is not installed). */
function gapOf(snapshot: Snapshot<unknown>): string | undefined {
  switch (snapshot.status) {
    case 'pending':
      return 'loading';
    case 'failed':
    case 'stale':
      return snapshot.error.message;
    default:
      return undefined;
  }
}

const KINDS: readonly (keyof Counts)[] = ['nodes', 'pods', 'workloads', 'volumes', 'services', 'jobs'];

/** The counts as the score wants them. */
export function scoreInputs(counts: Counts): ScoreInput[] {
  return KINDS.map((component) => ({ component, ...counts[component] }));
}

/** Sources that the score needs and that give no current picture. */
export function unknownSources(state: ClusterState): readonly SourceName[] {
  return Object.values(SOURCES)
    .flat()
    .filter((source) => gapOf(state[source]) !== undefined);
}
