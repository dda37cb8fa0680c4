import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import type { Faults } from '../../../src/demo/faults.ts';
import { startCluster, type TestCluster } from '../small-cluster.ts';

const PODS = '/api/v1/namespaces/media/pods';

describe('faults', () => {
  let cluster: TestCluster;
  let faults: Faults;
  beforeEach(async () => {
    faults = {};
    cluster = await startCluster({ faults });
  });
  afterEach(() => cluster.close());

  test('every Nth request fails as asked, and can be mended at run time', async () => {
    Object.assign(faults, { failEvery: 2, failWith: 429, retryAfterSeconds: 3 });
    const codes: number[] = [];
    for (let index = 0; index < 4; index += 1) codes.push((await cluster.call('GET', PODS)).status);
    expect(codes).toEqual([200, 429, 200, 429]);
    delete faults.failEvery;
    await cluster.call('GET', PODS);
    expect((await cluster.call('GET', PODS)).status).toBe(200);
  });

  test('every Nth fails also among requests that wait at the same time', async () => {
    Object.assign(faults, { failEvery: 3, failWith: 500, delayMs: 20 });
    const answers = await Promise.all(Array.from({ length: 9 }, () => cluster.call('GET', PODS)));
    expect(answers.filter(({ status }) => status === 500)).toHaveLength(3);
  });

  test('asks the client to wait', async () => {
    Object.assign(faults, { failEvery: 1, failWith: 503, retryAfterSeconds: 3 });
    const answer = await cluster.call('GET', PODS);
    expect([answer.status, answer.headers.get('retry-after')]).toEqual([503, '3']);
  });

  test('resets connections', async () => {
    faults.resetEvery = 1;
    await expect(cluster.call('GET', PODS)).rejects.toThrow();
  });

  test('poses as a captive portal', async () => {
    faults.html = true;
    const answer = await cluster.call('GET', PODS);
    expect([answer.status, answer.headers.get('content-type')]).toEqual([200, 'text/html']);
  });

  test('ends watches early', async () => {
    faults.closeWatchesAfterMs = 5000;
    const response = await fetch(
      `${cluster.server.url}${PODS}?watch=true&resourceVersion=${cluster.store.resourceVersion}`,
    );
    cluster.clock.advance(5000);
    expect(await response.text()).toBe('');
  });

  test('forbids resources in the words of RBAC, and access reviews agree', async () => {
    faults.forbidden = [{ resource: 'secrets' }, { resource: 'deployments.apps', verbs: ['patch'] }];
    const answer = await cluster.call('GET', '/api/v1/namespaces/media/secrets');
    expect([answer.status, answer.at('message')]).toEqual([
      403,
      'secrets is forbidden: User "homelab-admin" cannot list resource "secrets" in API group "" in the namespace "media"',
    ]);
    expect((await cluster.call('GET', '/apis/apps/v1/deployments')).status).toBe(200);
    const may = async (verb: string, group: string, resource: string) => {
      const review = await cluster.call('POST', '/apis/authorization.k8s.io/v1/selfsubjectaccessreviews', {
        body: { spec: { resourceAttributes: { verb, group, resource, namespace: 'media' } } },
      });
      return review.at('status', 'allowed');
    };
    expect(await may('get', '', 'secrets')).toBe(false);
    expect(await may('patch', 'apps', 'deployments')).toBe(false);
    expect(await may('delete', 'apps', 'deployments')).toBe(true);
    const rules = await cluster.call('POST', '/apis/authorization.k8s.io/v1/selfsubjectrulesreviews', {
      body: { spec: { namespace: 'media' } },
    });
    const listed = rules.at('status', 'resourceRules') as { resources: string[]; verbs: string[] }[];
    expect(listed.some(({ resources }) => resources.includes('secrets'))).toBe(false);
    expect(listed.find(({ resources }) => resources.includes('deployments'))?.verbs).not.toContain('patch');
  });

  test('tells who asks', async () => {
    const review = await cluster.call('POST', '/apis/authentication.k8s.io/v1/selfsubjectreviews', {
      body: {},
    });
    expect([review.status, review.at('status', 'userInfo', 'username')]).toEqual([201, 'homelab-admin']);
  });
});
