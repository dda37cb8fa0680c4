import { fromKey, keyOf, R } from '../cluster.ts';
import type { Claim, Pod, Volume, Workload, WorkloadStatus } from '../objects.ts';
import { isReady, isTerminal } from '../pod-index.ts';
import { type Change, QueueController, REACTION_MS } from './controller.ts';
import { createPod, deletePod, ownerOf } from './replicaset.ts';
import { keepRevision, REVISION_LABEL } from './revisions.ts';

const COMPONENT = 'statefulset-controller';

/** Keeps the numbered pods of each StatefulSet, one at a time and in order, each with its own claims. */
export class StatefulSetController extends QueueController {
  override observe({ resource, type, object }: Change): void {
    if (resource === R.statefulSets && type !== 'DELETED') this.queue.add(keyOf(object), REACTION_MS);
    const owner = resource === R.pods ? ownerOf(object as Pod, 'StatefulSet') : undefined;
    if (owner !== undefined) this.queue.add(`${object.metadata.namespace}/${owner}`, REACTION_MS);
  }

  protected override reconcile(key: string): void {
    const set = this.cluster.store.get(R.statefulSets, ...fromKey(key)) as Workload | undefined;
    if (!set || set.metadata.deletionTimestamp !== undefined) return;
    const revision = keepRevision(this.cluster, set);
    this.act(set, revision);
    this.writeStatus(set, revision);
  }

  /** At most one change: fill the first gap, drop the last surplus pod, or renew the last outdated one. */
  private act(set: Workload, revision: string): void {
    const desired = set.spec.replicas ?? 1;
    const pods = this.numbered(set);
    for (let ordinal = 0; ordinal < desired; ordinal += 1) {
      const pod = pods.get(ordinal);
      if (!pod) {
        this.create(set, ordinal, revision);
        return;
      }
      if (isTerminal(pod)) deletePod(this.cluster, set, pod, COMPONENT);
      const inOrder = set.spec.podManagementPolicy !== 'Parallel';
      if (inOrder && (pod.metadata.deletionTimestamp !== undefined || !isReady(pod))) return;
    }
    const surplus = Math.max(-1, ...pods.keys());
    const last = pods.get(surplus);
    if (last && surplus >= desired) {
      if (last.metadata.deletionTimestamp === undefined) deletePod(this.cluster, set, last, COMPONENT);
      return;
    }
    this.renew(set, pods, revision);
  }

  private renew(set: Workload, pods: ReadonlyMap<number, Pod>, revision: string): void {
    const { type, rollingUpdate } = (set.spec.updateStrategy ?? {}) as {
      type?: string;
      rollingUpdate?: { partition?: number };
    };
    if (type === 'OnDelete') return;
    const outdated = [...pods]
      .filter(
        ([ordinal, pod]) =>
          ordinal >= (rollingUpdate?.partition ?? 0) && pod.metadata.labels?.[REVISION_LABEL] !== revision,
      )
      .sort(([a], [b]) => b - a)[0]?.[1];
    if (outdated && outdated.metadata.deletionTimestamp === undefined)
      deletePod(this.cluster, set, outdated, COMPONENT);
  }

  private numbered(set: Workload): Map<number, Pod> {
    const pods = new Map<number, Pod>();
    for (const pod of this.cluster.pods.ownedBy(set.metadata.uid)) {
      const ordinal = Number(pod.metadata.name.slice(set.metadata.name.length + 1));
      if (Number.isInteger(ordinal)) pods.set(ordinal, pod);
    }
    return pods;
  }

  private create(set: Workload, ordinal: number, revision: string): void {
    const { name } = set.metadata;
    const podName = `${name}-${ordinal}`;
    const volumes = this.claims(set, podName);
    createPod(this.cluster, set, COMPONENT, {
      name: podName,
      labels: {
        'apps.kubernetes.io/pod-index': String(ordinal),
        'statefulset.kubernetes.io/pod-name': podName,
        [REVISION_LABEL]: revision,
      },
      spec: {
        hostname: podName,
        subdomain: set.spec.serviceName ?? name,
        volumes: [...(set.spec.template.spec.volumes ?? []), ...volumes],
      },
    });
  }

  /** Makes sure of the claims of one replica; they outlive their pod. */
  private claims(set: Workload, podName: string): Volume[] {
    const templates = (set.spec.volumeClaimTemplates ?? []) as readonly Claim[];
    return templates.map(({ metadata, spec }) => {
      const claimName = `${metadata.name}-${podName}`;
      const namespace = set.metadata.namespace ?? 'default';
      if (!this.cluster.store.get(R.claims, namespace, claimName)) {
        const labels = set.spec.selector.matchLabels ?? {};
        this.cluster.create(R.claims, {
          apiVersion: 'v1',
          kind: 'PersistentVolumeClaim',
          metadata: { name: claimName, namespace, labels },
          spec,
          status: { phase: 'Pending' },
        });
      }
      return { name: metadata.name, persistentVolumeClaim: { claimName } };
    });
  }

  private writeStatus(set: Workload, revision: string): void {
    const pods = [...this.numbered(set).values()];
    const updated = pods.filter(({ metadata }) => metadata.labels?.[REVISION_LABEL] === revision).length;
    const ready = pods.filter(isReady).length;
    const settled = updated === pods.length && pods.length === (set.spec.replicas ?? 1);
    const currentRevision = settled ? revision : (set.status?.currentRevision ?? revision);
    const current = pods.filter(
      ({ metadata }) => metadata.labels?.[REVISION_LABEL] === currentRevision,
    ).length;
    const status: WorkloadStatus = {
      observedGeneration: set.metadata.generation ?? 1,
      replicas: pods.length,
      ...(ready > 0 && { readyReplicas: ready }),
      availableReplicas: ready,
      ...(current > 0 && { currentReplicas: current }),
      ...(updated > 0 && { updatedReplicas: updated }),
      currentRevision,
      updateRevision: revision,
      collisionCount: 0,
    };
    this.cluster.writeStatus(R.statefulSets, set, status);
  }
}
