/** Containers in words: what each does now, how its last run ended, what it may use. */
import { bytes, cores, duration, plural, relative } from '../../domain/format.ts';
import type {
  ContainerSpec,
  ContainerState,
  ContainerStatus,
  PodInfo,
  Resources,
} from '../../domain/kinds.ts';
import { field, since } from './text.ts';

/** `waiting: ImagePullBackOff (message)`, `running for 2h`, `ended 3m ago: OOMKilled, exit code 137`. */
export function stateText(state: ContainerState | undefined, now: number): string {
  if (state === undefined) return 'unknown: the kubelet has not reported yet';
  switch (state.kind) {
    case 'waiting':
      return `waiting: ${state.reason ?? 'no reason given'}${state.message ? ` (${state.message})` : ''}`;
    case 'running':
      return state.startedAt === undefined ? 'running' : `running for ${duration(now - state.startedAt)}`;
    case 'terminated':
      return `ended ${since(state.finishedAt, now) ?? 'at an unknown time'}: ${endText(state)}`;
  }
}

/** How a run ended: `OOMKilled, exit code 137, after 4m 2s`. */
function endText(state: Extract<ContainerState, { kind: 'terminated' }>): string {
  const { reason, exitCode, signal, startedAt, finishedAt, message } = state;
  const ran =
    startedAt !== undefined && finishedAt !== undefined ? duration(finishedAt - startedAt) : undefined;
  return [
    reason ?? 'no reason given',
    `exit code ${exitCode}`,
    ...(signal === undefined ? [] : [`signal ${signal}`]),
    ...(ran === undefined ? [] : [`after ${ran}`]),
    ...(message ? [message] : []),
  ].join(', ');
}

/** `cpu 250m, memory 1Gi`, or `not set`. */
export function resourcesText({ cpu, memory }: Resources): string {
  const parts = [
    ...(cpu === undefined ? [] : [`cpu ${cores(cpu)}`]),
    ...(memory === undefined ? [] : [`memory ${bytes(memory)}`]),
  ];
  return parts.length === 0 ? 'not set' : parts.join(', ');
}

/** What a container is made of, as the template says; for pods and workloads alike. */
function specLines(spec: ContainerSpec): readonly string[] {
  return [
    ...field('image', spec.image),
    ...field('requests', resourcesText(spec.requests)),
    ...field('limits', resourcesText(spec.limits)),
    ...field('probes', probesText(spec)),
  ];
}

function probesText(spec: ContainerSpec): string {
  const probes = [
    ...(spec.hasLivenessProbe === true ? ['liveness'] : []),
    ...(spec.hasReadinessProbe === true ? ['readiness'] : []),
  ];
  return probes.length === 0 ? 'none' : probes.join(', ');
}

/** All containers of a workload's template. */
export function templateLines(owner: {
  readonly containers: readonly ContainerSpec[];
  readonly initContainers: readonly ContainerSpec[];
}): readonly string[] {
  return [
    ...owner.initContainers.map((spec) => ({ spec, role: spec.sidecar === true ? ' (sidecar)' : ' (init)' })),
    ...owner.containers.map((spec) => ({ spec, role: '' })),
  ].flatMap(({ spec, role }) => [spec.name + role, ...specLines(spec).map((line) => ` ${line}`)]);
}

/** A container of a pod with its status and its present usage. */
export interface PodContainer {
  readonly spec: ContainerSpec;
  readonly role: string;
  readonly status: ContainerStatus | undefined;
}

/** Containers of a pod with their statuses, in the order they start. */
export function podContainers(pod: PodInfo): readonly PodContainer[] {
  const withStatus = (specs: readonly ContainerSpec[], statuses: readonly ContainerStatus[], role: string) =>
    specs.map((spec) => ({
      spec,
      role: spec.sidecar === true ? 'sidecar container' : role,
      status: statuses.find((status) => status.name === spec.name),
    }));
  return [
    ...withStatus(pod.initContainers, pod.initStatuses, 'init container'),
    ...withStatus(pod.containers, pod.statuses, 'container'),
  ];
}

/** All that is known of one container. */
export function containerLines(
  { spec, role, status }: PodContainer,
  usage: Resources | undefined,
  now: number,
): readonly string[] {
  const last = status?.lastState;
  return [
    `${spec.name}${role === 'container' ? '' : ` (${role})`}`,
    ...[
      ...field('state', stateText(status?.state, now)),
      ...field('ready', status === undefined ? undefined : status.ready ? 'yes' : 'no'),
      ...field('restarts', status?.restartCount),
      ...field('last run', last === undefined ? undefined : stateText(last, now)),
      ...field('using', usage === undefined ? undefined : resourcesText(usage)),
      ...specLines(spec),
    ].map((line) => ` ${line}`),
  ];
}

/** Sentences on what is not well with a container; empty when there is nothing to say. */
export function containerReasons(container: PodContainer, now: number): readonly string[] {
  const { status } = container;
  const name = `${container.role} ${container.spec.name}`;
  if (status === undefined) return [`${name}: the kubelet has not reported its state`];
  return [...presentReasons(name, container, status), ...pastReasons(name, container, status, now)];
}

function presentReasons(
  name: string,
  { spec, role }: PodContainer,
  status: ContainerStatus,
): readonly string[] {
  const { state } = status;
  if (state?.kind === 'waiting')
    return [
      `${name} waits: ${state.reason ?? 'no reason given'}${state.message ? ` (${state.message})` : ''}`,
    ];
  if (state?.kind === 'terminated' && state.exitCode !== 0) return [`${name} has ended: ${endText(state)}`];
  if (state?.kind === 'running' && !status.ready && role !== 'init container')
    return [
      `${name} runs but is not ready${spec.hasReadinessProbe === true ? ': its readiness probe fails' : ''}`,
    ];
  return [];
}

function pastReasons(
  name: string,
  { spec }: PodContainer,
  status: ContainerStatus,
  now: number,
): readonly string[] {
  if (status.restartCount === 0) return [];
  const restarted = `${name} restarted ${plural(status.restartCount, 'time')}`;
  const last = status.lastState;
  if (last?.kind !== 'terminated') return [`${restarted}; how its last run ended is not known`];
  const when = last.finishedAt === undefined ? '' : ` ${relative(last.finishedAt, now)}`;
  const limit =
    last.reason === 'OOMKilled' && spec.limits.memory !== undefined
      ? `; its memory limit is ${bytes(spec.limits.memory)}`
      : '';
  return [`${restarted}; its last run ended${when}: ${endText(last)}${limit}`];
}
