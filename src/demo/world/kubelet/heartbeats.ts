import { type Cluster, R } from '../cluster.ts';
import type { Lease, Node } from '../objects.ts';

const TICK_MS = 1_000;
const LEASE_TICKS = 10;
const STATUS_TICKS = 300;

/** Healthy readings of the node conditions. */
const CONDITIONS: readonly (readonly [
  type: string,
  status: 'True' | 'False',
  reason: string,
  message: string,
])[] = [
  ['MemoryPressure', 'False', 'KubeletHasSufficientMemory', 'kubelet has sufficient memory available'],
  ['DiskPressure', 'False', 'KubeletHasNoDiskPressure', 'kubelet has no disk pressure'],
  ['PIDPressure', 'False', 'KubeletHasSufficientPID', 'kubelet has sufficient PID available'],
  ['Ready', 'True', 'KubeletReady', 'kubelet is posting ready status'],
];

/** Renews each node's lease every 10 s and its status every 5 min, a share of the nodes each second. */
export class Heartbeats {
  private readonly cluster: Cluster;
  private tick = 0;

  constructor(cluster: Cluster) {
    this.cluster = cluster;
  }

  start(): void {
    for (const node of this.cluster.store.list(R.nodes) as Node[]) renewLease(this.cluster, node);
    this.next();
  }

  private next(): void {
    this.cluster.clock.setTimeout(() => {
      this.next();
      this.beat();
    }, TICK_MS);
  }

  private beat(): void {
    const nodes = this.cluster.store.list(R.nodes) as Node[];
    nodes.forEach((node, index) => {
      if (this.cluster.silentNodes.has(node.metadata.name)) return;
      if ((this.tick + index) % LEASE_TICKS === 0) renewLease(this.cluster, node);
      const lost = node.status?.conditions?.some(({ status }) => status === 'Unknown') ?? false;
      if (lost || (this.tick + index) % STATUS_TICKS === 0) postStatus(this.cluster, node);
    });
    this.tick += 1;
  }
}

/** Writes the lease that says that a node's kubelet lives. */
export function renewLease(cluster: Cluster, node: Node): void {
  const { name, uid = '' } = node.metadata;
  const renewTime = new Date(cluster.clock.now()).toISOString().replace('Z', '000Z');
  const stored = cluster.store.get(R.leases, 'kube-node-lease', name) as Lease | undefined;
  if (stored) cluster.store.update(R.leases, { ...stored, spec: { ...stored.spec, renewTime } });
  else {
    cluster.create(R.leases, {
      apiVersion: 'coordination.k8s.io/v1',
      kind: 'Lease',
      metadata: {
        name,
        namespace: 'kube-node-lease',
        ownerReferences: [{ apiVersion: 'v1', kind: 'Node', name, uid }],
      },
      spec: { holderIdentity: name, leaseDurationSeconds: 40, renewTime },
    });
  }
}

/** Writes what the kubelet says about its node. */
export function postStatus(cluster: Cluster, node: Node): void {
  let { conditions } = node.status ?? {};
  for (const [type, status, reason, message] of CONDITIONS) {
    conditions = cluster.withCondition(conditions, {
      type,
      status,
      reason,
      message,
      lastHeartbeatTime: cluster.time(),
    });
  }
  cluster.writeStatus(R.nodes, node, { ...node.status, conditions });
}
