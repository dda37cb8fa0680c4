import type { ChangeType } from '../../collection.ts';
import type { KubeObject } from '../../object.ts';
import type { Cluster } from '../cluster.ts';
import { WorkQueue } from '../work-queue.ts';

/** A change of one object. */
export interface Change {
  readonly resource: string;
  readonly type: ChangeType;
  readonly object: KubeObject;
  readonly previous: KubeObject | undefined;
}

/** A control loop: it is told of every change (at first, of every object as ADDED) and acts later, on a timer. */
export interface Controller {
  observe(change: Change): void;
}

/** Reaction time of the controllers in milliseconds, about what a real control plane shows. */
export const REACTION_MS = 50;

/** A control loop over keys: changes put keys into the queue, and each key is reconciled by itself. */
export abstract class QueueController implements Controller {
  protected readonly cluster: Cluster;
  protected readonly queue: WorkQueue;

  constructor(cluster: Cluster) {
    this.cluster = cluster;
    this.queue = new WorkQueue(cluster.clock, (key) => this.reconcile(key));
  }

  abstract observe(change: Change): void;

  /** Brings the object of this key closer to what it should be. */
  protected abstract reconcile(key: string): void;
}
