import type { KubeObject } from '../object.ts';
import type { ObjectStore } from '../store.ts';
import type { Pod } from './objects.ts';
import { requestsOf } from './quantity.ts';

/** What is reserved on a node. */
export interface NodeUse {
  cpu: number;
  memory: number;
  pods: number;
}

const NONE: ReadonlyMap<string, Pod> = new Map();

/** Pods by controlling owner and by node, kept up to date from the store's changes. */
export class PodIndex {
  private readonly owners = new Map<string, Map<string, Pod>>();
  private readonly nodes = new Map<string, Map<string, Pod>>();
  private readonly use = new Map<string, NodeUse>();

  constructor(store: ObjectStore) {
    store.onChange((resource, type, object, previous) => {
      if (resource !== 'pods') return;
      if (previous) this.drop(previous as Pod);
      if (type !== 'DELETED') this.add(object as Pod);
    });
  }

  ownedBy(uid: string | undefined): IterableIterator<Pod> {
    return (this.owners.get(uid ?? '') ?? NONE).values();
  }

  onNode(name: string): IterableIterator<Pod> {
    return (this.nodes.get(name) ?? NONE).values();
  }

  reservedOn(node: string): Readonly<NodeUse> {
    return this.use.get(node) ?? { cpu: 0, memory: 0, pods: 0 };
  }

  private add(pod: Pod): void {
    const owner = ownerUid(pod);
    if (owner !== undefined) put(this.owners, owner, pod);
    const { nodeName } = pod.spec;
    if (nodeName === undefined) return;
    put(this.nodes, nodeName, pod);
    this.count(pod, nodeName, 1);
  }

  private drop(pod: Pod): void {
    const owner = ownerUid(pod);
    if (owner !== undefined) take(this.owners, owner, pod);
    const { nodeName } = pod.spec;
    if (nodeName === undefined) return;
    take(this.nodes, nodeName, pod);
    this.count(pod, nodeName, -1);
  }

  private count(pod: Pod, node: string, sign: 1 | -1): void {
    if (isTerminal(pod)) return;
    const amount = requestsOf(pod.spec);
    const use = this.use.get(node) ?? { cpu: 0, memory: 0, pods: 0 };
    use.cpu += sign * amount.cpu;
    use.memory += sign * amount.memory;
    use.pods += sign;
    this.use.set(node, use);
  }
}

function ownerUid(pod: KubeObject): string | undefined {
  return pod.metadata.ownerReferences?.find(({ controller }) => controller)?.uid;
}

function put(map: Map<string, Map<string, Pod>>, key: string, pod: Pod): void {
  const group = map.get(key) ?? new Map<string, Pod>();
  map.set(key, group);
  group.set(pod.metadata.uid ?? '', pod);
}

function take(map: Map<string, Map<string, Pod>>, key: string, pod: Pod): void {
  const group = map.get(key);
  group?.delete(pod.metadata.uid ?? '');
  if (group?.size === 0) map.delete(key);
}

/** Whether the pod has ended and uses nothing any more. */
export function isTerminal(pod: Pod): boolean {
  return pod.status?.phase === 'Succeeded' || pod.status?.phase === 'Failed';
}

/** Whether the pod counts as one of its owner's replicas. */
export function isActive(pod: Pod): boolean {
  return !isTerminal(pod) && pod.metadata.deletionTimestamp === undefined;
}

/** Whether the Ready condition holds. */
export function isReady(pod: Pod): boolean {
  return pod.status?.conditions?.some(({ type, status }) => type === 'Ready' && status === 'True') ?? false;
}
