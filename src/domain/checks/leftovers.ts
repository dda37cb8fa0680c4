/** Findings about what stands in the way of maintenance or was left lying: budgets, namespaces, finished pods. */
import { plural } from '../format.ts';
import type { Condition, NamespaceInfo, PdbInfo } from '../kinds.ts';
import { refTo } from '../owners.ts';
import { condition } from '../pods.ts';
import { dataOf } from '../snapshot.ts';
import type { Check, CheckContext } from './context.ts';
import { type Draft, draft } from './draft.ts';

const STUCK_MS = 60_000;
/** A rollout uses up a budget for a while; that is what budgets are for. */
const ROLLOUT_PATIENCE_MS = 5 * 60_000;
/** The cluster itself starts to clear up only at 12,500 finished pods. */
const MANY_FINISHED = 200;

/** Disruption budgets that block drains, namespaces stuck in Terminating, finished pods that pile up. */
export const checkLeftovers: Check = (context) => [
  ...[...(dataOf(context.state.pdbs)?.values() ?? [])].flatMap((pdb) => blockingBudget(context, pdb)),
  ...[...(dataOf(context.state.namespaces)?.values() ?? [])].flatMap((namespace) =>
    stuck(context, namespace),
  ),
  ...finishedPods(context),
];

function blockingBudget(context: CheckContext, pdb: PdbInfo): Draft[] {
  const allowed = condition(pdb.conditions, 'DisruptionAllowed');
  if (allowed?.reason === 'SyncFailed') return [brokenBudget(pdb, allowed)];
  if (pdb.disruptionsAllowed > 0 || pdb.expectedPods === 0) return [];
  if (allowed?.since !== undefined && context.now - allowed.since < ROLLOUT_PATIENCE_MS) return [];
  const unhealthy = pdb.currentHealthy < pdb.desiredHealthy;
  const rook = /^rook-ceph-/.test(pdb.name);
  return [
    draft({
      code: 'PDB_BLOCKS_DRAIN',
      // Rook's own budgets are meant to block; with all pods healthy a budget of zero is a choice of its owner.
      severity: unhealthy && !rook ? 'warning' : 'info',
      area: 'pods',
      subject: refTo('PodDisruptionBudget', pdb),
      title: `disruption budget ${pdb.name} blocks draining nodes`,
      since: allowed?.since,
      cause: rook
        ? 'Rook blocks drains on purpose until all placement groups are active+clean'
        : `${pdb.currentHealthy} of ${pdb.expectedPods} pods healthy, ${pdb.desiredHealthy} required`,
      advice: rook ? ['never delete it; it goes by itself once Ceph is clean'] : budgetAdvice(unhealthy, pdb),
      causedBy: pdb.matchLabels ? context.blame.ofSelector(pdb.namespace, pdb.matchLabels) : [],
    }),
  ];
}

/** While the controller cannot count its pods, a budget allows no eviction of any pod it selects. */
function brokenBudget(pdb: PdbInfo, { since, message }: Condition): Draft {
  return draft({
    code: 'PDB_SYNC_FAILED',
    severity: 'warning',
    area: 'pods',
    subject: refTo('PodDisruptionBudget', pdb),
    title: `disruption budget ${pdb.name} cannot be computed and blocks draining nodes`,
    since,
    cause: message,
    advice: ['correct its selector: a pod may have one budget, and needs a controller that can be scaled'],
  });
}

function budgetAdvice(unhealthy: boolean, pdb: PdbInfo): readonly string[] {
  if (!unhealthy) return ['before a drain add a replica, or delete the pod by hand at a good moment'];
  const stuck = pdb.unhealthyPodEvictionPolicy === 'AlwaysAllow' ? '' : '; it blocks even the unhealthy ones';
  return [`mend its pods first${stuck}`];
}

function stuck(context: CheckContext, namespace: NamespaceInfo): Draft[] {
  const { deletedAt } = namespace;
  if (deletedAt === undefined || context.now - deletedAt < STUCK_MS) return [];
  const told = namespace.conditions.filter(({ status, message }) => status === 'True' && message);
  return [
    draft({
      code: 'NAMESPACE_STUCK_TERMINATING',
      severity: 'warning',
      area: 'pods',
      subject: refTo('Namespace', namespace),
      title: `namespace ${namespace.name} stuck Terminating`,
      since: deletedAt,
      cause: told[0]?.message,
      evidence: told.map(({ since, message }) => ({
        ...(since !== undefined && { at: since }),
        text: message ?? '',
      })),
      advice: ['delete what is left in it; a finalizer waits for its controller to come back'],
    }),
  ];
}

function finishedPods(context: CheckContext): Draft[] {
  const { finished } = context.pods;
  if (finished < MANY_FINISHED || dataOf(context.state.pods) === undefined) return [];
  return [
    draft({
      code: 'PODS_PILING_UP',
      severity: 'info',
      area: 'pods',
      subject: { kind: 'Console', name: 'finished-pods' },
      scope: 'pods',
      title: `${plural(finished, 'finished pod')} are kept`,
      advice: ['give Jobs a ttlSecondsAfterFinished and CronJobs a shorter history'],
    }),
  ];
}
