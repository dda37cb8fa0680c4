import type {
  CronJobInfo,
  JobInfo,
  Meta,
  PdbInfo,
  WorkloadInfo,
  WorkloadKind,
} from '../../../domain/kinds.ts';
import type { Interner } from '../intern.ts';
import { extended, isRecord, list, number, type Raw, record, time } from '../raw.ts';
import {
  conditionsOf,
  containersOf,
  labelMap,
  metaOf,
  nameOf,
  type Projection,
  resourcesIfAny,
  word,
} from './meta.ts';

/** Tell which release an object belongs to when it has no Flux labels. */
const HELM_ANNOTATIONS = [
  'meta.helm.sh/release-name',
  'meta.helm.sh/release-namespace',
  'deployment.kubernetes.io/revision',
];

interface Template {
  readonly containers: WorkloadInfo['containers'];
  readonly initContainers: WorkloadInfo['initContainers'];
}

function templateOf(spec: Raw, intern: Interner): Template & { readonly podSpec: Raw } {
  const podSpec = record(record(spec.template).spec);
  return {
    podSpec,
    containers: containersOf(podSpec.containers, intern),
    initContainers: containersOf(podSpec.initContainers, intern),
  };
}

export function projectWorkload(kind: WorkloadKind, intern: Interner): Projection<WorkloadInfo> {
  return (raw) => {
    const meta = metaOf(raw, intern, HELM_ANNOTATIONS);
    if (meta === undefined) return undefined;
    const spec = record(raw.spec);
    const status = record(raw.status);
    const { podSpec, containers, initContainers } = templateOf(spec, intern);
    const resources = record(podSpec.resources);
    const counts = kind === 'DaemonSet' ? daemonCounts(status) : replicaCounts(spec, status);
    return extended<WorkloadInfo, Meta & Counts>(extended<Meta & Counts, Meta>(meta, counts), {
      kind,
      observedGeneration: number(status.observedGeneration),
      conditions: conditionsOf(status.conditions, intern),
      paused: spec.paused === true || undefined,
      strategy: word(record(spec.strategy ?? spec.updateStrategy).type, intern),
      partition: number(record(record(spec.updateStrategy).rollingUpdate).partition),
      currentReplicas: number(status.currentReplicas),
      currentRevision: nameOf(status.currentRevision),
      updateRevision: nameOf(status.updateRevision),
      containers,
      initContainers,
      podRequests: resourcesIfAny(resources.requests),
      podLimits: resourcesIfAny(resources.limits),
    });
  };
}

type Counts = Pick<WorkloadInfo, 'desired' | 'replicas' | 'updated' | 'ready' | 'available'>;

/** Counters of the status are left out by the API when zero. */
function replicaCounts(spec: Raw, status: Raw): Counts {
  return {
    desired: number(spec.replicas) ?? 1,
    replicas: number(status.replicas) ?? 0,
    updated: number(status.updatedReplicas) ?? 0,
    ready: number(status.readyReplicas) ?? 0,
    available: number(status.availableReplicas) ?? 0,
  };
}

function daemonCounts(status: Raw): Counts {
  return {
    desired: number(status.desiredNumberScheduled) ?? 0,
    replicas: number(status.currentNumberScheduled) ?? 0,
    updated: number(status.updatedNumberScheduled) ?? 0,
    ready: number(status.numberReady) ?? 0,
    available: number(status.numberAvailable) ?? 0,
  };
}

export function projectJob(intern: Interner): Projection<JobInfo> {
  return (raw) => {
    const meta = metaOf(raw, intern, HELM_ANNOTATIONS);
    if (meta === undefined) return undefined;
    const spec = record(raw.spec);
    const status = record(raw.status);
    const { containers, initContainers } = templateOf(spec, intern);
    return extended<JobInfo, Meta>(meta, {
      active: number(status.active) ?? 0,
      succeeded: number(status.succeeded) ?? 0,
      failed: number(status.failed) ?? 0,
      suspend: spec.suspend === true || undefined,
      startTime: time(status.startTime),
      completionTime: time(status.completionTime),
      conditions: conditionsOf(status.conditions, intern),
      containers,
      initContainers,
    });
  };
}

export function projectCronJob(intern: Interner): Projection<CronJobInfo> {
  return (raw) => {
    const meta = metaOf(raw, intern, HELM_ANNOTATIONS);
    if (meta === undefined) return undefined;
    const spec = record(raw.spec);
    const status = record(raw.status);
    const { containers, initContainers } = templateOf(record(record(spec.jobTemplate).spec), intern);
    return extended<CronJobInfo, Meta>(meta, {
      schedule: nameOf(spec.schedule) ?? '',
      timeZone: nameOf(spec.timeZone),
      suspend: spec.suspend === true,
      lastScheduleTime: time(status.lastScheduleTime),
      lastSuccessfulTime: time(status.lastSuccessfulTime),
      active: list(status.active).length,
      containers,
      initContainers,
    });
  };
}

export function projectPdb(intern: Interner): Projection<PdbInfo> {
  return (raw) => {
    const meta = metaOf(raw, intern);
    if (meta === undefined) return undefined;
    const spec = record(raw.spec);
    const status = record(raw.status);
    const selector = record(spec.selector);
    return extended<PdbInfo, Meta>(meta, {
      disruptionsAllowed: number(status.disruptionsAllowed) ?? 0,
      currentHealthy: number(status.currentHealthy) ?? 0,
      desiredHealthy: number(status.desiredHealthy) ?? 0,
      expectedPods: number(status.expectedPods) ?? 0,
      observedGeneration: number(status.observedGeneration),
      conditions: conditionsOf(status.conditions, intern),
      // A selector with expressions is more than its labels: leaving it out is honest, matching half of it is not.
      matchLabels:
        isRecord(selector.matchLabels) && list(selector.matchExpressions).length === 0
          ? labelMap(selector.matchLabels, intern)
          : undefined,
      unhealthyPodEvictionPolicy: word(spec.unhealthyPodEvictionPolicy, intern),
    });
  };
}
