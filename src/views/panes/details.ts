import type { NodeRow, PodRow } from '../../domain/assessment.ts';
import type { ObjectRef } from '../../domain/finding.ts';
import { bytes, cores, percent, plural } from '../../domain/format.ts';
import type { ContainerState, ContainerStatus, NodeInfo, PodInfo, WorkloadInfo } from '../../domain/kinds.ts';
import { dataOf } from '../../domain/snapshot.ts';
import { telling } from '../../domain/telling.ts';
import { findingsOn } from '../interaction/objects.ts';
import type { Line, ScreenModel } from '../model.ts';
import { memoryLimit, memorySum } from '../podMemory.ts';
import { isProblem, nodeRows, podRows, selectedRow, workloadRows } from '../rows.ts';
import { ageText } from '../ui/age.ts';
import { cells, cutMiddle, seg } from '../ui/line.ts';
import { hanging, paragraph } from '../ui/notice.ts';
import { rule } from '../ui/rule.ts';
import type { Pane } from '../ui/stack.ts';
import { statusText } from './list.ts';
import { withMore } from './more.ts';

/** The object under the cursor of the focused list, with all that is said about it. */
export interface Selection {
  readonly ref: ObjectRef;
  readonly title: string;
  /** Where and since when, for the right end of the rule. */
  readonly context: string;
  readonly lines: readonly Line[];
}

/** The selection of the Nodes tab, described for `width` cells. */
export function selection(model: ScreenModel, width: number): Selection | undefined {
  const list = model.ui.focus.nodes;
  if (list === 'nodes/nodes') {
    const row = selectedRow(model, list, nodeRows(model));
    return row && describeNode(model, row.item, row.ref, width);
  }
  if (list === 'nodes/workloads') {
    const row = selectedRow(model, list, workloadRows(model));
    return row && describeWorkload(model, row.item, row.ref, width);
  }
  const row = selectedRow(model, 'nodes/pods', podRows(model));
  return row && describePod(model, row.item, row.ref, width);
}

/** The details under (or beside) the lists. */
export function detailsPane(selected: Selection, width: number): Pane {
  const right = selected.context;
  const { lines } = selected;
  return {
    rule: rule(
      [seg(shortTitle(selected.title, Math.max(8, width - cells(right) - 8)), 'text', { bold: true })],
      [seg(right, 'muted')],
      width,
    ),
    min: Math.min(3, lines.length),
    want: lines.length,
    draw: (height) => withMore(lines, height),
  };
}

/** `namespace/name`; the name alone when both do not fit. */
function shortTitle(title: string, width: number): string {
  return cells(title) <= width ? title : cutMiddle(title.slice(title.indexOf('/') + 1), width);
}

const LABEL = 10;
/** Pods told by name. */
const MOST_PODS = 5;
/** Names of containers may take more where the pane is wide. */
const WIDE_LABEL = 20;

/** `label      text`, wrapped under the text. */
function field(label: string, text: string | undefined, width: number, labels = LABEL): Line[] {
  return text === undefined || text === '' ? [] : hanging(` ${label.padEnd(labels)} `, text, width);
}

function describePod(model: ScreenModel, pod: PodInfo, ref: ObjectRef, width: number): Selection {
  const row = model.judge.podRow(pod);
  const owners = model.judge.ownersOf(pod).map((owner) => `${owner.kind} ${owner.name}`);
  return {
    ref,
    title: row.id,
    context: [pod.nodeName, ageOf(pod.createdAt, model)].filter(Boolean).join(' · '),
    lines: [
      ...paragraph(row.severity, statusText(row), width),
      ...findingLines(model, ref, statusText(row), width),
      ...containerLines(model, pod, width),
      ...field('memory', memoryText(model, pod, row), width),
      ...field('owner', owners.join(' ← '), width),
    ],
  };
}

function describeNode(model: ScreenModel, node: NodeInfo, ref: ObjectRef, width: number): Selection {
  const row = model.judge.nodeRow(node);
  const bad = node.conditions.filter(({ type, status }) => status !== (type === 'Ready' ? 'True' : 'False'));
  const conditions = bad.map((condition) =>
    [`${condition.type}=${condition.status}`, condition.reason, ageOf(condition.since, model)]
      .filter(Boolean)
      .join(' '),
  );
  return {
    ref,
    title: node.name,
    context: [node.roles.join(','), node.internalIP].filter(Boolean).join(' · '),
    lines: [
      ...paragraph(row.severity, statusText(row), width),
      ...findingLines(model, ref, statusText(row), width),
      ...field('conditions', conditions.join(' · '), width),
      ...field('requested', requestedText(row), width),
      ...field(
        'heartbeat',
        row.heartbeatAt === undefined ? 'never seen' : `${ageText(row.heartbeatAt, model.now)} ago`,
        width,
      ),
      ...field('look at', troubledPods(model, node), width),
      ...field('taints', node.taints.map((taint) => `${taint.key}:${taint.effect}`).join(' '), width),
      ...field('system', `${node.osImage}, kernel ${node.kernelVersion}`, width),
      ...field('kubelet', `${node.kubeletVersion}, ${node.containerRuntime}`, width),
    ],
  };
}

/** Pods on a node that need a look, by name. */
function troubledPods(model: ScreenModel, node: NodeInfo): string {
  const names = model.judge
    .problemPods()
    .filter(({ pod, severity }) => pod.nodeName === node.name && isProblem(severity))
    .map(({ pod }) => pod.name);
  const rest = names.length - MOST_PODS;
  return [...names.slice(0, MOST_PODS), ...(rest > 0 ? [`${rest} more`] : [])].join(', ');
}

function describeWorkload(model: ScreenModel, item: WorkloadInfo, ref: ObjectRef, width: number): Selection {
  const row = model.judge.workloadRow(item);
  const counts = [
    `${item.ready} of ${item.desired} ready`,
    item.updated === undefined ? undefined : `${item.updated} updated`,
    item.available === undefined ? undefined : `${item.available} available`,
  ];
  const missing = model.judge.assessment.coverage?.missing.filter(
    ({ workload }) =>
      workload.kind === item.kind && workload.namespace === item.namespace && workload.name === item.name,
  );
  const lacks = missing?.map(({ container, lacks: what }) => `${container}: no ${what.join(', ')}`);
  return {
    ref,
    title: `${item.namespace}/${item.name}`,
    context: [item.kind, ageOf(item.createdAt, model)].filter(Boolean).join(' · '),
    lines: [
      ...paragraph(row.severity, statusText(row), width),
      ...findingLines(model, ref, statusText(row), width),
      ...field('replicas', counts.filter((text) => text !== undefined).join(', '), width),
      ...field('rollout', [item.strategy, item.paused ? 'paused' : ''].filter(Boolean).join(', '), width),
      ...field('images', [...new Set(item.containers.map(({ image }) => image))].join(', '), width),
      ...field('lacks', lacks?.join(' · '), width),
    ],
  };
}

function ageOf(at: number | undefined, model: ScreenModel): string | undefined {
  return at === undefined ? undefined : ageText(at, model.now);
}

/** One field per container: state, restarts and why it ended last time. */
function containerLines(model: ScreenModel, pod: PodInfo, width: number): Line[] {
  const statuses = [...pod.initStatuses.filter(isUnfinished), ...pod.statuses];
  const longest = statuses.reduce((max, { name }) => Math.max(max, cells(name)), LABEL);
  const labels = width < 60 ? LABEL : Math.min(WIDE_LABEL, longest);
  return statuses.flatMap((status) =>
    field(cutMiddle(status.name, labels), containerText(status, model), width, labels),
  );
}

/** Init containers that ended well say nothing any more. */
function isUnfinished(status: ContainerStatus): boolean {
  return !(status.state?.kind === 'terminated' && status.state.exitCode === 0);
}

function containerText(status: ContainerStatus, model: ScreenModel): string {
  const parts = [
    stateText(status.state, model),
    status.state?.kind === 'running' && !status.ready ? 'not ready' : undefined,
    status.restartCount > 0 ? plural(status.restartCount, 'restart') : undefined,
    status.lastState?.kind === 'terminated' ? `last ended ${stateText(status.lastState, model)}` : undefined,
  ];
  return parts.filter((part) => part !== undefined).join(', ');
}

function stateText(state: ContainerState | undefined, model: ScreenModel): string {
  switch (state?.kind) {
    case undefined:
      return 'no state reported yet';
    case 'running':
      return state.startedAt === undefined ? 'running' : `running ${ageText(state.startedAt, model.now)}`;
    case 'waiting':
      return [state.reason ?? 'waiting', telling(state.message ?? '')].filter(Boolean).join(': ');
    case 'terminated': {
      const signal = state.signal === undefined ? '' : `, signal ${state.signal}`;
      const when = state.finishedAt === undefined ? '' : ` ${ageText(state.finishedAt, model.now)} ago`;
      return `${state.reason ?? 'ended'} (exit ${state.exitCode}${signal})${when}`;
    }
  }
}

/** `980Mi of limit 1Gi (96%)`, or what is requested while nothing measures it. */
function memoryText(model: ScreenModel, pod: PodInfo, row: PodRow): string | undefined {
  const used = dataOf(model.state.podUsage)?.get(row.id)?.memory;
  const limit = memoryLimit(pod);
  const request = pod.podRequests?.memory ?? memorySum(pod.containers, ({ requests }) => requests);
  const bound = limit === undefined ? 'no limit' : `limit ${bytes(limit)}`;
  if (used === undefined) return `request ${request === undefined ? 'none' : bytes(request)}, ${bound}`;
  return limit === undefined
    ? `${bytes(used)}, ${bound}`
    : `${bytes(used)} of ${bound} (${percent(used / limit)})`;
}

function requestedText({ requested, limits, node }: NodeRow): string {
  const share = (amount: number | undefined, all: number | undefined) =>
    amount === undefined || !all ? '' : ` (${percent(amount / all)})`;
  const { cpu, memory } = node.allocatable;
  return [
    `cpu ${cores(requested.cpu ?? 0)}${share(requested.cpu, cpu)}`,
    `memory ${bytes(requested.memory ?? 0)}${share(requested.memory, memory)}`,
    limits.memory === undefined
      ? undefined
      : `memory limits ${bytes(limits.memory)}${share(limits.memory, memory)}`,
  ]
    .filter((text) => text !== undefined)
    .join(', ');
}

/**
 * What the rules say about the object: cause (or else title), effect and advice of the worst finding that speaks of
 * it. What `told` above it says already is left out.
 */
function findingLines(model: ScreenModel, ref: ObjectRef, told: string, width: number): Line[] {
  // Roots come before what they cause, and the worst root first.
  const [finding] = findingsOn(model, ref);
  if (finding === undefined) return [];
  const [label, why] =
    finding.cause === undefined ? ['finding', finding.title] : ['cause', telling(finding.cause)];
  return [
    ...(told.includes(why) ? [] : field(label, why, width)),
    ...field('affects', finding.effect, width),
    ...finding.advice.flatMap((advice, index) => field(index === 0 ? 'to do' : '', advice, width)),
  ];
}
