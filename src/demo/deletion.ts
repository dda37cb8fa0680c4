import { conflict } from './errors.ts';
import { dig } from './json.ts';
import { type KubeObject, kubeTime, type ObjectMeta } from './object.ts';
import type { ResourceDef } from './resources.ts';

/** What a client may ask of a deletion. */
export interface DeleteOptions {
  /** Preconditions: the uid and version the client has seen. */
  readonly uid?: string;
  readonly resourceVersion?: string;
  readonly gracePeriodSeconds?: number;
  /** What becomes of the dependents; Background when absent. */
  readonly propagationPolicy?: string;
}

/** Finalizers that hand an object to the garbage collector before it goes. */
export const FOREGROUND = 'foregroundDeletion';
export const ORPHAN = 'orphan';

const DEFAULT_GRACE_SECONDS = 30;

/**
 * The object marked for deletion, or undefined when it can go at once. Throws 409 when a precondition does not hold.
 */
export function planDeletion(
  def: ResourceDef,
  object: KubeObject,
  options: DeleteOptions,
  now: number,
): KubeObject | undefined {
  checkPreconditions(def, object.metadata, options);
  const finalizers = finalizersFor(def, object, options);
  const grace = def.resource === 'pods' ? graceSeconds(object, options) : 0;
  if (grace === 0 && finalizers.length === 0) return undefined;
  return { ...mark(object, finalizers, grace, now), ...terminating(def, object) };
}

function checkPreconditions(def: ResourceDef, stored: ObjectMeta, options: DeleteOptions): void {
  // These conflicts name the kind where others name the resource.
  const named = { ...def, resource: def.kind };
  if (options.uid !== undefined && options.uid !== stored.uid) {
    const why =
      `the UID in the precondition (${options.uid}) does not match the UID in record (${stored.uid}). ` +
      'The object might have been deleted and then recreated';
    throw conflict(named, stored.name, why);
  }
  if (options.resourceVersion !== undefined && options.resourceVersion !== stored.resourceVersion) {
    const why =
      `the ResourceVersion in the precondition (${options.resourceVersion}) does not match ` +
      `the ResourceVersion in record (${stored.resourceVersion}). The object might have been modified`;
    throw conflict(named, stored.name, why);
  }
}

/** A namespace waits for its content; foreground and orphan deletion wait for the garbage collector. */
function finalizersFor(def: ResourceDef, object: KubeObject, options: DeleteOptions): readonly string[] {
  const kept = (object.metadata.finalizers ?? []).filter((each) => each !== FOREGROUND && each !== ORPHAN);
  if (def.resource === 'namespaces') return [...new Set([...kept, FOREGROUND])];
  if (options.propagationPolicy === 'Foreground') return [...kept, FOREGROUND];
  if (options.propagationPolicy === 'Orphan') return [...kept, ORPHAN];
  return kept;
}

/** A pod that never reached a node, or has ended, has nothing to wait for. */
function graceSeconds(pod: KubeObject, options: DeleteOptions): number {
  const phase = dig(pod, 'status', 'phase');
  if (!dig(pod, 'spec', 'nodeName') || phase === 'Succeeded' || phase === 'Failed') return 0;
  const own = dig(pod, 'spec', 'terminationGracePeriodSeconds');
  return Math.max(0, options.gracePeriodSeconds ?? (typeof own === 'number' ? own : DEFAULT_GRACE_SECONDS));
}

/** A second deletion may shorten the grace period, never lengthen it. */
function mark(object: KubeObject, finalizers: readonly string[], grace: number, now: number): KubeObject {
  const { metadata } = object;
  const current = metadata.deletionTimestamp === undefined ? undefined : metadata.deletionGracePeriodSeconds;
  const withFinalizers = { ...metadata, ...(finalizers.length > 0 && { finalizers }) };
  if (current !== undefined && grace >= current) return { ...object, metadata: withFinalizers };
  return {
    ...object,
    metadata: {
      ...withFinalizers,
      ...(metadata.generation !== undefined && { generation: metadata.generation + 1 }),
      deletionTimestamp: kubeTime(now + grace * 1000),
      deletionGracePeriodSeconds: grace,
    },
  };
}

function terminating(def: ResourceDef, object: KubeObject): { status?: unknown } {
  if (def.resource !== 'namespaces') return {};
  return { status: { ...(object.status as object | undefined), phase: 'Terminating' } };
}
