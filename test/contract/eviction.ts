import { expect, it } from 'vitest';
import type { ApiObject } from '../real/control-plane/api.ts';
import { until } from '../real/control-plane/cluster.ts';
import { type Contract, coreHome, refusal } from './workspace.ts';

const LABELS = { app: 'guarded' };

const POD = {
  apiVersion: 'v1',
  kind: 'Pod',
  metadata: { name: 'guarded', labels: LABELS },
  spec: {
    terminationGracePeriodSeconds: 0,
    tolerations: [{ operator: 'Exists' }],
    containers: [{ name: 'app', image: 'registry.k8s.io/pause:3.10' }],
  },
};

const BUDGET = {
  apiVersion: 'policy/v1',
  kind: 'PodDisruptionBudget',
  metadata: { name: 'guard' },
  spec: { minAvailable: 1, selector: { matchLabels: LABELS } },
};

const EVICTION = { apiVersion: 'policy/v1', kind: 'Eviction', metadata: { name: 'guarded' } };

const isReady = ({ status }: ApiObject): boolean =>
  (status as { conditions?: { type: string; status: string }[] } | undefined)?.conditions?.some(
    (each) => each.type === 'Ready' && each.status === 'True',
  ) ?? false;

/** Disruption budgets. */
export const eviction: Contract = (workspace) => {
  it('a budget holds an eviction up (429), a dry run does not evict, and then it is done (201)', async () => {
    const { api, namespace } = workspace();
    const pod = `${coreHome(workspace())}/pods/guarded`;
    const budgets = `/apis/policy/v1/namespaces/${namespace}/poddisruptionbudgets`;
    await api.create(`${coreHome(workspace())}/pods`, POD);
    await until('the pod is ready', async () => isReady(await api.get<ApiObject>(pod)), 40_000);
    await api.create(budgets, BUDGET);
    const counted = async () => {
      const { status } = await api.get<ApiObject>(`${budgets}/guard`);
      return (status as { currentHealthy?: number } | undefined)?.currentHealthy === 1;
    };
    await until('the budget is counted', counted, 20_000);

    const evict = (more: object = {}) => api.send('POST', `${pod}/eviction`, { ...EVICTION, ...more });
    expect(await evict()).toEqual(
      refusal(429, 'TooManyRequests', {
        message: "Cannot evict pod as it would violate the pod's disruption budget.",
        details: expect.objectContaining({
          causes: [
            {
              reason: 'DisruptionBudget',
              message: 'The disruption budget guard needs 1 healthy pods and has 1 currently',
            },
          ],
        }),
      }),
    );
    await api.remove(`${budgets}/guard`);
    expect(await evict({ deleteOptions: { dryRun: ['All'] } })).toMatchObject({ status: 201 });
    const { metadata } = await api.get<ApiObject>(pod);
    expect(metadata.deletionTimestamp).toBeUndefined();
    expect(await evict({ deleteOptions: { preconditions: { uid: 'another' } } })).toEqual(
      refusal(409, 'Conflict'),
    );
    expect(await evict()).toMatchObject({ status: 201, body: { kind: 'Status', status: 'Success' } });
    await until('the pod is gone', async () => (await api.send('GET', pod)).status === 404, 40_000);
    expect(await evict()).toEqual(refusal(404, 'NotFound', { message: 'pods "guarded" not found' }));
  }, 60_000);
};
