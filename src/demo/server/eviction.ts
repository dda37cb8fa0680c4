import { ApiError, badRequest, type StatusCause } from '../errors.ts';
import { dig, fields, isFields, list, num } from '../json.ts';
import { type KubeObject, kubeTime, namespaceOf } from '../object.ts';
import { labelSelectorMatcher } from '../selectors.ts';
import type { ObjectStore } from '../store.ts';
import { readObject } from './body.ts';
import type { ResourceRequest, ServerContext } from './context.ts';
import { deleteOptions } from './delete.ts';
import { sendJson } from './http.ts';
import { isDryRun } from './options.ts';
import { requireObject } from './read.ts';

const PDBS = 'poddisruptionbudgets.policy';
const STILL_PROCESSED_RETRY_SECONDS = 10;

/** Answers a POST of an eviction: deletes the pod unless a disruption budget forbids it now (429). */
export async function evict(context: ServerContext, request: ResourceRequest): Promise<void> {
  const body = await readObject(request.message);
  if (!isFields(body) || body.kind !== 'Eviction') {
    throw badRequest('the object provided is unrecognized (must be of type Eviction)');
  }
  const pod = requireObject(context, request);
  const { store, clock } = context;
  const given = fields(body.deleteOptions);
  const dryRun = isDryRun(request.query, given.dryRun);
  const budget = needsNoBudget(pod) ? undefined : budgetFor(store, pod);
  const counts = budget !== undefined && checkBudget(budget, pod);
  if (!dryRun) {
    const now = kubeTime(clock.now());
    if (budget && counts) spendDisruption(store, budget, pod, now);
    const { name } = pod.metadata;
    store.delete('pods', namespaceOf(pod), name, deleteOptions(given, new URLSearchParams()));
    markEvicted(store, pod, now);
  }
  sendJson(request.response, 201, {
    kind: 'Status',
    apiVersion: 'v1',
    metadata: {},
    status: 'Success',
    code: 201,
  });
}

/** A pod that is done, not started or already going disturbs nobody. */
function needsNoBudget({ metadata, status }: KubeObject): boolean {
  const phase = String(dig(status, 'phase'));
  return metadata.deletionTimestamp !== undefined || ['Succeeded', 'Failed', 'Pending'].includes(phase);
}

function budgetFor(store: ObjectStore, pod: KubeObject): KubeObject | undefined {
  const labels = pod.metadata.labels ?? {};
  const [budget, second] = store
    .list(PDBS, namespaceOf(pod))
    .filter((each) => labelSelectorMatcher(dig(each, 'spec', 'selector'))(labels));
  if (second) {
    const message =
      'This pod has more than one PodDisruptionBudget, which the eviction subresource does not support.';
    throw new ApiError(500, 'InternalError', message);
  }
  return budget;
}

/** Whether the eviction counts against the budget. Throws 429 when the budget does not allow it. */
function checkBudget(budget: KubeObject, pod: KubeObject): boolean {
  const { name, generation } = budget.metadata;
  const status = fields(budget.status);
  const current = num(status.currentHealthy);
  const desired = num(status.desiredHealthy);
  if (!isReady(pod)) {
    if (dig(budget, 'spec', 'unhealthyPodEvictionPolicy') === 'AlwaysAllow') return false;
    if (desired > 0 && current >= desired) return false;
  }
  if (num(status.observedGeneration) < (generation ?? 0)) {
    throw tooManyRequests(
      {
        reason: 'DisruptionBudget',
        message: `The disruption budget ${name} is still being processed by the server.`,
      },
      STILL_PROCESSED_RETRY_SECONDS,
    );
  }
  if (num(status.disruptionsAllowed) > 0) return true;
  throw tooManyRequests({
    reason: 'DisruptionBudget',
    message: `The disruption budget ${name} needs ${desired} healthy pods and has ${current} currently`,
  });
}

function tooManyRequests(cause: StatusCause, retryAfterSeconds?: number): ApiError {
  const message = "Cannot evict pod as it would violate the pod's disruption budget.";
  return new ApiError(429, 'TooManyRequests', message, {
    causes: [cause],
    ...(retryAfterSeconds !== undefined && { retryAfterSeconds }),
  });
}

function isReady(pod: KubeObject): boolean {
  return list(dig(pod, 'status', 'conditions')).some(
    (each) => dig(each, 'type') === 'Ready' && dig(each, 'status') === 'True',
  );
}

/** Takes one disruption from the budget at once, before its controller counts again. */
function spendDisruption(store: ObjectStore, budget: KubeObject, pod: KubeObject, now: string): void {
  const status = fields(budget.status);
  store.update(
    PDBS,
    {
      ...budget,
      status: {
        ...status,
        disruptionsAllowed: num(status.disruptionsAllowed) - 1,
        disruptedPods: { ...fields(status.disruptedPods), [pod.metadata.name]: now },
      },
    },
    { subresource: 'status' },
  );
}

function markEvicted(store: ObjectStore, evicted: KubeObject, now: string): void {
  const pod = store.get('pods', namespaceOf(evicted), evicted.metadata.name);
  if (!pod) return;
  const conditions = list(dig(pod, 'status', 'conditions'));
  const target = {
    type: 'DisruptionTarget',
    status: 'True',
    reason: 'EvictionByEvictionAPI',
    message: 'Eviction API: evicting',
    lastTransitionTime: now,
  };
  const others = conditions.filter((each) => dig(each, 'type') !== target.type);
  const status = { ...fields(pod.status), conditions: [...others, target] };
  store.update('pods', { ...pod, status }, { subresource: 'status' });
}
