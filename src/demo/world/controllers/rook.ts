import { createBudget } from '../build-app.ts';
import { type Cluster, R } from '../cluster.ts';
import type { Workload } from '../objects.ts';
import { WorkQueue } from '../work-queue.ts';
import type { Change, Controller } from './controller.ts';

const NAMESPACE = 'rook-ceph';
const DEFAULT_BUDGET = 'rook-ceph-osd';
const OSD_LABELS = { app: 'rook-ceph-osd' };
const REACTION_MS = 1_000;

/** Label of OSD pods that names the host they store data on. */
export const HOST_LABEL = 'topology-location-host';

/**
 * Rook's disruption budgets: as a rule one OSD may go. While OSDs of one host are down, the rest of that host may go
 * too, and nothing of any other host may, until all are back.
 */
export class RookBudgetController implements Controller {
  private readonly cluster: Cluster;
  private readonly queue: WorkQueue;

  constructor(cluster: Cluster) {
    this.cluster = cluster;
    this.queue = new WorkQueue(cluster.clock, () => this.reconcile());
  }

  observe({ resource, object }: Change): void {
    const isOsd = resource === R.deployments && object.metadata.name.startsWith('rook-ceph-osd-');
    if (isOsd && object.metadata.namespace === NAMESPACE) this.queue.add('', REACTION_MS);
  }

  private reconcile(): void {
    const osds = (this.cluster.store.list(R.deployments, NAMESPACE) as Workload[]).filter(
      ({ spec }) => spec.template.metadata?.labels?.app === OSD_LABELS.app,
    );
    const down = osds.find(({ status }) => (status?.readyReplicas ?? 0) === 0);
    const hosts = new Set(osds.map(hostOf));
    const failed = down && hostOf(down);
    this.keep(DEFAULT_BUDGET, down === undefined && osds.length > 0, {
      maxUnavailable: 1,
      selector: { matchLabels: OSD_LABELS },
    });
    for (const host of hosts) {
      const selector = { matchLabels: { ...OSD_LABELS, [HOST_LABEL]: host } };
      this.keep(`rook-ceph-osd-host-${host}`, down !== undefined && host !== failed, {
        maxUnavailable: 0,
        selector,
      });
    }
  }

  /** Makes sure that a budget exists, or that it does not. */
  private keep(name: string, wanted: boolean, spec: object): void {
    const exists = this.cluster.store.get(R.budgets, NAMESPACE, name) !== undefined;
    if (wanted && !exists) createBudget(this.cluster, NAMESPACE, name, spec);
    if (!wanted && exists) this.cluster.store.delete(R.budgets, NAMESPACE, name);
  }
}

function hostOf({ spec }: Workload): string {
  return spec.template.metadata?.labels?.[HOST_LABEL] ?? '';
}
