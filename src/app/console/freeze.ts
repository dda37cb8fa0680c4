import type { Judge } from '../../domain/assessment.ts';
import { type Keyed, ObjectTable } from '../../domain/collection.ts';
import type { ClusterState } from '../../domain/state.ts';

/** What the screen is made from while it is frozen: nothing in it changes any more. */
export interface FrozenView {
  readonly state: ClusterState;
  readonly judge: Judge;
}

/**
 * Copies the objects the collectors keep changing, so that a frozen screen can be scrolled, sorted and filtered
 * without moving. Projections are immutable and shared.
 */
export function freezeView(state: ClusterState, judge: Judge): FrozenView {
  const copy = Object.fromEntries(
    Object.entries(state).map(([name, snapshot]) => {
      if (!('data' in snapshot) || !(snapshot.data instanceof ObjectTable)) return [name, snapshot];
      const table = new ObjectTable<Keyed>();
      table.replaceAll(snapshot.data.values());
      return [name, { ...snapshot, data: table }];
    }),
  ) as unknown as ClusterState;
  const { assessment } = judge;
  const problems = judge.problemPods();
  return {
    state: copy,
    judge: {
      assessment,
      problemPods: () => problems,
      podRow: (pod) => judge.podRow(pod),
      nodeRow: (node) => judge.nodeRow(node),
      workloadRow: (workload) => judge.workloadRow(workload),
      restartHistory: (pod, buckets) => judge.restartHistory(pod, buckets),
      ownersOf: (pod) => judge.ownersOf(pod),
    },
  };
}
