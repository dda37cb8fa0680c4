import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { startCluster, type TestCluster } from '../small-cluster.ts';

const AGGREGATED = 'application/json;g=apidiscovery.k8s.io;v=v2;as=APIGroupDiscoveryList,application/json';

describe('discovery', () => {
  let cluster: TestCluster;
  beforeAll(async () => {
    cluster = await startCluster();
  });
  afterAll(() => cluster.close());

  test('tells its version and health', async () => {
    const version = await cluster.call('GET', '/version');
    expect([version.at('gitVersion'), version.at('major'), version.at('minor')]).toEqual([
      'v1.34.1',
      '1',
      '34',
    ]);
    for (const path of ['/healthz', '/livez', '/readyz']) {
      expect((await cluster.call('GET', path)).text).toBe('ok');
    }
    expect((await cluster.call('GET', '/livez?verbose')).text).toMatch(
      /^\[\+\]ping ok\n.*\nlivez check passed\n$/s,
    );
    expect((await cluster.call('GET', '/')).at('paths')).toEqual(
      expect.arrayContaining(['/api/v1', '/apis/apps/v1', '/livez', '/version']),
    );
    expect(version.headers.get('date')).toBeTruthy();
  });

  test('lists resources with their verbs, short names and subresources', async () => {
    const core = await cluster.call('GET', '/api/v1');
    const resources = core.at('resources') as { name: string }[];
    const find = (name: string) => resources.find((each) => each.name === name);
    expect(find('pods')).toMatchObject({
      shortNames: ['po'],
      categories: ['all'],
      kind: 'Pod',
      namespaced: true,
    });
    expect(find('pods/eviction')).toMatchObject({ group: 'policy', version: 'v1', kind: 'Eviction' });
    const apps = await cluster.call('GET', '/apis/apps/v1');
    expect(apps.at('resources')).toContainEqual(
      expect.objectContaining({ name: 'deployments/scale', group: 'autoscaling', kind: 'Scale' }),
    );
  });

  test('the aggregated document names the same groups as the old one', async () => {
    const old = await cluster.call('GET', '/apis');
    const aggregated = await cluster.call('GET', '/apis', { accept: AGGREGATED });
    expect(aggregated.headers.get('content-type')).toContain('as=APIGroupDiscoveryList');
    const names = (value: unknown, pick: (each: never) => unknown) => (value as never[]).map(pick);
    expect(
      names(aggregated.at('items'), (each: { metadata: { name: string } }) => each.metadata.name),
    ).toEqual(names(old.at('groups'), (each: { name: string }) => each.name));
  });

  test('metrics are not installed without a source', async () => {
    expect((await cluster.call('GET', '/apis/metrics.k8s.io/v1beta1')).status).toBe(404);
    const withMetrics = await startCluster({ hooks: { nodeMetrics: () => [], podMetrics: () => [] } });
    const list = await withMetrics.call('GET', '/apis/metrics.k8s.io/v1beta1/nodes');
    expect([list.status, list.at('kind')]).toEqual([200, 'NodeMetricsList']);
    await withMetrics.close();
  });

  test.each([
    ['GET', '/api/v1/unicorns', 404, 'the server could not find the requested resource'],
    ['GET', '/apis/unicorns.io/v1', 404, 'the server could not find the requested resource'],
    ['GET', '/api/v1/namespaces/media/pods/nope', 404, 'pods "nope" not found'],
    ['GET', '/apis/apps/v1/namespaces/media/deployments/nope', 404, 'deployments.apps "nope" not found'],
    ['GET', '/api/v1/namespaces/media/pods/%zz', 400, 'invalid URL escape in "%zz"'],
    ['PUT', '/api/v1/pods', 405, 'the server does not allow this method on the requested resource'],
  ])('%s %s is refused as %d', async (method, path, status, message) => {
    const answer = await cluster.call(method, path);
    expect([answer.status, answer.at('kind'), answer.at('message')]).toEqual([status, 'Status', message]);
  });

  test('a path outside the API is a plain 404', async () => {
    expect((await cluster.call('GET', '/nowhere')).text).toBe('404 page not found\n');
  });
});
