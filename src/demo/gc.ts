import { FOREGROUND, ORPHAN } from './deletion.ts';
import { type KubeObject, namespaceOf } from './object.ts';
import { isStored, RESOURCES, resourceKey } from './resources.ts';
import type { ObjectStore } from './store.ts';

interface Dependent {
  readonly resource: string;
  readonly namespace: string;
  readonly name: string;
}

const NAMESPACED = RESOURCES.filter((def) => isStored(def) && def.namespaced).map(resourceKey);

/**
 * Deletes what belongs to deleted objects, as the garbage collector and the namespace controller do: dependents by the
 * uids in their ownerReferences, before their owner (Foreground), after it (Background) or never (Orphan), and the
 * content of a namespace that is being deleted. Returns a function that stops it.
 */
export function startGarbageCollector(store: ObjectStore): () => void {
  const dependents = new Map<string, Map<string, Dependent>>();

  function link(resource: string, object: KubeObject): void {
    const { name } = object.metadata;
    const dependent = { resource, namespace: namespaceOf(object), name };
    for (const { uid } of object.metadata.ownerReferences ?? []) {
      const owned = dependents.get(uid) ?? new Map<string, Dependent>();
      dependents.set(uid, owned.set(keyOf(dependent), dependent));
    }
  }

  function unlink(resource: string, object: KubeObject): void {
    const key = keyOf({ resource, namespace: namespaceOf(object), name: object.metadata.name });
    for (const { uid } of object.metadata.ownerReferences ?? []) {
      const owned = dependents.get(uid);
      owned?.delete(key);
      if (owned?.size === 0) dependents.delete(uid);
    }
  }

  function ownedBy(uid: string | undefined): Dependent[] {
    return uid === undefined ? [] : [...(dependents.get(uid)?.values() ?? [])];
  }

  /** Deletes the dependents of a uid that have no other owner, else takes the reference away. */
  function release(uid: string | undefined, keepObjects: boolean, policy: string): void {
    for (const { resource, namespace, name } of ownedBy(uid)) {
      const object = store.get(resource, namespace, name);
      if (!object) continue;
      const others = (object.metadata.ownerReferences ?? []).filter((owner) => owner.uid !== uid);
      if (!keepObjects && others.length === 0) {
        if (object.metadata.deletionTimestamp === undefined) {
          store.delete(resource, namespace, name, { propagationPolicy: policy });
        }
      } else {
        store.update(resource, { ...object, metadata: { ...object.metadata, ownerReferences: others } });
      }
    }
  }

  function dropFinalizer(resource: string, object: KubeObject, finalizer: string): void {
    const current = store.get(resource, namespaceOf(object), object.metadata.name);
    if (!current?.metadata.finalizers?.includes(finalizer)) return;
    const finalizers = current.metadata.finalizers.filter((each) => each !== finalizer);
    store.update(resource, { ...current, metadata: { ...current.metadata, finalizers } });
  }

  /** Does what the garbage collector's finalizers on a marked object ask for. */
  function finalise(resource: string, object: KubeObject): void {
    const { finalizers = [], uid, deletionTimestamp, name } = object.metadata;
    if (deletionTimestamp === undefined) return;
    if (finalizers.includes(ORPHAN)) {
      release(uid, true, 'Orphan');
      dropFinalizer(resource, object, ORPHAN);
    }
    if (!finalizers.includes(FOREGROUND)) return;
    if (resource === 'namespaces') {
      emptyNamespace(store, name);
      finishNamespace(object);
    } else {
      release(uid, false, 'Foreground');
      if (ownedBy(uid).length === 0) dropFinalizer(resource, object, FOREGROUND);
    }
  }

  /** Lets a namespace that is being deleted go once it is empty. */
  function finishNamespace(namespace: KubeObject): void {
    const { name, deletionTimestamp } = namespace.metadata;
    if (deletionTimestamp === undefined) return;
    const isEmpty = NAMESPACED.every((resource) => store.count(resource, name) === 0);
    if (isEmpty) dropFinalizer('namespaces', namespace, FOREGROUND);
  }

  /** Looks again at the owners and the namespace that may have waited for an object. */
  function settle(object: KubeObject): void {
    const namespace = store.get('namespaces', '', namespaceOf(object));
    if (namespace) finishNamespace(namespace);
    for (const owner of object.metadata.ownerReferences ?? []) {
      const found = findOwner(store, namespaceOf(object), owner.kind, owner.name);
      if (found?.object.metadata.uid === owner.uid) finalise(found.resource, found.object);
    }
  }

  for (const def of RESOURCES) {
    if (!isStored(def)) continue;
    for (const object of store.list(resourceKey(def))) link(resourceKey(def), object);
  }
  return store.onChange((resource, type, object, previous) => {
    if (previous) unlink(resource, previous);
    if (type === 'DELETED') {
      release(object.metadata.uid, false, 'Background');
      settle(object);
      return;
    }
    link(resource, object);
    finalise(resource, object);
  });
}

function keyOf({ resource, namespace, name }: Dependent): string {
  return `${resource}/${namespace}/${name}`;
}

function emptyNamespace(store: ObjectStore, namespace: string): void {
  for (const resource of NAMESPACED) {
    for (const { metadata } of store.list(resource, namespace)) {
      if (metadata.deletionTimestamp === undefined) store.delete(resource, namespace, metadata.name);
    }
  }
}

function findOwner(store: ObjectStore, namespace: string, kind: string, name: string) {
  for (const def of RESOURCES) {
    if (def.kind !== kind || !isStored(def)) continue;
    const resource = resourceKey(def);
    const object = store.get(resource, def.namespaced ? namespace : '', name);
    if (object) return { resource, object };
  }
  return undefined;
}
