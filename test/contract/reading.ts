import { beforeAll, expect, it } from 'vitest';
import {
  type ApiList,
  type Contract,
  configMap,
  configMaps,
  coreHome,
  namesOf,
  refusal,
  versionOf,
} from './workspace.ts';

const NAMES = ['page-1', 'page-2', 'page-3', 'page-4', 'page-5'];

/** They are renewed all the time, and their names stay. */
const LEASES = '/apis/coordination.k8s.io/v1/leases';

const secret = (name: string): object => ({ apiVersion: 'v1', kind: 'Secret', metadata: { name } });

/** The token with another version in it: one from before anything that is still kept. */
function aged(token: string): string {
  const content = JSON.parse(Buffer.from(token, 'base64url').toString()) as object;
  return Buffer.from(JSON.stringify({ ...content, rv: 1 })).toString('base64url');
}

/** Lists: pages, versions, and what is refused. */
export const reading: Contract = (workspace) => {
  const secrets = () => `${coreHome(workspace())}/secrets`;
  const page = (query: string) => workspace().api.get<ApiList>(`${secrets()}?${query}`);

  beforeAll(async () => {
    for (const name of NAMES) await workspace().api.create(secrets(), secret(name));
  });

  it('pages show one version of the list, and how many are to come', async () => {
    const { api } = workspace();
    const first = await page('limit=2');
    expect(namesOf(first.items)).toEqual(NAMES.slice(0, 2));
    expect(first.metadata.remainingItemCount).toBe(3);
    await api.create(secrets(), secret('page-3b'));
    const second = await page(`limit=2&continue=${first.metadata.continue}`);
    await api.remove(`${secrets()}/page-3b`);
    const third = await page(`limit=2&continue=${second.metadata.continue}`);
    expect(namesOf([...second.items, ...third.items])).toEqual(NAMES.slice(2));
    expect(second.metadata.resourceVersion).toBe(first.metadata.resourceVersion);
    expect(third.metadata).toEqual({ resourceVersion: first.metadata.resourceVersion });
  });

  it('an expired token is answered with one for the rest (410)', async ({ skip }) => {
    const { api } = workspace();
    const oldest = await api.send('GET', `${LEASES}?resourceVersion=1&resourceVersionMatch=Exact`);
    skip(oldest.status === 200, 'the server still keeps everything since its start');
    const all = await api.get<ApiList>(LEASES);
    const { metadata } = await api.get<ApiList>(`${LEASES}?limit=2`);
    const answer = await api.send('GET', `${LEASES}?limit=2&continue=${aged(metadata.continue ?? '')}`);
    expect(answer).toEqual(refusal(410, 'Expired', { metadata: { continue: expect.any(String) } }));
    const fresh = (answer.body as ApiList).metadata.continue;
    const rest = await api.get<ApiList>(`${LEASES}?continue=${fresh}`);
    expect(namesOf(rest.items)).toEqual(namesOf(all.items).slice(2));
  });

  it('a token that is none, or comes with a version, is refused', async () => {
    const { api } = workspace();
    const { metadata } = await page('limit=2');
    const both = `continue=${metadata.continue}&resourceVersion=${metadata.resourceVersion}`;
    expect(await api.send('GET', `${secrets()}?limit=2&continue=nonsense`)).toEqual(
      refusal(400, 'BadRequest'),
    );
    expect(await api.send('GET', `${secrets()}?limit=2&${both}`)).toEqual(refusal(400, 'BadRequest'));
  });

  it('Exact shows the past, NotOlderThan at least the version', async () => {
    const { api } = workspace();
    const home = configMaps(workspace());
    const made = await api.create(home, configMap('aging', { age: 'young' }));
    const changed = await api.merge(`${home}/aging`, { data: { age: 'old' } });
    const ages = async (query: string) => {
      const { items, metadata } = await api.get<ApiList>(
        `${home}?fieldSelector=metadata.name=aging&${query}`,
      );
      return { ages: items.map(({ data }) => data), version: metadata.resourceVersion };
    };
    expect(await ages(`resourceVersion=${versionOf(made)}&resourceVersionMatch=Exact`)).toEqual({
      ages: [{ age: 'young' }],
      version: versionOf(made),
    });
    const recent = await ages(`resourceVersion=${versionOf(changed)}&resourceVersionMatch=NotOlderThan`);
    expect(recent.ages).toEqual([{ age: 'old' }]);
    expect(Number(recent.version)).toBeGreaterThanOrEqual(Number(versionOf(changed)));
  });

  it.each([
    ['a match without a version', 'resourceVersionMatch=Exact'],
    ['Exact for any version', 'resourceVersion=0&resourceVersionMatch=Exact'],
    ['an unknown match', 'resourceVersion=1&resourceVersionMatch=Newest'],
    ['sendInitialEvents', 'sendInitialEvents=true'],
  ])('%s is invalid in a list', async (_what, query) => {
    expect(await workspace().api.send('GET', `${secrets()}?${query}`)).toEqual(
      refusal(422, 'Invalid', { details: expect.objectContaining({ kind: 'ListOptions' }) }),
    );
  });

  it('a version from the future is not reached in time (504)', async () => {
    const { metadata } = await page('limit=1');
    const future = Number(metadata.resourceVersion) + 1_000_000;
    const answer = await workspace().api.send('GET', `${secrets()}?resourceVersion=${future}`);
    expect(answer).toEqual(
      refusal(504, 'Timeout', {
        message: expect.stringContaining('Too large resource version'),
        details: expect.objectContaining({
          causes: [{ reason: 'ResourceVersionTooLarge', message: 'Too large resource version' }],
        }),
      }),
    );
  });

  it('selects by label and by field', async () => {
    const { api } = workspace();
    const home = configMaps(workspace());
    await api.create(home, configMap('labelled', {}, { labels: { tier: 'gold' } }));
    const names = async (query: string) => namesOf((await api.get<ApiList>(`${home}?${query}`)).items);
    expect(await names('labelSelector=tier%20in%20(gold,silver)')).toEqual(['labelled']);
    expect(await names('labelSelector=tier%3Dsilver')).toEqual([]);
    expect(await names('fieldSelector=metadata.name%3Dlabelled')).toEqual(['labelled']);
    expect(await api.send('GET', `${home}?fieldSelector=data.a%3Db`)).toEqual(refusal(400, 'BadRequest'));
    expect(await api.send('GET', `${home}?labelSelector=%3D%3D`)).toEqual(refusal(400, 'BadRequest'));
  });

  it('what is not there is not found (404)', async () => {
    const { api } = workspace();
    expect(await api.send('GET', `${configMaps(workspace())}/absent`)).toEqual(
      refusal(404, 'NotFound', {
        message: 'configmaps "absent" not found',
        details: { name: 'absent', kind: 'configmaps' },
      }),
    );
    expect(await api.send('GET', '/api/v1/gadgets')).toMatchObject({ status: 404 });
    expect(await api.send('GET', '/apis/none.example/v1/gadgets')).toMatchObject({ status: 404 });
  });
};
