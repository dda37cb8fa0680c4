/** Events by the object they are about. Kubernetes keeps them for an hour, so their absence proves nothing. */
import { type Collection, keyOf } from './collection.ts';
import type { ObjectRef } from './finding.ts';
import { Follower } from './follow.ts';
import type { EventInfo } from './kinds.ts';

/** Finds the events of one object without walking all events. */
export class EventIndex {
  private readonly byObject = new Map<string, Map<string, EventInfo>>();
  private readonly follower = new Follower<EventInfo>((before, after) => {
    if (before !== undefined) this.remove(before);
    if (after !== undefined) this.add(after);
  });

  /** Follows this collection. */
  follow(events: Collection<EventInfo> | undefined): void {
    this.follower.follow(events);
  }

  /** Events about an object, the newest first. With a uid, those of an earlier object of the same name are left out. */
  of(ref: ObjectRef): readonly EventInfo[] {
    const found = this.byObject.get(objectKey(ref))?.values() ?? [];
    return [...found]
      .filter(
        ({ regarding }) => !ref.uid || !regarding.uid || regarding.uid === ref.uid || ref.kind === 'Node',
      )
      .sort((a, b) => b.lastAt - a.lastAt);
  }

  private add(event: EventInfo): void {
    const key = objectKey(event.regarding);
    const known = this.byObject.get(key) ?? new Map<string, EventInfo>();
    this.byObject.set(key, known.set(keyOf(event), event));
  }

  private remove(event: EventInfo): void {
    const key = objectKey(event.regarding);
    const known = this.byObject.get(key);
    known?.delete(keyOf(event));
    if (known?.size === 0) this.byObject.delete(key);
  }
}

/** Events about nodes carry the node's name as uid and often live in namespace `default`. */
function objectKey(ref: ObjectRef): string {
  return ref.kind === 'Node' ? `Node/${ref.name}` : `${ref.kind}/${ref.namespace ?? ''}/${ref.name}`;
}

/** `Unhealthy ×311: Readiness probe failed…` */
export function eventText(event: EventInfo): string {
  const times = event.count > 1 ? ` ×${event.count}` : '';
  return event.message ? `${event.reason}${times}: ${event.message}` : `${event.reason}${times}`;
}
