import type { Condition, ContainerState, ContainerStatus, Meta, PodInfo } from '../../../domain/kinds.ts';
import type { Interner } from '../intern.ts';
import { extended, isRecord, list, number, present, type Raw, record, time } from '../raw.ts';
import {
  conditionsOf,
  containersOf,
  message,
  metaOf,
  nameOf,
  type Projection,
  resourcesIfAny,
  word,
} from './meta.ts';

const MIRROR = 'kubernetes.io/config.mirror';
/** Conditions worth their memory even when True; the others say something only when they are not. */
const KEPT_CONDITIONS = new Set(['Ready', 'Initialized', 'PodScheduled', 'DisruptionTarget']);

export function projectPod(intern: Interner): Projection<PodInfo> {
  return (raw) => {
    const meta = metaOf(raw, intern);
    if (meta === undefined) return undefined;
    const spec = record(raw.spec);
    const status = record(raw.status);
    const resources = record(spec.resources);
    return extended<PodInfo, Meta>(meta, {
      phase: word(status.phase, intern) ?? 'Unknown',
      reason: word(status.reason, intern),
      message: message(status.message),
      nodeName: word(spec.nodeName, intern),
      podIP: nameOf(status.podIP),
      startTime: time(status.startTime),
      qosClass: word(status.qosClass, intern),
      priorityClass: word(spec.priorityClassName, intern),
      restartPolicy: word(spec.restartPolicy, intern) ?? 'Always',
      hostNetwork: spec.hostNetwork === true || undefined,
      mirror: MIRROR in record(record(raw.metadata).annotations) || undefined,
      conditions: conditionsOf(status.conditions, intern).filter(worthKeeping),
      containers: containersOf(spec.containers, intern),
      initContainers: containersOf(spec.initContainers, intern),
      statuses: statusesOf(status.containerStatuses, intern),
      initStatuses: statusesOf(status.initContainerStatuses, intern),
      podRequests: resourcesIfAny(resources.requests),
      podLimits: resourcesIfAny(resources.limits),
      overhead: resourcesIfAny(spec.overhead),
      claims: claimsOf(spec.volumes),
    });
  };
}

function worthKeeping({ type, status }: Condition): boolean {
  return KEPT_CONDITIONS.has(type) || status !== 'True';
}

/** Most pods have no init containers; they share one empty list. */
const NO_STATUSES: readonly ContainerStatus[] = [];

function statusesOf(value: unknown, intern: Interner): readonly ContainerStatus[] {
  const statuses = list(value).filter(isRecord);
  if (statuses.length === 0) return NO_STATUSES;
  return statuses.map((each) =>
    present<ContainerStatus>({
      name: word(each.name, intern) ?? '',
      image: word(each.image, intern) ?? '',
      ready: each.ready === true,
      started: typeof each.started === 'boolean' ? each.started : undefined,
      restartCount: number(each.restartCount) ?? 0,
      state: stateOf(each.state, intern),
      lastState: stateOf(each.lastState, intern),
    }),
  );
}

function stateOf(value: unknown, intern: Interner): ContainerState | undefined {
  const { waiting, running, terminated } = record(value);
  if (isRecord(terminated)) return terminatedState(terminated, intern);
  if (isRecord(running))
    return present<ContainerState>({ kind: 'running', startedAt: time(running.startedAt) });
  if (!isRecord(waiting)) return undefined;
  return present<ContainerState>({
    kind: 'waiting',
    reason: word(waiting.reason, intern),
    message: message(waiting.message),
  });
}

function terminatedState(state: Raw, intern: Interner): ContainerState {
  return present<ContainerState>({
    kind: 'terminated',
    reason: word(state.reason, intern),
    message: message(state.message),
    exitCode: number(state.exitCode) ?? 0,
    // The API sends 0 for "no signal".
    signal: number(state.signal) || undefined,
    startedAt: time(state.startedAt),
    finishedAt: time(state.finishedAt),
  });
}

function claimsOf(volumes: unknown): readonly string[] | undefined {
  const names = list(volumes).flatMap(
    (volume) => nameOf(record(record(volume).persistentVolumeClaim).claimName) ?? [],
  );
  return names.length > 0 ? names : undefined;
}
