import { type Cluster, controllerUid, fromKey, keyOf, R, selects } from '../cluster.ts';
import type { Budget, Pod, Workload } from '../objects.ts';
import { isReady, isTerminal } from '../pod-index.ts';
import { type Change, QueueController, REACTION_MS } from './controller.ts';
import { share } from './deployment.ts';

/** Keeps the status of PodDisruptionBudgets: how many pods may be evicted now. */
export class BudgetController extends QueueController {
  override observe({ resource, type, object }: Change): void {
    if (resource === R.budgets && type !== 'DELETED') this.queue.add(keyOf(object), REACTION_MS);
    if (resource !== R.pods) return;
    const { namespace = '', labels } = object.metadata;
    for (const budget of this.cluster.store.list(R.budgets, namespace) as Budget[]) {
      if (selects(budget.spec.selector?.matchLabels, labels)) this.queue.add(keyOf(budget), REACTION_MS);
    }
  }

  protected override reconcile(key: string): void {
    const [namespace, name] = fromKey(key);
    const budget = this.cluster.store.get(R.budgets, namespace, name) as Budget | undefined;
    if (!budget) return;
    const pods = (this.cluster.store.list(R.pods, namespace) as Pod[]).filter(
      (pod) => selects(budget.spec.selector?.matchLabels, pod.metadata.labels) && !isTerminal(pod),
    );
    const healthy = pods.filter((pod) => isReady(pod) && pod.metadata.deletionTimestamp === undefined).length;
    const expected = this.expected(pods);
    const { minAvailable, maxUnavailable } = budget.spec;
    const desired =
      minAvailable !== undefined
        ? share(minAvailable, expected, Math.ceil)
        : Math.max(0, expected - share(maxUnavailable ?? 0, expected, Math.ceil));
    const allowed = Math.max(0, healthy - desired);
    const before = (budget.status?.conditions ?? []) as Parameters<Cluster['withCondition']>[0];
    this.cluster.writeStatus(R.budgets, budget, {
      observedGeneration: budget.metadata.generation ?? 1,
      disruptionsAllowed: allowed,
      currentHealthy: healthy,
      desiredHealthy: desired,
      expectedPods: expected,
      conditions: this.cluster.withCondition(before, {
        type: 'DisruptionAllowed',
        status: allowed > 0 ? 'True' : 'False',
        reason: allowed > 0 ? 'SufficientPods' : 'InsufficientPods',
        message: '',
      }),
    });
  }

  /** Sum of the scales of the pods' controllers. */
  private expected(pods: readonly Pod[]): number {
    let expected = 0;
    const seen = new Set<string>();
    for (const pod of pods) {
      const uid = controllerUid(pod);
      if (uid === undefined || seen.has(uid)) continue;
      seen.add(uid);
      const owner = pod.metadata.ownerReferences?.[0];
      const resource = owner?.kind === 'StatefulSet' ? R.statefulSets : R.replicaSets;
      const found = this.cluster.store.get(resource, pod.metadata.namespace ?? '', owner?.name ?? '') as
        | Workload
        | undefined;
      expected += found?.spec.replicas ?? 1;
    }
    return expected;
  }
}
