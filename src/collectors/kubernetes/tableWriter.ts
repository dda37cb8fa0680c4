import { type Keyed, keyOf, type ObjectTable } from '../../domain/collection.ts';
import { Slices } from './listing.ts';
import type { Projection } from './projections/meta.ts';
import type { Raw } from './raw.ts';

/** Numbers for the diagnosis page and for tests. */
export interface ReflectorStats {
  lists: number;
  watches: number;
  events: number;
  /** Objects and events that were not what they should be. */
  skipped: number;
  lastSkipped: string;
  /** Errors of our own listeners, contained here. */
  handlerErrors: number;
}

export interface TableOptions<T extends Keyed> {
  readonly kind: string;
  readonly table: ObjectTable<T>;
  readonly project: Projection<T>;
  /** Called after each stored object, to keep a table within bounds. */
  readonly trim?: (table: ObjectTable<T>) => void;
}

/** Brings raw objects into a table: projected, checked, in order, and whatever the table's listeners do. */
export class TableWriter<T extends Keyed> {
  private readonly options: TableOptions<T>;
  private readonly stats: ReflectorStats;

  constructor(options: TableOptions<T>, stats: ReflectorStats) {
    this.options = options;
    this.stats = stats;
  }

  /** The object if it is of our kind; a proxy or a newer server may send others. */
  checked(raw: Raw): Raw | undefined {
    if (raw.kind === this.options.kind) return raw;
    this.skip(`kind ${String(raw.kind)}`);
    return undefined;
  }

  project(raw: Raw): T | undefined {
    const object = this.options.project(raw);
    if (object === undefined) this.skip('an object without name or uid');
    return object;
  }

  /** Takes in one watch event; what is older than what we have is left out. */
  apply(type: 'changed' | 'deleted', raw: Raw): void {
    const { table } = this.options;
    const checked = this.checked(raw);
    const object = checked && this.project(checked);
    if (object === undefined) return;
    if (type === 'deleted') {
      this.contained(() => table.delete(keyOf(object), object.uid));
      return;
    }
    const stored = table.get(keyOf(object));
    const outdated = stored?.uid === object.uid && isOlder(object.resourceVersion, stored.resourceVersion);
    if (!outdated) this.store(object);
  }

  /** Makes the table equal to a complete list, in slices so that keys and timers get their turn. */
  async replace(objects: Iterable<T>, signal: AbortSignal): Promise<void> {
    const { table } = this.options;
    const slices = new Slices();
    const gone = new Set<string>();
    for (const object of table.values()) gone.add(keyOf(object));
    for (const object of objects) {
      gone.delete(keyOf(object));
      this.store(object);
      await slices.pause();
      if (signal.aborted) return;
    }
    for (const key of gone) {
      this.contained(() => table.delete(key));
      await slices.pause();
      if (signal.aborted) return;
    }
  }

  skip(what: string): void {
    this.stats.skipped += 1;
    this.stats.lastSkipped = what;
  }

  /** The table has changed before its listeners are told, so an error of theirs costs no data. */
  contained(run: () => void): void {
    try {
      run();
    } catch {
      this.stats.handlerErrors += 1;
    }
  }

  private store(object: T): void {
    const { table, trim } = this.options;
    this.contained(() => table.upsert(object));
    if (trim) this.contained(() => trim(table));
  }
}

/**
 * True when both versions are decimal numbers and `a` is the smaller one. API servers promise that order since 1.35
 * (KEP-5504) and have always kept it; versions of any other form are never older.
 */
export function isOlder(a: string, b: string): boolean {
  if (!/^[1-9]\d*$/.test(a) || !/^[1-9]\d*$/.test(b)) return false;
  return a.length === b.length ? a < b : a.length < b.length;
}
