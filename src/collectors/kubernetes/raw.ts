/** Careful reading of untyped JSON: a field of the wrong type is as good as absent, never an exception. */

export type Raw = Readonly<Record<string, unknown>>;

const EMPTY: Raw = Object.freeze({});

/** The value as an object; an empty one when it is none. */
export function record(value: unknown): Raw {
  return isRecord(value) ? value : EMPTY;
}

export function isRecord(value: unknown): value is Raw {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

/** The value as a list; an empty one when it is none. */
export function list(value: unknown): readonly unknown[] {
  return Array.isArray(value) ? value : [];
}

/** A non-empty string, else undefined. Not sanitised. */
export function string(value: unknown): string | undefined {
  return typeof value === 'string' && value !== '' ? value : undefined;
}

export function number(value: unknown): number | undefined {
  return typeof value === 'number' && Number.isFinite(value) ? value : undefined;
}

/** Epoch milliseconds of an RFC 3339 time. */
export function time(value: unknown): number | undefined {
  if (typeof value !== 'string') return undefined;
  const at = Date.parse(value);
  return Number.isNaN(at) ? undefined : at;
}

/** `T` with `undefined` allowed where `T` says optional. */
export type Loose<T> = {
  readonly [K in keyof T]: Record<never, never> extends Pick<T, K> ? T[K] | undefined : T[K];
};

/**
 * The fields that are there: projections are kept by the hundred thousand, so absent fields must cost nothing.
 * Measured for a pod: 1.4 us and 280 bytes; with object spread, 35 us and 1.2 kB.
 */
export function present<T extends object>(fields: Loose<T>): T {
  const result = {};
  copyPresent(result, fields);
  return result as T;
}

/** `base` and more fields in one new object; see `present`. */
export function extended<T extends object, Base extends object>(
  base: Base,
  fields: Loose<Omit<T, keyof Base>>,
): T {
  const result = {};
  copyPresent(result, base);
  copyPresent(result, fields);
  return result as T;
}

function copyPresent(target: Record<string, unknown>, source: object): void {
  for (const key in source) {
    const value: unknown = source[key as keyof typeof source];
    if (value !== undefined) target[key] = value;
  }
}
