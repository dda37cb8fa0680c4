/** Objects without a list of their own, in words: jobs, storage, network, namespaces. */
import { keyOf } from '../../domain/collection.ts';
import type { ObjectRef } from '../../domain/finding.ts';
import { bytes } from '../../domain/format.ts';
import type {
  CronJobInfo,
  JobInfo,
  Meta,
  PdbInfo,
  PodInfo,
  PvcInfo,
  PvInfo,
  ServiceInfo,
} from '../../domain/kinds.ts';
import { dataOf } from '../../domain/snapshot.ts';
import { lookUp } from '../interaction/objects.ts';
import type { ScreenModel } from '../model.ts';
import { templateLines } from './containers.ts';
import { endpointsText } from './pod.ts';
import { conditionLines, field, pairs, section, since } from './text.ts';

/** What is known of an object of one of these kinds; undefined when the kind is unknown or the object is gone. */
export function otherDetails(model: ScreenModel, ref: ObjectRef): readonly string[] | undefined {
  const { state, now } = model;
  switch (ref.kind) {
    case 'PersistentVolumeClaim':
      return described(lookUp(state.pvcs, ref), now, (claim) => claimLines(model, claim));
    case 'PersistentVolume':
      return described(lookUp(state.pvs, ref), now, volumeLines);
    case 'Service':
      return described(lookUp(state.services, ref), now, (service) => serviceLines(model, service));
    case 'PodDisruptionBudget':
      return described(lookUp(state.pdbs, ref), now, budgetLines);
    case 'Job':
      return described(lookUp(state.jobs, ref), now, (job) => jobLines(job, now));
    case 'CronJob':
      return described(lookUp(state.cronjobs, ref), now, (job) => cronJobLines(job, now));
    case 'Namespace':
      return described(lookUp(state.namespaces, ref), now, ({ phase }) => field('phase', phase));
    default:
      return undefined;
  }
}

function described<T extends Meta & { readonly conditions?: PodInfo['conditions'] }>(
  object: T | undefined,
  now: number,
  lines: (object: T) => readonly string[],
): readonly string[] | undefined {
  if (object === undefined) return undefined;
  return [
    ...field('created', since(object.createdAt, now)),
    ...field('deleted', since(object.deletedAt, now)),
    ...field('finalizers', object.finalizers?.join(', ')),
    ...field('labels', pairs(object.labels)),
    ...lines(object),
    ...section('Conditions', conditionLines(object.conditions ?? [], now)),
  ];
}

function claimLines(model: ScreenModel, claim: PvcInfo): readonly string[] {
  const pods = [...(dataOf(model.state.pods)?.values() ?? [])].filter(
    (pod) => pod.namespace === claim.namespace && pod.claims?.includes(claim.name) === true,
  );
  return [
    ...field('phase', claim.phase),
    ...field('volume', claim.volumeName ?? 'not bound'),
    ...field('class', claim.storageClass),
    ...field('access', claim.accessModes.join(', ')),
    ...field('requested', size(claim.requested)),
    ...field('capacity', size(claim.capacity)),
    ...section(
      'Used by',
      pods.map((pod) => `Pod ${keyOf(pod)}`),
    ),
  ];
}

function volumeLines(volume: PvInfo): readonly string[] {
  return [
    ...field('phase', volume.phase),
    ...field('reason', [volume.reason, volume.message].filter((part) => part !== undefined).join(': ')),
    ...field('claim', volume.claim),
    ...field('class', volume.storageClass),
    ...field('capacity', size(volume.capacity)),
    ...field('reclaim', volume.reclaimPolicy),
  ];
}

function serviceLines(model: ScreenModel, service: ServiceInfo): readonly string[] {
  return [
    ...field('type', service.type),
    ...field('address', service.clusterIP),
    ...field('ports', service.ports.join(', ')),
    ...field(
      'selector',
      service.selector === undefined ? 'none: endpoints are managed elsewhere' : pairs(service.selector),
    ),
    ...field('endpoints', endpointsText(model, service)),
    ...field('load balancer', service.loadBalancerPending === true ? 'has no address yet' : undefined),
  ];
}

function budgetLines(budget: PdbInfo): readonly string[] {
  return [
    ...field('allowed', `${budget.disruptionsAllowed} disruptions now`),
    ...field('healthy', `${budget.currentHealthy}, needs ${budget.desiredHealthy} of ${budget.expectedPods}`),
    ...field('selector', pairs(budget.matchLabels)),
    ...field('unhealthy', budget.unhealthyPodEvictionPolicy),
  ];
}

function jobLines(job: JobInfo, now: number): readonly string[] {
  return [
    ...field('pods', `${job.active} active, ${job.succeeded} succeeded, ${job.failed} failed`),
    ...field('suspended', job.suspend === true ? 'yes' : undefined),
    ...field('started', since(job.startTime, now)),
    ...field('completed', since(job.completionTime, now)),
    ...section('Containers', templateLines(job)),
  ];
}

function cronJobLines(job: CronJobInfo, now: number): readonly string[] {
  return [
    ...field('schedule', `${job.schedule}${job.timeZone === undefined ? '' : ` ${job.timeZone}`}`),
    ...field('suspended', job.suspend ? 'yes' : 'no'),
    ...field('last run', since(job.lastScheduleTime, now) ?? 'never'),
    ...field('last success', since(job.lastSuccessfulTime, now) ?? 'never'),
    ...field('active', job.active),
    ...section('Containers', templateLines(job)),
  ];
}

function size(amount: number | undefined): string | undefined {
  return amount === undefined ? undefined : bytes(amount);
}
