import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { at, pod, startCluster, type TestCluster } from '../small-cluster.ts';

const PODS = '/api/v1/pods';

/** An open watch that is read event by event. */
class Watch {
  readonly status: number;
  readonly #reader: ReadableStreamDefaultReader<string>;
  readonly #leave: AbortController;
  #buffer = '';

  private constructor(response: Response, leave: AbortController) {
    if (!response.body) throw new Error('no body');
    this.status = response.status;
    this.#reader = response.body.pipeThrough(new TextDecoderStream()).getReader();
    this.#leave = leave;
  }

  static async open(url: string, accept = 'application/json'): Promise<Watch> {
    const leave = new AbortController();
    return new Watch(await fetch(url, { headers: { Accept: accept }, signal: leave.signal }), leave);
  }

  /** The next event, or undefined at the end. */
  async next(): Promise<unknown> {
    for (;;) {
      const end = this.#buffer.indexOf('\n');
      if (end >= 0) {
        const line = this.#buffer.slice(0, end);
        this.#buffer = this.#buffer.slice(end + 1);
        return JSON.parse(line);
      }
      const { value, done } = await this.#reader.read();
      if (done) return undefined;
      this.#buffer += value;
    }
  }

  /** The next `count` events as 'TYPE name'. */
  async take(count: number): Promise<string[]> {
    const events: string[] = [];
    for (let index = 0; index < count; index += 1) {
      const event = await this.next();
      events.push(`${at(event, 'type')} ${at(event, 'object', 'metadata', 'name') ?? ''}`.trim());
    }
    return events;
  }

  close(): void {
    this.#leave.abort();
  }
}

describe('watch', () => {
  let cluster: TestCluster;
  let watches: Watch[];
  beforeEach(async () => {
    cluster = await startCluster({ historyLimit: 10 });
    watches = [];
  });
  afterEach(async () => {
    for (const each of watches) each.close();
    await cluster.close();
  });

  async function open(query: string, accept?: string, path = PODS): Promise<Watch> {
    const watch = await Watch.open(`${cluster.server.url}${path}?watch=true&${query}`, accept);
    watches.push(watch);
    return watch;
  }

  test('sends what changed since a version, then what changes', async () => {
    const since = cluster.store.resourceVersion;
    cluster.store.create('pods', pod('x'));
    const watch = await open(`resourceVersion=${since}`);
    expect(await watch.take(1)).toEqual(['ADDED x']);
    cluster.store.delete('pods', 'media', 'x');
    cluster.store.remove('pods', 'media', 'x');
    expect(await watch.take(2)).toEqual(['MODIFIED x', 'DELETED x']);
  });

  test('without a version it begins with everything', async () => {
    const watch = await open('');
    expect(await watch.take(2)).toEqual(['ADDED web-1-a', 'ADDED web-1-b']);
    cluster.store.create('pods', pod('x'));
    expect(await watch.take(1)).toEqual(['ADDED x']);
  });

  test('a forgotten version is one ERROR event with 410 on a 200', async () => {
    const since = cluster.store.resourceVersion;
    for (let index = 0; index < 20; index += 1) cluster.store.create('pods', pod(`late-${index}`));
    const watch = await open(`resourceVersion=${since}`);
    expect(watch.status).toBe(200);
    const event = await watch.next();
    expect([at(event, 'type'), at(event, 'object', 'code'), at(event, 'object', 'reason')]).toEqual([
      'ERROR',
      410,
      'Expired',
    ]);
    expect(await watch.next()).toBeUndefined();
  });

  test('bookmarks come every minute and at the end', async () => {
    const watch = await open(
      `resourceVersion=${cluster.store.resourceVersion}&allowWatchBookmarks=true&timeoutSeconds=90`,
    );
    cluster.clock.advance(60_000);
    const event = await watch.next();
    expect([
      at(event, 'type'),
      at(event, 'object', 'kind'),
      at(event, 'object', 'metadata', 'resourceVersion'),
    ]).toEqual(['BOOKMARK', 'Pod', cluster.store.resourceVersion]);
    cluster.clock.advance(30_000);
    expect(await watch.take(1)).toEqual(['BOOKMARK']);
    expect(await watch.next()).toBeUndefined();
  });

  test('the streaming list marks the end of what was there', async () => {
    const watch = await open(
      'sendInitialEvents=true&resourceVersionMatch=NotOlderThan&allowWatchBookmarks=true',
    );
    expect(await watch.take(2)).toEqual(['ADDED web-1-a', 'ADDED web-1-b']);
    const mark = await watch.next();
    expect(at(mark, 'object', 'metadata', 'annotations')).toEqual({ 'k8s.io/initial-events-end': 'true' });
    expect(at(mark, 'object', 'metadata', 'resourceVersion')).toBe(cluster.store.resourceVersion);
  });

  test.each([
    ['sendInitialEvents=true', 'requires setting resourceVersionMatch to NotOlderThan'],
    ['sendInitialEvents=true&resourceVersionMatch=Exact', 'supported values: "NotOlderThan"'],
    ['resourceVersionMatch=NotOlderThan', 'forbidden for watch unless sendInitialEvents is provided'],
  ])('%s is refused with 422', async (query, message) => {
    const answer = await cluster.call('GET', `${PODS}?watch=true&${query}`);
    expect([answer.status, answer.at('message')]).toEqual([422, expect.stringContaining(message)]);
  });

  test('a version from the future is refused with 504', async () => {
    const answer = await cluster.call('GET', `${PODS}?watch=true&resourceVersion=999999`);
    expect([answer.status, answer.at('details', 'causes', 0, 'reason')]).toEqual([
      504,
      'ResourceVersionTooLarge',
    ]);
  });

  test('an object enters and leaves a selection', async () => {
    const watch = await open(`resourceVersion=${cluster.store.resourceVersion}&labelSelector=hot`);
    const cold = cluster.store.get('pods', 'media', 'web-1-a');
    if (!cold) throw new Error('no pod');
    const hot = cluster.store.update('pods', {
      ...cold,
      metadata: { ...cold.metadata, labels: { hot: '1' } },
    });
    cluster.store.update('pods', { ...hot, metadata: { ...hot.metadata, labels: {} } });
    expect(await watch.take(2)).toEqual(['ADDED web-1-a', 'DELETED web-1-a']);
  });

  test('a watch of one namespace hears nothing of another', async () => {
    const watch = await open(
      `resourceVersion=${cluster.store.resourceVersion}`,
      undefined,
      '/api/v1/namespaces/media/pods',
    );
    cluster.store.create('pods', pod('elsewhere', { namespace: 'default' }));
    cluster.store.create('pods', pod('here'));
    expect(await watch.take(1)).toEqual(['ADDED here']);
  });

  test('table events carry rows, and columns only once', async () => {
    const watch = await open('', 'application/json;as=Table;g=meta.k8s.io;v=v1');
    const [first, second] = [await watch.next(), await watch.next()];
    expect(at(first, 'object', 'columnDefinitions', 0, 'name')).toBe('Name');
    expect(at(first, 'object', 'rows', 0, 'cells', 2)).toBe('Running');
    expect(at(second, 'object', 'columnDefinitions')).toBeUndefined();
  });

  test('metadata events hold no spec', async () => {
    const watch = await open('', 'application/json;as=PartialObjectMetadata;g=meta.k8s.io;v=v1');
    const event = await watch.next();
    expect([at(event, 'object', 'kind'), at(event, 'object', 'spec')]).toEqual([
      'PartialObjectMetadata',
      undefined,
    ]);
  });
});
