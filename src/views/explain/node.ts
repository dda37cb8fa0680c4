/** A node in words. */
import { bytes, cores, percent, plural } from '../../domain/format.ts';
import type { Condition, NodeInfo } from '../../domain/kinds.ts';
import type { ScreenModel } from '../model.ts';
import { resourcesText } from './containers.ts';
import { conditionLines, field, section, since, verdict } from './text.ts';

/** Why a node has its verdict, in sentences. */
export function nodeReasons(model: ScreenModel, node: NodeInfo): readonly string[] {
  const row = model.judge.nodeRow(node);
  const beat = since(row.heartbeatAt, model.now);
  return [
    `kubectl shows it as ${row.status}`,
    beat === undefined ? 'no heartbeat of its kubelet is known' : `its kubelet last reported ${beat}`,
    ...(node.unschedulable ? ['it is cordoned: no new pods are placed on it'] : []),
    ...conditionLines(node.conditions.filter(isBad), model.now),
    ...(node.conditions.some(isBad)
      ? []
      : [`none of its ${plural(node.conditions.length, 'condition')} is bad`]),
  ];
}

/** Ready should be True, every pressure condition False. */
function isBad({ type, status }: Condition): boolean {
  return status !== (type === 'Ready' ? 'True' : 'False');
}

/** All that is known of a node. */
export function nodeDetails(model: ScreenModel, node: NodeInfo): readonly string[] {
  const { now } = model;
  const row = model.judge.nodeRow(node);
  const pods = model.judge.problemPods().filter(({ pod }) => pod.nodeName === node.name);
  return [
    verdict(row.severity, row.note),
    '',
    ...field('status', row.status),
    ...field('roles', node.roles.join(', ')),
    ...field('address', node.internalIP),
    ...field('created', since(node.createdAt, now)),
    ...field('heartbeat', since(row.heartbeatAt, now) ?? 'not known'),
    ...field('kubelet', node.kubeletVersion),
    ...field('system', `${node.osImage}, kernel ${node.kernelVersion}, ${node.containerRuntime}`),
    ...field(
      'taints',
      node.taints.map(({ key, value, effect }) => `${key}${value ? `=${value}` : ''}:${effect}`).join(', '),
    ),
    ...section('Capacity', [
      ...field('allocatable', resourcesText(node.allocatable)),
      ...field('requested', withShare(row.requested, node)),
      ...field('limits', withShare(row.limits, node)),
      ...field(
        'used',
        row.usage === undefined
          ? 'not known: no metrics'
          : `${withShare(row.usage, node)}, ${since(row.usage.at, now)}`,
      ),
      ...field(
        'pods',
        `${row.pods}${node.allocatable.pods === undefined ? '' : ` of ${node.allocatable.pods}`}`,
      ),
    ]),
    ...section('Conditions', conditionLines(node.conditions, now)),
    ...section(
      'Pods that need a look',
      pods.map(({ id, severity, note }) => `${verdict(severity, note)}  ${id}`),
    ),
  ];
}

function withShare(amount: { readonly cpu?: number; readonly memory?: number }, node: NodeInfo): string {
  const share = (part: number, whole: number | undefined) => (whole ? ` (${percent(part / whole)})` : '');
  const { cpu, memory } = amount;
  return [
    ...(cpu === undefined ? [] : [`cpu ${cores(cpu)}${share(cpu, node.allocatable.cpu)}`]),
    ...(memory === undefined ? [] : [`memory ${bytes(memory)}${share(memory, node.allocatable.memory)}`]),
  ].join(', ');
}
