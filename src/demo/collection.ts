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
  list(namespace?: string): KubeObject[] {
    if (namespace !== undefined) return listBucket(this.#buckets.get(namespace));
    const namespaces = [...this.#buckets.keys()].sort((a, b) => compare(`${a}/`, `${b}/`));
    return namespaces.flatMap((each) => listBucket(this.#buckets.get(each)));
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
    this.#remember(change);
  }

  /** Changes after a version. Throws 410 when some are forgotten, 504 when the version is not reached yet. */
  changesSince(version: number, current: number): readonly Change[] {
    this.#checkVersion(version, current);
    const first = this.#history.findIndex((change) => change.version > version);
    return first < 0 ? [] : this.#history.slice(first);
  }

  /** The objects as they were at a version. Throws like {@link changesSince}. */
  listAt(version: number, current: number, namespace?: string): KubeObject[] {
    this.#checkVersion(version, current);
    const undone = new Map<string, KubeObject | undefined>();
    for (let index = this.#history.length - 1; index >= 0; index -= 1) {
      const change = this.#history[index];
      if (!change || change.version <= version) break;
      if (namespace === undefined || namespaceOf(change.object) === namespace) {
        undone.set(objectKey(change.object), change.previous);
      }
    }
    const now = this.list(namespace);
    return undone.size === 0 ? now : withUndone(now, undone);
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

function withUndone(now: readonly KubeObject[], undone: Map<string, KubeObject | undefined>): KubeObject[] {
  const before = now.filter((object) => !undone.has(objectKey(object)));
  for (const previous of undone.values()) if (previous) before.push(previous);
  return before.sort((a, b) => compare(objectKey(a), objectKey(b)));
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
