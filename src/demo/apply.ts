import { ApiError } from './errors.ts';
import { equal, isFields } from './json.ts';
import {
  changedFields,
  type FieldSet,
  fieldsOf,
  intersect,
  isEntryOf,
  leafPaths,
  manageable,
  nextManagedFields,
  subtract,
  type Writer,
  without,
} from './managedfields.ts';
import type { KubeObject, ManagedFieldsEntry } from './object.ts';
import { strategicMergePatch } from './patch.ts';
import { apiVersionOf, type ResourceDef } from './resources.ts';

/** Records in managedFields what an ordinary write changed. */
export function recordUpdate(
  previous: KubeObject | undefined,
  object: KubeObject,
  writer: Writer,
  now: number,
): KubeObject {
  const before = previous?.metadata.managedFields ?? [];
  const changed = changedFields(manageable(previous), manageable(object)) ?? {};
  const managedFields = nextManagedFields(before, object, writer, changed, changed, now);
  return { ...object, metadata: { ...object.metadata, managedFields } };
}

/**
 * Server-side apply: the configuration's fields are set, fields that the manager applied before and left out now are
 * removed unless others own them. Throws 409 when another manager owns a field with a different value, unless forced.
 */
export function applyConfiguration(
  def: ResourceDef,
  previous: KubeObject | undefined,
  configuration: KubeObject,
  writer: Writer,
  force: boolean,
  now: number,
): KubeObject {
  const entries = previous?.metadata.managedFields ?? [];
  const wanted = manageable(configuration);
  const owned = fieldsOf(wanted);
  const changes = intersect(changedFields(manageable(previous), wanted) ?? {}, owned) ?? {};
  if (!force) checkConflicts(entries, changes, writer);
  const pruned = previous ? pruneLeftOut(previous, entries, owned, writer) : undefined;
  const merged = strategicMergePatch(pruned ?? {}, {
    ...wanted,
    apiVersion: apiVersionOf(def),
    kind: def.kind,
    metadata: { ...(isFields(wanted.metadata) ? wanted.metadata : {}) },
  });
  const metadata = { ...previous?.metadata, ...(isFields(merged) ? (merged.metadata as object) : {}) };
  const { name, namespace } = configuration.metadata;
  const object: KubeObject = {
    ...(merged as KubeObject),
    metadata: { ...metadata, name, ...(namespace !== undefined && { namespace }) },
  };
  const managedFields = nextManagedFields(entries, object, writer, owned, changes, now);
  return { ...object, metadata: { ...object.metadata, managedFields } };
}

function pruneLeftOut(
  previous: KubeObject,
  entries: readonly ManagedFieldsEntry[],
  owned: FieldSet,
  writer: Writer,
): unknown {
  const mine = entries.find((entry) => isEntryOf(entry, writer));
  let leftOut = mine && subtract(mine.fieldsV1 as FieldSet, owned);
  for (const entry of entries) {
    if (leftOut && !isEntryOf(entry, writer)) leftOut = subtract(leftOut, entry.fieldsV1 as FieldSet);
  }
  return leftOut ? without(previous, leftOut) : previous;
}

function checkConflicts(entries: readonly ManagedFieldsEntry[], changes: FieldSet, writer: Writer): void {
  const causes = entries
    .filter((entry) => !isEntryOf(entry, writer))
    .flatMap((entry) =>
      leafPaths(intersect(entry.fieldsV1 as FieldSet, changes) ?? {}).map((field) => ({
        reason: 'FieldManagerConflict',
        message: `conflict with ${managerText(entry)}`,
        field,
      })),
    );
  const [first] = causes;
  if (!first) return;
  const count = causes.length === 1 ? '1 conflict' : `${causes.length} conflicts`;
  const message = `Apply failed with ${count}: ${causes.map((each) => `${each.message}: ${each.field}`).join(', ')}`;
  throw new ApiError(409, 'Conflict', message, { causes });
}

/** A manager as conflicts name it: only one that updates comes with its version. */
function managerText({ manager, operation, apiVersion }: ManagedFieldsEntry): string {
  return operation === 'Update' ? `"${manager}" using ${apiVersion}` : `"${manager}"`;
}

/** Whether two objects differ in nothing but their managedFields. */
export function sameButManagers(a: KubeObject, b: KubeObject): boolean {
  return equal(
    { ...a, metadata: { ...a.metadata, managedFields: undefined } },
    { ...b, metadata: { ...b.metadata, managedFields: undefined } },
  );
}
