import type { Finding } from '../domain/finding.ts';
import type { NodeInfo, PodInfo, WorkloadInfo } from '../domain/kinds.ts';
import { type Severity, severityRank } from '../domain/severity.ts';
import { dataOf } from '../domain/snapshot.ts';
import { type SortColumn, sortOf } from './columns.ts';
import { cursorOf } from './cursor.ts';
import { compileFilter, type FilterColumns } from './filter.ts';
import type { ListId, ListRow, ScreenModel } from './model.ts';
import { inOrder, type Placed } from './ordering.ts';
import { podProblems } from './podProblems.ts';

/** A row of a list: its identity, and what it stands for. */
export interface Row<T> extends Placed<T> {
  readonly severity: Severity;
}

function rowOf<T>({ id, ref, item }: Placed<T>, severity: Severity): Row<T> {
  return { id, ref, item, severity };
}

/** Problems are what needs a look: anything that is neither ok nor mere information. */
export function isProblem(severity: Severity): boolean {
  return severityRank(severity) >= severityRank('unknown');
}

/** Findings; the rules already rank them within a severity. */
export function findingRows(model: ScreenModel): readonly Row<Finding>[] {
  return arrange(model, {
    list: 'triage/findings',
    basis: [],
    verdict: model.judge.assessment,
    all: () =>
      model.judge.assessment.findings.map((item) => ({
        id: item.id,
        ref: item.subject,
        item,
        severity: item.severity,
      })),
    columns: ({ item }) => ({
      severity: item.severity,
      title: item.title,
      scope: item.scope,
      code: item.code,
      area: item.area,
      namespace: item.subject.namespace ?? '',
      name: item.subject.name,
      kind: item.subject.kind,
      age: secondsSince(item.since, model.now),
    }),
  });
}

/** Nodes. */
export function nodeRows(model: ScreenModel): readonly Row<NodeInfo>[] {
  const { judge } = model;
  return arrange(model, {
    list: 'nodes/nodes',
    basis: [model.state.nodes],
    verdict: judge.assessment,
    all: () =>
      inOrder(dataOf(model.state.nodes), () => 'Node').map((placed) =>
        rowOf(placed, judge.nodeRow(placed.item).severity),
      ),
    columns: ({ item }) => {
      const row = judge.nodeRow(item);
      return {
        name: item.name,
        status: row.status,
        severity: row.severity,
        note: row.note,
        cpu: row.usage?.cpu ?? row.requested.cpu ?? 0,
        memory: row.usage?.memory ?? row.requested.memory ?? 0,
        pods: row.pods,
        age: secondsSince(item.createdAt, model.now),
        version: item.kubeletVersion,
        role: item.roles.join(','),
      };
    },
  });
}

/** Pods. Healthy ones are not judged one by one for this. */
export function podRows(model: ScreenModel): readonly Row<PodInfo>[] {
  const { judge } = model;
  const problems = podProblems(judge);
  return arrange(model, {
    list: 'nodes/pods',
    basis: [model.state.pods],
    verdict: problems,
    all: () =>
      inOrder(dataOf(model.state.pods), () => 'Pod').map((placed) =>
        rowOf(placed, problems.get(placed.id) ?? 'ok'),
      ),
    columns: ({ item }) => {
      const row = judge.podRow(item);
      return {
        name: item.name,
        namespace: item.namespace,
        status: row.status,
        ready: row.ready,
        severity: row.severity,
        note: row.note,
        restarts: row.restarts,
        recent: row.recentRestarts,
        age: secondsSince(item.createdAt, model.now),
        node: item.nodeName ?? '',
        owner: item.owner?.name ?? '',
        ip: item.podIP ?? '',
      };
    },
  });
}

/** Deployments, StatefulSets and DaemonSets. */
export function workloadRows(model: ScreenModel): readonly Row<WorkloadInfo>[] {
  const { judge } = model;
  const { deployments, statefulsets, daemonsets } = model.state;
  const sources = [deployments, statefulsets, daemonsets];
  return arrange(model, {
    list: 'nodes/workloads',
    basis: sources,
    verdict: judge.assessment,
    all: () =>
      sources
        .flatMap((source) => inOrder(dataOf(source), ({ kind }) => kind))
        .map((placed) => {
          const { id, severity } = judge.workloadRow(placed.item);
          return { ...rowOf(placed, severity), id };
        }),
    columns: ({ item }) => {
      const row = judge.workloadRow(item);
      return {
        name: item.name,
        namespace: item.namespace,
        kind: item.kind,
        status: row.status,
        ready: row.ready,
        severity: row.severity,
        note: row.note,
        age: secondsSince(item.createdAt, model.now),
      };
    },
  });
}

/** The object under the cursor of a list. */
export function selectedRow<T>(
  model: ScreenModel,
  list: ListId,
  rows: readonly Row<T>[],
): Row<T> | undefined {
  return rows[cursorOf(rows, model.ui.lists[list]).index];
}

interface Source<T> {
  readonly list: ListId;
  /** Snapshots that the rows are made from. */
  readonly basis: readonly ScreenModel['state'][keyof ScreenModel['state']][];
  /** What the severities rest on; the same as long as they are the same. */
  readonly verdict: unknown;
  /** All rows in their usual order. */
  all(): readonly Row<T>[];
  columns(row: Row<T>): FilterColumns;
}

interface Arranged {
  readonly key: readonly unknown[];
  readonly rows: readonly ListRow[];
}

/** The last arrangement of each list: rows are asked for by the reducer and several panes within one frame. */
const arranged = new Map<ListId, Arranged>();

/**
 * Applies namespace, problems-only, filter and sort. Done again only when the data, the verdict or those settings
 * change; while sorting is held (the user just moved the cursor) known rows keep their places.
 */
function arrange<T>(model: ScreenModel, source: Source<T>): readonly Row<T>[] {
  const { ui, judge } = model;
  const sort = sortOf(source.list, ui.lists[source.list]);
  // The filter belongs to the list that has the focus; the others stay complete around it.
  const filter = ui.focus[ui.tab] === source.list ? ui.filter : '';
  const settings = [ui.namespace, ui.problemsOnly, filter, sort.column, sort.descending];
  const held = model.now < ui.sortHeldUntil;
  const data = source.basis.flatMap((snapshot) => [dataOf<unknown>(snapshot), versionOf(snapshot)]);
  // Beyond severities, a verdict also changes cells that are filtered and sorted by.
  const plain = filter === '' && sort.column === 'severity';
  const key = [...settings, judge, plain ? source.verdict : judge.assessment, held, ...data];
  const last = arranged.get(source.list);
  if (last !== undefined && same(last.key, key)) return last.rows as readonly Row<T>[];
  let rows = sorted(visible(model, source.all(), filter, source.columns), source.columns, sort);
  if (held && last !== undefined && same(last.key.slice(0, settings.length), settings)) {
    rows = keepPlaces(last.rows, rows);
  }
  arranged.set(source.list, { key, rows });
  return rows;
}

function versionOf(snapshot: Source<unknown>['basis'][number]): unknown {
  const data: unknown = dataOf<unknown>(snapshot);
  return typeof data === 'object' && data !== null && 'version' in data ? data.version : undefined;
}

function same(a: readonly unknown[], b: readonly unknown[]): boolean {
  return a.length === b.length && a.every((value, index) => value === b[index]);
}

function visible<T>(
  model: ScreenModel,
  rows: readonly Row<T>[],
  filter: string,
  columns: (row: Row<T>) => FilterColumns,
): readonly Row<T>[] {
  const { namespace, problemsOnly } = model.ui;
  const inScope = (row: Row<T>) => !row.ref.namespace || row.ref.namespace === namespace;
  let result = namespace === '' ? rows : rows.filter(inScope);
  if (problemsOnly) result = result.filter((row) => isProblem(row.severity));
  if (filter === '') return result;
  const { test } = compileFilter(filter);
  return result.filter((row) => test(columns(row)));
}

/** Sorts stably, so that the usual order holds among equals. */
function sorted<T>(
  rows: readonly Row<T>[],
  columns: (row: Row<T>) => FilterColumns,
  sort: SortColumn,
): readonly Row<T>[] {
  if (sort.column === 'severity') return sort.descending ? worstFirst(rows) : worstFirst(rows).toReversed();
  const direction = sort.descending ? -1 : 1;
  return rows
    .map((row) => ({ row, value: columns(row)[sort.column] ?? '' }))
    .sort((a, b) => direction * compare(a.value, b.value))
    .map(({ row }) => row);
}

function compare(a: string | number, b: string | number): number {
  if (typeof a === 'number' && typeof b === 'number') return a - b;
  const left = String(a);
  const right = String(b);
  return left < right ? -1 : left > right ? 1 : 0;
}

/** Rows worst first; the given order holds within a severity. */
function worstFirst<T>(rows: readonly Row<T>[]): readonly Row<T>[] {
  const troubled: Row<T>[] = [];
  const healthy: Row<T>[] = [];
  for (const row of rows) (row.severity === 'ok' ? healthy : troubled).push(row);
  troubled.sort((a, b) => severityRank(b.severity) - severityRank(a.severity));
  return troubled.concat(healthy);
}

/** The rows of `now` in the order of `before`; new ones follow at the end. */
function keepPlaces<T>(before: readonly ListRow[], now: readonly Row<T>[]): readonly Row<T>[] {
  const left = new Map(now.map((row) => [row.id, row]));
  const kept: Row<T>[] = [];
  for (const { id } of before) {
    const row = left.get(id);
    if (row === undefined) continue;
    kept.push(row);
    left.delete(id);
  }
  return [...kept, ...left.values()];
}

function secondsSince(at: number | undefined, now: number): number {
  return at === undefined ? 0 : Math.max(0, (now - at) / 1000);
}
