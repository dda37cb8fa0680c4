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

type Targeted = Exclude<Fault, { kind: 'image-missing' }>;

/** Everything that goes wrong, found by image or by pod. */
export class FaultBook {
  private readonly missingImages = new Set<string>();
  private readonly byNamespace = new Map<string, Targeted[]>();

  add(fault: Fault): void {
    if (fault.kind === 'image-missing') {
      this.missingImages.add(fault.image);
      return;
    }
    this.byNamespace.set(fault.namespace, [...(this.byNamespace.get(fault.namespace) ?? []), fault]);
  }

  isMissing(image: string): boolean {
    return this.missingImages.has(image);
  }

  /** The faults of one kind that are about a pod. */
  of<K extends Targeted['kind']>(kind: K, pod: Pod): FaultOf<K>[] {
    const nearby = this.byNamespace.get(pod.metadata.namespace ?? '') ?? [];
    return nearby.filter((fault): fault is FaultOf<K> => fault.kind === kind && concerns(fault, pod));
  }
}

function concerns({ app }: Target, { metadata: { name } }: Pod): boolean {
  return name === app || name.startsWith(`${app}-`);
}
