import { NOT_READY_TAINT, UNREACHABLE_TAINT } from '../build-pod.ts';
import { type Cluster, R } from '../cluster.ts';
import type { Lease, Node, Pod, Taint } from '../objects.ts';
import { isReady } from '../pod-index.ts';
import type { Change, Controller } from './controller.ts';
import { tolerates } from './scheduler.ts';

const CHECK_MS = 5_000;
const GRACE_MS = 40_000;
const CORDON_TAINT = 'node.kubernetes.io/unschedulable';
const COMPONENT = 'node-controller';
const HEALTH_TYPES = ['MemoryPressure', 'DiskPressure', 'PIDPressure', 'Ready'];

/**
 * Watches the heartbeats: a node whose lease is older than 40 s becomes Unknown and tainted, its pods unready, and
 * those that do not tolerate the taint (any longer) are deleted. Also mirrors cordons as taints.
 */
export class NodeController implements Controller {
  private readonly cluster: Cluster;

  constructor(cluster: Cluster) {
    this.cluster = cluster;
  }

  /** Begins to look at the nodes every few seconds. */
  start(): void {
    this.cluster.clock.setTimeout(() => {
      this.start();
      for (const node of this.cluster.store.list(R.nodes) as Node[]) this.check(node);
    }, CHECK_MS);
  }

  observe({ resource, type, object }: Change): void {
    if (resource === R.nodes && type !== 'DELETED') this.mirrorCordon(object as Node);
  }

  private mirrorCordon(node: Node): void {
    const taints = node.spec?.taints ?? [];
    const tainted = taints.some(({ key }) => key === CORDON_TAINT);
    const cordoned = node.spec?.unschedulable === true;
    if (tainted === cordoned) return;
    const others = taints.filter(({ key }) => key !== CORDON_TAINT);
    const taint: Taint = { key: CORDON_TAINT, effect: 'NoSchedule', timeAdded: this.cluster.time() };
    this.setTaints(node, cordoned ? [...others, taint] : others);
    const reason = cordoned ? 'NodeNotSchedulable' : 'NodeSchedulable';
    this.say(node, reason, `Node ${node.metadata.name} status is now: ${reason}`, 'kubelet');
  }

  private check(node: Node): void {
    const { name } = node.metadata;
    const lease = this.cluster.store.get(R.leases, 'kube-node-lease', name) as Lease | undefined;
    const renewed = Date.parse(lease?.spec.renewTime ?? node.metadata.creationTimestamp ?? '');
    const lost = this.cluster.clock.now() - renewed > GRACE_MS;
    const ready = node.status?.conditions?.find(({ type }) => type === 'Ready')?.status;
    if (lost && ready !== 'Unknown') this.lose(node);
    else if (!lost && ready === 'True' && isTainted(node)) this.setTaints(node, withoutOutage(node));
    if (isTainted(node)) this.evict(node);
  }

  private lose(node: Node): void {
    let conditions = node.status?.conditions;
    for (const type of HEALTH_TYPES) {
      const before = node.status?.conditions?.find((condition) => condition.type === type);
      conditions = this.cluster.withCondition(conditions, {
        ...(before?.lastHeartbeatTime !== undefined && { lastHeartbeatTime: before.lastHeartbeatTime }),
        type,
        status: 'Unknown',
        reason: 'NodeStatusUnknown',
        message: 'Kubelet stopped posting node status.',
      });
    }
    this.cluster.writeStatus(R.nodes, node, { ...node.status, conditions });
    const current = this.cluster.node(node.metadata.name);
    if (current) {
      const timeAdded = this.cluster.time();
      const outage = ['NoSchedule', 'NoExecute'].map((effect) => ({
        key: UNREACHABLE_TAINT,
        effect,
        timeAdded,
      }));
      this.setTaints(current, [...withoutOutage(current), ...outage]);
    }
    this.say(node, 'NodeNotReady', `Node ${node.metadata.name} status is now: NodeNotReady`, COMPONENT);
    for (const pod of [...this.cluster.pods.onNode(node.metadata.name)]) this.markUnready(pod);
  }

  private markUnready(pod: Pod): void {
    if (!isReady(pod)) return;
    const conditions = this.cluster.withCondition(pod.status.conditions, {
      type: 'Ready',
      status: 'False',
      lastProbeTime: null,
    });
    this.cluster.writeStatus(R.pods, pod, { ...pod.status, conditions });
    this.cluster.events.record(pod, {
      type: 'Warning',
      reason: 'NodeNotReady',
      message: 'Node is not ready',
      component: COMPONENT,
    });
  }

  private evict(node: Node): void {
    const taint = node.spec?.taints?.find(({ key, effect }) => isOutage(key) && effect === 'NoExecute');
    if (!taint) return;
    const since = Date.parse(taint.timeAdded ?? '');
    for (const pod of [...this.cluster.pods.onNode(node.metadata.name)]) {
      if (
        pod.metadata.deletionTimestamp !== undefined ||
        pod.metadata.annotations?.['kubernetes.io/config.mirror'] !== undefined
      )
        continue;
      const matching = (pod.spec.tolerations ?? []).filter((toleration) => tolerates([toleration], taint));
      const patience = matching.map(({ tolerationSeconds }) => tolerationSeconds ?? Number.POSITIVE_INFINITY);
      const seconds = matching.length === 0 ? 0 : Math.min(...patience);
      if (this.cluster.clock.now() < since + seconds * 1000) continue;
      this.cluster.events.record(pod, {
        type: 'Normal',
        reason: 'TaintManagerEviction',
        message: `Marking for deletion Pod ${pod.metadata.namespace}/${pod.metadata.name}`,
        component: 'taint-eviction-controller',
      });
      const conditions = this.cluster.withCondition(pod.status.conditions, {
        type: 'DisruptionTarget',
        status: 'True',
        reason: 'DeletionByTaintManager',
        message: 'Taint manager: deleting due to NoExecute taint',
      });
      this.cluster.writeStatus(R.pods, pod, { ...pod.status, conditions });
      this.cluster.store.delete(R.pods, pod.metadata.namespace ?? '', pod.metadata.name);
    }
  }

  private setTaints(node: Node, taints: readonly Taint[]): void {
    const { taints: _before, ...spec } = node.spec ?? {};
    this.cluster.store.update(R.nodes, { ...node, spec: { ...spec, ...(taints.length > 0 && { taints }) } });
  }

  private say(node: Node, reason: string, message: string, component: string): void {
    this.cluster.events.record(node, { type: 'Normal', reason, message, component });
  }
}

function isOutage(key: string): boolean {
  return key === UNREACHABLE_TAINT || key === NOT_READY_TAINT;
}

function isTainted(node: Node): boolean {
  return (node.spec?.taints ?? []).some(({ key }) => isOutage(key));
}

function withoutOutage(node: Node): readonly Taint[] {
  return (node.spec?.taints ?? []).filter(({ key }) => !isOutage(key));
}
