import { keyOf } from '../collection.ts';
import type { EventIndex } from '../events.ts';
import type { ObjectRef } from '../finding.ts';
import type { HeartbeatLog } from '../heartbeats.ts';
import type { PodInfo, PvcInfo } from '../kinds.ts';
import { refKey } from '../owners.ts';
import type { PodIndex } from '../podindex.ts';
import type { RebootLog } from '../reboots.ts';
import type { ClusterState } from '../state.ts';
import type { WorkloadIndex } from '../workloadindex.ts';
import type { Draft } from './draft.ts';

/** What every check may ask. `now` is the cluster's time (epoch ms), comparable with the times in objects. */
export interface CheckContext {
  readonly state: ClusterState;
  readonly now: number;
  readonly pods: PodIndex;
  readonly workloads: WorkloadIndex;
  readonly events: EventIndex;
  readonly reboots: RebootLog;
  readonly heartbeats: HeartbeatLog;
  /** Which findings are about a pod; filled by the check of pods, which runs first. */
  readonly blame: Blame;
}

/** Finds what is wrong with one subject. Pure: the same context gives the same drafts. */
export type Check = (context: CheckContext) => readonly Draft[];

/** Which findings speak about which pods, so that what depends on these pods can name its cause. */
export class Blame {
  private readonly byOwner = new Map<string, Set<string>>();
  private readonly settling = new Map<string, number>();
  private readonly byClaim = new Map<string, Set<string>>();
  private readonly pods: { readonly pod: PodInfo; readonly id: string }[] = [];

  /** Starts anew. */
  clear(): void {
    this.byOwner.clear();
    this.byClaim.clear();
    this.settling.clear();
    this.pods.length = 0;
  }

  /** Notes that a finding speaks about a pod of this owner. */
  add(pod: PodInfo, owner: ObjectRef, findingId: string): void {
    this.pods.push({ pod, id: findingId });
    note(this.byOwner, refKey(owner), findingId);
    for (const name of pod.claims ?? [])
      note(this.byClaim, keyOf({ namespace: pod.namespace, name }), findingId);
  }

  /** Notes a pod of this owner that its node, ready again, has yet to start. */
  addSettling(owner: ObjectRef): void {
    this.settling.set(refKey(owner), this.settlingOf(owner) + 1);
  }

  /** How many pods of this owner a node that is ready again has yet to start. */
  settlingOf(owner: ObjectRef): number {
    return this.settling.get(refKey(owner)) ?? 0;
  }

  /** Ids of findings about pods of this owner. */
  ofOwner(owner: ObjectRef): readonly string[] {
    return [...(this.byOwner.get(refKey(owner)) ?? [])];
  }

  /** Ids of findings about pods that mount this claim. */
  ofClaim(claim: PvcInfo): readonly string[] {
    return [...(this.byClaim.get(keyOf(claim)) ?? [])];
  }

  /** Ids of findings about pods that a label selector matches. */
  ofSelector(namespace: string, selector: Readonly<Record<string, string>>): readonly string[] {
    const wanted = Object.entries(selector);
    const ids = this.pods
      .filter(
        ({ pod }) => pod.namespace === namespace && wanted.every(([key, value]) => pod.labels[key] === value),
      )
      .map(({ id }) => id);
    return [...new Set(ids)];
  }
}

function note(index: Map<string, Set<string>>, key: string, findingId: string): void {
  index.set(key, (index.get(key) ?? new Set()).add(findingId));
}
