import { text } from '../json.ts';
import type { KubeObject } from '../object.ts';

/** One cell as sent in a Table. */
export type Cell = string | number | boolean | null;

/** One column of a Table and the cell of an object in it. */
export interface Column {
  readonly name: string;
  readonly type: 'string' | 'integer' | 'boolean' | 'date';
  /** 'name' marks the column that holds the object's name. */
  readonly format: '' | 'name';
  /** 0 is always shown, 1 only in wide output. */
  readonly priority: 0 | 1;
  cell(object: KubeObject, now: number): Cell;
}

type CellOf = Column['cell'];

/** A text column. */
export function column(name: string, cell: CellOf): Column {
  return { name, type: 'string', format: '', priority: 0, cell };
}

/** A whole-number column. */
export function integer(name: string, cell: CellOf): Column {
  return { ...column(name, cell), type: 'integer' };
}

/** The same column, shown in wide output only. */
export function wide(each: Column): Column {
  return { ...each, priority: 1 };
}

/** The name column. */
export const NAME: Column = { ...column('Name', (object) => object.metadata.name), format: 'name' };

/** The age column. */
export const AGE: Column = column('Age', (object, now) => ageOf(object.metadata.creationTimestamp, now));

/** Columns of kinds that have none of their own. */
export const GENERIC: readonly Column[] = [NAME, AGE];

/** The column that RBAC roles and limit ranges show instead of an age. */
export const CREATED_AT: Column = {
  ...column('Created At', (object) => object.metadata.creationTimestamp ?? ''),
  type: 'date',
};

/** The given text, or `<none>`. */
export function orNone(value: unknown): string {
  return value === undefined || value === null || value === '' ? '<none>' : String(value);
}

/** Elements joined by commas, or `<none>`. */
export function joined(values: readonly unknown[]): string {
  return orNone(values.map(text).join(','));
}

/** Time since a timestamp as kubectl prints it; `<unknown>` without one. */
export function ageOf(timestamp: unknown, now: number): string {
  const at = Date.parse(text(timestamp));
  return Number.isNaN(at) ? '<unknown>' : humanDuration(now - at);
}

const MINUTE = 60;
const HOUR = 60 * MINUTE;
const DAY = 24 * HOUR;
const YEAR = 365 * DAY;

/** A duration in milliseconds as `apimachinery/pkg/util/duration.HumanDuration` writes it: two units while short. */
export function humanDuration(ms: number): string {
  const seconds = Math.trunc(ms / 1000);
  if (seconds < -1) return '<invalid>';
  if (seconds < 0) return '0s';
  if (seconds < 2 * MINUTE) return `${seconds}s`;
  if (seconds < 10 * MINUTE) return twoUnits(seconds, MINUTE, 'm', 1, 's');
  if (seconds < 3 * HOUR) return `${Math.floor(seconds / MINUTE)}m`;
  if (seconds < 8 * HOUR) return twoUnits(seconds, HOUR, 'h', MINUTE, 'm');
  if (seconds < 2 * DAY) return `${Math.floor(seconds / HOUR)}h`;
  if (seconds < 8 * DAY) return twoUnits(seconds, DAY, 'd', HOUR, 'h');
  if (seconds < 2 * YEAR) return `${Math.floor(seconds / DAY)}d`;
  if (seconds < 8 * YEAR) return twoUnits(seconds, YEAR, 'y', DAY, 'd');
  return `${Math.floor(seconds / YEAR)}y`;
}

function twoUnits(seconds: number, big: number, bigName: string, small: number, smallName: string): string {
  const rest = Math.floor((seconds % big) / small);
  return `${Math.floor(seconds / big)}${bigName}${rest === 0 ? '' : `${rest}${smallName}`}`;
}
