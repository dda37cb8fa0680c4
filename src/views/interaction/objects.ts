/** From names to objects: what a ref, a row id or a finding id stands for in the present state. */
import type { Assessment } from '../../domain/assessment.ts';
import { type Collection, type Keyed, keyOf } from '../../domain/collection.ts';
import type { Finding, ObjectRef } from '../../domain/finding.ts';
import type { PodInfo, WorkloadInfo } from '../../domain/kinds.ts';
import { dataOf, type Snapshot } from '../../domain/snapshot.ts';
import type { ClusterState, SourceName } from '../../domain/state.ts';
import type { ListId, ScreenModel } from '../model.ts';
import { listSource, workloadSources } from './sources.ts';

const findings = new WeakMap<Assessment, ReadonlyMap<string, Finding>>();

/** A finding by id, whether root or folded under another. */
export function findingById(assessment: Assessment, id: string): Finding | undefined {
  let all = findings.get(assessment);
  if (all === undefined) {
    all = new Map(allFindings(assessment.findings).map((finding) => [finding.id, finding]));
    findings.set(assessment, all);
  }
  return all.get(id);
}

/** Findings with their consequences, each root followed by what it causes. */
export function allFindings(roots: readonly Finding[]): readonly Finding[] {
  return roots.flatMap((root) => [root, ...allFindings(root.consequences)]);
}

/** Findings about one object. */
export function findingsAbout(assessment: Assessment, ref: ObjectRef): readonly Finding[] {
  return allFindings(assessment.findings).filter((finding) => sameObject(finding.subject, ref));
}

/** Findings that speak of an object: about itself, and of a pod in trouble also those about its owners. */
export function findingsOn(model: ScreenModel, ref: ObjectRef): readonly Finding[] {
  const own = findingsAbout(model.judge.assessment, ref);
  const pod = ref.kind === 'Pod' ? lookUp(model.state.pods, ref) : undefined;
  if (pod === undefined || model.judge.podRow(pod).severity === 'ok') return own;
  const owners = model.judge.ownersOf(pod);
  return [...own, ...owners.flatMap((owner) => findingsAbout(model.judge.assessment, owner))];
}

/** Whether two refs name the same object; uids decide only when both are known. */
function sameObject(a: ObjectRef, b: ObjectRef): boolean {
  const sameUid = a.uid === undefined || b.uid === undefined || a.uid === b.uid;
  return sameUid && a.kind === b.kind && (a.namespace ?? '') === (b.namespace ?? '') && a.name === b.name;
}

/** The pseudo kind of a ref that names a finding by its id, so that viewers can be about findings too. */
export const FINDING_KIND = 'Finding';

/** The ref of a finding itself. */
export function refOfFinding(finding: Finding): ObjectRef {
  return { kind: FINDING_KIND, name: finding.id };
}

/** The cluster object a ref is about: a finding stands for its subject. */
export function subjectOf(model: ScreenModel, ref: ObjectRef): ObjectRef | undefined {
  if (ref.kind !== FINDING_KIND) return ref;
  return findingById(model.judge.assessment, ref.name)?.subject;
}

/** `namespace/name` or the name: how an object is called on screen; a finding by its title. */
export function nameOf(model: ScreenModel, ref: ObjectRef): string {
  if (ref.kind !== FINDING_KIND) return keyOf(ref);
  return findingById(model.judge.assessment, ref.name)?.title ?? ref.name;
}

/** One object of a collection, undefined while unknown or gone. */
export function lookUp<T extends Keyed>(snapshot: Snapshot<Collection<T>>, ref: ObjectRef): T | undefined {
  return dataOf(snapshot)?.get(keyOf(ref));
}

/** The Deployment, StatefulSet, DaemonSet or ReplicaSet a ref names. */
export function workloadOf(state: ClusterState, ref: ObjectRef): WorkloadInfo | undefined {
  const source = workloadSources[ref.kind];
  return source === undefined ? undefined : lookUp(state[source], ref);
}

/** The pods an object stands for: itself, or all that it owns, directly or through a ReplicaSet or Job. */
export function podsOf(model: ScreenModel, ref: ObjectRef): readonly PodInfo[] {
  const pods = dataOf(model.state.pods);
  if (pods === undefined) return [];
  if (ref.kind === 'Pod') return [pods.get(keyOf(ref))].filter((pod) => pod !== undefined);
  const owned: PodInfo[] = [];
  for (const pod of pods.values()) {
    if (pod.namespace !== ref.namespace || pod.owner === undefined) continue;
    if (model.judge.ownersOf(pod).some((owner) => sameObject(owner, ref))) owned.push(pod);
  }
  return owned;
}

/** Why a list shows no object to act on, in words for the user. */
export function emptyReason(model: ScreenModel, list: ListId): string {
  const { source, noun } = listSource[list];
  const unread = source === undefined ? undefined : unreadReason(model.state, source);
  if (unread !== undefined) return unread;
  const { filter, problemsOnly, namespace } = model.ui;
  if (filter !== '') return `no ${noun} matches the filter "${filter}" (esc clears it)`;
  if (problemsOnly) return `no ${noun} with problems (! shows all)`;
  return namespace === '' ? `no ${noun} here` : `no ${noun} in namespace ${namespace} (0 shows all)`;
}

/** Why a source has nothing to show: undefined when it has data. */
export function unreadReason(state: ClusterState, source: SourceName): string | undefined {
  const snapshot: Snapshot<unknown> = state[source];
  switch (snapshot.status) {
    case 'pending':
      return `${source} are still being read`;
    case 'failed':
      return `${source} could not be read: ${snapshot.error.message}`;
    case 'absent':
      return `${source} are not available: ${snapshot.reason}`;
    default:
      return undefined;
  }
}
