/** Pods in the states that homelabs know, as bodies to create and statuses to write, which kubelets would write. */

const MINUTE_MS = 60_000;

/** A container status and what of the specification belongs to it. */
interface Container {
  readonly name: string;
  readonly ready: boolean;
  readonly restarts?: number;
  readonly started?: boolean;
  readonly state: object;
  readonly lastState?: object;
  /** Of an init container: it goes on running beside the others. */
  readonly sidecar?: boolean;
}

interface PodState {
  readonly phase: string;
  readonly reason?: string;
  readonly message?: string;
  readonly containers?: readonly Container[];
  readonly init?: readonly Container[];
  /** Types of conditions that are True; Ready, ContainersReady and Initialized are False when not named. */
  readonly conditions?: readonly string[];
  readonly unscheduled?: boolean;
  readonly gated?: boolean;
  /** Asked to go, and held by a finalizer. */
  readonly deleted?: boolean;
}

const ago = (minutes: number): string =>
  new Date(Date.now() - minutes * MINUTE_MS).toISOString().replace(/\.\d+Z/, 'Z');

const running = { running: { startedAt: ago(30) } };
const waiting = (reason: string, message = ''): object => ({ waiting: { reason, message } });
const terminated = (exitCode: number, reason?: string, more: object = {}): object => ({
  terminated: { exitCode, reason, startedAt: ago(20), finishedAt: ago(5), ...more },
});

const app = (state: object, more: Partial<Container> = {}): Container => ({
  name: 'app',
  ready: false,
  state,
  ...more,
});
const healthy = (name: string): Container => ({ name, ready: true, started: true, state: running });
const READY = ['Initialized', 'ContainersReady', 'Ready'];

/** By name of the state; the name leads the names of the pods. */
const POD_STATES: Readonly<Record<string, PodState>> = {
  ready: { phase: 'Running', containers: [healthy('app')], conditions: READY },
  'ready-two': { phase: 'Running', containers: [healthy('app'), healthy('side')], conditions: READY },
  'ready-restarted': {
    phase: 'Running',
    containers: [{ ...healthy('app'), restarts: 3, lastState: terminated(1, 'Error') }],
    conditions: READY,
  },
  'not-ready': {
    phase: 'Running',
    containers: [app(running, { started: true }), healthy('side')],
    conditions: ['Initialized'],
  },
  oom: {
    phase: 'Running',
    containers: [
      app(waiting('CrashLoopBackOff', 'back-off 5m0s restarting failed container'), {
        restarts: 98,
        lastState: terminated(137, 'OOMKilled'),
      }),
    ],
    conditions: ['Initialized'],
  },
  crash: {
    phase: 'Running',
    containers: [app(terminated(2, 'Error'), { restarts: 4, lastState: terminated(2, 'Error') })],
    conditions: ['Initialized'],
  },
  signal: {
    phase: 'Running',
    containers: [app(terminated(137, undefined, { signal: 9 }), { restarts: 1 })],
    conditions: ['Initialized'],
  },
  'exit-code': { phase: 'Running', containers: [app(terminated(3))], conditions: ['Initialized'] },
  pull: {
    phase: 'Pending',
    containers: [app(waiting('ImagePullBackOff', 'Back-off pulling image "registry.invalid/app:1"'))],
    conditions: ['Initialized'],
  },
  creating: {
    phase: 'Pending',
    containers: [app(waiting('ContainerCreating'))],
    conditions: ['Initialized'],
  },
  unschedulable: { phase: 'Pending', unscheduled: true },
  gated: { phase: 'Pending', gated: true },
  completed: {
    phase: 'Succeeded',
    containers: [app(terminated(0, 'Completed'))],
    conditions: ['Initialized'],
  },
  failed: { phase: 'Failed', containers: [app(terminated(1, 'Error'))], conditions: ['Initialized'] },
  'half-done': {
    phase: 'Running',
    containers: [app(terminated(0, 'Completed')), healthy('side')],
    conditions: ['Initialized'],
  },
  evicted: {
    phase: 'Failed',
    reason: 'Evicted',
    message: 'The node was low on resource: ephemeral-storage.',
  },
  terminating: { phase: 'Running', containers: [healthy('app')], conditions: READY, deleted: true },
  'node-lost': { phase: 'Running', reason: 'NodeLost', containers: [healthy('app')], deleted: true },
  'init-crash': {
    phase: 'Pending',
    init: [
      {
        name: 'init',
        ready: false,
        restarts: 7,
        state: waiting('CrashLoopBackOff'),
        lastState: terminated(1, 'Error'),
      },
    ],
    containers: [app(waiting('PodInitializing'))],
  },
  'init-running': {
    phase: 'Pending',
    init: [
      { name: 'first', ready: true, state: terminated(0, 'Completed') },
      { name: 'second', ready: false, state: running },
    ],
    containers: [app(waiting('PodInitializing'))],
  },
  sidecar: {
    phase: 'Running',
    init: [{ ...healthy('proxy'), sidecar: true, restarts: 2, lastState: terminated(1, 'Error') }],
    containers: [healthy('app')],
    conditions: READY,
  },
  'init-restarted': {
    phase: 'Running',
    init: [{ name: 'init', ready: true, restarts: 5, state: terminated(0, 'Completed') }],
    containers: [{ ...healthy('app'), restarts: 1, lastState: terminated(137, 'OOMKilled') }],
    conditions: READY,
  },
};

/** A pod to create, with the status to write afterwards. */
export interface Wanted {
  readonly name: string;
  readonly body: object;
  readonly status: object | undefined;
  readonly deleted: boolean;
}

/** Keeps deleted pods; taken away before their namespace is. */
export const FINALIZER = 'homelab-top.test/hold';

/** The wanted number of pods, in turn of each state, spread over the nodes. */
export function mixedPods(count: number, nodes: readonly string[]): readonly Wanted[] {
  const states = Object.entries(POD_STATES);
  return Array.from({ length: count }, (_, index) => {
    const [kind, state] = states[index % states.length] ?? ['ready', {} as PodState];
    return wanted(`${kind}-${index}`, state, nodes[index % nodes.length] ?? '');
  });
}

function wanted(name: string, state: PodState, node: string): Wanted {
  const containers = state.containers ?? [app(running)];
  const body = {
    metadata: {
      name,
      labels: { app: name },
      // The stand-in for the kubelet leaves it alone.
      annotations: { 'fake-kubelet/hold': 'true' },
      ...(state.deleted && { finalizers: [FINALIZER] }),
    },
    spec: {
      ...(!state.unscheduled && !state.gated && { nodeName: node }),
      ...(state.unscheduled && { nodeSelector: { 'no-such': 'node' } }),
      ...(state.gated && { schedulingGates: [{ name: 'homelab-top.test/wait' }] }),
      automountServiceAccountToken: false,
      restartPolicy: state.phase === 'Succeeded' || state.phase === 'Failed' ? 'Never' : 'Always',
      tolerations: [{ operator: 'Exists' }],
      containers: containers.map(specification),
      initContainers: (state.init ?? []).map(specification),
    },
  };
  const byScheduler = state.unscheduled === true || state.gated === true;
  return { name, body, status: byScheduler ? undefined : statusOf(state), deleted: state.deleted === true };
}

function specification({ name, sidecar }: Container): object {
  return {
    name,
    image: `registry.invalid/${name}:1`,
    resources: { requests: { cpu: '10m', memory: '32Mi' }, limits: { memory: '256Mi' } },
    ...(sidecar && { restartPolicy: 'Always' }),
  };
}

function statusOf(state: PodState): object {
  const met = new Set([...(state.conditions ?? []), 'PodScheduled']);
  return {
    phase: state.phase,
    reason: state.reason,
    message: state.message,
    startTime: ago(40),
    hostIP: '127.0.0.1',
    conditions: ['PodScheduled', 'Initialized', 'ContainersReady', 'Ready'].map((type) => ({
      type,
      status: met.has(type) ? 'True' : 'False',
      lastTransitionTime: ago(35),
    })),
    containerStatuses: (state.containers ?? []).map(containerStatus),
    initContainerStatuses: (state.init ?? []).map(containerStatus),
  };
}

const containerStatus = ({ name, ready, restarts = 0, started, state, lastState }: Container): object => ({
  name,
  image: `registry.invalid/${name}:1`,
  imageID: '',
  ready,
  started,
  restartCount: restarts,
  state,
  lastState,
});
