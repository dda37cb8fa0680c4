/** One object of any kind: its text, its verdict's reasons, and how sure we are that it is still so. */
import type { ObjectRef } from '../../domain/finding.ts';
import { age } from '../../domain/format.ts';
import { SOURCE_NAMES, type SourceName } from '../../domain/state.ts';
import { sourceLines } from '../collectors.ts';
import { lookUp, unreadReason, workloadOf } from '../interaction/objects.ts';
import { workloadSources } from '../interaction/sources.ts';
import type { ScreenModel } from '../model.ts';
import { nodeDetails, nodeReasons } from './node.ts';
import { otherDetails } from './others.ts';
import { podDetails, podReasons } from './pod.ts';
import { verdict } from './text.ts';
import { workloadDetails, workloadReasons } from './workload.ts';

/** All that is known of an object, or why nothing is. */
export function objectDetails(model: ScreenModel, ref: ObjectRef): readonly string[] {
  if (ref.kind === 'Console') return sourceDetails(model, ref.name);
  const pod = ref.kind === 'Pod' ? lookUp(model.state.pods, ref) : undefined;
  if (pod !== undefined) return podDetails(model, pod);
  const node = ref.kind === 'Node' ? lookUp(model.state.nodes, ref) : undefined;
  if (node !== undefined) return nodeDetails(model, node);
  const workload = workloadOf(model.state, ref);
  if (workload !== undefined) return workloadDetails(model, workload);
  return otherDetails(model, ref) ?? [missingText(model, ref)];
}

/** The verdict of an object and the sentences behind it; kinds we do not judge have none of their own. */
export function objectReasons(model: ScreenModel, ref: ObjectRef): readonly string[] {
  if (ref.kind === 'Console') return sourceDetails(model, ref.name);
  const { judge, state } = model;
  const pod = ref.kind === 'Pod' ? lookUp(state.pods, ref) : undefined;
  if (pod !== undefined) return judged(judge.podRow(pod), podReasons(model, pod));
  const node = ref.kind === 'Node' ? lookUp(state.nodes, ref) : undefined;
  if (node !== undefined) return judged(judge.nodeRow(node), nodeReasons(model, node));
  const workload = workloadOf(state, ref);
  if (workload !== undefined) return judged(judge.workloadRow(workload), workloadReasons(model, workload));
  return otherDetails(model, ref) === undefined ? [missingText(model, ref)] : [];
}

/** How one of our sources is doing; some findings are about our reading as a whole and name none. */
function sourceDetails(model: ScreenModel, name: string): readonly string[] {
  const source = SOURCE_NAMES.find((known) => known === name);
  return source === undefined ? [] : sourceLines(source, model.state[source], model.now);
}

function judged(row: { severity: Parameters<typeof verdict>[0]; note: string }, reasons: readonly string[]) {
  return [verdict(row.severity, row.note), '', 'Why', ...reasons.map((reason) => ` ${reason}`)];
}

const SOURCE_OF_KIND: Readonly<Record<string, SourceName | undefined>> = {
  ...workloadSources,
  Pod: 'pods',
  Node: 'nodes',
  Namespace: 'namespaces',
  Job: 'jobs',
  CronJob: 'cronjobs',
  PersistentVolumeClaim: 'pvcs',
  PersistentVolume: 'pvs',
  PodDisruptionBudget: 'pdbs',
  Service: 'services',
};

/** Never "gone" while it may only be unread. */
function missingText(model: ScreenModel, ref: ObjectRef): string {
  const source = SOURCE_OF_KIND[ref.kind];
  if (source === undefined) return `nothing more is known of a ${ref.kind}: d describes it, y shows its YAML`;
  return unreadReason(model.state, source) ?? 'it is no longer in the cluster';
}

/** Says that an object may have changed since it was read; empty while its source is live. */
export function ageWarning(model: ScreenModel, ref: ObjectRef): readonly string[] {
  const source = SOURCE_OF_KIND[ref.kind];
  const snapshot = source === undefined ? undefined : model.state[source];
  if (snapshot?.status !== 'stale') return [];
  return [
    `? last known state, read ${age(model.now - snapshot.observedAt)} ago: ${snapshot.error.message}`,
    '',
  ];
}
