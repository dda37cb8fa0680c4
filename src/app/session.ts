import type { DemoOptions } from '../demo/index.ts';
import type { Assessment, Judge } from '../domain/assessment.ts';
import type { ObjectRef } from '../domain/finding.ts';
import { ClusterJudge } from '../domain/judge.ts';
import type { CollectError, Snapshot } from '../domain/snapshot.ts';
import { type ClusterState, type Connection, pendingState, type SourceName } from '../domain/state.ts';
import type { Session } from '../views/model.ts';
import { complaintOf } from './errors.ts';
import { startHomelab } from './homelab.ts';

/** How to reach a cluster. */
export interface SessionOptions {
  readonly kubeconfig?: string;
  readonly context?: string;
  /** Use the embedded homelab instead of a cluster. */
  readonly demo?: DemoOptions;
  /** Called whenever data or the connection changed; cheap and often. */
  readonly onChange?: () => void;
  /** Told when a source changes its state, in one line. */
  readonly onLog?: (text: string) => void;
  /** Runs work during which a credential plugin may talk to the user; the default just runs it. */
  readonly withTerminal?: <T>(work: () => Promise<T>) => Promise<T>;
}

/** Which log of a pod to stream. */
export interface LogRequest {
  readonly container: string;
  readonly previous: boolean;
  readonly follow: boolean;
  readonly tailLines: number;
}

/** A cluster being watched: what is known of it and what the rules make of that. */
export interface LiveSession {
  readonly target: Session;
  readonly judge: Judge;
  state(): ClusterState;
  connection(): Connection;
  /** Judges everything as of `now` (epoch ms) and makes it the judge's assessment. */
  assess(now: number): Assessment;
  /** Resolves once every named source has answered in some way, or after the deadline. */
  settled(sources: readonly SourceName[], deadlineMs: number): Promise<void>;
  retryNow(): void;
  /** Reads one object as sanitised lines. */
  read(kind: 'yaml' | 'describe' | 'events', ref: ObjectRef, signal: AbortSignal): Promise<readonly string[]>;
  /** Streams sanitised log lines until the log ends or `signal` aborts. */
  logs(
    ref: ObjectRef,
    request: LogRequest,
    push: (lines: readonly string[]) => void,
    signal: AbortSignal,
  ): Promise<void>;
  close(): Promise<void>;
}
