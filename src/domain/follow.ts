import { type ChangeListener, type Collection, type Keyed, keyOf, ObjectTable } from './collection.ts';

/**
 * Turns a collection into changes: everything it holds when it is first seen, then what happens to it. An
 * `ObjectTable` is followed through its own change reports; any other collection is taken as immutable, and a new
 * one is compared with the last.
 */
export class Follower<T extends Keyed> {
  private current: Collection<T> | undefined;
  private stop: () => void = () => {};

  constructor(private readonly listener: ChangeListener<T>) {}

  /** Follows this collection from now on. Undefined keeps what is known: the source has no data just now. */
  follow(next: Collection<T> | undefined): void {
    if (next === undefined || next === this.current) return;
    this.stop();
    const before = this.current;
    this.current = next;
    this.stop = next instanceof ObjectTable ? next.onChange(this.listener) : () => {};
    for (const object of next.values()) this.replace(before?.get(keyOf(object)), object);
    if (before === undefined) return;
    for (const object of before.values())
      if (next.get(keyOf(object)) === undefined) this.listener(object, undefined);
  }

  private replace(before: T | undefined, after: T): void {
    if (before === after) return;
    if (before !== undefined && before.uid !== after.uid) {
      this.listener(before, undefined);
      this.listener(undefined, after);
    } else this.listener(before, after);
  }
}
