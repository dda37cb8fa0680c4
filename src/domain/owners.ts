/** Who made a pod: the chain of controlling owners, as far as the objects are known. */
import { keyOf } from './collection.ts';
import type { ObjectRef } from './finding.ts';
import type { Meta, OwnerRef, PodInfo } from './kinds.ts';
import { dataOf } from './snapshot.ts';
import type { ClusterState, SourceName } from './state.ts';

const SOURCE_OF_KIND = {
  Deployment: 'deployments',
  StatefulSet: 'statefulsets',
  DaemonSet: 'daemonsets',
  ReplicaSet: 'replicasets',
  Job: 'jobs',
  CronJob: 'cronjobs',
} as const;

/** More than any real chain; guards against owner references that form a circle. */
const LONGEST_CHAIN = 8;

/** The owners of an object from the direct one upward; ends where an owner is not known or has none. */
export function ownerChain(state: ClusterState, object: Meta): readonly ObjectRef[] {
  const chain: ObjectRef[] = [];
  let owner = object.owner;
  while (owner !== undefined && chain.length < LONGEST_CHAIN) {
    chain.push(refOf(owner, object.namespace));
    owner = lookUp(state, owner, object.namespace)?.owner;
  }
  return chain;
}

/**
 * The workload that a pod belongs to, for grouping: the topmost owner of a built-in kind (custom resources above it
 * own many workloads), else its direct owner, else (bare and static pods) the pod.
 */
export function workloadOf(state: ClusterState, pod: PodInfo): ObjectRef {
  const chain = ownerChain(state, pod);
  const builtIn = chain.findLast(({ kind }) => kind in SOURCE_OF_KIND);
  if (builtIn?.kind === 'ReplicaSet') return deploymentGuess(pod, builtIn);
  const direct = chain[0];
  if (builtIn !== undefined) return builtIn;
  return direct === undefined || direct.kind === 'Node' ? refTo('Pod', pod) : direct;
}

/** Without sight of the ReplicaSet its Deployment's name still shows: it is the name less the template hash. */
function deploymentGuess(pod: PodInfo, replicaSet: ObjectRef): ObjectRef {
  const suffix = `-${pod.labels['pod-template-hash']}`;
  if (!replicaSet.name.endsWith(suffix)) return replicaSet;
  const { uid: _uid, ...rest } = replicaSet;
  return { ...rest, kind: 'Deployment', name: replicaSet.name.slice(0, -suffix.length) };
}

function lookUp(state: ClusterState, owner: OwnerRef, namespace: string): Meta | undefined {
  if (!isKnownKind(owner.kind)) return undefined;
  const found = dataOf<{ get(key: string): Meta | undefined }>(state[SOURCE_OF_KIND[owner.kind]])?.get(
    keyOf({ namespace, name: owner.name }),
  );
  return found?.uid === owner.uid ? found : undefined;
}

function isKnownKind(kind: string): kind is keyof typeof SOURCE_OF_KIND {
  return kind in SOURCE_OF_KIND;
}

function refOf(owner: OwnerRef, namespace: string): ObjectRef {
  // Cluster-scoped owners of namespaced objects exist only as nodes (static pods).
  return {
    kind: owner.kind,
    name: owner.name,
    uid: owner.uid,
    ...(namespace && owner.kind !== 'Node' && { namespace }),
  };
}

const OTHER_SOURCES = {
  Pod: 'pods',
  Node: 'nodes',
  Namespace: 'namespaces',
  PersistentVolumeClaim: 'pvcs',
  PersistentVolume: 'pvs',
  PodDisruptionBudget: 'pdbs',
  Service: 'services',
} as const;

/** False when the object is known to be gone: its kind is read, and it is not there. */
export function exists(state: ClusterState, ref: ObjectRef): boolean {
  const source = ({ ...SOURCE_OF_KIND, ...OTHER_SOURCES } as Readonly<Record<string, SourceName>>)[ref.kind];
  const objects = source && dataOf<unknown>(state[source]);
  return !(isLookup(objects) && objects.get(keyOf(ref)) === undefined);
}

function isLookup(value: unknown): value is { get(key: string): unknown } {
  return typeof value === 'object' && value !== null && 'get' in value;
}

/** A reference to an object of the given kind. */
export function refTo(kind: string, object: Meta): ObjectRef {
  return {
    kind,
    name: object.name,
    uid: object.uid,
    ...(object.namespace && { namespace: object.namespace }),
  };
}

/** `Kind/namespace/name`: the object as part of an id. */
export function refKey(ref: ObjectRef): string {
  return `${ref.kind}/${keyOf(ref)}`;
}
