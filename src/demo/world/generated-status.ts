import type { Container, ContainerStatus, PodStatus } from './objects.ts';
import type { Random } from './random.ts';

/** What is wrong with a generated app. */
export type Trouble = 'crash' | 'image' | 'not-ready' | 'unschedulable';

/** Status of a Deployment whose rollout is over; in trouble none of its pods is ready. */
export function settledStatus(
  time: string,
  name: string,
  replicas: number,
  trouble: Trouble | undefined,
): object {
  const well = trouble === undefined;
  const times = { lastUpdateTime: time, lastTransitionTime: time };
  return {
    observedGeneration: 1,
    replicas,
    updatedReplicas: replicas,
    ...(well ? { readyReplicas: replicas, availableReplicas: replicas } : { unavailableReplicas: replicas }),
    conditions: [
      well
        ? {
            type: 'Available',
            status: 'True',
            reason: 'MinimumReplicasAvailable',
            message: 'Deployment has minimum availability.',
            ...times,
          }
        : {
            type: 'Available',
            status: 'False',
            reason: 'MinimumReplicasUnavailable',
            message: 'Deployment does not have minimum availability.',
            ...times,
          },
      {
        type: 'Progressing',
        status: 'True',
        reason: 'NewReplicaSetAvailable',
        message: `ReplicaSet "${name}" has successfully progressed.`,
        ...times,
      },
    ],
  };
}

/** The status that all pods of an app have. */
export function settledPod(
  containers: readonly Container[],
  time: string,
  trouble: Trouble | undefined,
  random: Random,
): PodStatus {
  const ready = trouble === undefined;
  const say = ready ? 'True' : 'False';
  const condition = (type: string, status: 'True' | 'False') => ({
    type,
    status,
    lastProbeTime: null,
    lastTransitionTime: time,
  });
  return {
    phase: trouble === 'image' ? 'Pending' : 'Running',
    qosClass: 'Burstable',
    startTime: time,
    hostIP: '10.100.0.1',
    podIP: '10.42.0.2',
    podIPs: [{ ip: '10.42.0.2' }],
    conditions: [
      condition('PodReadyToStartContainers', 'True'),
      condition('Initialized', 'True'),
      condition('Ready', say),
      condition('ContainersReady', say),
      condition('PodScheduled', 'True'),
    ],
    containerStatuses: containers.map((each, index) =>
      containerStatus(each, time, index === 0 ? trouble : undefined, random),
    ),
  };
}

function containerStatus(
  { name, image }: Container,
  time: string,
  trouble: Trouble | undefined,
  random: Random,
): ContainerStatus {
  const base = { name, image, imageID: image, containerID: `containerd://${random.hex(64)}` };
  const running = { running: { startedAt: time } };
  if (trouble === 'image') {
    const waiting = { reason: 'ImagePullBackOff', message: `Back-off pulling image "${image}"` };
    return {
      ...base,
      imageID: '',
      ready: false,
      started: false,
      restartCount: 0,
      state: { waiting },
      lastState: {},
    };
  }
  if (trouble === 'crash') {
    const waiting = {
      reason: 'CrashLoopBackOff',
      message: `back-off 5m0s restarting failed container=${name}`,
    };
    const terminated = { exitCode: 1, reason: 'Error', startedAt: time, finishedAt: time };
    return {
      ...base,
      ready: false,
      started: false,
      restartCount: random.int(3, 60),
      state: { waiting },
      lastState: { terminated },
    };
  }
  return {
    ...base,
    ready: trouble === undefined,
    started: true,
    restartCount: 0,
    state: running,
    lastState: {},
  };
}
