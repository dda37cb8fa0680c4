import { type Cluster, fromKey, keyOf, R, selects } from '../cluster.ts';
import type { Claim, Node, Pod, PodSpec, Taint, Toleration } from '../objects.ts';
import { isTerminal } from '../pod-index.ts';
import { quantity, requestsOf } from '../quantity.ts';
import { WorkQueue } from '../work-queue.ts';
import type { Change, Controller } from './controller.ts';

const REACTION_MS = 60;
const RETRY_MS = 1_000;

/** Binds pending pods to nodes, or says why it cannot. */
export class Scheduler implements Controller {
  private readonly cluster: Cluster;
  private readonly queue: WorkQueue;
  /** Pods that found no place; they are tried again when the cluster changes. */
  private readonly unschedulable = new Set<string>();

  constructor(cluster: Cluster) {
    this.cluster = cluster;
    this.queue = new WorkQueue(cluster.clock, (key) => this.schedule(key));
  }

  observe({ resource, type, object, previous }: Change): void {
    if (resource === R.pods) this.observePod(type, object as Pod, previous as Pod | undefined);
    else if (
      resource === R.nodes &&
      placementOf(object as Node) !== placementOf(previous as Node | undefined)
    )
      this.retry();
    else if (resource === R.claims) this.retry();
  }

  private observePod(type: Change['type'], pod: Pod, previous: Pod | undefined): void {
    const key = keyOf(pod);
    if (type === 'DELETED' || isTerminal(pod)) {
      this.unschedulable.delete(key);
      if (pod.spec.nodeName !== undefined) this.retry();
    } else if (pod.spec.nodeName === undefined && pod.metadata.deletionTimestamp === undefined) {
      if (previous === undefined) this.queue.add(key, REACTION_MS);
    }
  }

  private retry(): void {
    for (const key of this.unschedulable) this.queue.add(key, RETRY_MS);
  }

  private schedule(key: string): void {
    const pod = this.cluster.pod(...fromKey(key));
    this.unschedulable.delete(key);
    if (!pod || pod.spec.nodeName !== undefined || isTerminal(pod)) return;
    const nodes = this.cluster.store.list(R.nodes) as Node[];
    const clauses = new Map<string, number>();
    const fitting: Node[] = [];
    const unbound = hasUnboundClaims(this.cluster, pod);
    if (!unbound) {
      for (const node of nodes) {
        const reasons = obstacles(this.cluster, pod.spec, node);
        if (reasons.length === 0) fitting.push(node);
        for (const reason of reasons) clauses.set(reason, (clauses.get(reason) ?? 0) + 1);
      }
    }
    const best = this.best(pod, fitting);
    if (best) this.bind(pod, best);
    else
      this.refuse(
        pod,
        nodes.length,
        unbound ? 'pod has unbound immediate PersistentVolumeClaims' : joined(clauses),
      );
  }

  /** The node with the fewest pods of the same owner, then with the most room. */
  private best(pod: Pod, nodes: readonly Node[]): Node | undefined {
    const owner = pod.metadata.ownerReferences?.[0]?.uid;
    const siblings = new Map<string, number>();
    for (const { spec } of this.cluster.pods.ownedBy(owner)) {
      if (spec.nodeName !== undefined) siblings.set(spec.nodeName, (siblings.get(spec.nodeName) ?? 0) + 1);
    }
    let best: Node | undefined;
    let bestScore = Number.POSITIVE_INFINITY;
    for (const node of nodes) {
      const { name } = node.metadata;
      const use = this.cluster.pods.reservedOn(name);
      const room = quantity(node.status?.allocatable?.memory) || 1;
      const score = (siblings.get(name) ?? 0) * 10 + use.memory / room + use.pods / 110;
      if (score < bestScore) {
        best = node;
        bestScore = score;
      }
    }
    return best;
  }

  private bind(pod: Pod, node: Node): void {
    const { name } = node.metadata;
    this.cluster.events.record(pod, {
      type: 'Normal',
      reason: 'Scheduled',
      message: `Successfully assigned ${keyOf(pod)} to ${name}`,
      component: 'default-scheduler',
    });
    const conditions = this.cluster.withCondition(
      pod.status.conditions?.filter(({ type }) => type !== 'PodScheduled'),
      { type: 'PodScheduled', status: 'True', lastProbeTime: null },
    );
    this.cluster.store.update(R.pods, {
      ...pod,
      spec: { ...pod.spec, nodeName: name },
      status: { ...pod.status, conditions },
    });
  }

  private refuse(pod: Pod, nodes: number, why: string): void {
    this.unschedulable.add(keyOf(pod));
    const message =
      `0/${nodes} nodes are available: ${why}. preemption: 0/${nodes} nodes are available: ` +
      `${nodes} Preemption is not helpful for scheduling.`;
    this.cluster.events.record(pod, {
      type: 'Warning',
      reason: 'FailedScheduling',
      message,
      component: 'default-scheduler',
    });
    const conditions = this.cluster.withCondition(pod.status.conditions, {
      type: 'PodScheduled',
      status: 'False',
      reason: 'Unschedulable',
      message,
      lastProbeTime: null,
    });
    this.cluster.writeStatus(R.pods, pod, { ...pod.status, phase: 'Pending', conditions });
  }
}

/** What of a node decides where pods go; heartbeats do not. */
function placementOf(node: Node | undefined): string {
  if (!node) return '';
  return JSON.stringify([
    node.spec?.unschedulable ?? false,
    node.spec?.taints ?? [],
    node.status?.allocatable,
    node.metadata.labels,
  ]);
}

function joined(clauses: ReadonlyMap<string, number>): string {
  return [...clauses]
    .map(([reason, count]) => `${count} ${reason}`)
    .sort()
    .join(', ');
}

/** Why a pod cannot go to a node, in the scheduler's words. */
function obstacles(cluster: Cluster, spec: PodSpec, node: Node): string[] {
  if (!isWanted(spec, node)) return ["node(s) didn't match Pod's node affinity/selector"];
  const taint = blockingTaint(spec, node);
  if (taint?.key === 'node.kubernetes.io/unschedulable') return ['node(s) were unschedulable'];
  if (taint) return [`node(s) had untolerated taint {${taint.key}: ${taint.value ?? ''}}`];
  const use = cluster.pods.reservedOn(node.metadata.name);
  const wanted = requestsOf(spec);
  const { allocatable } = node.status ?? {};
  const reasons: string[] = [];
  if (use.cpu + wanted.cpu > quantity(allocatable?.cpu)) reasons.push('Insufficient cpu');
  if (use.memory + wanted.memory > quantity(allocatable?.memory)) reasons.push('Insufficient memory');
  if (use.pods + 1 > quantity(allocatable?.pods)) reasons.push('Too many pods');
  return reasons;
}

/** The spec part by which the DaemonSet controller ties a pod to one node. */
export interface NodeAffinity {
  readonly nodeAffinity?: {
    readonly requiredDuringSchedulingIgnoredDuringExecution?: {
      readonly nodeSelectorTerms?: readonly {
        readonly matchFields?: readonly { readonly values?: readonly string[] }[];
      }[];
    };
  };
}

function isWanted(spec: PodSpec, node: Node): boolean {
  const terms = (spec.affinity as NodeAffinity | undefined)?.nodeAffinity
    ?.requiredDuringSchedulingIgnoredDuringExecution;
  const names = terms?.nodeSelectorTerms?.flatMap(
    ({ matchFields }) => matchFields?.flatMap(({ values }) => values ?? []) ?? [],
  );
  if (names && names.length > 0 && !names.includes(node.metadata.name)) return false;
  return spec.nodeSelector === undefined || selects(spec.nodeSelector, node.metadata.labels);
}

/** Taints that keep a pod away, the cordon among them. */
function blockingTaint(spec: PodSpec, node: Node): Taint | undefined {
  const taints = [...(node.spec?.taints ?? [])];
  if (node.spec?.unschedulable)
    taints.unshift({ key: 'node.kubernetes.io/unschedulable', effect: 'NoSchedule' });
  return taints.find((taint) => taint.effect !== 'PreferNoSchedule' && !tolerates(spec.tolerations, taint));
}

/** Whether one of the tolerations covers a taint. */
export function tolerates(tolerations: readonly Toleration[] | undefined, taint: Taint): boolean {
  return (tolerations ?? []).some(
    ({ key, operator, value, effect }) =>
      (key === undefined || key === taint.key) &&
      (effect === undefined || effect === taint.effect) &&
      (operator === 'Exists' || (value ?? '') === (taint.value ?? '')),
  );
}

function hasUnboundClaims(cluster: Cluster, pod: Pod): boolean {
  return (pod.spec.volumes ?? []).some(({ persistentVolumeClaim }) => {
    if (!persistentVolumeClaim) return false;
    const claim = cluster.store.get(
      R.claims,
      pod.metadata.namespace ?? '',
      persistentVolumeClaim.claimName,
    ) as Claim | undefined;
    return claim?.status?.phase !== 'Bound';
  });
}
