import { collectError, kubeError } from '../collectors/kubernetes/errors.ts';
import {
  type KubeAccess,
  loadKubeconfig,
  prepareCredentials,
  startKubernetes,
} from '../collectors/kubernetes/index.ts';
import type { DemoOptions } from '../demo/index.ts';
import type { Assessment, Judge } from '../domain/assessment.ts';
import { ObjectTable } from '../domain/collection.ts';
import type { ObjectRef } from '../domain/finding.ts';
import { ClusterJudge } from '../domain/judge.ts';
import type { CollectError, Snapshot } from '../domain/snapshot.ts';
import { type ClusterState, type Connection, pendingState, type SourceName } from '../domain/state.ts';
import type { Session } from '../views/model.ts';
import { type Homelab, startHomelab } from './homelab.ts';

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
  /** Resolves once every named source has answered for good or ill, or after the deadline. */
  settled(sources: readonly SourceName[], deadlineMs: number): Promise<void>;
  retryNow(): void;
  /** Reads one object as sanitised lines. */
  read(kind: 'yaml' | 'describe', ref: ObjectRef, signal: AbortSignal): Promise<readonly string[]>;
  /** Streams sanitised log lines until the log ends or `signal` aborts. */
  logs(
    ref: ObjectRef,
    request: LogRequest,
    push: (lines: readonly string[]) => void,
    signal: AbortSignal,
  ): Promise<void>;
  close(): Promise<void>;
}

/**
 * Starts watching a cluster. It resolves as soon as it is known whom to ask and as whom; whether the cluster
 * answers shows in the state. Throws ConfigError or KubeError for a kubeconfig or login that cannot work.
 */
export async function openSession(options: SessionOptions): Promise<LiveSession> {
  const homelab = options.demo && (await startHomelab(options.demo));
  try {
    const access = loadAccess(options, homelab);
    await logIn(access, options);
    return watchCluster(access, homelab, options);
  } catch (error) {
    await homelab?.stop();
    throw error;
  }
}

function loadAccess({ kubeconfig, context }: SessionOptions, homelab: Homelab | undefined): KubeAccess {
  const path = homelab?.kubeconfig ?? kubeconfig;
  return loadKubeconfig({ ...(path !== undefined && { path }), ...(context !== undefined && { context }) });
}

/** A credential plugin may want to ask for a password, which needs the terminal as the shell left it. */
async function logIn(access: KubeAccess, { withTerminal }: SessionOptions): Promise<void> {
  const prepare = (): Promise<void> => prepareCredentials(access);
  if (access.target.execPlugin === undefined) return;
  await (withTerminal === undefined ? prepare() : withTerminal(prepare));
}

function watchCluster(
  access: KubeAccess,
  homelab: Homelab | undefined,
  { onChange = () => {}, onLog = () => {} }: SessionOptions,
): LiveSession {
  const judge = new ClusterJudge();
  const waiting = new Set<() => void>();
  let state = pendingState();
  let connection: Connection = { status: 'connecting', since: Date.now() };
  const source = startKubernetes(
    access,
    (name, snapshot) => {
      const before = state[name];
      state = { ...state, [name]: snapshot };
      if (before.status !== snapshot.status || snapshot.status === 'failed') onLog(describe(name, snapshot));
      for (const look of waiting) look();
      onChange();
    },
    (next) => {
      connection = next;
      onChange();
    },
  );
  judge.attach(source.tables, Date.now());
  for (const table of Object.values(source.tables))
    if (table instanceof ObjectTable) table.onChange(onChange);
  const { namespace: _, execPlugin: __, ...target } = access.target;
  return {
    target: { ...target, demo: homelab !== undefined, mode: 'READ-ONLY' },
    judge,
    state: () => state,
    connection: () => connection,
    assess: (now) => judge.assess(state, connection, now),
    settled: (names, deadlineMs) =>
      new Promise((resolve) => {
        const finish = (): void => {
          clearTimeout(deadline);
          waiting.delete(look);
          resolve();
        };
        const look = (): void => {
          if (names.every((name) => hasAnswered(state[name]))) finish();
        };
        const deadline = setTimeout(finish, deadlineMs);
        waiting.add(look);
        look();
      }),
    retryNow: () => source.retryNow(),
    async read(kind, ref, signal) {
      const { readLines } = await import('../collectors/kubernetes/objects.ts');
      return readLines(source.http, kind, ref, signal);
    },
    async logs(ref, request, push, signal) {
      const { streamLogs } = await import('../collectors/kubernetes/logs.ts');
      await streamLogs(source.http, ref, request, push, signal);
    },
    async close() {
      await source.stop();
      await homelab?.stop();
    },
  };
}

/** A server that is busy or stumbles is asked again within a second or two, and may answer then. */
function hasAnswered(snapshot: Snapshot<unknown>): boolean {
  if (snapshot.status === 'failed') return snapshot.error.kind !== 'busy' && snapshot.error.kind !== 'server';
  return snapshot.status !== 'pending';
}

/** One line for the collectors' log. */
function describe(name: SourceName, snapshot: Snapshot<unknown>): string {
  switch (snapshot.status) {
    case 'failed':
    case 'stale':
      return `${name}: ${snapshot.status}: ${snapshot.error.message}`;
    case 'absent':
      return `${name}: absent: ${snapshot.reason}`;
    default:
      return `${name}: ${snapshot.status}`;
  }
}

/** Any error as a snapshot or viewer shows it. */
export function collectErrorOf(error: unknown): CollectError {
  return collectError(kubeError(error));
}
