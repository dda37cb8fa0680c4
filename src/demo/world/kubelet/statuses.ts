/** Pure functions that write the status fields of pods and containers as a kubelet does. */
import type { Cluster } from '../cluster.ts';
import type { Container, ContainerState, ContainerStatus, Pod, PodStatus } from '../objects.ts';
import { hashOf, Random } from '../random.ts';

/** Times are added by {@link Cluster.withCondition}. */
type Say = 'True' | 'False';

/** Pseudo container id; unique for each (pod, container, run). */
function containerId(pod: Pod, container: string, run: number): string {
  return `containerd://${new Random(hashOf(`${pod.metadata.uid}/${container}/${run}`)).hex(64)}`;
}

function imageId(image: string): string {
  const name = image.replace(/:[^/:]*$/, '');
  return `${name}@sha256:${new Random(hashOf(image)).hex(64)}`;
}

/** A container that waits for something. */
export function waiting(container: Container, reason: string, message?: string): ContainerStatus {
  return {
    name: container.name,
    image: container.image,
    imageID: '',
    ready: false,
    started: false,
    restartCount: 0,
    state: { waiting: { reason, ...(message !== undefined && { message }) } },
    lastState: {},
  };
}

/** A container that has just started; the restart count tells which run it is. */
export function running(
  pod: Pod,
  container: Container,
  time: string,
  restarts: number,
  last: ContainerState = {},
): ContainerStatus {
  return {
    name: container.name,
    image: container.image,
    imageID: imageId(container.image),
    containerID: containerId(pod, container.name, restarts),
    ready: false,
    started: true,
    restartCount: restarts,
    state: { running: { startedAt: time } },
    lastState: last,
  };
}

/** A container whose run is over. */
export function ended(
  status: ContainerStatus,
  time: string,
  end: { readonly exitCode: number; readonly reason: string; readonly message?: string },
): ContainerStatus {
  const startedAt = status.state.running?.startedAt ?? time;
  return {
    ...status,
    ready: false,
    started: false,
    state: {
      terminated: {
        exitCode: end.exitCode,
        reason: end.reason,
        ...(end.message !== undefined && { message: end.message }),
        startedAt,
        finishedAt: time,
        ...(status.containerID !== undefined && { containerID: status.containerID }),
      },
    },
  };
}

/** An init container that did its work. */
export function completedInit(pod: Pod, container: Container, time: string): ContainerStatus {
  const status = running(pod, container, time, 0);
  return { ...ended(status, time, { exitCode: 0, reason: 'Completed' }), ready: true };
}

function set(
  cluster: Cluster,
  status: PodStatus,
  type: string,
  say: Say,
  reason?: string,
  message?: string,
): PodStatus {
  const condition = {
    type,
    status: say,
    lastProbeTime: null,
    ...(reason !== undefined && { reason }),
    ...(message !== undefined && { message }),
  };
  return { ...status, conditions: cluster.withCondition(status.conditions, condition) };
}

/** The status with the readiness conditions that follow from its containers. */
export function judged(cluster: Cluster, status: PodStatus): PodStatus {
  const containers = status.containerStatuses ?? [];
  const notReady = containers.filter(({ ready }) => !ready).map(({ name }) => name);
  const initialized = (status.initContainerStatuses ?? []).every(({ ready }) => ready);
  const incomplete = (status.initContainerStatuses ?? [])
    .filter(({ ready }) => !ready)
    .map(({ name }) => name);
  const done = status.phase === 'Succeeded';
  let next = set(
    cluster,
    status,
    'PodReadyToStartContainers',
    done || status.phase === 'Failed' ? 'False' : 'True',
  );
  next = initialized
    ? set(cluster, next, 'Initialized', 'True', done ? 'PodCompleted' : undefined)
    : set(
        cluster,
        next,
        'Initialized',
        'False',
        'ContainersNotInitialized',
        `containers with incomplete status: [${incomplete.join(' ')}]`,
      );
  for (const type of ['Ready', 'ContainersReady']) {
    if (done) next = set(cluster, next, type, 'False', 'PodCompleted');
    else if (status.phase === 'Failed') next = set(cluster, next, type, 'False', 'PodFailed');
    else if (notReady.length === 0) next = set(cluster, next, type, 'True');
    else
      next = set(
        cluster,
        next,
        type,
        'False',
        'ContainersNotReady',
        `containers with unready status: [${notReady.join(' ')}]`,
      );
  }
  return set(cluster, next, 'PodScheduled', 'True');
}

/** The status with one container's entry replaced. */
export function withContainer(status: PodStatus, entry: ContainerStatus): PodStatus {
  return {
    ...status,
    containerStatuses: (status.containerStatuses ?? []).map((each) =>
      each.name === entry.name ? entry : each,
    ),
  };
}
