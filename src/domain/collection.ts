/** What a collection holds: one projected Kubernetes object. */
export interface Keyed {
  readonly uid: string;
  readonly namespace: string;
  readonly name: string;
  readonly resourceVersion: string;
}

/** `namespace/name`, or just the name for cluster-scoped objects: unique within one kind. */
export function keyOf(object: { readonly namespace?: string | undefined; readonly name: string }): string {
  return object.namespace ? `${object.namespace}/${object.name}` : object.name;
}

/** Told of each change: `before` is undefined for an addition, `after` for a deletion. */
export type ChangeListener<T> = (before: T | undefined, after: T | undefined) => void;

/** Read side of the objects of one kind. `version` grows with every change, so it serves as a memo key. */
export interface Collection<T extends Keyed> {
  readonly version: number;
  readonly size: number;
  get(key: string): T | undefined;
  values(): IterableIterator<T>;
}

/**
 * The objects of one kind, keyed by `namespace/name`. The same name with a new uid is reported as a deletion
 * and an addition, never as an update, because it is a different object (actions rely on this).
 */
export class ObjectTable<T extends Keyed> implements Collection<T> {
  private readonly objects = new Map<string, T>();
  private readonly listeners = new Set<ChangeListener<T>>();
  version = 0;

  get size(): number {
    return this.objects.size;
  }

  get(key: string): T | undefined {
    return this.objects.get(key);
  }

  values(): IterableIterator<T> {
    return this.objects.values();
  }

  /** Adds or replaces one object; the same uid with the same resourceVersion is ignored. */
  upsert(object: T): void {
    const key = keyOf(object);
    const before = this.objects.get(key);
    if (before?.uid === object.uid && before.resourceVersion === object.resourceVersion) return;
    this.objects.set(key, object);
    this.version += 1;
    if (before !== undefined && before.uid !== object.uid) {
      this.emit(before, undefined);
      this.emit(undefined, object);
    } else this.emit(before, object);
  }

  /** Removes one object; unknown keys, and keys now held by another uid, are ignored. */
  delete(key: string, uid?: string): void {
    const before = this.objects.get(key);
    if (before === undefined || (uid !== undefined && before.uid !== uid)) return;
    this.objects.delete(key);
    this.version += 1;
    this.emit(before, undefined);
  }

  /** Makes the table equal to a complete list: upserts what is there, deletes what is gone. */
  replaceAll(objects: Iterable<T>): void {
    const seen = new Set<string>();
    for (const object of objects) {
      seen.add(keyOf(object));
      this.upsert(object);
    }
    for (const key of [...this.objects.keys()]) if (!seen.has(key)) this.delete(key);
  }

  /** Calls `listener` for every later change; returns the function that ends it. */
  onChange(listener: ChangeListener<T>): () => void {
    this.listeners.add(listener);
    return () => this.listeners.delete(listener);
  }

  private emit(before: T | undefined, after: T | undefined): void {
    for (const listener of this.listeners) listener(before, after);
  }
}
