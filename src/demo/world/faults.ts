import type { Pod } from './objects.ts';

/** Which pods something happens to: all whose name begins with `app` and a dash (or equals it). */
interface Target {
  readonly namespace: string;
  readonly app: string;
  readonly container: string;
}

/**
 * Something that goes wrong, as a fact about the world rather than about one pod: it follows the app through
 * rollouts, and it ends when its condition no longer holds (another image, a larger limit).
 */
export type Fault =
  /** An image that no registry has. */
  | { readonly kind: 'image-missing'; readonly image: string }
  /** The container is killed by the kernel while its memory limit is below what it needs. */
  | (Target & {
      readonly kind: 'oom';
      readonly needsBytes: number;
      readonly firstAfterMs: number;
      readonly everyMs: readonly [least: number, most: number];
    })
  /** The container exits by itself some time after each start. */
  | (Target & {
      readonly kind: 'crash';
      readonly exitCode: number;
      readonly afterMs: readonly [number, number];
    })
  /** The container runs, but its readiness probe fails with this text. */
  | (Target & { readonly kind: 'not-ready'; readonly message: string; readonly everyMs: number });

export type FaultOf<K extends Fault['kind']> = Extract<Fault, { kind: K }>;

/** Whether a fault with a target is about this pod. */
export function concerns(fault: Target, pod: Pod): boolean {
  const { name, namespace } = pod.metadata;
  return namespace === fault.namespace && (name === fault.app || name.startsWith(`${fault.app}-`));
}

/** The faults of one kind that are about this pod. */
export function faultsOf<K extends 'oom' | 'crash' | 'not-ready'>(
  faults: readonly Fault[],
  kind: K,
  pod: Pod,
): FaultOf<K>[] {
  return faults.filter(
    (fault): fault is FaultOf<K> => fault.kind === kind && concerns(fault as FaultOf<K>, pod),
  );
}
