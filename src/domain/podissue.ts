/** The vocabulary of pod trouble, and how much patience each kind gets. */
import type { ContainerStatus } from './kinds.ts';
import type { Severity } from './severity.ts';

const SECOND = 1000;
const MINUTE = 60 * SECOND;

/** Patience before a state that every pod passes through is called a problem. */
export const PATIENCE = {
  /** Pending, and past its deletion time. */
  pendingMs: 60 * SECOND,
  terminatingMs: 60 * SECOND,
  /** Running but not Ready, or still in an init container that runs. */
  notReadyMs: 5 * MINUTE,
  /** After a node joined or came back, before its pods are judged by time. */
  settleMs: 2 * MINUTE,
  /** How long a reboot may take: restarts of this time before a node became ready go with it. */
  rebootMs: 15 * MINUTE,
  /** Failed for good. */
  failedMs: 24 * 60 * MINUTE,
} as const;

/** Restarts per container that are still normal; the milestone's goal is "fewer than 5 per pod". */
export const RESTART_LIMIT = 5;

/** What can be wrong with a pod; part of the stable finding codes. */
export type PodCode =
  | 'POD_OOM_KILLED'
  | 'POD_CRASH_LOOP'
  | 'POD_IMAGE_PULL'
  | 'POD_CONTAINER_CONFIG'
  | 'POD_FAILED'
  | 'POD_UNKNOWN'
  | 'POD_NODE_DOWN'
  | 'POD_UNSCHEDULABLE'
  | 'POD_GATED'
  | 'POD_PENDING'
  | 'POD_NOT_READY'
  | 'POD_STUCK_TERMINATING'
  | 'POD_RESTARTING'
  | 'POD_LEFTOVER';

/** One thing that is wrong with a pod. */
export interface PodIssue {
  readonly severity: Exclude<Severity, 'ok'>;
  readonly code: PodCode;
  /** Short words: `OOMKilled`, `tag not found`. */
  readonly note: string;
  /** When the note happened, if it is an event in the past. */
  readonly noteAt?: number;
  readonly since?: number;
  readonly container?: ContainerStatus;
  /** One sentence with the reason. */
  readonly cause?: string;
}

/** An issue that holds from `from` on. */
export interface Candidate {
  readonly issue: PodIssue;
  readonly from: number;
  readonly until?: number;
}
