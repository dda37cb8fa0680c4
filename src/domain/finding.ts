import type { Severity } from './severity.ts';

/** Names one object of the cluster (or of our own program: kind `Console`). */
export interface ObjectRef {
  readonly kind: string;
  readonly namespace?: string;
  readonly name: string;
  readonly uid?: string;
}

/** One fact that supports a finding; `at` when it happened (epoch ms). */
export interface Evidence {
  readonly at?: number;
  readonly text: string;
  readonly severity?: Severity;
}

/** The areas that `check` knows and that findings belong to. */
export type Area = 'nodes' | 'pods' | 'storage' | 'network';

/**
 * Something that is wrong (or cannot be known), ranked and explained. `id` is stable while the trouble lasts:
 * code plus subject. `code` is stable across releases.
 */
export interface Finding {
  readonly id: string;
  readonly code: string;
  readonly severity: Exclude<Severity, 'ok'>;
  readonly area: Area;
  /** One line without trailing period, understandable alone. */
  readonly title: string;
  readonly subject: ObjectRef;
  /** Short word for the list's "where" column: namespace, node or subsystem. */
  readonly scope: string;
  readonly since?: number;
  readonly evidence: readonly Evidence[];
  /** Root cause in words, when a fixed rule names one. */
  readonly cause?: string;
  /** What suffers from it. */
  readonly effect?: string;
  /** What to do, in order; words for humans, never run by the program. */
  readonly advice: readonly string[];
  /** Ids of remediations that may apply (the catalogue lives in domain/remediations). */
  readonly remediations: readonly string[];
  readonly runbook?: string;
  /** Findings folded under this one because it causes them, worst first. */
  readonly consequences: readonly Finding[];
}

/** One deduction from the health score. */
export interface ScoreLoss {
  /** Component, e.g. `pods`. */
  readonly component: string;
  /** Points lost, one decimal. */
  readonly points: number;
  /** Why, with numerator and denominator: "3 of 57 pods have problems". */
  readonly why: string;
  readonly bad: number;
  readonly total: number;
}

/** Health score 0-100 with its reasons; `unknown` lists inputs that could not be read. */
export interface Score {
  readonly value: number | undefined;
  readonly losses: readonly ScoreLoss[];
  readonly unknown: readonly string[];
}
