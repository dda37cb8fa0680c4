import type { Clock } from './clock.ts';
import { type Change, type ChangeType, Collection } from './collection.ts';
import { withDefaults } from './defaults.ts';
import { type DeleteOptions, planDeletion } from './deletion.ts';
import { alreadyExists, conflict, invalid, notFound } from './errors.ts';
import { IdentitySource } from './identity.ts';
import { dig, equal } from './json.ts';
import { type KubeObject, kubeTime, namespaceOf, type ObjectMeta } from './object.ts';
import { apiVersionOf, isStored, RESOURCES, type ResourceDef, resourceKey } from './resources.ts';
import { ServiceAddresses } from './service-addresses.ts';

export { ApiError } from './errors.ts';
export type { KubeObject } from './object.ts';

/** Called after each write, in the order of the resource versions. */
export type ChangeListener = (
  resource: string,
  type: ChangeType,
  object: KubeObject,
  previous?: KubeObject,
) => void;

interface StoreOptions {
  /** Changes kept per resource for watches and paged lists. */
  readonly historyLimit?: number;
  /** Makes uids and generated names differ between worlds. */
  readonly seed?: string;
}

interface UpdateOptions {
  readonly subresource?: 'status' | 'scale';
}

const DEFAULT_HISTORY = 10_000;

/**
 * The state behind the embedded API server. Objects are immutable: a write stores a new one.
 *
 * `resource` is the plural ('pods'), with its group where two share one ('deployments.apps'). Unlike an HTTP
 * client, a caller may set `status`, `creationTimestamp`, `uid`, `generation` and `deletionTimestamp` on create, and
 * spec and status in one update: the homelab's controllers and factories write whole objects. Failures are thrown
 * as {@link ApiError}.
 */
export class ObjectStore {
  readonly #clock: Clock;
  readonly #collections = new Map<string, Collection>();
  readonly #listeners = new Set<ChangeListener>();
  readonly #pending: { readonly resource: string; readonly change: Change }[] = [];
  readonly #identities: IdentitySource;
  readonly #addresses = new ServiceAddresses();
  #version = 1;
  #delivering = false;

  constructor(clock: Clock, options: StoreOptions = {}) {
    this.#clock = clock;
    this.#identities = new IdentitySource(options.seed ?? 'homelab');
    for (const def of RESOURCES) {
      if (!isStored(def)) continue;
      const collection = new Collection(def, options.historyLimit ?? DEFAULT_HISTORY);
      this.#collections.set(resourceKey(def), collection);
      if (!this.#collections.has(def.resource)) this.#collections.set(def.resource, collection);
    }
  }

  /** Version of the newest write. */
  get resourceVersion(): string {
    return String(this.#version);
  }

  get(resource: string, namespace: string, name: string): KubeObject | undefined {
    return this.#collection(resource).get(namespace, name);
  }

  /** Objects of one namespace or of all, ordered by namespace and name. */
  list(resource: string, namespace?: string): KubeObject[] {
    return [...this.#collection(resource).list(namespace)];
  }

  /** Number of objects in a namespace. */
  count(resource: string, namespace: string): number {
    return this.#collection(resource).count(namespace);
  }

  /** The list as it was at a version. Throws 410 when that is forgotten, 504 when it lies ahead. */
  listAt(resource: string, version: number, namespace?: string): readonly KubeObject[] {
    return this.#collection(resource).listAt(version, this.#version, namespace);
  }

  /** Changes after a version, oldest first. Throws like {@link listAt}. */
  changesSince(resource: string, version: number): readonly Change[] {
    return this.#collection(resource).changesSince(version, this.#version);
  }

  /** Adds an object; fills name (from generateName), uid, creationTimestamp, generation, defaults. 409 when it exists. */
  create(resource: string, object: KubeObject): KubeObject {
    const { collection, created } = this.#prepareCreate(resource, object);
    return this.#commit(collection, 'ADDED', created, undefined);
  }

  /** What {@link create} would store, without storing it. */
  previewCreate(resource: string, object: KubeObject): KubeObject {
    return this.#prepareCreate(resource, object).created;
  }

  /**
   * Replaces an object. With `subresource: 'status'` only its status counts, with 'scale' only `spec.replicas`.
   * A given resourceVersion or uid that differs from the stored one is a 409; a change of the spec raises
   * the generation; an update that changes nothing keeps the version. An object that is being deleted goes
   * away with its last finalizer.
   */
  update(resource: string, object: KubeObject, options: UpdateOptions = {}): KubeObject {
    const { collection, previous, updated } = this.#prepareUpdate(resource, object, options);
    if (equal(previous, updated)) return previous;
    if (isFinished(previous, updated)) return this.#commit(collection, 'DELETED', updated, previous);
    return this.#commit(collection, 'MODIFIED', updated, previous);
  }

  /** What {@link update} would store, without storing it. */
  previewUpdate(resource: string, object: KubeObject, options: UpdateOptions = {}): KubeObject {
    return this.#prepareUpdate(resource, object, options).updated;
  }

  /**
   * Deletes as the API server does: a running pod and anything with finalizers is marked with a deletionTimestamp and
   * stays until {@link remove} or its last finalizer goes. Returns the marked or the removed object.
   */
  delete(resource: string, namespace: string, name: string, options: DeleteOptions = {}): KubeObject {
    const collection = this.#collection(resource);
    const previous = this.#existing(collection, namespace, name);
    const marked = planDeletion(collection.def, previous, options, this.#clock.now());
    if (!marked) return this.#commit(collection, 'DELETED', previous, previous);
    return equal(previous, marked) ? previous : this.#commit(collection, 'MODIFIED', marked, previous);
  }

  /** Removes an object at once, finalizers or not, as kubelet and garbage collector end do. No error when it is gone. */
  remove(resource: string, namespace: string, name: string): void {
    const collection = this.#collection(resource);
    const previous = collection.get(namespace, name);
    if (previous) this.#commit(collection, 'DELETED', previous, previous);
  }

  /** Calls the listener after every write; writes made by listeners are delivered after the current one. */
  onChange(listener: ChangeListener): () => void {
    this.#listeners.add(listener);
    return () => this.#listeners.delete(listener);
  }

  #collection(resource: string): Collection {
    const collection = this.#collections.get(resource);
    if (!collection) throw new Error(`the embedded homelab has no resource "${resource}"`);
    return collection;
  }

  #existing(collection: Collection, namespace: string, name: string): KubeObject {
    const object = collection.get(namespace, name);
    if (!object) throw notFound(collection.def, name);
    return object;
  }

  #prepareCreate(resource: string, object: KubeObject): { collection: Collection; created: KubeObject } {
    const collection = this.#collection(resource);
    const { def } = collection;
    const given = object.metadata;
    const name = given.name || (given.generateName ? given.generateName + this.#identities.suffix() : '');
    if (name === '') {
      throw invalid(def, '', [
        {
          reason: 'FieldValueRequired',
          message: 'Required value: name or generateName is required',
          field: 'metadata.name',
        },
      ]);
    }
    if (collection.get(namespaceOf(object), name)) throw alreadyExists(def, name);
    const metadata: ObjectMeta = {
      ...given,
      name,
      uid: given.uid ?? this.#identities.uid(),
      creationTimestamp: given.creationTimestamp ?? kubeTime(this.#clock.now()),
      ...(countsGenerations(def, object) && { generation: given.generation ?? 1 }),
    };
    const complete = { ...object, apiVersion: apiVersionOf(def), kind: def.kind, metadata };
    return { collection, created: this.#complete(def, complete) };
  }

  #prepareUpdate(resource: string, object: KubeObject, options: UpdateOptions) {
    const collection = this.#collection(resource);
    const { def } = collection;
    const previous = this.#existing(collection, namespaceOf(object), object.metadata.name);
    checkLock(def, previous.metadata, object.metadata);
    const merged = mergeUpdate(previous, object, options);
    const generation =
      previous.metadata.generation !== undefined && !equal(previous.spec, merged.spec)
        ? { generation: previous.metadata.generation + 1 }
        : {};
    const metadata = { ...merged.metadata, ...generation };
    return { collection, previous, updated: this.#complete(def, { ...merged, metadata }, previous) };
  }

  /** The object with what the server adds: defaults, and the addresses of a Service. */
  #complete(def: ResourceDef, object: KubeObject, previous?: KubeObject): KubeObject {
    const complete = withDefaults(def, object);
    return isService(def) ? this.#addresses.assign(def, complete, previous) : complete;
  }

  #commit(
    collection: Collection,
    type: ChangeType,
    object: KubeObject,
    previous: KubeObject | undefined,
  ): KubeObject {
    this.#version += 1;
    const metadata = { ...object.metadata, resourceVersion: String(this.#version) };
    const stored = { ...object, metadata };
    const change: Change = { type, object: stored, previous, version: this.#version };
    collection.apply(change);
    if (isService(collection.def)) this.#addresses.observe(type, stored, previous);
    this.#pending.push({ resource: resourceKey(collection.def), change });
    this.#deliver();
    return stored;
  }

  /** Hands out changes one after another, also those that listeners cause meanwhile. */
  #deliver(): void {
    if (this.#delivering) return;
    this.#delivering = true;
    try {
      for (let next = this.#pending.shift(); next; next = this.#pending.shift()) {
        const { type, object, previous } = next.change;
        for (const listener of this.#listeners) listener(next.resource, type, object, previous);
      }
    } finally {
      this.#delivering = false;
    }
  }
}

function isService({ group, resource }: ResourceDef): boolean {
  return group === '' && resource === 'services';
}

/** Core kinds but pods (nodes, services, claims…) carry no generation; neither does anything without a spec. */
function countsGenerations(def: ResourceDef, object: KubeObject): boolean {
  return object.spec !== undefined && (def.group !== '' || def.resource === 'pods');
}

function checkLock(def: ResourceDef, stored: ObjectMeta, given: ObjectMeta): void {
  if (given.uid !== undefined && given.uid !== stored.uid) {
    const why = `Precondition failed: UID in precondition: ${given.uid}, UID in object meta: ${stored.uid}`;
    throw conflict(def, stored.name, why);
  }
  if (given.resourceVersion !== undefined && given.resourceVersion !== stored.resourceVersion) {
    const why = 'the object has been modified; please apply your changes to the latest version and try again';
    throw conflict(def, stored.name, why);
  }
}

/** The stored object with the part of the given one that the update covers. */
function mergeUpdate(previous: KubeObject, object: KubeObject, options: UpdateOptions): KubeObject {
  const { managedFields } = object.metadata;
  const partial = { ...previous.metadata, ...(managedFields && { managedFields }) };
  if (options.subresource === 'status') return { ...previous, status: object.status, metadata: partial };
  if (options.subresource === 'scale') {
    const spec = { ...(previous.spec as object), replicas: dig(object, 'spec', 'replicas') };
    return { ...previous, spec, metadata: partial };
  }
  return {
    ...object,
    apiVersion: previous.apiVersion,
    kind: previous.kind,
    metadata: { ...object.metadata, ...ownedByServer(previous.metadata) },
  };
}

/** Metadata that no writer changes. */
function ownedByServer(stored: ObjectMeta): ObjectMeta {
  return {
    name: stored.name,
    ...(stored.uid !== undefined && { uid: stored.uid }),
    ...(stored.resourceVersion !== undefined && { resourceVersion: stored.resourceVersion }),
    ...(stored.creationTimestamp !== undefined && { creationTimestamp: stored.creationTimestamp }),
    ...(stored.generation !== undefined && { generation: stored.generation }),
    ...(stored.deletionTimestamp !== undefined && {
      deletionTimestamp: stored.deletionTimestamp,
      deletionGracePeriodSeconds: stored.deletionGracePeriodSeconds ?? 0,
    }),
  };
}

/** Whether an object that is being deleted, and waits for nothing else, lost its last finalizer. */
function isFinished(previous: KubeObject, updated: KubeObject): boolean {
  const waited = (previous.metadata.finalizers ?? []).length > 0;
  const waits = (updated.metadata.finalizers ?? []).length > 0;
  const { deletionTimestamp, deletionGracePeriodSeconds } = updated.metadata;
  return waited && !waits && deletionTimestamp !== undefined && deletionGracePeriodSeconds === 0;
}
