import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { at, deployment, startCluster, type TestCluster } from '../small-cluster.ts';

const MEDIA = '/api/v1/namespaces/media';
const DEPLOYMENT = '/apis/apps/v1/namespaces/media/deployments/web';
const MERGE = 'application/merge-patch+json';
const STRATEGIC = 'application/strategic-merge-patch+json';
const APPLY = 'application/apply-patch+yaml';

function configMap(name: string, data: Record<string, string>, metadata: object = {}) {
  return { apiVersion: 'v1', kind: 'ConfigMap', metadata: { name, ...metadata }, data };
}

let cluster: TestCluster;
beforeEach(async () => {
  cluster = await startCluster();
});
afterEach(() => cluster.close());

describe('create', () => {
  test('stores the object and says who made it', async () => {
    const answer = await cluster.call('POST', `${MEDIA}/configmaps?fieldManager=me`, {
      body: configMap('c', { a: '1' }, { uid: 'mine', creationTimestamp: '2001-01-01T00:00:00Z' }),
    });
    expect(answer.status).toBe(201);
    expect(answer.at('metadata', 'namespace')).toBe('media');
    expect(answer.at('metadata', 'creationTimestamp')).toBe('2026-11-23T10:00:00Z');
    expect(answer.at('metadata', 'uid')).not.toBe('mine');
    expect(answer.at('metadata', 'managedFields', 0)).toMatchObject({
      manager: 'me',
      operation: 'Update',
      fieldsV1: { 'f:data': { 'f:a': {} } },
    });
  });

  test('a pod gets what admission gives it', async () => {
    const create = async (name: string, spec: object) => {
      const containers = [{ name: 'c', image: 'i' }];
      const body = { metadata: { name }, spec: { containers, ...spec } };
      return (await cluster.call('POST', `${MEDIA}/pods`, { body })).at('spec');
    };
    expect(await create('plain', {})).toMatchObject({
      serviceAccountName: 'default',
      priority: 0,
      preemptionPolicy: 'PreemptLowerPriority',
      tolerations: [
        { key: 'node.kubernetes.io/not-ready', effect: 'NoExecute', tolerationSeconds: 300 },
        { key: 'node.kubernetes.io/unreachable', effect: 'NoExecute', tolerationSeconds: 300 },
      ],
    });
    const tolerations = [{ operator: 'Exists' }];
    const hardy = { serviceAccountName: 'own', priorityClassName: 'system-node-critical', tolerations };
    expect(await create('hardy', hardy)).toMatchObject({ ...hardy, priority: 2_000_001_000 });
  });

  test('a client cannot choose the status', async () => {
    const body = { ...deployment('other', 2), metadata: { name: 'other' } };
    const answer = await cluster.call('POST', '/apis/apps/v1/namespaces/media/deployments', { body });
    expect([answer.status, answer.at('status'), answer.at('metadata', 'generation')]).toEqual([
      201,
      undefined,
      1,
    ]);
  });

  test.each([
    ['a missing name', { ...configMap('', {}) }, 422, 'name or generateName is required'],
    ['a bad name', configMap('Not_Good', {}), 422, 'RFC 1123'],
    ['another namespace', configMap('c', {}, { namespace: 'default' }), 400, 'does not match the namespace'],
    ['another kind', { ...configMap('c', {}), kind: 'Secret' }, 400, 'must be of type ConfigMap'],
    ['a version', configMap('c', {}, { resourceVersion: '5' }), 400, 'resourceVersion should not be set'],
  ])('%s is refused', async (_what, body, status, message) => {
    const answer = await cluster.call('POST', `${MEDIA}/configmaps`, { body });
    expect([answer.status, answer.at('message')]).toEqual([status, expect.stringContaining(message)]);
  });

  test('a namespace that does not exist is a 404', async () => {
    const answer = await cluster.call('POST', '/api/v1/namespaces/void/configmaps', {
      body: configMap('c', {}),
    });
    expect([answer.status, answer.at('message')]).toEqual([404, 'namespaces "void" not found']);
  });

  test('a dry run answers as if and stores nothing', async () => {
    const before = cluster.store.resourceVersion;
    const answer = await cluster.call('POST', `${MEDIA}/configmaps?dryRun=All`, { body: configMap('c', {}) });
    expect([answer.status, answer.at('metadata', 'name')]).toEqual([201, 'c']);
    expect(cluster.store.resourceVersion).toBe(before);
  });
});

describe('patch', () => {
  const image = { spec: { template: { spec: { containers: [{ name: 'app', image: 'nginx:2' }] } } } };

  test('strategic merge keeps what it does not name', async () => {
    const answer = await cluster.call('PATCH', DEPLOYMENT, { type: STRATEGIC, body: image });
    const container = answer.at('spec', 'template', 'spec', 'containers', 0);
    expect(container).toMatchObject({ image: 'nginx:2', env: [{ name: 'A', value: '1' }] });
    expect(answer.at('metadata', 'generation')).toBe(2);
  });

  test('a merge patch with a stale version is a 409', async () => {
    const body = { metadata: { resourceVersion: '1', labels: { a: 'b' } } };
    const answer = await cluster.call('PATCH', DEPLOYMENT, { type: MERGE, body });
    expect([answer.status, answer.at('message')]).toEqual([
      409,
      'Operation cannot be fulfilled on deployments.apps "web": the object has been modified; ' +
        'please apply your changes to the latest version and try again',
    ]);
  });

  test('a failing test operation is a 422', async () => {
    const answer = await cluster.call('PATCH', DEPLOYMENT, {
      type: 'application/json-patch+json',
      body: [{ op: 'test', path: '/metadata/name', value: 'other' }],
    });
    expect(answer.status).toBe(422);
  });

  test('a dry run shows the result and stores nothing', async () => {
    const answer = await cluster.call('PATCH', `${DEPLOYMENT}?dryRun=All`, { type: STRATEGIC, body: image });
    expect(answer.at('metadata', 'generation')).toBe(2);
    expect(cluster.store.get('deployments', 'media', 'web')?.metadata.generation).toBe(1);
  });

  test('who cordoned a node can be read from its managedFields', async () => {
    await cluster.call('PATCH', '/api/v1/nodes/ms01-1?fieldManager=someone', {
      type: MERGE,
      body: { spec: { unschedulable: true } },
    });
    const node = cluster.store.get('nodes', '', 'ms01-1');
    expect(node?.metadata.managedFields).toMatchObject([
      { manager: 'someone', fieldsV1: { 'f:spec': { 'f:unschedulable': {} } } },
    ]);
  });

  test.each([
    [
      'a pod spec',
      `${MEDIA}/pods/web-1-a`,
      { spec: { nodeName: 'other' } },
      'pod updates may not change fields',
    ],
    ['a selector', DEPLOYMENT, { spec: { selector: { matchLabels: { app: 'x' } } } }, 'field is immutable'],
    ['replicas below zero', DEPLOYMENT, { spec: { replicas: -1 } }, 'must be greater than or equal to 0'],
  ])('%s cannot be changed', async (_what, path, body, message) => {
    const answer = await cluster.call('PATCH', path, { type: MERGE, body });
    expect([answer.status, answer.at('message')]).toEqual([422, expect.stringContaining(message)]);
  });

  test('an unknown patch type is a 415', async () => {
    expect((await cluster.call('PATCH', DEPLOYMENT, { body: {} })).status).toBe(415);
  });
});

describe('subresources', () => {
  test('status and the rest are written through different doors', async () => {
    const body = { metadata: { labels: { a: 'b' } }, status: { readyReplicas: 0 } };
    const main = await cluster.call('PATCH', DEPLOYMENT, { type: MERGE, body });
    expect([main.at('metadata', 'labels', 'a'), main.at('status', 'readyReplicas')]).toEqual(['b', 2]);
    const status = await cluster.call('PATCH', `${DEPLOYMENT}/status`, {
      type: MERGE,
      body: { spec: { replicas: 9 }, status: { readyReplicas: 0 } },
    });
    expect([status.at('spec', 'replicas'), status.at('status', 'readyReplicas')]).toEqual([2, 0]);
  });

  test('scale reads and writes the replicas', async () => {
    const scale = await cluster.call('GET', `${DEPLOYMENT}/scale`);
    expect([scale.at('kind'), scale.at('spec', 'replicas'), scale.at('status', 'selector')]).toEqual([
      'Scale',
      2,
      'app=web',
    ]);
    const body = { spec: { replicas: 5 } };
    const patched = await cluster.call('PATCH', `${DEPLOYMENT}/scale`, { type: MERGE, body });
    expect(patched.at('spec', 'replicas')).toBe(5);
    expect(at(cluster.store.get('deployments', 'media', 'web'), 'spec', 'replicas')).toBe(5);
  });
});

describe('server-side apply', () => {
  const path = `${MEDIA}/configmaps/c`;
  const apply = (manager: string, data: Record<string, string>, more = '') =>
    cluster.call('PATCH', `${path}?fieldManager=${manager}${more}`, {
      type: APPLY,
      body: configMap('c', data),
    });

  test('creates, then removes what the manager leaves out', async () => {
    expect((await apply('a', { x: '1', y: '2' })).status).toBe(201);
    const second = await apply('a', { x: '1' });
    expect([second.status, second.at('data')]).toEqual([200, { x: '1' }]);
  });

  test('a field of another manager is a conflict unless forced', async () => {
    await apply('a', { x: '1' });
    const refused = await apply('b', { x: '2' });
    expect([refused.status, refused.at('message')]).toEqual([
      409,
      'Apply failed with 1 conflict: conflict with "a": .data.x',
    ]);
    const forced = await apply('b', { x: '2' }, '&force=true');
    expect(forced.at('data')).toEqual({ x: '2' });
    expect(forced.at('metadata', 'managedFields')).toMatchObject([{ manager: 'b', operation: 'Apply' }]);
  });

  test('needs a manager', async () => {
    const answer = await cluster.call('PATCH', path, { type: APPLY, body: configMap('c', {}) });
    expect(answer.status).toBe(422);
  });
});

describe('delete', () => {
  test('of a pod returns the pod with its grace', async () => {
    const answer = await cluster.call('DELETE', `${MEDIA}/pods/web-1-a`, { body: { gracePeriodSeconds: 7 } });
    expect([answer.status, answer.at('kind'), answer.at('metadata', 'deletionTimestamp')]).toEqual([
      200,
      'Pod',
      '2026-11-23T10:00:07Z',
    ]);
  });

  test('of anything else returns a status; dependents follow', async () => {
    const answer = await cluster.call('DELETE', DEPLOYMENT);
    expect([answer.at('status'), answer.at('details', 'name')]).toEqual(['Success', 'web']);
    expect(cluster.store.list('replicasets')).toEqual([]);
  });

  test('a precondition on another uid is a 409, and nothing happens', async () => {
    const answer = await cluster.call('DELETE', DEPLOYMENT, { body: { preconditions: { uid: 'other' } } });
    expect([answer.status, answer.at('reason')]).toEqual([409, 'Conflict']);
    expect(cluster.store.get('deployments', 'media', 'web')).toBeDefined();
  });

  test('a dry run deletes nothing', async () => {
    expect((await cluster.call('DELETE', DEPLOYMENT, { body: { dryRun: ['All'] } })).status).toBe(200);
    expect(cluster.store.get('deployments', 'media', 'web')).toBeDefined();
  });

  test('of a collection takes what the selector matches', async () => {
    await cluster.call('DELETE', `${MEDIA}/pods?fieldSelector=metadata.name%3Dweb-1-a`, {
      body: { gracePeriodSeconds: 0 },
    });
    expect(cluster.store.list('pods').map(({ metadata }) => metadata.name)).toEqual(['web-1-b']);
  });
});
