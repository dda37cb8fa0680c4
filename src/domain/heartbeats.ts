/** Renewals of node leases as we see them arrive: the times in a lease are those of the node's own clock. */
import type { Collection } from './collection.ts';
import { Follower } from './follow.ts';
import type { LeaseInfo } from './kinds.ts';

/** Remembers when each lease was last seen to be renewed. */
export class HeartbeatLog {
  private readonly seen = new Map<string, number>();
  private now = 0;
  /** When the newest renewal of any lease arrived (epoch ms): long ago means that none arrive here at all. */
  arrivedAt = 0;
  private readonly follower = new Follower<LeaseInfo>((before, after) => {
    if (after === undefined) this.seen.delete(before?.name ?? '');
    else this.renewed(before, after);
  });

  /** Follows these leases; changes are dated `now` (cluster time). */
  follow(leases: Collection<LeaseInfo> | undefined, now: number): void {
    this.now = now;
    this.follower.follow(leases);
  }

  /** When the lease of this node was last seen to be renewed; undefined before we saw it happen. */
  lastSeen(node: string): number | undefined {
    return this.seen.get(node);
  }

  private renewed(before: LeaseInfo | undefined, { name, renewTime }: LeaseInfo): void {
    if (renewTime === undefined || before?.renewTime === renewTime) return;
    // The first reading tells the past.
    const at = before === undefined ? Math.min(renewTime, this.now) : this.now;
    this.arrivedAt = Math.max(this.arrivedAt, at);
    if (before !== undefined) this.seen.set(name, at);
  }
}
