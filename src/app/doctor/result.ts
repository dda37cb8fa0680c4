import type { Severity } from '../../domain/severity.ts';

/** One examined thing. */
export interface Result {
  readonly severity: Severity;
  /** What was looked at. */
  readonly what: string;
  /** What was found. */
  readonly detail: string;
  /** What to do about it. */
  readonly fix?: string;
}

export function ok(what: string, detail: string): Result {
  return { severity: 'ok', what, detail };
}

export function warning(what: string, detail: string, fix: string): Result {
  return { severity: 'warning', what, detail, fix };
}
