import type { WorkloadInfo } from '../../domain/kinds.ts';
import { dataOf } from '../../domain/snapshot.ts';
import type { ScreenModel } from '../model.ts';
import { type Row, workloadRows } from '../rows.ts';
import { ageText } from '../ui/age.ts';
import { cutName, seg } from '../ui/line.ts';
import { leastKnown } from '../ui/notice.ts';
import type { Pane } from '../ui/stack.ts';
import type { Column } from '../ui/table.ts';
import { listPane, statusText } from './list.ts';

const SHORT_KIND: Readonly<Record<WorkloadInfo['kind'], string>> = {
  Deployment: 'deploy',
  StatefulSet: 'sts',
  DaemonSet: 'ds',
  ReplicaSet: 'rs',
};

/** The Workloads list: Deployments, StatefulSets and DaemonSets together. */
export function workloadsPane(model: ScreenModel, width: number): Pane {
  const { deployments, statefulsets, daemonsets } = model.state;
  const sources = [deployments, statefulsets, daemonsets] as const;
  const { ok, total } = model.judge.assessment.workloads;
  return listPane(
    model,
    {
      list: 'nodes/workloads',
      title: 'Workloads',
      source: leastKnown(sources),
      total: sources.reduce((sum, source) => sum + (dataOf(source)?.size ?? 0), 0),
      problems: total - ok,
      rows: workloadRows(model),
      columns: workloadColumns(model),
      min: 3,
    },
    width,
  );
}

function workloadColumns(model: ScreenModel): readonly Column<Row<WorkloadInfo>>[] {
  const { judge, now } = model;
  return [
    {
      head: 'NAMESPACE/WORKLOAD',
      width: 26,
      max: 44,
      cell: ({ item }, size) => [seg(cutName(`${item.namespace}/${item.name}`, size))],
    },
    { head: 'KIND', width: 6, drop: 1, cell: ({ item }) => [seg(SHORT_KIND[item.kind], 'muted')] },
    { head: 'READY', width: 7, align: 'right', cell: ({ item }) => [seg(judge.workloadRow(item).ready)] },
    {
      head: 'STATUS',
      width: 12,
      max: 40,
      cell: ({ item }, size) => [seg(statusText(judge.workloadRow(item), size))],
    },
    {
      head: 'AGE',
      width: 6,
      align: 'right',
      cell: ({ item }) => [seg(ageText(item.createdAt, now), 'muted')],
    },
  ];
}
