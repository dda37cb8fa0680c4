/** The Kubernetes collector: everything the console reads of a cluster, kept current until stopped. */
import { ObjectTable } from '../../domain/collection.ts';
import type { Snapshot } from '../../domain/snapshot.ts';
import type { ClusterState, Connection, SourceName, Sources } from '../../domain/state.ts';
import { type Clock, systemClock } from './clock.ts';
import { ConnectionMonitor } from './connection.ts';
import { KubeHttp } from './http.ts';
import { Interner } from './intern.ts';
import type { KubeAccess, KubeTarget } from './kubeconfig.ts';
import type { Loop } from './loop.ts';
import { Poller } from './poller.ts';
import { Reflector } from './reflector.ts';
import { readServer } from './server.ts';
import { type ObjectOf, WATCHED, type WatchedName, type WatchSpec } from './sources.ts';
import type { ReflectorStats } from './tableWriter.ts';
import { metricsAbsent, readNodeUsage, readPodUsage } from './usage.ts';

export { type KubeAccess, type KubeTarget, loadKubeconfig } from './kubeconfig.ts';

const SERVER_POLL_MS = 60_000;
const USAGE_POLL_MS = 15_000;

export type Publish = <K extends SourceName>(source: K, snapshot: ClusterState[K]) => void;

/** Tables of all watched kinds; their `onChange` tells of every change of data. */
export type Tables = { readonly [K in WatchedName]: ObjectTable<ObjectOf<K>> };

export interface KubernetesSource {
  readonly target: KubeTarget;
  readonly tables: Tables;
  /** For reads on demand (objects.ts, logs.ts). */
  readonly http: KubeHttp;
  /** Ends all waits between tries. */
  retryNow(): void;
  /** Resolves when nothing is published any more and all connections are closed. */
  stop(): Promise<void>;
  connection(): Connection;
  /** Counters of each watch, for the diagnosis page. */
  stats(): Readonly<Record<WatchedName, ReflectorStats>>;
}

/**
 * Logs in while the terminal is still an ordinary one, so that a login plugin may ask for a password; call it before
 * raw mode. Throws KubeError or ConfigError.
 */
export async function prepareCredentials(access: KubeAccess): Promise<void> {
  await access.credentials.prepare();
}

/**
 * Starts reading. `publish` is told of each change of a source's state, `onConnection` of the connection as a whole;
 * neither is called after `stop`. Nothing is thrown: what fails is published and tried again.
 */
export function startKubernetes(
  access: KubeAccess,
  publish: Publish,
  onConnection: (connection: Connection) => void,
  options: { readonly clock?: Clock } = {},
): KubernetesSource {
  const clock = options.clock ?? systemClock;
  const http = new KubeHttp(access, clock);
  const intern = new Interner();
  const monitor = new ConnectionMonitor(() => clock.now(), onConnection);
  const streaming = { supported: true };
  const running: Loop[] = [];
  const retryNow = (): void => {
    for (const each of running) each.retryNow();
  };

  function watch<K extends WatchedName>(source: K): readonly [ObjectTable<ObjectOf<K>>, ReflectorStats] {
    const spec: WatchSpec<ObjectOf<K>> = WATCHED[source];
    const table = new ObjectTable<ObjectOf<K>>();
    const reflector = new Reflector<ObjectOf<K>>({
      ...spec,
      http,
      table,
      streaming,
      clock,
      project: spec.project(intern),
      publish: (snapshot) => {
        // A Collection of this source's objects is what `Sources` says of it; the compiler cannot follow that.
        publish(source, snapshot as ClusterState[K]);
        if (monitor.observe(source, snapshot)) retryNow();
      },
    });
    running.push(reflector);
    return [table, reflector.stats];
  }

  function poll<K extends 'server' | 'nodeUsage' | 'podUsage'>(
    source: K,
    everyMs: number,
    missing: string,
    read: (signal: AbortSignal) => Promise<Sources[K]>,
  ): void {
    const poller = new Poller<Sources[K]>({
      clock,
      everyMs,
      missing,
      read,
      publish: (snapshot: Snapshot<Sources[K]>) => publish(source, snapshot as ClusterState[K]),
      ...(source !== 'server' && { absent: metricsAbsent }),
    });
    running.push(poller);
  }

  poll('server', SERVER_POLL_MS, 'the server version and its clock', (signal) =>
    readServer(http, clock, signal),
  );
  const watches = (Object.keys(WATCHED) as WatchedName[]).map(
    (source) => [source, ...watch(source)] as const,
  );
  poll('nodeUsage', USAGE_POLL_MS, 'usage of nodes', (signal) => readNodeUsage(http, clock, signal));
  poll('podUsage', USAGE_POLL_MS, 'usage of pods', (signal) => readPodUsage(http, clock, intern, signal));
  for (const each of running) each.start();

  return {
    target: access.target,
    tables: Object.fromEntries(watches.map(([source, table]) => [source, table])) as unknown as Tables,
    http,
    retryNow,
    connection: () => monitor.current,
    stats: () =>
      Object.fromEntries(watches.map(([source, , stats]) => [source, { ...stats }])) as Record<
        WatchedName,
        ReflectorStats
      >,
    async stop() {
      await Promise.all(running.map((each) => each.stop()));
      http.close();
    },
  };
}
