import { fromKey, keyOf, R, selects } from '../cluster.ts';
import type { Node, Pod, Toleration, Workload, WorkloadStatus } from '../objects.ts';
import { isActive, isReady, isTerminal } from '../pod-index.ts';
import { type Change, QueueController, REACTION_MS } from './controller.ts';
import { createPod, deletePod, ownerOf } from './replicaset.ts';
import { keepRevision, REVISION_LABEL } from './revisions.ts';
import { type NodeAffinity, tolerates } from './scheduler.ts';

const COMPONENT = 'daemonset-controller';

/** What daemon pods tolerate beside their own tolerations. */
const TOLERATIONS: readonly Toleration[] = [
  { key: 'node.kubernetes.io/not-ready', operator: 'Exists', effect: 'NoExecute' },
  { key: 'node.kubernetes.io/unreachable', operator: 'Exists', effect: 'NoExecute' },
  { key: 'node.kubernetes.io/disk-pressure', operator: 'Exists', effect: 'NoSchedule' },
  { key: 'node.kubernetes.io/memory-pressure', operator: 'Exists', effect: 'NoSchedule' },
  { key: 'node.kubernetes.io/pid-pressure', operator: 'Exists', effect: 'NoSchedule' },
  { key: 'node.kubernetes.io/unschedulable', operator: 'Exists', effect: 'NoSchedule' },
];

/** Keeps one pod of each DaemonSet on every node that it fits. */
export class DaemonSetController extends QueueController {
  override observe({ resource, type, object, previous }: Change): void {
    if (resource === R.daemonSets && type !== 'DELETED') this.queue.add(keyOf(object), REACTION_MS);
    if (resource === R.pods) {
      const owner = ownerOf(object as Pod, 'DaemonSet');
      if (owner !== undefined) this.queue.add(`${object.metadata.namespace}/${owner}`, REACTION_MS);
    }
    if (resource === R.nodes && hostingOf(object as Node) !== hostingOf(previous as Node | undefined)) {
      for (const set of this.cluster.store.list(R.daemonSets)) this.queue.add(keyOf(set), REACTION_MS);
    }
  }

  protected override reconcile(key: string): void {
    const set = this.cluster.store.get(R.daemonSets, ...fromKey(key)) as Workload | undefined;
    if (!set || set.metadata.deletionTimestamp !== undefined) return;
    const hash = keepRevision(this.cluster, set).slice(set.metadata.name.length + 1);
    const nodes = (this.cluster.store.list(R.nodes) as Node[]).filter((node) => isEligible(set, node));
    const names = new Set(nodes.map(({ metadata }) => metadata.name));
    const byNode = new Map<string, Pod>();
    for (const pod of this.cluster.pods.ownedBy(set.metadata.uid)) {
      const node = targetOf(pod);
      if (isTerminal(pod) || !names.has(node)) {
        if (pod.metadata.deletionTimestamp === undefined) deletePod(this.cluster, set, pod, COMPONENT);
      } else if (!byNode.has(node) || isActive(pod)) byNode.set(node, pod);
    }
    for (const name of names) {
      // The next pod comes when its predecessor is really gone: both would claim the same host ports.
      if (!byNode.has(name)) this.create(set, name, hash);
    }
    if (byNode.size === names.size) this.renew(set, [...byNode.values()], hash);
    this.writeStatus(set, names, hash);
  }

  private create(set: Workload, node: string, hash: string): void {
    const affinity: NodeAffinity = {
      nodeAffinity: {
        requiredDuringSchedulingIgnoredDuringExecution: {
          nodeSelectorTerms: [{ matchFields: [matchName(node)] }],
        },
      },
    };
    createPod(this.cluster, set, COMPONENT, {
      labels: {
        [REVISION_LABEL]: hash,
        'pod-template-generation': String(set.metadata.generation ?? 1),
      },
      tolerations: TOLERATIONS,
      spec: { affinity },
    });
  }

  /** Replaces outdated pods one after another. */
  private renew(set: Workload, pods: readonly Pod[], hash: string): void {
    const { type } = (set.spec.updateStrategy ?? {}) as { type?: string };
    if (type === 'OnDelete' || pods.some((pod) => !isActive(pod) || !isReady(pod))) return;
    const outdated = pods.find(({ metadata }) => metadata.labels?.[REVISION_LABEL] !== hash);
    if (outdated) deletePod(this.cluster, set, outdated, COMPONENT);
  }

  private writeStatus(set: Workload, nodes: ReadonlySet<string>, hash: string): void {
    const pods = [...this.cluster.pods.ownedBy(set.metadata.uid)].filter(
      (pod) => isActive(pod) && nodes.has(targetOf(pod)),
    );
    const ready = pods.filter(isReady).length;
    const status: WorkloadStatus = {
      currentNumberScheduled: pods.length,
      desiredNumberScheduled: nodes.size,
      numberMisscheduled: 0,
      numberReady: ready,
      ...(ready > 0 && { numberAvailable: ready }),
      ...(nodes.size > ready && { numberUnavailable: nodes.size - ready }),
      updatedNumberScheduled: pods.filter(({ metadata }) => metadata.labels?.[REVISION_LABEL] === hash)
        .length,
      observedGeneration: set.metadata.generation ?? 1,
    };
    this.cluster.writeStatus(R.daemonSets, set, status);
  }
}

function matchName(node: string): { key: string; operator: string; values: readonly string[] } {
  return { key: 'metadata.name', operator: 'In', values: [node] };
}

/** The node a daemon pod is meant for, bound or not. */
function targetOf(pod: Pod): string {
  if (pod.spec.nodeName !== undefined) return pod.spec.nodeName;
  const affinity = pod.spec.affinity as NodeAffinity | undefined;
  const terms = affinity?.nodeAffinity?.requiredDuringSchedulingIgnoredDuringExecution?.nodeSelectorTerms;
  return terms?.[0]?.matchFields?.[0]?.values?.[0] ?? '';
}

/** What of a node decides about daemon pods. */
function hostingOf(node: Node | undefined): string {
  return node ? JSON.stringify([node.spec?.taints ?? [], node.metadata.labels]) : '';
}

function isEligible(set: Workload, node: Node): boolean {
  const { nodeSelector, tolerations = [] } = set.spec.template.spec;
  if (nodeSelector !== undefined && !selects(nodeSelector, node.metadata.labels)) return false;
  const all = [...TOLERATIONS, { key: 'node.kubernetes.io/unreachable', operator: 'Exists' }, ...tolerations];
  return (node.spec?.taints ?? []).every(
    (taint) => taint.effect === 'PreferNoSchedule' || tolerates(all, taint),
  );
}
