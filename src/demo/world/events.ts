import type { Clock } from '../clock.ts';
import { type KubeObject, kubeTime } from '../object.ts';
import type { ObjectStore } from '../store.ts';
import type { Random } from './random.ts';

/** What is said about an object. */
export interface Occurrence {
  readonly type: 'Normal' | 'Warning';
  readonly reason: string;
  readonly message: string;
  readonly component: string;
  /** Node that the component runs on. */
  readonly host?: string;
  /** Field of the object, such as `spec.containers{web}`. */
  readonly fieldPath?: string;
}

const TTL_MS = 3_600_000;
const SWEEP_MS = 60_000;

/** Writes core/v1 Events as client-go's recorder does: repeats raise `count`; after an hour of silence they go. */
export class EventRecorder {
  private readonly store: ObjectStore;
  private readonly clock: Clock;
  private readonly random: Random;
  /** Event names by what they say. */
  private readonly names = new Map<string, string>();

  constructor(store: ObjectStore, clock: Clock, random: Random) {
    this.store = store;
    this.clock = clock;
    this.random = random;
  }

  /** Starts to remove events that nobody repeated for an hour. */
  startExpiry(): void {
    this.clock.setTimeout(() => {
      this.startExpiry();
      this.expire();
    }, SWEEP_MS);
  }

  /** Records an event; `past` back-dates one that a scenario tells about (count, first and last time in ms). */
  record(
    about: KubeObject,
    what: Occurrence,
    past?: { count: number; firstAt: number; lastAt: number },
  ): void {
    const now = this.clock.now();
    const { name, namespace = 'default', uid } = about.metadata;
    const key = `${about.kind}/${namespace}/${name}/${uid}/${what.fieldPath}/${what.reason}/${what.message}`;
    const known = this.names.get(key);
    const before = known === undefined ? undefined : this.store.get('events', namespace, known);
    if (before) {
      const count = (typeof before.count === 'number' ? before.count : 1) + (past?.count ?? 1);
      this.store.update('events', { ...before, count, lastTimestamp: kubeTime(past?.lastAt ?? now) });
      return;
    }
    const eventName = `${name}.${this.random.hex(16)}`;
    this.names.set(key, eventName);
    this.store.create('events', {
      apiVersion: 'v1',
      kind: 'Event',
      metadata: { name: eventName, namespace, creationTimestamp: kubeTime(past?.firstAt ?? now) },
      involvedObject: {
        apiVersion: about.apiVersion,
        kind: about.kind,
        name,
        ...(about.metadata.namespace !== undefined && { namespace }),
        uid,
        resourceVersion: about.metadata.resourceVersion,
        ...(what.fieldPath !== undefined && { fieldPath: what.fieldPath }),
      },
      type: what.type,
      reason: what.reason,
      message: what.message,
      source: { component: what.component, ...(what.host !== undefined && { host: what.host }) },
      reportingComponent: what.component,
      reportingInstance: what.host ?? '',
      firstTimestamp: kubeTime(past?.firstAt ?? now),
      lastTimestamp: kubeTime(past?.lastAt ?? now),
      count: past?.count ?? 1,
      eventTime: null,
    });
  }

  private expire(): void {
    const oldest = kubeTime(this.clock.now() - TTL_MS);
    const gone = new Set<string>();
    for (const event of this.store.list('events')) {
      if (typeof event.lastTimestamp !== 'string' || event.lastTimestamp >= oldest) continue;
      gone.add(event.metadata.name);
      this.store.remove('events', event.metadata.namespace ?? '', event.metadata.name);
    }
    for (const [key, name] of this.names) if (gone.has(name)) this.names.delete(key);
  }
}
