/** Findings about Services. */

import { keyOf } from '../collection.ts';
import { plural } from '../format.ts';
import type { ServiceInfo, WorkloadInfo } from '../kinds.ts';
import { refTo } from '../owners.ts';
import { dataOf } from '../snapshot.ts';
import type { ClusterState } from '../state.ts';
import { WORKLOAD_SOURCES } from '../workloadindex.ts';
import { isRolling } from '../workloads.ts';
import type { Check, CheckContext } from './context.ts';
import { type Draft, draft, findingId } from './draft.ts';

const MINUTE = 60_000;
/** Pods that only just started may leave a Service without endpoints for a while, a rollout for longer. */
const PATIENCE_MS = MINUTE;
const ROLLOUT_PATIENCE_MS = 5 * MINUTE;

/** Services without ready endpoints, and load balancers without an address. */
export const checkNetwork: Check = (context) => {
  const services = dataOf(context.state.services);
  if (services === undefined) return [];
  const endpoints = endpointCounts(context.state);
  return [...services.values()].flatMap((service) => [
    ...(endpoints === undefined ? [] : unserved(context, service, endpoints.get(keyOf(service)))),
    ...pendingBalancer(context, service),
  ]);
};

/** Ready and unready endpoints over all slices of a Service. */
interface EndpointCount {
  ready: number;
  notReady: number;
}

function endpointCounts(state: ClusterState): Map<string, EndpointCount> | undefined {
  const slices = dataOf(state.endpointslices);
  if (slices === undefined) return undefined;
  const counts = new Map<string, EndpointCount>();
  for (const { namespace, service, ready, notReady } of slices.values()) {
    if (service === undefined) continue;
    const key = keyOf({ namespace, name: service });
    const sum = counts.get(key) ?? { ready: 0, notReady: 0 };
    counts.set(key, { ready: sum.ready + ready, notReady: sum.notReady + notReady });
  }
  return counts;
}

function unserved(
  context: CheckContext,
  service: ServiceInfo,
  endpoints: EndpointCount | undefined,
): Draft[] {
  const { selector } = service;
  const young = context.now - (service.createdAt ?? 0) < PATIENCE_MS;
  if (selector === undefined || service.type === 'ExternalName' || young) return [];
  if (endpoints !== undefined && endpoints.ready > 0) return [];
  const backing = backingWorkload(context.state, service, selector);
  const causedBy = [
    ...context.blame.ofSelector(service.namespace, selector),
    ...(backing ? workloadFindings(context, backing) : []),
  ];
  const notReady = endpoints?.notReady ?? 0;
  // Services of things that are not there (scaled to zero, another distribution's parts) are no outage.
  const expected = notReady > 0 || causedBy.length > 0 || (backing?.desired ?? 0) > 0;
  return [
    draft({
      code: 'SERVICE_NO_ENDPOINTS',
      severity: expected ? 'warning' : 'info',
      area: 'network',
      subject: refTo('Service', service),
      title: `service ${service.name} has no ${notReady > 0 ? 'ready ' : ''}endpoints`,
      cause: absence(notReady, backing),
      evidence: [{ text: `selector ${labels(selector)}: 0 ready, ${notReady} not ready` }],
      advice: expected
        ? ['see why its pods are not ready']
        : ['delete the Service if nothing is meant to serve it'],
      causedBy,
      // Pods that only just started may be the whole reason; troubled pods and empty selectors are not.
      ...(expected &&
        causedBy.length === 0 && {
          holdMs: backing && isRolling(backing) ? ROLLOUT_PATIENCE_MS : PATIENCE_MS,
        }),
    }),
  ];
}

function absence(notReady: number, backing: WorkloadInfo | undefined): string {
  if (notReady > 0) return `${plural(notReady, 'pod')} behind it, none ready`;
  return backing?.desired === 0
    ? `${backing.kind} ${backing.name} is scaled to 0`
    : 'its selector matches no pod';
}

/** Ids of what is said of a workload that is short of pods. */
function workloadFindings(context: CheckContext, workload: WorkloadInfo): string[] {
  if (context.workloads.verdictOn(workload).severity === 'ok') return [];
  const subject = refTo(workload.kind, workload);
  return ['WORKLOAD_ROLLOUT_FAILED', 'WORKLOAD_UNAVAILABLE'].map((code) => findingId(code, subject));
}

/** The workload that carries the labels a Service selects; templates usually share them with their workload. */
function backingWorkload(
  state: ClusterState,
  service: ServiceInfo,
  selector: Readonly<Record<string, string>>,
): WorkloadInfo | undefined {
  const wanted = Object.entries(selector);
  for (const source of WORKLOAD_SOURCES)
    for (const workload of dataOf(state[source])?.values() ?? [])
      if (
        workload.namespace === service.namespace &&
        wanted.every(([key, value]) => workload.labels[key] === value)
      )
        return workload;
  return undefined;
}

function labels(selector: Readonly<Record<string, string>>): string {
  return Object.entries(selector)
    .map(([key, value]) => `${key}=${value}`)
    .join(',');
}

function pendingBalancer(context: CheckContext, service: ServiceInfo): Draft[] {
  if (!service.loadBalancerPending || context.now - (service.createdAt ?? context.now) < 2 * MINUTE)
    return [];
  return [
    draft({
      code: 'SERVICE_NO_ADDRESS',
      severity: 'warning',
      area: 'network',
      subject: refTo('Service', service),
      title: `load balancer ${service.name} has no address`,
      evidence: context.events
        .of(refTo('Service', service))
        .slice(0, 2)
        .map(({ lastAt, reason, message }) => ({ at: lastAt, text: `${reason}: ${message}` })),
      advice: ['check the load balancer controller (MetalLB, Cilium, …) and its address pool'],
    }),
  ];
}
