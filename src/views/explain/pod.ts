/** A pod in words. */
import { keyOf } from '../../domain/collection.ts';
import { plural } from '../../domain/format.ts';
import type { EndpointSliceInfo, PodInfo, PvcInfo, Resources, ServiceInfo } from '../../domain/kinds.ts';
import { dataOf } from '../../domain/snapshot.ts';
import type { ScreenModel } from '../model.ts';
import { containerLines, containerReasons, podContainers } from './containers.ts';
import { conditionLines, field, pairs, refText, section, since, verdict } from './text.ts';

/** Why a pod has its verdict, in sentences. */
export function podReasons(model: ScreenModel, pod: PodInfo): readonly string[] {
  const row = model.judge.podRow(pod);
  const containers = podContainers(pod).flatMap((container) => containerReasons(container, model.now));
  const pending = pod.conditions
    .filter(({ type, status }) => type === 'PodScheduled' && status === 'False')
    .map(({ reason, message }) => `no node was found for it: ${message ?? reason ?? 'no reason given'}`);
  return [
    `kubectl shows it as ${row.status}, ready ${row.ready}, ${plural(row.restarts, 'restart')}`,
    ...(pod.reason === undefined ? [] : [`${pod.reason}: ${pod.message ?? 'no message given'}`]),
    ...(pod.deletedAt === undefined
      ? []
      : [`it is being deleted; it should be gone ${since(pod.deletedAt, model.now)}`]),
    ...pending,
    ...containers,
    ...(containers.length === 0 && row.severity === 'ok'
      ? ['no container waits, has failed or has restarted']
      : []),
  ];
}

/** All that is known of a pod. */
export function podDetails(model: ScreenModel, pod: PodInfo): readonly string[] {
  const { now } = model;
  const row = model.judge.podRow(pod);
  const usage = usageOf(model, pod);
  return [
    verdict(row.severity, row.note),
    '',
    ...field('status', row.status),
    ...field('ready', row.ready),
    ...field(
      'restarts',
      `${row.restarts}${row.lastRestartAt === undefined ? '' : `, last ${since(row.lastRestartAt, now)}`}`,
    ),
    ...field('phase', pod.phase),
    ...field('node', pod.nodeName ?? 'not scheduled'),
    ...field('ip', pod.hostNetwork === true ? `${pod.podIP ?? ''} (host network)` : pod.podIP),
    ...field('created', since(pod.createdAt, now)),
    ...field('deleted', since(pod.deletedAt, now)),
    ...field('finalizers', pod.finalizers?.join(', ')),
    ...field('qos', pod.qosClass),
    ...field('priority', pod.priorityClass),
    ...field('owners', model.judge.ownersOf(pod).map(refText).join(' ← ')),
    ...field('static', pod.mirror === true ? 'yes: it is run by the kubelet from a file' : undefined),
    ...field('labels', pairs(pod.labels)),
    ...section(
      'Containers',
      podContainers(pod).flatMap((c) => containerLines(c, usage.get(c.spec.name), now)),
    ),
    ...section('Conditions', conditionLines(pod.conditions, now)),
    ...section(
      'Volumes',
      (pod.claims ?? []).map((claim) =>
        claimLine(dataOf(model.state.pvcs)?.get(`${pod.namespace}/${claim}`), claim),
      ),
    ),
    ...section('Services', serviceLines(model, pod)),
  ];
}

function usageOf(model: ScreenModel, pod: PodInfo): ReadonlyMap<string, Resources> {
  const containers = dataOf(model.state.podUsage)?.get(keyOf(pod))?.containers ?? [];
  return new Map(containers.map((container) => [container.name, container]));
}

function claimLine(claim: PvcInfo | undefined, name: string): string {
  if (claim === undefined) return `${name}: the claim is not known`;
  return `${name}: ${claim.phase}${claim.volumeName === undefined ? '' : `, volume ${claim.volumeName}`}${claim.storageClass === undefined ? '' : `, class ${claim.storageClass}`}`;
}

function serviceLines(model: ScreenModel, pod: PodInfo): readonly string[] {
  const services = dataOf(model.state.services);
  if (services === undefined) return [];
  return [...services.values()]
    .filter((service) => selects(service, pod))
    .map((service) => `${service.name}: ${endpointsText(model, service)}`);
}

function selects(service: ServiceInfo, pod: PodInfo): boolean {
  const selector = Object.entries(service.selector ?? {});
  return (
    service.namespace === pod.namespace &&
    selector.length > 0 &&
    selector.every(([key, value]) => pod.labels[key] === value)
  );
}

/** `2 endpoints ready, 1 not ready`, or that they are not known. */
export function endpointsText(model: ScreenModel, service: ServiceInfo): string {
  const slices = dataOf(model.state.endpointslices);
  if (slices === undefined) return 'endpoints are not known';
  const own = [...slices.values()].filter(
    (slice) => slice.namespace === service.namespace && slice.service === service.name,
  );
  const sum = (count: (slice: EndpointSliceInfo) => number) =>
    own.reduce((all, slice) => all + count(slice), 0);
  return `${plural(
    sum((slice) => slice.ready),
    'endpoint',
  )} ready, ${sum((slice) => slice.notReady)} not ready`;
}
