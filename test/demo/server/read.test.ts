import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { type Answer, pod, startCluster, type TestCluster } from '../small-cluster.ts';

const TABLE = 'application/json;as=Table;g=meta.k8s.io;v=v1,application/json';
const METADATA = 'application/json;as=PartialObjectMetadataList;g=meta.k8s.io;v=v1';
const PODS = '/api/v1/pods';

function names(answer: Answer): string[] {
  return (answer.at('items') as { metadata: { name: string } }[]).map(({ metadata }) => metadata.name);
}

describe('lists', () => {
  let cluster: TestCluster;
  beforeEach(async () => {
    cluster = await startCluster({ historyLimit: 20 });
    for (let index = 0; index < 5; index += 1) {
      const phase = index % 2 === 0 ? 'Running' : 'Failed';
      cluster.store.create('pods', pod(`db-${index}`, { namespace: 'default', status: { phase } }));
    }
  });
  afterEach(() => cluster.close());

  test('items of built-in kinds carry no kind of their own', async () => {
    const list = await cluster.call('GET', PODS);
    expect([list.at('kind'), list.at('items', 0, 'kind')]).toEqual(['PodList', undefined]);
    expect(list.at('metadata', 'resourceVersion')).toBe(cluster.store.resourceVersion);
  });

  test('pages show one version, whatever happens in between', async () => {
    const first = await cluster.call('GET', `${PODS}?limit=3`);
    expect(names(first)).toEqual(['db-0', 'db-1', 'db-2']);
    expect(first.at('metadata', 'remainingItemCount')).toBe(4);
    cluster.store.delete('pods', 'default', 'db-3', { gracePeriodSeconds: 0 });
    cluster.store.create('pods', pod('db-2b', { namespace: 'default' }));
    const second = await cluster.call('GET', `${PODS}?limit=3&continue=${first.at('metadata', 'continue')}`);
    expect(names(second)).toEqual(['db-3', 'db-4', 'web-1-a']);
    expect(second.at('metadata', 'resourceVersion')).toBe(first.at('metadata', 'resourceVersion'));
    const third = await cluster.call('GET', `${PODS}?limit=3&continue=${second.at('metadata', 'continue')}`);
    expect([names(third), third.at('metadata', 'continue')]).toEqual([['web-1-b'], undefined]);
  });

  test('an outdated token is a 410 that carries a token for the rest', async () => {
    const first = await cluster.call('GET', `${PODS}?limit=3`);
    for (let index = 0; index < 30; index += 1) {
      cluster.store.create('pods', pod(`late-${index}`, { namespace: 'zoo' }));
    }
    const expired = await cluster.call('GET', `${PODS}?limit=3&continue=${first.at('metadata', 'continue')}`);
    expect([expired.status, expired.at('reason')]).toEqual([410, 'Expired']);
    const rest = await cluster.call('GET', `${PODS}?continue=${expired.at('metadata', 'continue')}`);
    expect(names(rest).slice(0, 2)).toEqual(['db-3', 'db-4']);
  });

  test('a list from the cache ignores the limit, as the real one does', async () => {
    expect(names(await cluster.call('GET', `${PODS}?limit=1&resourceVersion=0`))).toHaveLength(7);
  });

  test.each([
    ['labelSelector=app%3Dweb', 7],
    ['labelSelector=app+in+(a,web),!tier', 7],
    ['labelSelector=app!%3Dweb', 0],
    ['fieldSelector=status.phase%3DFailed', 2],
    ['fieldSelector=spec.nodeName%3Dms01-1,status.phase!%3DFailed', 5],
    ['fieldSelector=metadata.namespace%3Dmedia', 2],
  ])('%s selects %d', async (query, count) => {
    expect(names(await cluster.call('GET', `${PODS}?${query}`))).toHaveLength(count);
  });

  test.each([
    ['fieldSelector=spec.colour%3Dred', 400, 'field label not supported: spec.colour'],
    ['continue=rubbish', 400, 'continue key is not valid'],
    ['resourceVersionMatch=Exact', 422, 'forbidden unless resourceVersion is provided'],
    ['resourceVersionMatch=Nearly&resourceVersion=1', 422, 'Unsupported value: "Nearly"'],
    ['resourceVersion=999999&resourceVersionMatch=NotOlderThan', 504, 'Too large resource version'],
    ['resourceVersion=abc', 400, 'invalid syntax'],
    ['sendInitialEvents=true', 422, 'sendInitialEvents is forbidden for list'],
  ])('%s is refused with %d', async (query, status, message) => {
    const answer = await cluster.call('GET', `${PODS}?${query}`);
    expect([answer.status, answer.at('message')]).toEqual([status, expect.stringContaining(message)]);
  });

  test('an exact version shows the past, and is a 410 once forgotten', async () => {
    const then = cluster.store.resourceVersion;
    cluster.store.remove('pods', 'media', 'web-1-a');
    const exact = `${PODS}?resourceVersion=${then}&resourceVersionMatch=Exact`;
    expect(names(await cluster.call('GET', exact))).toContain('web-1-a');
    for (let index = 0; index < 30; index += 1) cluster.store.create('pods', pod(`late-${index}`));
    expect((await cluster.call('GET', exact)).status).toBe(410);
  });
});

describe('representations', () => {
  let cluster: TestCluster;
  beforeEach(async () => {
    cluster = await startCluster();
  });
  afterEach(() => cluster.close());

  test('a table of pods has the columns of kubectl', async () => {
    const table = await cluster.call('GET', '/api/v1/namespaces/media/pods', { accept: TABLE });
    const columns = table.at('columnDefinitions') as { name: string; priority: number }[];
    expect(columns.filter(({ priority }) => priority === 0).map(({ name }) => name)).toEqual([
      'Name',
      'Ready',
      'Status',
      'Restarts',
      'Age',
    ]);
    expect(table.at('rows', 0, 'cells')).toEqual([
      'web-1-a',
      '1/1',
      'Running',
      '0',
      '0s',
      '10.42.0.7',
      'ms01-1',
      '<none>',
      '<none>',
    ]);
    expect(table.at('rows', 0, 'object', 'kind')).toBe('PartialObjectMetadata');
  });

  test.each([
    ['None', null],
    ['Object', expect.objectContaining({ kind: 'Pod', spec: expect.anything() })],
  ])('a row includes what includeObject=%s asks for', async (include, object) => {
    const table = await cluster.call('GET', `${PODS}?includeObject=${include}`, { accept: TABLE });
    expect(table.at('rows', 0, 'object')).toEqual(object);
  });

  test.each([
    ['/api/v1/nodes', ['ms01-1', 'Ready', 'control-plane', '0s', 'v1.34.1']],
    ['/apis/apps/v1/deployments', ['web', '2/2', 2, 2, '0s']],
    ['/apis/apps/v1/replicasets', ['web-1', 2, 2, 2, '0s']],
    ['/api/v1/namespaces', ['default', 'Active', '0s']],
  ])('the table of %s', async (path, cells) => {
    const table = await cluster.call('GET', path, { accept: TABLE });
    expect((table.at('rows', 0, 'cells') as unknown[]).slice(0, cells.length)).toEqual(cells);
  });

  test('metadata alone holds no secret values', async () => {
    cluster.store.create('secrets', {
      apiVersion: 'v1',
      kind: 'Secret',
      metadata: { name: 's', namespace: 'media' },
      data: { password: 'aHVudGVyMg==' },
    });
    const list = await cluster.call('GET', '/api/v1/secrets', { accept: METADATA });
    expect([list.at('kind'), list.at('items', 0, 'metadata', 'name')]).toEqual([
      'PartialObjectMetadataList',
      's',
    ]);
    expect(list.text).not.toContain('aHVudGVyMg');
  });

  test('a format it cannot send is a 406', async () => {
    expect((await cluster.call('GET', PODS, { accept: 'application/yaml' })).status).toBe(406);
  });

  test('events have two shapes', async () => {
    cluster.store.create('events', {
      apiVersion: 'v1',
      kind: 'Event',
      metadata: { name: 'e', namespace: 'media' },
      involvedObject: { kind: 'Pod', name: 'web-1-a', namespace: 'media' },
      reason: 'BackOff',
      type: 'Warning',
      message: 'Back-off restarting',
      count: 3,
    });
    const core = await cluster.call('GET', '/api/v1/events?fieldSelector=involvedObject.name%3Dweb-1-a');
    expect(core.at('items', 0, 'message')).toBe('Back-off restarting');
    const modern = await cluster.call(
      'GET',
      '/apis/events.k8s.io/v1/namespaces/media/events?fieldSelector=regarding.name%3Dweb-1-a',
    );
    expect(modern.at('items', 0)).toMatchObject({
      note: 'Back-off restarting',
      regarding: { name: 'web-1-a' },
      deprecatedCount: 3,
    });
    expect(modern.at('items', 0, 'message')).toBeUndefined();
  });
});
