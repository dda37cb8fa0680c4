import { podFromTemplate } from '../build-pod.ts';
import { type Cluster, controllerUid, fromKey, keyOf, R } from '../cluster.ts';
import type { Pod, Workload, WorkloadStatus } from '../objects.ts';
import { isActive, isReady } from '../pod-index.ts';
import { type Change, QueueController, REACTION_MS } from './controller.ts';

const COMPONENT = 'replicaset-controller';

/** Keeps as many pods as each ReplicaSet asks for. */
export class ReplicaSetController extends QueueController {
  override observe({ resource, type, object }: Change): void {
    if (resource === R.replicaSets && type !== 'DELETED') this.queue.add(keyOf(object), REACTION_MS);
    const owner = resource === R.pods ? ownerOf(object as Pod, 'ReplicaSet') : undefined;
    if (owner !== undefined) this.queue.add(`${object.metadata.namespace}/${owner}`, REACTION_MS);
  }

  protected override reconcile(key: string): void {
    const set = this.cluster.store.get(R.replicaSets, ...fromKey(key)) as Workload | undefined;
    if (!set || set.metadata.deletionTimestamp !== undefined) return;
    const pods = [...this.cluster.pods.ownedBy(set.metadata.uid)].filter(isActive);
    const missing = (set.spec.replicas ?? 1) - pods.length;
    for (let i = 0; i < missing; i += 1) createPod(this.cluster, set, COMPONENT);
    for (const pod of surplus(pods, -missing)) deletePod(this.cluster, set, pod, COMPONENT);
    this.writeStatus(set);
  }

  private writeStatus(set: Workload): void {
    const pods = [...this.cluster.pods.ownedBy(set.metadata.uid)].filter(isActive);
    const ready = pods.filter(isReady).length;
    const status: WorkloadStatus = {
      replicas: pods.length,
      ...(pods.length > 0 && { fullyLabeledReplicas: pods.length }),
      ...(ready > 0 && { readyReplicas: ready, availableReplicas: ready }),
      observedGeneration: set.metadata.generation ?? 1,
    };
    this.cluster.writeStatus(R.replicaSets, set, status);
  }
}

/** Name of the controlling owner when it is of this kind. */
export function ownerOf(pod: Pod, kind: string): string | undefined {
  return pod.metadata.ownerReferences?.find((owner) => owner.controller && owner.kind === kind)?.name;
}

/** Creates one pod of a workload and says so. */
export function createPod(
  cluster: Cluster,
  owner: Workload,
  component: string,
  extras?: Parameters<typeof podFromTemplate>[3],
): void {
  const pod = cluster.create(R.pods, podFromTemplate(owner, owner.spec.template, cluster.time(), extras));
  cluster.events.record(owner, {
    type: 'Normal',
    reason: 'SuccessfulCreate',
    message: `Created pod: ${pod.metadata.name}`,
    component,
  });
}

/** Deletes one pod of a workload and says so. */
export function deletePod(cluster: Cluster, owner: Workload, pod: Pod, component: string): void {
  cluster.store.delete(R.pods, pod.metadata.namespace ?? '', pod.metadata.name);
  cluster.events.record(owner, {
    type: 'Normal',
    reason: 'SuccessfulDelete',
    message: `Deleted pod: ${pod.metadata.name}`,
    component,
  });
}

/** The pods to give up: unscheduled before waiting before unready before ready, newest first. */
function surplus(pods: readonly Pod[], count: number): Pod[] {
  if (count <= 0) return [];
  const worth = (pod: Pod) =>
    pod.spec.nodeName === undefined ? 0 : pod.status.phase !== 'Running' ? 1 : isReady(pod) ? 3 : 2;
  const created = (pod: Pod) => pod.metadata.creationTimestamp ?? '';
  return [...pods]
    .sort(
      (a, b) =>
        worth(a) - worth(b) ||
        created(b).localeCompare(created(a)) ||
        a.metadata.name.localeCompare(b.metadata.name),
    )
    .slice(0, count);
}

/** Objects of a list that a workload controls. */
export function controlledBy<T extends Workload>(objects: readonly T[], owner: Workload): T[] {
  return objects.filter((object) => controllerUid(object) === owner.metadata.uid);
}
