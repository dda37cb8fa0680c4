import type { NodeRow } from '../../domain/assessment.ts';
import { percent } from '../../domain/format.ts';
import type { NodeInfo } from '../../domain/kinds.ts';
import { worse } from '../../domain/severity.ts';
import { dataOf } from '../../domain/snapshot.ts';
import type { Line, ScreenModel } from '../model.ts';
import { nodeRows, type Row } from '../rows.ts';
import { ageText } from '../ui/age.ts';
import { bar } from '../ui/bar.ts';
import { GLYPH, severityGlyph, severityToken } from '../ui/glyphs.ts';
import { cells, cutEnd, cutMiddle, fit, line, seg } from '../ui/line.ts';
import { freshness, hasData } from '../ui/notice.ts';
import { rule } from '../ui/rule.ts';
import type { Pane } from '../ui/stack.ts';
import type { Column } from '../ui/table.ts';
import { listPane, problemCount } from './list.ts';

/** Above this share of the allocatable resource the bar takes the warning colour and an arrow. */
const BUSY = { cpu: 0.9, memory: 0.8 } as const;

/** Rows that the list takes at most while another one has the focus. */
const UNFOCUSED = 7;

type Resource = keyof typeof BUSY;

/** A share of a node's allocatable amount: measured, or what its pods requested when nothing measures it. */
export interface Load {
  readonly ratio: number | undefined;
  readonly measured: boolean;
}

/** How loaded a node is. */
export function loadOf(row: NodeRow, resource: Resource): Load {
  const allocatable = row.node.allocatable[resource];
  const amount = row.usage?.[resource] ?? row.requested[resource];
  const known = allocatable !== undefined && allocatable > 0 && amount !== undefined;
  return { ratio: known ? amount / allocatable : undefined, measured: row.usage !== undefined };
}

/** Bar, percentage, and an arrow when busy or `req` when only requests are known. */
export function loadCell(load: Load, resource: Resource, barWidth: number): Line {
  if (load.ratio === undefined)
    return [seg(`${' '.repeat(barWidth)}    ${severityGlyph('unknown')}`, 'unknown')];
  const busy = load.measured && load.ratio >= BUSY[resource];
  return line(
    bar({ value: load.ratio, max: 1, width: barWidth, ...(busy ? { token: 'warning' } : {}) }),
    ` ${percent(load.ratio).padStart(4)}`,
    load.measured ? seg(busy ? ` ${GLYPH.over}` : '', 'warning') : seg(' req', 'muted'),
  );
}

/** The Nodes list. */
export function nodesPane(model: ScreenModel, width: number): Pane {
  const rows = nodeRows(model);
  const { nodes } = model.state;
  const all = [...(dataOf(nodes)?.values() ?? [])].map((node) => model.judge.nodeRow(node));
  const pane = listPane(
    model,
    {
      list: 'nodes/nodes',
      title: 'Nodes',
      source: nodes,
      total: all.length,
      problems: problemCount(all),
      rows,
      columns: nodeColumns(model, all, width),
      min: Math.min(3, rows.length),
    },
    width,
  );
  // Many nodes leave the room to the list that is being worked in.
  const focused = model.ui.focus.nodes === 'nodes/nodes';
  return focused ? pane : { ...pane, want: Math.min(pane.want, UNFOCUSED) };
}

function nodeColumns(
  model: ScreenModel,
  all: readonly NodeRow[],
  width: number,
): readonly Column<Row<NodeInfo>>[] {
  const { judge } = model;
  const names = widest(all, (row) => row.node.name, 8, 24);
  const statuses = widest(all, (row) => row.status, 6, 27);
  const hasRequests = all.some((row) => row.usage === undefined);
  const wide = width >= 76;
  const barWidth = wide ? (hasRequests ? 6 : 8) : 4;
  const loadWidth = barWidth + 5 + (hasRequests ? 4 : 2);
  const load = (resource: Resource, head: string): Column<Row<NodeInfo>> => ({
    head,
    width: loadWidth,
    cell: (row) => loadCell(loadOf(judge.nodeRow(row.item), resource), resource, barWidth),
  });
  return [
    {
      head: 'NODE',
      width: Math.min(names, 10),
      max: names,
      cell: (row, size) => [seg(cutMiddle(row.item.name, size))],
    },
    {
      head: 'STATUS',
      width: Math.min(statuses, wide ? 16 : 8),
      max: statuses,
      cell: (row, size) => [seg(cutEnd(judge.nodeRow(row.item).status, size))],
    },
    load('cpu', 'CPU'),
    load('memory', 'MEMORY'),
    {
      head: 'PODS',
      width: 4,
      align: 'right',
      drop: 2,
      cell: (row) => [seg(String(judge.nodeRow(row.item).pods))],
    },
    {
      head: 'AGE',
      width: 6,
      align: 'right',
      cell: ({ item }) => [seg(ageText(item.createdAt, model.now), 'muted')],
    },
    all.some(({ note }) => note !== '')
      ? {
          head: 'NOTE',
          width: 10,
          max: 40,
          drop: 1,
          cell: (row, size) => [seg(cutEnd(judge.nodeRow(row.item).note, size))],
        }
      : {
          head: 'VERSION',
          width: widest(all, ({ node }) => node.kubeletVersion, 7, 16),
          drop: 1,
          cell: ({ item }, size) => [seg(cutEnd(item.kubeletVersion, size), 'muted')],
        },
  ];
}

function widest<T>(items: readonly T[], text: (item: T) => string, least: number, most: number): number {
  return Math.min(
    most,
    items.reduce((max, item) => Math.max(max, cells(text(item))), least),
  );
}

/** Side panel: one line for each node with its glyph, CPU bar and memory share. */
export function nodeBarsPane(model: ScreenModel, width: number): Pane | undefined {
  const { nodes } = model.state;
  if (!hasData(nodes)) return undefined;
  const rows = [...(dataOf(nodes)?.values() ?? [])].map((node) => model.judge.nodeRow(node));
  rows.sort((a, b) => (a.node.name < b.node.name ? -1 : 1));
  const nameWidth = widest(rows, (row) => row.node.name, 4, 12);
  return {
    rule: rule('Nodes', freshness(nodes, model), width),
    min: Math.min(3, rows.length),
    want: rows.length,
    draw: (height) =>
      rows.slice(0, height).map((row) => nodeBar(row, nameWidth, width, nodes.status === 'live')),
  };
}

/** Data that may be old never looks healthy. */
function nodeBar(row: NodeRow, nameWidth: number, width: number, isCurrent: boolean): Line {
  const severity = isCurrent ? row.severity : worse(row.severity, 'unknown');
  const cpu = loadOf(row, 'cpu');
  const memory = loadOf(row, 'memory');
  const basis = cpu.measured ? '' : ' req';
  const share = (load: Load) => (load.ratio === undefined ? '?' : percent(load.ratio));
  const fixed = nameWidth + cells(` X  cpu  100%  mem 100%${basis}`) + 1;
  const barWidth = Math.max(0, Math.min(8, width - fixed));
  return line(
    ' ',
    fit([seg(cutMiddle(row.node.name, nameWidth))], nameWidth),
    ' ',
    seg(severityGlyph(severity), severityToken(severity)),
    seg(' cpu ', 'muted'),
    bar({ value: cpu.ratio ?? 0, max: 1, width: barWidth }),
    ` ${share(cpu).padStart(4)}`,
    seg('  mem ', 'muted'),
    share(memory).padStart(4),
    seg(basis, 'muted'),
  );
}
