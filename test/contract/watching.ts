import { expect, it } from 'vitest';
import {
  type Contract,
  configMap,
  configMaps,
  refusal,
  versionOf,
  type WatchEvent,
  watched,
} from './workspace.ts';

const END = 'k8s.io/initial-events-end';
const named = (name: string): string => `watch=true&fieldSelector=metadata.name%3D${name}`;
const WATCH_LIST = 'sendInitialEvents=true&resourceVersionMatch=NotOlderThan&allowWatchBookmarks=true';

const told = (events: readonly WatchEvent[]): readonly string[] =>
  events.map(({ type, object }) => `${type} ${object.metadata.name ?? ''}`.trim());

/** Streams of changes. */
export const watching: Contract = (workspace) => {
  const home = () => configMaps(workspace());
  const watch = (query: string) => watched(workspace().api, `${home()}?${query}`);

  it.concurrent('tells every change since a version', async () => {
    const { api } = workspace();
    const made = await api.create(home(), configMap('seen'));
    const changed = await api.merge(`${home()}/seen`, { data: { a: 'b' } });
    await api.remove(`${home()}/seen`);
    const events = await watch(`${named('seen')}&resourceVersion=${versionOf(made)}&timeoutSeconds=1`);
    expect(told(events)).toEqual(['MODIFIED seen', 'DELETED seen']);
    expect(events[0]?.object).toEqual(changed);
    const [, deleted] = events;
    expect(deleted && Number(versionOf(deleted.object))).toBeGreaterThan(Number(versionOf(changed)));
  });

  it.concurrent('begins with all there is when no version is asked for', async () => {
    await workspace().api.create(home(), configMap('present'));
    expect(told(await watch(`${named('present')}&timeoutSeconds=1`))).toEqual(['ADDED present']);
  });

  it.concurrent('what leaves a selection is deleted from it', async () => {
    const { api } = workspace();
    const made = await api.create(home(), configMap('moving', {}, { labels: { side: 'in' } }));
    await api.merge(`${home()}/moving`, { metadata: { labels: { side: 'out' } } });
    await api.merge(`${home()}/moving`, { metadata: { labels: { side: 'in' } } });
    const query = `watch=true&labelSelector=side%3Din&resourceVersion=${versionOf(made)}&timeoutSeconds=1`;
    expect(told(await watch(query))).toEqual(['DELETED moving', 'ADDED moving']);
  });

  it.concurrent('bookmarks tell how far it is, to those who ask', async () => {
    const { api } = workspace();
    const made = await api.create(home(), configMap('marked'));
    const query = `${named('none')}&resourceVersion=${versionOf(made)}&timeoutSeconds=4`;
    const [marks, without] = await Promise.all([watch(`${query}&allowWatchBookmarks=true`), watch(query)]);
    expect(without).toEqual([]);
    expect(marks.map(({ type }) => type)).toContain('BOOKMARK');
    const object = marks.at(-1)?.object;
    expect(object).toMatchObject({ apiVersion: 'v1', kind: 'ConfigMap' });
    expect(object && Number(versionOf(object))).toBeGreaterThanOrEqual(Number(versionOf(made)));
  });

  it.concurrent('a list can be streamed, with a mark at its end', async () => {
    const { api } = workspace();
    const made = await api.create(home(), configMap('streamed'));
    const events = await watch(`${named('streamed')}&${WATCH_LIST}&timeoutSeconds=1`);
    expect(told(events).slice(0, 2)).toEqual(['ADDED streamed', 'BOOKMARK']);
    const end = events[1]?.object;
    expect(end?.metadata.annotations).toEqual({ [END]: 'true' });
    expect(end && Number(versionOf(end))).toBeGreaterThanOrEqual(Number(versionOf(made)));
  });

  it.concurrent.each([
    ['without a match', 'sendInitialEvents=true&allowWatchBookmarks=true'],
    ['with Exact', 'sendInitialEvents=true&resourceVersionMatch=Exact&resourceVersion=1'],
    ['for a match alone', 'resourceVersionMatch=NotOlderThan&resourceVersion=1'],
  ])('a streamed list is refused %s', async (_what, query) => {
    const { api } = workspace();
    expect(await api.send('GET', `${home()}?watch=true&timeoutSeconds=1&${query}`)).toEqual(
      refusal(422, 'Invalid', { details: expect.objectContaining({ kind: 'ListOptions' }) }),
    );
  });

  it.concurrent('a version that is forgotten is an event in a good answer (410)', async ({ skip }) => {
    const events = await watched(
      workspace().api,
      '/apis/coordination.k8s.io/v1/leases?watch=true&resourceVersion=1&timeoutSeconds=1',
    );
    skip(events[0]?.type === 'ADDED', 'the server still keeps everything since its start');
    expect(events).toEqual([
      {
        type: 'ERROR',
        object: expect.objectContaining({
          kind: 'Status',
          status: 'Failure',
          code: 410,
          reason: 'Expired',
          message: expect.stringContaining('too old resource version: 1'),
        }),
      },
    ]);
  });
};
