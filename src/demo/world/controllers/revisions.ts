import { equal, isFields, list } from '../../json.ts';
import type { KubeObject } from '../../object.ts';
import { ownedBy } from '../build-pod.ts';
import { type Cluster, controllerUid, R } from '../cluster.ts';
import type { PodTemplate, Workload } from '../objects.ts';
import { nameHash } from '../random.ts';

/** Label that ties a pod to the revision of its StatefulSet or DaemonSet. */
export const REVISION_LABEL = 'controller-revision-hash';

const HASH_LENGTH = 10;
const DEFAULT_HISTORY = 10;

/** A template of the past or present; its name is that of its owner with a hash. */
interface Revision extends KubeObject {
  readonly data: { readonly spec: { readonly template: PodTemplate & { readonly $patch: 'replace' } } };
  readonly revision: number;
}

/** The hash that names a template. */
export function templateHash(template: PodTemplate): string {
  return nameHash(JSON.stringify(template), HASH_LENGTH);
}

/** Whether two templates say the same, in whatever order and with whatever left unset, save for labels of a hash. */
export function isSameTemplate(a: PodTemplate, b: PodTemplate, hashLabel?: string): boolean {
  const plain = ({ metadata, spec }: PodTemplate) => {
    const { [hashLabel ?? '']: _hash, ...labels } = metadata?.labels ?? {};
    return withoutNulls({ labels, annotations: metadata?.annotations ?? {}, spec });
  };
  return equal(plain(a), plain(b));
}

function withoutNulls(value: unknown): unknown {
  if (Array.isArray(value)) return list(value).map(withoutNulls);
  if (!isFields(value)) return value;
  return Object.fromEntries(
    Object.entries(value)
      .filter(([, each]) => each !== null)
      .map(([key, each]) => [key, withoutNulls(each)]),
  );
}

/**
 * The name of the revision of a set's current template. A new template is recorded as the newest revision, one that
 * is used again becomes the newest again, and what lies beyond the history limit is forgotten.
 */
export function keepRevision(cluster: Cluster, set: Workload): string {
  const known = (cluster.store.list(R.revisions, set.metadata.namespace ?? '') as Revision[])
    .filter((each) => controllerUid(each) === set.metadata.uid)
    .sort((a, b) => a.revision - b.revision);
  const newest = known.at(-1);
  const current = known.findLast(({ data }) => isSameTemplate(data.spec.template, set.spec.template));
  const revision = (newest?.revision ?? 0) + 1;
  if (current && current !== newest) cluster.store.update(R.revisions, { ...current, revision });
  const { name } = (current ?? record(cluster, set, revision)).metadata;
  forget(cluster, set, known, name);
  return name;
}

function record(cluster: Cluster, set: Workload, revision: number): KubeObject {
  const { template } = set.spec;
  const hash = templateHash(template);
  return cluster.create(R.revisions, {
    apiVersion: 'apps/v1',
    kind: 'ControllerRevision',
    metadata: {
      name: `${set.metadata.name}-${hash}`,
      namespace: set.metadata.namespace ?? 'default',
      labels: { ...template.metadata?.labels, [REVISION_LABEL]: hash },
      ownerReferences: [ownedBy(set)],
    },
    data: { spec: { template: { ...template, $patch: 'replace' } } },
    revision,
  });
}

/** Drops the oldest revisions that no pod has any more. */
function forget(cluster: Cluster, set: Workload, known: readonly Revision[], current: string): void {
  const limit = Number(set.spec.revisionHistoryLimit ?? DEFAULT_HISTORY);
  if (known.length <= limit) return;
  const alive = new Set([...cluster.pods.ownedBy(set.metadata.uid)].map((pod) => revisionName(set, pod)));
  const old = known.filter(({ metadata: { name } }) => name !== current && !alive.has(name));
  for (const { metadata } of old.slice(0, Math.max(0, old.length - limit))) {
    cluster.store.delete(R.revisions, metadata.namespace ?? '', metadata.name);
  }
}

/** Pods of a StatefulSet carry the whole name of their revision, those of a DaemonSet its hash. */
function revisionName(set: Workload, pod: KubeObject): string {
  const label = pod.metadata.labels?.[REVISION_LABEL] ?? '';
  return set.kind === 'DaemonSet' ? `${set.metadata.name}-${label}` : label;
}
