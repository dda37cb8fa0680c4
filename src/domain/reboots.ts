/** Reboots of nodes, seen by a boot id that changed. */
import type { Collection } from './collection.ts';
import { Follower } from './follow.ts';
import type { NodeInfo } from './kinds.ts';

/** Remembers when we saw a node come back with another boot id. */
export class RebootLog {
  private readonly seen = new Map<string, number>();
  private now = 0;
  private readonly follower = new Follower<NodeInfo>((before, after) => {
    if (after === undefined) this.seen.delete(before?.name ?? '');
    else if (before !== undefined && before.bootID !== after.bootID) this.seen.set(after.name, this.now);
  });

  /** Follows these nodes; changes are dated `now`. */
  follow(nodes: Collection<NodeInfo> | undefined, now: number): void {
    this.now = now;
    this.follower.follow(nodes);
  }

  /** When the node of this name was seen to have rebooted. */
  lastOf(node: string): number | undefined {
    return this.seen.get(node);
  }
}
