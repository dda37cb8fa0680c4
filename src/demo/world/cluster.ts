import type { Clock } from '../clock.ts';
import type { KubeObject } from '../object.ts';
import { kubeTime } from '../object.ts';
import type { ObjectStore } from '../store.ts';
import { EventRecorder } from './events.ts';
import { FaultBook } from './faults.ts';
import type { Condition, Draft, Node, Pod } from './objects.ts';
import { PodIndex } from './pod-index.ts';
import { Random } from './random.ts';

/** Store keys of the resources that the controllers use. */
export const R = {
  pods: 'pods',
  nodes: 'nodes',
  namespaces: 'namespaces',
  services: 'services',
  endpoints: 'endpoints',
  claims: 'persistentvolumeclaims',
  volumes: 'persistentvolumes',
  configMaps: 'configmaps',
  serviceAccounts: 'serviceaccounts',
  deployments: 'deployments.apps',
  replicaSets: 'replicasets.apps',
  statefulSets: 'statefulsets.apps',
  daemonSets: 'daemonsets.apps',
  revisions: 'controllerrevisions.apps',
  jobs: 'jobs.batch',
  cronJobs: 'cronjobs.batch',
  slices: 'endpointslices.discovery.k8s.io',
  budgets: 'poddisruptionbudgets.policy',
  leases: 'leases.coordination.k8s.io',
  storageClasses: 'storageclasses.storage.k8s.io',
  priorityClasses: 'priorityclasses.scheduling.k8s.io',
} as const;

/** What every controller of the simulated cluster works with. */
export class Cluster {
  readonly store: ObjectStore;
  readonly clock: Clock;
  readonly random: Random;
  readonly events: EventRecorder;
  readonly pods: PodIndex;
  /** What goes wrong, and for whom. */
  readonly faults = new FaultBook();
  /** Nodes whose kubelet is silent. */
  readonly silentNodes = new Set<string>();

  constructor(store: ObjectStore, clock: Clock, seed: number) {
    this.store = store;
    this.clock = clock;
    this.random = new Random(seed);
    this.events = new EventRecorder(store, clock, this.random.fork('events'));
    this.pods = new PodIndex(store);
  }

  /** Now, as the API writes times. */
  time(offsetMs = 0): string {
    return kubeTime(this.clock.now() + offsetMs);
  }

  node(name: string): Node | undefined {
    return this.store.get(R.nodes, '', name) as Node | undefined;
  }

  pod(namespace: string, name: string): Pod | undefined {
    return this.store.get(R.pods, namespace, name) as Pod | undefined;
  }

  create(resource: string, draft: Draft): KubeObject {
    const { name, ...metadata } = draft.metadata;
    const { apiVersion, kind } = draft;
    return this.store.create(resource, {
      ...draft,
      apiVersion,
      kind,
      metadata: { ...metadata, name: name ?? '' },
    });
  }

  /** Writes the status of an object that still exists. */
  writeStatus(resource: string, object: KubeObject, status: object): void {
    this.store.update(resource, { ...object, status }, { subresource: 'status' });
  }

  /** The conditions with one set; the transition time moves only when its status changes. */
  withCondition(
    conditions: readonly Condition[] | undefined,
    next: Omit<Condition, 'lastTransitionTime'>,
  ): readonly Condition[] {
    const before = (conditions ?? []).find(({ type }) => type === next.type);
    const lastTransitionTime =
      before?.status === next.status && before.lastTransitionTime ? before.lastTransitionTime : this.time();
    const set: Condition = { ...next, lastTransitionTime };
    if (!before) return [...(conditions ?? []), set];
    return (conditions ?? []).map((condition) => (condition === before ? set : condition));
  }
}

/** `namespace/name`, the key of work queues. */
export function keyOf(object: KubeObject): string {
  return `${object.metadata.namespace ?? ''}/${object.metadata.name}`;
}

/** Splits a key made by {@link keyOf}. */
export function fromKey(key: string): readonly [namespace: string, name: string] {
  const slash = key.indexOf('/');
  return [key.slice(0, slash), key.slice(slash + 1)];
}

/** uid of the controlling owner. */
export function controllerUid(object: KubeObject): string | undefined {
  return object.metadata.ownerReferences?.find(({ controller }) => controller)?.uid;
}

/** Whether the labels carry everything a selector asks for; an empty selector selects nothing. */
export function selects(
  selector: Readonly<Record<string, string>> | undefined,
  labels: Readonly<Record<string, string>> | undefined,
): boolean {
  const wanted = Object.entries(selector ?? {});
  return wanted.length > 0 && wanted.every(([key, value]) => labels?.[key] === value);
}
