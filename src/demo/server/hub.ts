import type { Change } from '../collection.ts';
import type { ObjectStore } from '../store.ts';

/** Receives every change of one resource. */
type Subscriber = (change: Change) => void;

/** Hands the changes of the store to the watches of each resource. */
export class WatchHub {
  readonly #subscribers = new Map<string, Set<Subscriber>>();
  readonly #stop: () => void;

  constructor(store: ObjectStore) {
    this.#stop = store.onChange((resource, type, object, previous) => {
      const subscribers = this.#subscribers.get(resource);
      if (!subscribers) return;
      const version = Number(object.metadata.resourceVersion);
      const change: Change = { type, object, previous, version };
      for (const subscriber of subscribers) subscriber(change);
    });
  }

  /** Subscribes to the changes of a stored resource. */
  subscribe(resource: string, subscriber: Subscriber): () => void {
    const subscribers = this.#subscribers.get(resource) ?? new Set();
    this.#subscribers.set(resource, subscribers.add(subscriber));
    return () => subscribers.delete(subscriber);
  }

  close(): void {
    this.#stop();
    this.#subscribers.clear();
  }
}
