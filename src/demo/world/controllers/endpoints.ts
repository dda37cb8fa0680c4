import { ownedBy } from '../build-pod.ts';
import { type Cluster, fromKey, R, selects } from '../cluster.ts';
import type { Draft, Labels, Pod, Service } from '../objects.ts';
import { isReady, isTerminal } from '../pod-index.ts';
import { nameHash } from '../random.ts';
import { WorkQueue } from '../work-queue.ts';
import { type Change, type Controller, REACTION_MS } from './controller.ts';

/** Lists the pods behind each Service with a selector, as one EndpointSlice and one Endpoints object. */
export class EndpointsController implements Controller {
  private readonly cluster: Cluster;
  private readonly queue: WorkQueue;
  /** Selectors of the Services of each namespace. */
  private readonly selectors = new Map<string, Map<string, Labels>>();

  constructor(cluster: Cluster) {
    this.cluster = cluster;
    this.queue = new WorkQueue(cluster.clock, (key) => this.reconcile(key));
  }

  observe({ resource, type, object, previous }: Change): void {
    if (resource === R.services) this.observeService(type, object as Service);
    if (
      resource !== R.pods ||
      (type === 'MODIFIED' && routingOf(object as Pod) === routingOf(previous as Pod))
    )
      return;
    const { namespace = '', labels } = object.metadata;
    for (const [name, selector] of this.selectors.get(namespace) ?? []) {
      if (selects(selector, labels)) this.queue.add(`${namespace}/${name}`, REACTION_MS);
    }
  }

  private observeService(type: Change['type'], { metadata, spec }: Service): void {
    const { name, namespace = '' } = metadata;
    const known = this.selectors.get(namespace) ?? new Map<string, Labels>();
    this.selectors.set(namespace, known);
    if (type === 'DELETED' || !spec.selector) known.delete(name);
    else {
      known.set(name, spec.selector);
      this.queue.add(`${namespace}/${name}`, REACTION_MS);
    }
  }

  private reconcile(key: string): void {
    const [namespace, name] = fromKey(key);
    const service = this.cluster.store.get(R.services, namespace, name) as Service | undefined;
    if (!service?.spec.selector) {
      if (!service) this.cluster.store.remove(R.endpoints, namespace, name);
      return;
    }
    const { selector } = service.spec;
    const pods = (this.cluster.store.list(R.pods, namespace) as Pod[]).filter(
      (pod) => selects(selector, pod.metadata.labels) && pod.status.podIP !== undefined && !isTerminal(pod),
    );
    this.put(R.slices, slice(service, pods));
    this.put(R.endpoints, endpoints(service, pods));
  }

  private put(resource: string, draft: Draft): void {
    const { name = '', namespace = '' } = draft.metadata;
    const stored = this.cluster.store.get(resource, namespace, name);
    if (stored) this.cluster.store.update(resource, { ...stored, ...draft, metadata: stored.metadata });
    else this.cluster.create(resource, draft);
  }
}

/** What of a pod decides about endpoints. */
function routingOf(pod: Pod | undefined): string {
  if (!pod) return '';
  const { deletionTimestamp, labels } = pod.metadata;
  return JSON.stringify([pod.status.podIP, isReady(pod), isTerminal(pod), deletionTimestamp, labels]);
}

function target(pod: Pod): object {
  const { name, namespace, uid } = pod.metadata;
  return { kind: 'Pod', name, namespace, uid };
}

function portsOf(service: Service): readonly object[] {
  return (service.spec.ports ?? []).map(({ name, port, targetPort, protocol }) => ({
    name: name ?? '',
    port: typeof targetPort === 'number' ? targetPort : port,
    protocol: protocol ?? 'TCP',
  }));
}

function slice(service: Service, pods: readonly Pod[]): Draft {
  const { name, namespace = '' } = service.metadata;
  return {
    apiVersion: 'discovery.k8s.io/v1',
    kind: 'EndpointSlice',
    metadata: {
      name: `${name}-${nameHash(`${namespace}/${name}`, 5)}`,
      namespace,
      labels: {
        ...service.metadata.labels,
        'kubernetes.io/service-name': name,
        'endpointslice.kubernetes.io/managed-by': 'endpointslice-controller.k8s.io',
      },
      ownerReferences: [ownedBy(service)],
    },
    addressType: 'IPv4',
    endpoints: pods.map((pod) => {
      const terminating = pod.metadata.deletionTimestamp !== undefined;
      return {
        addresses: [pod.status.podIP],
        conditions: { ready: isReady(pod) && !terminating, serving: isReady(pod), terminating },
        nodeName: pod.spec.nodeName,
        targetRef: target(pod),
      };
    }),
    ports: portsOf(service),
  };
}

function endpoints(service: Service, pods: readonly Pod[]): Draft {
  const { name, namespace = '' } = service.metadata;
  const live = pods.filter(({ metadata }) => metadata.deletionTimestamp === undefined);
  const addresses = (list: readonly Pod[]) =>
    list.map((pod) => ({ ip: pod.status.podIP, nodeName: pod.spec.nodeName, targetRef: target(pod) }));
  const ready = addresses(live.filter(isReady));
  const notReady = addresses(live.filter((pod) => !isReady(pod)));
  const subset = {
    ...(ready.length > 0 && { addresses: ready }),
    ...(notReady.length > 0 && { notReadyAddresses: notReady }),
    ports: portsOf(service),
  };
  return {
    apiVersion: 'v1',
    kind: 'Endpoints',
    metadata: { name, namespace, ...(service.metadata.labels && { labels: service.metadata.labels }) },
    subsets: live.length > 0 ? [subset] : [],
  };
}
