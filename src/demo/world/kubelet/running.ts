import { type Cluster, R } from '../cluster.ts';
import type { Container, ContainerStatus, Pod, PodStatus } from '../objects.ts';
import { isReady } from '../pod-index.ts';
import { quantity } from '../quantity.ts';
import { announceStart } from './creation.ts';
import type { KubeletContext, Step } from './kubelet.ts';
import { ended, judged, running, withContainer } from './statuses.ts';

const MIB = 2 ** 20;
/** Rest of a back-off that was under way when the simulation began. */
const UNKNOWN_BACKOFF_MS = [10_000, 300_000] as const;
const WAIT_REASON = 'CrashLoopBackOff';

/** How a container run ended. */
export interface Exit {
  readonly exitCode: number;
  readonly reason: string;
  readonly message?: string;
}

/** The next step of a pod whose containers have been started. */
export function runningStep(context: KubeletContext, pod: Pod): Step | undefined {
  const statuses = pod.status.containerStatuses ?? [];
  if (pod.spec.restartPolicy !== 'Always') return jobStep(context, pod, statuses);
  for (const status of statuses) {
    const step = recovery(context, pod, status);
    if (step) return step;
  }
  return readiness(context, pod, statuses) ?? misfortune(context, pod, statuses);
}

function containerOf(pod: Pod, name: string): Container | undefined {
  return pod.spec.containers.find((container) => container.name === name);
}

function write(cluster: Cluster, pod: Pod, status: PodStatus): void {
  cluster.writeStatus(R.pods, pod, judged(cluster, status));
}

/** Ends the current run of a container. The kubelet notices and starts it again. */
export function killContainer(cluster: Cluster, pod: Pod, name: string, exit: Exit): void {
  const status = pod.status.containerStatuses?.find((each) => each.name === name);
  if (!status?.state.running) return;
  write(cluster, pod, withContainer(pod.status, ended(status, cluster.time(), exit)));
}

/** Starting a crashed container again, at once or after its back-off. */
function recovery(context: KubeletContext, pod: Pod, status: ContainerStatus): Step | undefined {
  const { cluster, backoff, between } = context;
  const uid = pod.metadata.uid ?? '';
  const container = containerOf(pod, status.name);
  if (!container) return undefined;
  const { waiting, terminated } = status.state;
  const restart = () => restartContainer(cluster, pod, container, status);
  if (waiting?.reason === WAIT_REASON) {
    const failures = backoff.failures(uid, status.name);
    const after = () => (failures > 1 ? backoff.delay(failures - 1) : between(...UNKNOWN_BACKOFF_MS));
    return { what: `restart ${status.name} ${status.restartCount}`, after, run: restart };
  }
  if (!terminated) return undefined;
  return {
    what: `crashed ${status.name} ${status.restartCount}`,
    after: () => between(400, 1_000),
    run: () => {
      const ranMs = Date.parse(terminated.finishedAt ?? '') - Date.parse(terminated.startedAt ?? '');
      const delay = backoff.fail(uid, status.name, ranMs);
      if (delay === 0) restart();
      else backOff(cluster, pod, status, delay);
    },
  };
}

function restartContainer(cluster: Cluster, pod: Pod, container: Container, status: ContainerStatus): void {
  announceStart(cluster, pod, container);
  const last = status.state.terminated ? { terminated: status.state.terminated } : status.lastState;
  write(
    cluster,
    pod,
    withContainer(pod.status, running(pod, container, cluster.time(), status.restartCount + 1, last)),
  );
}

function backOff(cluster: Cluster, pod: Pod, status: ContainerStatus, delayMs: number): void {
  const { name, namespace, uid } = pod.metadata;
  const where = `pod ${name}_${namespace}(${uid})`;
  cluster.events.record(pod, {
    type: 'Warning',
    reason: 'BackOff',
    message: `Back-off restarting failed container ${status.name} in ${where}`,
    component: 'kubelet',
    host: pod.spec.nodeName ?? '',
    fieldPath: `spec.containers{${status.name}}`,
  });
  const message = `back-off ${duration(delayMs)} restarting failed container=${status.name} ${where.replace(' ', '=')}`;
  const entry: ContainerStatus = {
    ...status,
    state: { waiting: { reason: WAIT_REASON, message } },
    lastState: status.state.terminated ? { terminated: status.state.terminated } : status.lastState,
  };
  write(cluster, pod, withContainer(pod.status, entry));
}

/** Go's form of a duration: 10s, 1m20s, 5m0s. */
function duration(ms: number): string {
  const seconds = Math.round(ms / 1000);
  return seconds < 60 ? `${seconds}s` : `${Math.floor(seconds / 60)}m${seconds % 60}s`;
}

/** Probes that begin to succeed, or fail while a fault lasts. */
function readiness(
  { cluster, backoff, between }: KubeletContext,
  pod: Pod,
  statuses: readonly ContainerStatus[],
): Step | undefined {
  const [failing] = cluster.faults.of('not-ready', pod);
  const shouldBeReady = (status: ContainerStatus) => status.name !== failing?.container;
  const wrong = statuses.find((status) => status.state.running && status.ready !== shouldBeReady(status));
  if (wrong || (statuses.every(({ ready }) => ready) && !isReady(pod))) {
    return {
      what: `probe ${statuses.map(({ restartCount }) => restartCount).join(' ')} ${failing?.message ?? ''}`,
      after: () => between(500, 1_200),
      run: () => {
        const next = statuses.map((each) =>
          each.state.running ? { ...each, ready: shouldBeReady(each) } : each,
        );
        write(cluster, pod, { ...pod.status, containerStatuses: next });
      },
    };
  }
  if (!failing) return undefined;
  const uid = pod.metadata.uid ?? '';
  return {
    what: `unhealthy ${backoff.failures(uid, 'probe')}`,
    after: () => failing.everyMs,
    run: () => {
      backoff.fail(uid, 'probe');
      cluster.events.record(pod, {
        type: 'Warning',
        reason: 'Unhealthy',
        message: failing.message,
        component: 'kubelet',
        host: pod.spec.nodeName ?? '',
        fieldPath: `spec.containers{${failing.container}}`,
      });
    },
  };
}

/** Out of memory, or a crash by itself. */
function misfortune(
  context: KubeletContext,
  pod: Pod,
  statuses: readonly ContainerStatus[],
): Step | undefined {
  const { cluster, between } = context;
  for (const fault of cluster.faults.of('oom', pod)) {
    const limit = quantity(containerOf(pod, fault.container)?.resources?.limits?.memory);
    const runs = statuses.find(({ name }) => name === fault.container)?.restartCount;
    if (limit === 0 || limit >= fault.needsBytes || runs === undefined) continue;
    return {
      what: `oom ${fault.container} ${runs}`,
      after: () => fault.firstAfterMs + between(...fault.everyMs),
      run: () => outOfMemory(context, pod, fault.container, limit),
    };
  }
  const [crash] = cluster.faults.of('crash', pod);
  const runs = statuses.find(({ name }) => name === crash?.container)?.restartCount;
  if (!crash || runs === undefined) return undefined;
  return {
    what: `crash ${crash.container} ${runs}`,
    after: () => between(...crash.afterMs),
    run: () => killContainer(cluster, pod, crash.container, { exitCode: crash.exitCode, reason: 'Error' }),
  };
}

/** The kernel kills the container; the node's kernel monitor reports the victim. */
export function outOfMemory(
  { cluster, between }: KubeletContext,
  pod: Pod,
  container: string,
  limit: number,
): void {
  killContainer(cluster, pod, container, { exitCode: 137, reason: 'OOMKilled' });
  const node = cluster.node(pod.spec.nodeName ?? '');
  if (!node) return;
  const kib = Math.round(limit / 1024);
  cluster.events.record(node, {
    type: 'Warning',
    reason: 'OOMKilling',
    message:
      `Memory cgroup out of memory: Killed process ${between(10_000, 99_999)} (gunicorn: worke) ` +
      `total-vm:${kib + Math.round((900 * MIB) / 1024)}kB, anon-rss:${Math.round(kib * 0.97)}kB, file-rss:1024kB, ` +
      'shmem-rss:0kB, UID:50000 pgtables:4820kB oom_score_adj:984',
    component: 'kernel-monitor',
    host: node.metadata.name,
  });
}

/** Pods of Jobs end by themselves: well, or badly when a crash fault is about them. */
function jobStep(
  { cluster, between }: KubeletContext,
  pod: Pod,
  statuses: readonly ContainerStatus[],
): Step | undefined {
  if (!statuses.some(({ state }) => state.running)) return undefined;
  const [crash] = cluster.faults.of('crash', pod);
  return {
    what: 'finish',
    after: () => (crash ? between(...crash.afterMs) : between(4_000, 12_000)),
    run: () => {
      const exit: Exit = crash
        ? { exitCode: crash.exitCode, reason: 'Error' }
        : { exitCode: 0, reason: 'Completed' };
      const containerStatuses = statuses.map((each) => ended(each, cluster.time(), exit));
      write(cluster, pod, { ...pod.status, phase: crash ? 'Failed' : 'Succeeded', containerStatuses });
    },
  };
}
