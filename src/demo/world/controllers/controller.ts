import type { ChangeType } from '../../collection.ts';
import type { KubeObject } from '../../object.ts';

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
