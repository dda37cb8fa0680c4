import { equal, type Fields, isFields } from './json.ts';
import { isMergingSet, mergeKeyOf } from './mergekeys.ts';
import { type KubeObject, kubeTime, type ManagedFieldsEntry } from './object.ts';

/** A set of field paths as nested `f:`, `k:` and `v:` keys: the FieldsV1 format. An empty set is a leaf. */
export type FieldSet = { readonly [path: string]: FieldSet };

/** Fields of an object that nobody manages. */
const UNMANAGED_METADATA = new Set([
  'name',
  'namespace',
  'uid',
  'resourceVersion',
  'generation',
  'creationTimestamp',
  'deletionTimestamp',
  'deletionGracePeriodSeconds',
  'managedFields',
  'selfLink',
]);

/** The part of an object that managers can own. */
export function manageable(object: KubeObject | undefined): Fields {
  if (!object) return {};
  const { apiVersion: _version, kind: _kind, metadata, ...rest } = object;
  const kept = Object.entries(metadata).filter(([key]) => !UNMANAGED_METADATA.has(key));
  return { ...rest, ...(kept.length > 0 && { metadata: Object.fromEntries(kept) }) };
}

/** Every element of a value with the key it has in a field set; undefined for what is owned as a whole. */
function children(name: string, value: unknown): [string, string, unknown][] | undefined {
  if (isFields(value)) {
    const entries = Object.entries(value).filter(([, child]) => child !== undefined && child !== null);
    return entries.map(([key, child]) => [`f:${key}`, key, child]);
  }
  if (!Array.isArray(value) || value.length === 0) return undefined;
  if (isMergingSet(name)) return value.map((each) => [`v:${JSON.stringify(each)}`, '', each]);
  const key = mergeKeyOf(name, value);
  if (key === undefined || !value.every(isFields)) return undefined;
  return value.map((each) => [`k:${JSON.stringify({ [key]: each[key] })}`, '', each]);
}

/** All fields of a value. */
export function fieldsOf(value: unknown, name = ''): FieldSet {
  return changedFields(undefined, value, name) ?? {};
}

/** The fields whose value in `after` differs from `before`; undefined when none does. */
export function changedFields(before: unknown, after: unknown, name = ''): FieldSet | undefined {
  if (equal(before, after)) return undefined;
  const entries = children(name, after);
  if (!entries || entries.length === 0) return {};
  const old = new Map((children(name, before) ?? []).map(([path, , value]) => [path, value]));
  const result: Record<string, FieldSet> = {};
  for (const [path, childName, value] of entries) {
    const changed = changedFields(old.get(path), value, childName);
    if (changed) result[path] = changed;
  }
  return Object.keys(result).length > 0 ? result : undefined;
}

/** Paths in either set. */
export function union(a: FieldSet, b: FieldSet): FieldSet {
  const result: Record<string, FieldSet> = { ...a };
  for (const [path, child] of Object.entries(b)) result[path] = union(result[path] ?? {}, child);
  return result;
}

/** Leaves of `a` that are not in `b`; undefined when none is left. */
export function subtract(a: FieldSet, b: FieldSet): FieldSet | undefined {
  const result: Record<string, FieldSet> = {};
  for (const [path, child] of Object.entries(a)) {
    const other = b[path];
    const left = other === undefined ? child : isLeaf(child) ? undefined : subtract(child, other);
    if (left) result[path] = left;
  }
  return Object.keys(result).length > 0 ? result : undefined;
}

/** Leaves of `a` that are also in `b`; undefined when there are none. */
export function intersect(a: FieldSet, b: FieldSet): FieldSet | undefined {
  const result: Record<string, FieldSet> = {};
  for (const [path, child] of Object.entries(a)) {
    const other = b[path];
    const both = other === undefined ? undefined : isLeaf(child) ? child : intersect(child, other);
    if (both) result[path] = both;
  }
  return Object.keys(result).length > 0 ? result : undefined;
}

/** The value without the leaves of the set; objects and elements that become empty go, too. */
export function without(value: unknown, set: FieldSet, name = ''): unknown {
  if (isLeaf(set)) return undefined;
  const entries = children(name, value);
  if (!entries) return value;
  const kept: [string, unknown][] = [];
  for (const [path, key, child] of entries) {
    const inner = set[path];
    const left = inner ? without(child, inner, key) : child;
    if (left !== undefined) kept.push([key, left]);
  }
  if (Array.isArray(value)) return kept.map(([, child]) => child);
  return kept.length > 0 || entries.length === 0 ? Object.fromEntries(kept) : undefined;
}

/** Leaf paths as managers' conflicts name them: `.spec.replicas`. */
export function leafPaths(set: FieldSet, prefix = ''): string[] {
  return Object.entries(set).flatMap(([path, child]) => {
    const here = path.startsWith('f:') ? `${prefix}.${path.slice(2)}` : `${prefix}[${path.slice(2)}]`;
    return isLeaf(child) ? [here] : leafPaths(child, here);
  });
}

function isLeaf(set: FieldSet): boolean {
  return Object.keys(set).length === 0;
}

/** Who writes, and through which door. */
export interface Writer {
  readonly manager: string;
  readonly operation: 'Update' | 'Apply';
  readonly subresource: string | undefined;
}

/** Whether an entry belongs to a writer. */
export function isEntryOf(entry: ManagedFieldsEntry, writer: Writer): boolean {
  return (
    entry.manager === writer.manager &&
    entry.operation === writer.operation &&
    (entry.subresource ?? '') === (writer.subresource ?? '')
  );
}

/**
 * The managedFields after a write: the writer owns `owned` (an Apply exactly that, an Update in addition to what it
 * had), nobody else owns what it `took`, and nobody owns fields that are gone.
 */
export function nextManagedFields(
  before: readonly ManagedFieldsEntry[],
  after: KubeObject,
  writer: Writer,
  owned: FieldSet,
  took: FieldSet,
  now: number,
): ManagedFieldsEntry[] {
  const present = fieldsOf(manageable(after));
  const entries: ManagedFieldsEntry[] = [];
  let previous: FieldSet = {};
  for (const entry of before) {
    const set = entry.fieldsV1 as FieldSet;
    if (isEntryOf(entry, writer)) {
      if (writer.operation === 'Update') previous = set;
      continue;
    }
    const left = intersect(subtract(set, took) ?? {}, present);
    if (left) entries.push(equal(left, set) ? entry : { ...entry, fieldsV1: left });
  }
  const set = intersect(union(previous, owned), present);
  if (!set) return entries;
  const { subresource, manager, operation } = writer;
  const unchanged = before.find((entry) => isEntryOf(entry, writer) && equal(entry.fieldsV1, set));
  const time = unchanged && Object.keys(took).length === 0 ? unchanged.time : kubeTime(now);
  entries.push({
    manager,
    operation,
    apiVersion: after.apiVersion,
    ...(time !== undefined && { time }),
    fieldsType: 'FieldsV1',
    fieldsV1: set,
    ...(subresource !== undefined && { subresource }),
  });
  return entries;
}
