import type { App } from '../catalog/app.ts';
import type { Simulation } from '../simulation.ts';

export const SECOND = 1_000;
export const MINUTE = 60 * SECOND;
export const HOUR = 60 * MINUTE;
export const DAY = 24 * HOUR;

/** Something that happened (or is set) before the demo begins. */
export interface Moment {
  /** Milliseconds before the beginning; 0 is the beginning itself. */
  readonly ago: number;
  readonly run: (simulation: Simulation) => void;
}

/** One state of the homelab and how it came to be. */
export interface Scenario {
  readonly name: string;
  readonly summary: string;
  /** Apps beside the ordinary ones. */
  readonly apps?: readonly App[];
  readonly moments: readonly Moment[];
  /** How much of the last time before the beginning is lived through second by second. */
  readonly warmup: number;
  /** Whether the API server misbehaves. */
  readonly flaky?: boolean;
}
