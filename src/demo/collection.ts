import { expired, tooLargeResourceVersion } from './errors.ts';
import { type KubeObject, namespaceOf } from './object.ts';
import type { ResourceDef } from './resources.ts';

/** What happened to an object. */
export type ChangeType = 'ADDED' | 'MODIFIED' | 'DELETED';

/** One entry of the history of a resource. */
export interface Change {
  readonly type: ChangeType;
  readonly object: KubeObject;
  readonly previous: KubeObject | undefined;
  readonly version: number;
}

/** The objects of one namespace; the sorted names are kept until one comes or goes. */
interface Bucket {
  readonly objects: Map<string, KubeObject>;
  sortedNames: readonly string[] | undefined;
}

/** The objects of one resource, by namespace and name, and its recent changes. */
export class Collection {
  readonly def: ResourceDef;
  readonly #historyLimit: number;
  readonly #buckets = new Map<string, Bucket>();
  readonly #history: Change[] = [];
  /** All objects in order, kept until something changes: the pages of a list share it. */
  #all: readonly KubeObject[] | undefined;
  /** Version of the newest change that is forgotten: a reader at this version or later misses nothing. */
  #floor = 0;

  constructor(def: ResourceDef, historyLimit: number) {
    this.def = def;
    this.#historyLimit = historyLimit;
  }

  get(namespace: string, name: string): KubeObject | undefined {
    return this.#buckets.get(namespace)?.objects.get(name);
  }

  /** Objects ordered by namespace and name, as etcd orders its keys. */
  list(namespace?: string): readonly KubeObject[] {
    if (namespace !== undefined) return listBucket(this.#buckets.get(namespace));
    if (this.#all) return this.#all;
    const namespaces = [...this.#buckets.keys()].sort((a, b) => compare(`${a}/`, `${b}/`));
    this.#all = namespaces.flatMap((each) => listBucket(this.#buckets.get(each)));
    return this.#all;
  }

  /** Number of objects in a namespace. */
  count(namespace: string): number {
    return this.#buckets.get(namespace)?.objects.size ?? 0;
  }

  /** Applies a change and remembers it. */
  apply(change: Change): void {
    const namespace = namespaceOf(change.object);
    const bucket = this.#buckets.get(namespace) ?? { objects: new Map(), sortedNames: undefined };
    this.#buckets.set(namespace, bucket);
    const { name } = change.object.metadata;
    if (change.type === 'DELETED') bucket.objects.delete(name);
    else bucket.objects.set(name, change.object);
    if (change.type !== 'MODIFIED') bucket.sortedNames = undefined;
    this.#all = undefined;
    this.#remember(change);
  }

  /** Changes after a version. Throws 410 when some are forgotten, 504 when the version is not reached yet. */
  changesSince(version: number, current: number): readonly Change[] {
    this.#checkVersion(version, current);
    const first = this.#history.findIndex((change) => change.version > version);
    return first < 0 ? [] : this.#history.slice(first);
  }

  /** The objects as they were at a version. Throws like {@link changesSince}. */
  listAt(version: number, current: number, namespace?: string): readonly KubeObject[] {
    this.#checkVersion(version, current);
    const undone = new Map<string, KubeObject | undefined>();
    for (let index = this.#history.length - 1; index >= 0; index -= 1) {
      const change = this.#history[index];
      if (!change || change.version <= version) break;
      if (namespace === undefined || namespaceOf(change.object) === namespace) {
        undone.set(objectKey(change.object), change.previous);
      }
    }
    return undone.size === 0 ? this.list(namespace) : this.#restored(undone, namespace);
  }

  /** The present list with some keys set back to what they held. */
  #restored(
    undone: ReadonlyMap<string, KubeObject | undefined>,
    namespace: string | undefined,
  ): KubeObject[] {
    const replaced = new Set<KubeObject>();
    for (const key of undone.keys()) {
      const slash = key.indexOf('/');
      const object = this.get(key.slice(0, slash), key.slice(slash + 1));
      if (object) replaced.add(object);
    }
    const kept = this.list(namespace).filter((object) => !replaced.has(object));
    const restored = [...undone.values()].filter((object) => object !== undefined);
    return mergeSorted(
      kept,
      restored.sort((a, b) => compare(objectKey(a), objectKey(b))),
    );
  }

  #checkVersion(version: number, current: number): void {
    if (version > current) throw tooLargeResourceVersion(version, current);
    if (version < this.#floor) throw expired(`too old resource version: ${version} (${this.#floor})`);
  }

  #remember(change: Change): void {
    this.#history.push(change);
    if (this.#history.length <= this.#historyLimit) return;
    this.#floor = this.#history.shift()?.version ?? this.#floor;
  }
}

/** Sort key of an object: 'namespace/name'. */
export function objectKey(object: KubeObject): string {
  return `${namespaceOf(object)}/${object.metadata.name}`;
}

/** Index of the first object whose key is greater than the given one, in a sorted list. */
export function indexAfter(objects: readonly KubeObject[], key: string): number {
  let low = 0;
  let high = objects.length;
  while (low < high) {
    const middle = (low + high) >> 1;
    const object = objects[middle];
    if (object && objectKey(object) <= key) low = middle + 1;
    else high = middle;
  }
  return low;
}

/** Merges a few sorted objects into a long sorted list, looking at few of the long one's keys. */
function mergeSorted(long: readonly KubeObject[], few: readonly KubeObject[]): KubeObject[] {
  const merged: KubeObject[] = [];
  let from = 0;
  for (const object of few) {
    const to = indexAfter(long, objectKey(object));
    for (const each of long.slice(from, to)) merged.push(each);
    merged.push(object);
    from = to;
  }
  return merged.concat(long.slice(from));
}

function listBucket(bucket: Bucket | undefined): KubeObject[] {
  if (!bucket) return [];
  bucket.sortedNames ??= [...bucket.objects.keys()].sort(compare);
  const objects: KubeObject[] = [];
  for (const name of bucket.sortedNames) {
    const object = bucket.objects.get(name);
    if (object) objects.push(object);
  }
  return objects;
}

function compare(a: string, b: string): number {
  return a < b ? -1 : a > b ? 1 : 0;
}
