import { type Collection, type Keyed, keyOf } from '../domain/collection.ts';
import type { ObjectRef } from '../domain/finding.ts';

/** An object of a collection with its identity in a list. */
export interface Placed<T> {
  /** Key of the object in its collection. */
  readonly id: string;
  readonly ref: ObjectRef;
  readonly item: T;
}

/** The place of one key; empty once its object is gone. */
interface Slot {
  placed: Placed<Keyed> | undefined;
}

interface Order {
  readonly version: number;
  /** Slots in the order in which the collection hands out its objects. */
  readonly walk: readonly Slot[];
  /** The same slots by id. */
  readonly sorted: readonly Slot[];
  readonly result: readonly Placed<Keyed>[];
}

const orders = new WeakMap<Collection<Keyed>, Order>();
const NOTHING: Order = { version: -1, walk: [], sorted: [], result: [] };

/**
 * The objects of a collection by key. Between two frames a handful of a hundred thousand pods change, so the
 * previous order is taken over: known keys keep their place, only new ones are sorted and merged in.
 */
export function inOrder<T extends Keyed>(
  collection: Collection<T> | undefined,
  kindOf: (item: T) => string,
): readonly Placed<T>[] {
  if (collection === undefined) return [];
  const known = orders.get(collection);
  const order = known?.version === collection.version ? known : advance(collection, kindOf, known ?? NOTHING);
  orders.set(collection, order);
  return order.result as readonly Placed<T>[];
}

/**
 * Walks the collection along the slots of the last walk. A collection hands out what it already had in the same
 * order as before and new keys last, so neither hashing nor string building is needed; with any other order the
 * result is the same, only slower.
 */
function advance<T extends Keyed>(
  collection: Collection<T>,
  kindOf: (item: T) => string,
  before: Order,
): Order {
  const walk: Slot[] = [];
  const added: Slot[] = [];
  let next = 0;
  for (const item of collection.values()) {
    let slot = before.walk[next];
    while (slot !== undefined && !isFor(slot, item)) {
      slot.placed = undefined;
      next += 1;
      slot = before.walk[next];
    }
    next += 1;
    if (slot === undefined) {
      slot = { placed: place(item, kindOf(item)) };
      added.push(slot);
    } else if (slot.placed?.item !== item) slot.placed = place(item, kindOf(item));
    walk.push(slot);
  }
  for (const slot of before.walk.slice(next)) slot.placed = undefined;
  const sorted = merge(before.sorted, added.sort(byId));
  const result: Placed<Keyed>[] = [];
  for (const { placed } of sorted) if (placed !== undefined) result.push(placed);
  return { version: collection.version, walk, sorted, result };
}

function isFor({ placed }: Slot, item: Keyed): boolean {
  return placed !== undefined && placed.item.name === item.name && placed.item.namespace === item.namespace;
}

function place<T extends Keyed>(item: T, kind: string): Placed<T> {
  const { namespace, name, uid } = item;
  const ref = namespace === '' ? { kind, name, uid } : { kind, namespace, name, uid };
  return { id: keyOf(item), ref, item };
}

function byId(a: Slot, b: Slot): number {
  const left = a.placed?.id ?? '';
  const right = b.placed?.id ?? '';
  return left < right ? -1 : left > right ? 1 : 0;
}

/** Merges two sorted lists and drops the slots that became empty. */
function merge(a: readonly Slot[], b: readonly Slot[]): readonly Slot[] {
  const result: Slot[] = [];
  let next = 0;
  for (const slot of a) {
    if (slot.placed === undefined) continue;
    for (let other = b[next]; other !== undefined && byId(other, slot) < 0; other = b[next]) {
      result.push(other);
      next += 1;
    }
    result.push(slot);
  }
  for (const slot of b.slice(next)) result.push(slot);
  return result;
}
