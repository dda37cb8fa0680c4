import { type Cluster, R } from '../cluster.ts';
import type { Claim, Container, Pod, PodStatus } from '../objects.ts';
import { isTerminal } from '../pod-index.ts';
import { qosClass } from '../quantity.ts';
import { addressOf, podAddress } from './addresses.ts';
import type { KubeletContext, Step } from './kubelet.ts';
import { completedInit, judged, running, waiting } from './statuses.ts';

const ATTACH_RETRY_MS = 20_000;
const PULL_REASONS = ['ErrImagePull', 'ImagePullBackOff'];

/** The next step of a pod whose containers have not all been started yet. */
export function creationStep(context: KubeletContext, pod: Pod): Step | undefined {
  if (pod.status.startTime === undefined) return admission(context, pod);
  const waits = [...(pod.status.initContainerStatuses ?? []), ...(pod.status.containerStatuses ?? [])];
  const starting = waits.some(
    ({ state, restartCount }) => state.waiting && restartCount === 0 && isStartup(state.waiting.reason),
  );
  if (!starting) return undefined;
  return (
    attachFailure(context, pod) ??
    pullFailure(context, pod) ??
    initialisation(context, pod) ??
    start(context, pod)
  );
}

function isStartup(reason: string): boolean {
  return reason === 'ContainerCreating' || reason === 'PodInitializing' || PULL_REASONS.includes(reason);
}

function admission({ cluster, between }: KubeletContext, pod: Pod): Step {
  return {
    what: 'admit',
    after: () => between(150, 400),
    run: () => {
      const { initContainers = [], containers } = pod.spec;
      const hasInit = initContainers.length > 0;
      const hostIP = addressOf(cluster, pod.spec.nodeName ?? '');
      const status: PodStatus = {
        ...pod.status,
        phase: 'Pending',
        qosClass: qosClass(pod.spec),
        hostIP,
        hostIPs: [{ ip: hostIP }],
        startTime: cluster.time(),
        containerStatuses: containers.map((each) =>
          waiting(each, hasInit ? 'PodInitializing' : 'ContainerCreating'),
        ),
        ...(hasInit && {
          initContainerStatuses: initContainers.map((each) => waiting(each, 'PodInitializing')),
        }),
      };
      cluster.writeStatus(R.pods, pod, judged(cluster, status));
    },
  };
}

/** A volume that only one node may hold and that a pod on another node still holds. */
function attachFailure({ cluster, backoff }: KubeletContext, pod: Pod): Step | undefined {
  if (pod.status.containerStatuses?.some(({ state }) => state.running)) return undefined;
  const blocked = exclusiveVolumes(cluster, pod).find(({ claim }) => holderElsewhere(cluster, pod, claim));
  if (!blocked) return undefined;
  const holder = holderElsewhere(cluster, pod, blocked.claim);
  const uid = pod.metadata.uid ?? '';
  const tries = backoff.failures(uid, 'attach');
  return {
    what: `attach ${tries}`,
    after: () => (tries === 0 ? 1_000 : ATTACH_RETRY_MS),
    run: () => {
      backoff.fail(uid, 'attach');
      cluster.events.record(pod, {
        type: 'Warning',
        reason: 'FailedAttachVolume',
        message: `Multi-Attach error for volume "${blocked.volume}" Volume is already used by pod(s) ${holder}`,
        component: 'attachdetach-controller',
      });
    },
  };
}

function exclusiveVolumes(cluster: Cluster, pod: Pod): { claim: string; volume: string }[] {
  const found: { claim: string; volume: string }[] = [];
  for (const { persistentVolumeClaim } of pod.spec.volumes ?? []) {
    if (!persistentVolumeClaim) continue;
    const claim = cluster.store.get(
      R.claims,
      pod.metadata.namespace ?? '',
      persistentVolumeClaim.claimName,
    ) as Claim | undefined;
    if (claim?.spec.accessModes?.includes('ReadWriteOnce')) {
      found.push({ claim: persistentVolumeClaim.claimName, volume: claim.spec.volumeName ?? '' });
    }
  }
  return found;
}

function holderElsewhere(cluster: Cluster, pod: Pod, claim: string): string | undefined {
  for (const other of cluster.store.list(R.pods, pod.metadata.namespace ?? '') as Pod[]) {
    if (other.spec.nodeName === undefined || other.spec.nodeName === pod.spec.nodeName || isTerminal(other))
      continue;
    if (other.spec.volumes?.some((volume) => volume.persistentVolumeClaim?.claimName === claim))
      return other.metadata.name;
  }
  return undefined;
}

/** Trying to pull an image that does not exist: ErrImagePull, then ImagePullBackOff until the next try. */
function pullFailure(context: KubeletContext, pod: Pod): Step | undefined {
  const { cluster, backoff, between } = context;
  const missing = nextContainers(pod).find(({ image }) => cluster.faults.isMissing(image));
  if (!missing) return undefined;
  const uid = pod.metadata.uid ?? '';
  const pull = `pull ${missing.name}`;
  const tries = backoff.failures(uid, pull);
  const status = [...(pod.status.initContainerStatuses ?? []), ...(pod.status.containerStatuses ?? [])].find(
    ({ name }) => name === missing.name,
  );
  if (status?.state.waiting?.reason === 'ErrImagePull') {
    return {
      what: `${pull} wait ${tries}`,
      after: () => between(8_000, 15_000),
      run: () => pullBackOff(context, pod, missing),
    };
  }
  return {
    what: `${pull} ${tries}`,
    after: () => {
      if (tries > 0) return backoff.delay(tries);
      return status?.state.waiting?.reason === 'ImagePullBackOff'
        ? between(10_000, 300_000)
        : between(1_500, 3_000);
    },
    run: () => {
      backoff.fail(uid, pull);
      pullError(context, pod, missing);
    },
  };
}

/** The containers that would run next: the first init container that is not done, else the app containers. */
function nextContainers(pod: Pod): readonly Container[] {
  const statuses = pod.status.initContainerStatuses ?? [];
  const index = statuses.findIndex(({ ready }) => !ready);
  const init = pod.spec.initContainers?.[index];
  return index >= 0 && init ? [init] : pod.spec.containers;
}

function fieldPath(pod: Pod, { name }: Container): string {
  const isInit = pod.spec.initContainers?.some((each) => each.name === name) ?? false;
  return `spec.${isInit ? 'initContainers' : 'containers'}{${name}}`;
}

function say(
  cluster: Cluster,
  pod: Pod,
  container: Container,
  type: 'Normal' | 'Warning',
  reason: string,
  message: string,
): void {
  const host = pod.spec.nodeName ?? '';
  cluster.events.record(pod, {
    type,
    reason,
    message,
    component: 'kubelet',
    host,
    fieldPath: fieldPath(pod, container),
  });
}

function notFound(image: string): string {
  return (
    `rpc error: code = NotFound desc = failed to pull and unpack image "${image}": ` +
    `failed to resolve reference "${image}": ${image}: not found`
  );
}

function pullError({ cluster }: KubeletContext, pod: Pod, container: Container): void {
  const why = notFound(container.image);
  say(cluster, pod, container, 'Normal', 'Pulling', `Pulling image "${container.image}"`);
  say(cluster, pod, container, 'Warning', 'Failed', `Failed to pull image "${container.image}": ${why}`);
  say(cluster, pod, container, 'Warning', 'Failed', 'Error: ErrImagePull');
  setWaiting(cluster, pod, container, 'ErrImagePull', why);
}

function pullBackOff({ cluster }: KubeletContext, pod: Pod, container: Container): void {
  const text = `Back-off pulling image "${container.image}"`;
  say(cluster, pod, container, 'Normal', 'BackOff', text);
  say(cluster, pod, container, 'Warning', 'Failed', 'Error: ImagePullBackOff');
  setWaiting(
    cluster,
    pod,
    container,
    'ImagePullBackOff',
    `${text}: ErrImagePull: ${notFound(container.image)}`,
  );
}

function setWaiting(cluster: Cluster, pod: Pod, container: Container, reason: string, message: string): void {
  const replace = (list: PodStatus['containerStatuses']) =>
    (list ?? []).map((each) => (each.name === container.name ? waiting(container, reason, message) : each));
  const { initContainerStatuses, containerStatuses } = pod.status;
  const status: PodStatus = {
    ...pod.status,
    ...(initContainerStatuses && { initContainerStatuses: replace(initContainerStatuses) }),
    containerStatuses: replace(containerStatuses),
  };
  cluster.writeStatus(R.pods, pod, judged(cluster, status));
}

function initialisation({ cluster, between }: KubeletContext, pod: Pod): Step | undefined {
  const { initContainers = [] } = pod.spec;
  if ((pod.status.initContainerStatuses ?? []).every(({ ready }) => ready)) return undefined;
  return {
    what: 'initialise',
    after: () => between(300, 700),
    run: () => {
      for (const each of initContainers) announceStart(cluster, pod, each);
      const initContainerStatuses = initContainers.map((each) => completedInit(pod, each, cluster.time()));
      cluster.writeStatus(
        R.pods,
        pod,
        judged(cluster, { ...pod.status, initContainerStatuses, ...podAddress(cluster, pod) }),
      );
    },
  };
}

function start({ cluster, between }: KubeletContext, pod: Pod): Step {
  return {
    what: 'start',
    after: () => between(400, 1_000),
    run: () => {
      for (const each of pod.spec.containers) announceStart(cluster, pod, each);
      const status: PodStatus = {
        ...pod.status,
        phase: 'Running',
        ...podAddress(cluster, pod),
        containerStatuses: pod.spec.containers.map((each) => running(pod, each, cluster.time(), 0)),
      };
      cluster.writeStatus(R.pods, pod, judged(cluster, status));
    },
  };
}

/** The three events of a container start. */
export function announceStart(cluster: Cluster, pod: Pod, container: Container): void {
  const already = `Container image "${container.image}" already present on machine`;
  say(cluster, pod, container, 'Normal', 'Pulled', already);
  say(cluster, pod, container, 'Normal', 'Created', `Created container: ${container.name}`);
  say(cluster, pod, container, 'Normal', 'Started', `Started container ${container.name}`);
}
