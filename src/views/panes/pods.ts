import type { PodRow } from '../../domain/assessment.ts';
import type { PodInfo } from '../../domain/kinds.ts';
import { dataOf } from '../../domain/snapshot.ts';
import type { Line, ScreenModel } from '../model.ts';
import { podProblems } from '../podProblems.ts';
import { isProblem, podRows, type Row } from '../rows.ts';
import { ageText } from '../ui/age.ts';
import { cutMiddle, cutName, line, seg } from '../ui/line.ts';
import { spark } from '../ui/spark.ts';
import type { Pane } from '../ui/stack.ts';
import type { Column } from '../ui/table.ts';
import { listPane, statusText } from './list.ts';

/** Buckets of the 24 h restart sparkline, and the restarts in one bucket that fill it. */
const BUCKETS = 6;
const FULL_BUCKET = 4;

/** Goal of the operations milestones: fewer than five restarts of a pod in a day. */
export const RESTART_GOAL = 5;

/** The Pods list. */
export function podsPane(model: ScreenModel, width: number): Pane {
  const { pods } = model.state;
  return listPane(
    model,
    {
      list: 'nodes/pods',
      title: 'Pods',
      source: pods,
      total: dataOf(pods)?.size ?? 0,
      problems: [...podProblems(model.judge).values()].filter(isProblem).length,
      rows: podRows(model),
      columns: podColumns(model),
      min: 3,
    },
    width,
  );
}

function podColumns(model: ScreenModel): readonly Column<Row<PodInfo>>[] {
  const { judge, now } = model;
  const shortNode = nodeShortener(model);
  return [
    {
      head: 'NAMESPACE/POD',
      width: 26,
      least: 22,
      max: 44,
      cell: (row, size) => [seg(cutName(row.id, size))],
    },
    { head: 'READY', width: 5, align: 'right', cell: (row) => [seg(judge.podRow(row.item).ready)] },
    {
      head: 'STATUS',
      width: 22,
      least: 15,
      max: 40,
      cell: (row, size) => [seg(statusText(judge.podRow(row.item), size))],
    },
    { head: 'RESTARTS', width: 8, align: 'right', cell: (row) => restartsCell(judge.podRow(row.item)) },
    {
      head: '24H',
      width: BUCKETS,
      drop: 2,
      cell: (row) => [seg(spark(judge.restartHistory(row.item, BUCKETS), FULL_BUCKET))],
    },
    {
      head: 'AGE',
      width: 6,
      align: 'right',
      drop: 1,
      cell: ({ item }) => [seg(ageText(item.createdAt, now), 'muted')],
    },
    {
      head: 'ON',
      width: shortNode.width,
      drop: 3,
      cell: ({ item }, size) => [
        seg(item.nodeName === undefined ? '–' : cutMiddle(shortNode.of(item.nodeName), size)),
      ],
    },
  ];
}

function restartsCell(row: PodRow): Line {
  if (row.restarts === 0) return [seg('0', 'muted')];
  const recent = row.recentRestarts;
  return line(
    String(row.restarts),
    recent === 0 ? '' : seg(` +${recent}`, recent >= RESTART_GOAL ? 'warning' : 'text'),
  );
}

/** Cells for the name of a node at most. */
const LONG_NODE = 10;

interface Shortener {
  readonly width: number;
  of(name: string): string;
}

/** Node names without the part they share (`ms-01-a`, `ms-01-b` → `a`, `b`), to spend fewer cells per row. */
export function nodeShortener(model: ScreenModel): Shortener {
  const names = [...(dataOf(model.state.nodes)?.values() ?? [])].map((node) => node.name);
  const shared = sharedPrefix(names).length;
  const longest = names.reduce((max, name) => Math.max(max, name.length - shared), 2);
  // Pods may be read where nodes may not.
  return {
    width: names.length === 0 ? LONG_NODE : Math.min(LONG_NODE, longest),
    of: (name) => (names.includes(name) ? name.slice(shared) : name),
  };
}

/** The longest common start that ends after a separator; nothing for a single name. */
function sharedPrefix(names: readonly string[]): string {
  const first = names[0];
  if (first === undefined || names.length < 2) return '';
  let length = first.length;
  for (const name of names) {
    while (!name.startsWith(first.slice(0, length))) length -= 1;
  }
  const prefix = first.slice(0, length);
  return prefix.slice(0, Math.max(prefix.lastIndexOf('-'), prefix.lastIndexOf('.')) + 1);
}
