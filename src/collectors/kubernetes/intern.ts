import { clean } from '../../domain/text.ts';

const MAX_ENTRIES = 50_000;

/**
 * Keeps one copy of what many objects repeat: images, node names, label maps, the containers of a ReplicaSet's pods.
 * Bounded: when full it forgets, and sharing starts over.
 */
export class Interner {
  private readonly texts = new Map<string, string>();
  private readonly values = new Map<string, unknown>();

  /** The sanitised text, shared. */
  text(raw: string, maxLength?: number): string {
    const known = this.texts.get(raw);
    if (known !== undefined) return known;
    const safe = clean(raw, maxLength);
    if (this.texts.size >= MAX_ENTRIES) this.texts.clear();
    this.texts.set(raw, safe);
    return safe;
  }

  /** The value, or an equal one seen before. Equal means: the same JSON. */
  value<T extends object>(value: T): T {
    const json = JSON.stringify(value);
    const known = this.values.get(json);
    // Equal JSON of equal projections has equal type; the caller cannot mix them, as every type has its own fields.
    if (known !== undefined) return known as T;
    if (this.values.size >= MAX_ENTRIES) this.values.clear();
    this.values.set(json, value);
    return value;
  }
}
