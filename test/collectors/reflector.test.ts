/** The list/watch conformance rules W01-W35, each against a server that misbehaves on purpose. */
import { afterEach, describe, expect, it } from 'vitest';
import type { Keyed } from '../../src/domain/collection.ts';
import * as fault from '../support/faultServer.ts';
import { settle, until } from '../support/manualClock.ts';
import { Harness, type HarnessOptions } from '../support/reflectorHarness.ts';

let h: Harness;

async function start(options: HarnessOptions = {}): Promise<void> {
  h = await Harness.start(options);
}

/** A reflector that has listed pod `a` at version 10 and has its first watch open. */
async function synced(options: HarnessOptions = {}): Promise<ReturnType<typeof fault.controlled>> {
  const watch = fault.controlled();
  await start({
    ...options,
    before: (server, clock) => {
      server.lists.push(fault.list([{ name: 'a', rv: '9' }], '10'));
      server.watches.push(watch.reply);
      options.before?.(server, clock);
    },
  });
  await h.watches(1);
  await until(() => watch.opened(), 'watch open');
  await h.status('live');
  return watch;
}

afterEach(async () => h.stop());

describe('list', () => {
  it('W01 first list: resourceVersion 0, pages of 500', async () => {
    await synced();
    expect(h.server.list(0)?.get('resourceVersion')).toBe('0');
    expect(h.server.list(0)?.get('limit')).toBe('500');
    expect(h.names).toEqual(['a']);
  });

  it('W01 relist at the last version, whole; after it expired, the newest, in pages', async () => {
    await synced({ before: (server) => server.watches.push(fault.stream('garbage\n'), fault.ended()) });
    h.server.breakAll();
    await until(() => h.clock.waiting.length > 0 && h.last?.status === 'stale', 'stale');
    h.clock.advance(2_000);
    await h.watches(2);
    await until(() => h.last?.status === 'stale' && h.last.error.kind === 'protocol', 'garbage noticed');
    h.clock.advance(4_000);
    await h.lists(2);
    expect(h.server.list(1)?.get('resourceVersion')).toBe('10');
    expect(h.server.list(1)?.get('resourceVersionMatch')).toBe('NotOlderThan');
    expect(h.server.list(1)?.has('limit')).toBe(false);
  });

  it('W02 follows continue to the last page', async () => {
    await start({
      before: (server) => {
        server.lists.push(
          fault.list([{ name: 'a' }], '5', 'page2'),
          fault.list([], '5', 'page3'),
          fault.list([{ name: 'b' }], '5'),
        );
      },
    });
    await h.status('live');
    expect(h.names).toEqual(['a', 'b']);
    expect(h.server.list(1)?.get('continue')).toBe('page2');
    expect(h.server.list(1)?.has('resourceVersion')).toBe(false);
    expect(h.server.list(2)?.get('continue')).toBe('page3');
  });

  it('W02 expired on the second page: the whole list, never half of it', async () => {
    await start({
      before: (server) => {
        server.lists.push(
          fault.list([{ name: 'gone' }], '5', 'page2'),
          fault.status(410, 'Expired'),
          fault.list([{ name: 'a' }, { name: 'b' }], '7'),
        );
      },
    });
    await h.status('live');
    expect(h.names).toEqual(['a', 'b']);
    expect(h.server.list(2)?.has('limit')).toBe(false);
    expect(h.server.list(2)?.get('resourceVersion')).toBe('0');
    expect(h.statuses).toEqual(['pending', 'live']);
  });

  it('W20 a relist finds what was deleted meanwhile', async () => {
    const watch = await synced();
    h.server.lists.push(fault.list([{ name: 'b', rv: '20' }], '21'));
    watch.send(fault.event('ERROR', { kind: 'Status', code: 410, reason: 'Expired' }));
    await h.lists(2);
    await until(() => h.names.join() === 'b', 'a deleted, b added');
  });

  it('W21 the same name with a new uid is a deletion and an addition', async () => {
    const changes: string[] = [];
    const onChange = (before: Keyed | undefined, after: Keyed | undefined): void => {
      changes.push(`${before?.uid ?? '-'} > ${after?.uid ?? '-'}`);
    };
    const watch = await synced({ onChange });
    watch.send(fault.event('MODIFIED', fault.pod({ name: 'a', uid: 'other', rv: '11' })));
    await until(() => changes.length === 3, 'three changes');
    expect(changes).toEqual(['- > uid-a', 'uid-a > -', '- > other']);
  });

  it.each([
    [
      'W26 a web page',
      fault.text('<html>Please log in</html>'),
      /no Kubernetes API: it answers with a web page/,
    ],
    ['W26 nothing', fault.text('', 200, 'application/json'), /broken list/],
    ['W22 a Table', fault.json({ kind: 'Table', rows: [] }), /answers with Table instead of PodList/],
    [
      'W22 half a list',
      fault.text('{"kind":"PodList","items":[{"a":1}', 200, 'application/json'),
      /broken list/,
    ],
    ['W25 no version', fault.json({ kind: 'PodList', metadata: {}, items: [] }), /without resourceVersion/],
    [
      'a redirect',
      (response: Parameters<fault.Reply>[0]) => response.writeHead(302, { Location: '/login' }).end(),
      /a redirect/,
    ],
  ] as const)('%s instead of a list is an error, not an empty list', async (_, reply, message) => {
    await start({ before: (server) => server.lists.push(reply) });
    await h.status('failed');
    expect(h.last).toMatchObject({ error: { kind: 'protocol', message: expect.stringMatching(message) } });
    h.clock.advance(1_000);
    await h.status('live');
  });
});

describe('streaming list', () => {
  const end = (rv: string): string => fault.bookmark(rv, { 'k8s.io/initial-events-end': 'true' });

  it('W03 shows nothing before the end mark, then everything, and goes on as a watch', async () => {
    const watch = fault.controlled();
    await start({ streaming: true, before: (server) => server.watches.push(watch.reply) });
    await h.watches(1);
    expect(h.server.watch(0)?.get('sendInitialEvents')).toBe('true');
    expect(h.server.watch(0)?.get('resourceVersionMatch')).toBe('NotOlderThan');
    expect(h.server.watch(0)?.get('allowWatchBookmarks')).toBe('true');
    await until(() => watch.opened(), 'open');
    watch.send(fault.event('ADDED', fault.pod({ name: 'a', rv: '3' })));
    watch.send(fault.event('ADDED', fault.pod({ name: 'b', rv: '4' })));
    watch.send(fault.event('DELETED', fault.pod({ name: 'b', rv: '5' })));
    watch.send(fault.bookmark('5', { 'k8s.io/initial-events-end': 'false' }));
    await until(() => h.reflector.stats.events === 4, '4 events');
    expect(h.names).toEqual([]);
    expect(h.last?.status).toBe('pending');
    watch.send(end('6'));
    await h.status('live');
    expect(h.names).toEqual(['a']);
    watch.send(fault.event('ADDED', fault.pod({ name: 'c', rv: '7' })));
    await until(() => h.names.join() === 'a,c', 'c');
    expect(h.server.listCount).toBe(0);
  });

  it.each([
    [
      '422',
      fault.status(
        422,
        'Invalid',
        'sendInitialEvents is forbidden for watch unless the WatchList feature gate is enabled',
      ),
    ],
    ['400', fault.status(400, 'BadRequest')],
  ])('W04 refused with %s: an ordinary list, and nobody asks again', async (_, refusal) => {
    await start({
      streaming: true,
      before: (server) => {
        server.watches.push(refusal);
        server.lists.push(fault.list([{ name: 'a' }], '5'));
      },
    });
    await h.status('live');
    expect(h.names).toEqual(['a']);
    expect(h.streaming.supported).toBe(false);
    expect(h.statuses).not.toContain('failed');
  });

  it('W03 what changes and goes before the end mark is gone, what comes back is there', async () => {
    const a = fault.pod({ name: 'a', uid: 'first', rv: '1' });
    await start({
      streaming: true,
      before: (server) =>
        server.watches.push(
          fault.stream(
            fault.event('ADDED', a),
            fault.event('MODIFIED', fault.pod({ name: 'a', uid: 'first', rv: '3' })),
            fault.event('ADDED', fault.pod({ name: 'b', uid: 'old', rv: '2' })),
            fault.event('DELETED', fault.pod({ name: 'a', uid: 'first', rv: '4' })),
            fault.event('ADDED', fault.pod({ name: 'b', uid: 'new', rv: '6' })),
            fault.event('DELETED', fault.pod({ name: 'b', uid: 'old', rv: '5' })),
            end('7'),
          ),
        ),
    });
    await h.status('live');
    expect([...h.table.values()].map(({ name, uid }) => `${name} ${uid}`)).toEqual(['b new']);
  });

  it('W16 once complete it may be silent for as long as any watch', async () => {
    await start({ streaming: true, before: (server) => server.watches.push(fault.stream(end('7'))) });
    await h.status('live');
    await settle();
    h.clock.advance(89_999);
    await settle();
    expect(h.server.watchCount).toBe(1);
    h.clock.advance(1);
    await h.watches(2);
  });

  it('W04 broken before the end mark: started over with a clean state', async () => {
    await start({
      streaming: true,
      before: (server) =>
        server.watches.push(
          fault.ended(fault.event('ADDED', fault.pod({ name: 'old', rv: '3' }))),
          fault.stream(fault.event('ADDED', fault.pod({ name: 'new', rv: '4' })), end('5')),
        ),
    });
    await h.status('failed');
    expect(h.names).toEqual([]);
    h.clock.advance(1_000);
    await h.status('live');
    expect(h.names).toEqual(['new']);
  });

  it('W04 a server that ignores the wish and stays silent: an ordinary list', async () => {
    await start({
      streaming: true,
      before: (server) => {
        server.watches.push(fault.stream(fault.event('ADDED', fault.pod({ name: 'x' }))));
        server.lists.push(fault.list([{ name: 'a' }], '5'));
      },
    });
    await until(() => h.reflector.stats.events === 1, 'first event');
    h.clock.advance(20_000);
    await h.status('live');
    expect(h.names).toEqual(['a']);
  });

  it('W04 who may not watch may still list', async () => {
    await start({
      streaming: true,
      before: (server) => {
        server.watches.push(fault.status(403, 'Forbidden'), fault.status(403, 'Forbidden'));
        server.lists.push(fault.list([{ name: 'a' }], '5'));
      },
    });
    await h.status('stale');
    expect(h.names).toEqual(['a']);
    expect(h.last).toMatchObject({ error: { kind: 'forbidden' } });
  });
});

describe('watch', () => {
  it('W05 bookmarks are asked for, move the version on and change no data', async () => {
    const watch = await synced();
    expect(h.server.watch(0)?.get('allowWatchBookmarks')).toBe('true');
    const version = h.table.version;
    watch.send(fault.bookmark('55'));
    await until(() => h.reflector.stats.events === 1, 'bookmark');
    h.clock.advance(20_000);
    watch.end();
    await h.watches(2);
    expect(h.server.watch(1)?.get('resourceVersion')).toBe('55');
    expect(h.table.version).toBe(version);
    expect(h.server.listCount).toBe(1);
  });

  it('W06 410 as HTTP status: a relist without an error state', async () => {
    const watch = await synced({
      before: (server) => {
        server.watches.push(fault.status(410, 'Expired'));
        server.lists.push(fault.list([{ name: 'b' }], '30'));
      },
    });
    h.clock.advance(20_000);
    watch.end();
    await h.lists(2);
    await until(() => h.names.join() === 'b', 'relisted');
    expect(h.server.list(1)?.has('resourceVersion')).toBe(false);
    expect(h.server.list(1)?.get('limit')).toBe('500');
    expect(new Set(h.statuses)).toEqual(new Set(['pending', 'live']));
  });

  it('W07 410 as ERROR event: a relist without an error state', async () => {
    const watch = await synced();
    h.server.lists.push(fault.list([{ name: 'b' }], '30'));
    watch.send(
      fault.event('ERROR', {
        kind: 'Status',
        code: 410,
        reason: 'Gone',
        message: 'too old resource version',
      }),
    );
    await until(() => h.names.join() === 'b', 'relisted');
    expect(h.statuses).not.toContain('stale');
  });

  it('W06 410 again and again waits between lists', async () => {
    await start({
      before: (server) => server.watches.push(...Array<fault.Reply>(9).fill(fault.status(410, 'Expired'))),
    });
    await h.lists(2);
    await settle();
    expect(h.server.listCount).toBe(2);
    expect(h.last?.status).toBe('stale');
  });

  it('W08 an ERROR event ends the watch even when the server leaves it open', async () => {
    const watch = await synced();
    watch.send(fault.event('ERROR', { kind: 'Status', code: 500, message: 'etcd is away' }));
    await h.status('stale');
    expect(h.last).toMatchObject({
      error: { kind: 'server', message: expect.stringContaining('etcd is away') },
    });
    h.clock.advance(1_000);
    await h.watches(2);
    expect(h.server.watch(1)?.get('resourceVersion')).toBe('10');
  });

  it.each([500, 503, 504])('W09 %d: backoff, same version, no relist', async (code) => {
    const watch = await synced({
      before: (server) => server.watches.push(fault.status(code, 'InternalError')),
    });
    h.clock.advance(20_000);
    watch.end();
    await h.status('stale');
    expect(h.last).toMatchObject({ error: { kind: 'server', attempt: 1, nextTryAt: h.clock.now() + 800 } });
    h.clock.advance(800);
    await h.watches(3);
    await h.status('live');
    expect(h.server.watch(2)?.get('resourceVersion')).toBe('10');
    expect(h.server.listCount).toBe(1);
  });

  it('W10 429: backoff, same version, no relist; Retry-After obeyed to the second', async () => {
    const watch = await synced({
      before: (server) =>
        server.watches.push(fault.status(429, 'TooManyRequests', 'slow down', { 'Retry-After': '7' })),
    });
    h.clock.advance(20_000);
    watch.end();
    await h.status('stale');
    expect(h.last).toMatchObject({ error: { kind: 'busy' } });
    h.clock.advance(6_999);
    await settle();
    expect(h.server.watchCount).toBe(2);
    h.clock.advance(1);
    await h.watches(3);
    expect(h.server.watch(2)?.get('resourceVersion')).toBe('10');
    expect(h.server.listCount).toBe(1);
  });

  it('W11 connection refused: stale with cause, then resumed from the last version without a relist', async () => {
    const watch = await synced();
    watch.send(fault.event('MODIFIED', fault.pod({ name: 'a', rv: '12' })));
    await until(() => h.reflector.stats.events === 1, 'event');
    h.clock.advance(20_000);
    const { port } = h.server;
    await h.server.stop();
    await h.status('stale');
    expect(h.last).toMatchObject({
      error: {
        kind: 'unreachable',
        message: expect.stringContaining('connection refused by http://127.0.0.1'),
      },
    });
    expect(h.names).toEqual(['a']);
    await h.server.start(port);
    h.clock.advance(1_600);
    await h.status('live');
    expect(h.server.watch(1)?.get('resourceVersion')).toBe('12');
    expect(h.server.listCount).toBe(1);
  });

  it('W12 a reset after a healthy time: resumed at once from the last version, without an error state', async () => {
    const watch = await synced();
    h.clock.advance(20_000);
    watch.reset();
    await h.watches(2);
    expect(h.server.watch(1)?.get('resourceVersion')).toBe('10');
    expect(h.statuses).not.toContain('stale');
    expect(h.server.listCount).toBe(1);
  });

  it('W13 backoff 0.8 s doubled up to 30 s with jitter; back to the start after two healthy minutes', async () => {
    const watch = await synced({
      before: (server) => server.watches.push(...Array<fault.Reply>(9).fill(fault.reset)),
    });
    h.clock.advance(20_000);
    watch.end();
    // One reset more than failures: the first one hits a kept connection, which is tried again on a new one.
    const waits: number[] = [];
    for (let failure = 1; failure <= 8; failure += 1) {
      await until(() => h.last?.status === 'stale' && h.last.error.attempt === failure, `failure ${failure}`);
      await until(() => h.clock.waiting.length === 1, 'waiting');
      const wait = h.clock.waiting[0] ?? 0;
      waits.push(wait);
      h.clock.advance(wait);
    }
    expect(waits).toEqual([800, 1600, 3200, 6400, 12800, 25600, 30000, 30000]);
    await h.status('live');
    h.server.watches.push(fault.reset);
    for (let minute = 0; minute < 2; minute += 1) h.clock.advance(60_000);
    h.server.breakAll();
    await until(() => h.last?.status === 'stale', 'failed anew');
    expect(h.last).toMatchObject({ error: { attempt: 1 } });
  });

  it('W14 a watch that ends at once without events is a failure, not a loop', async () => {
    await start({ before: (server) => server.watches.push(...Array<fault.Reply>(20).fill(fault.ended())) });
    await h.status('stale');
    await settle();
    expect(h.server.watchCount).toBe(1);
    h.clock.advance(800);
    await h.watches(2);
    await settle();
    expect(h.server.watchCount).toBe(2);
  });

  it('W14 short watches with an event each are slowed down too', async () => {
    const one = fault.ended(fault.event('MODIFIED', fault.pod({ name: 'a', rv: '11' })));
    await start({ before: (server) => server.watches.push(...Array<fault.Reply>(20).fill(one)) });
    await h.watches(1);
    await settle();
    expect(h.server.watchCount).toBe(1);
    expect(h.last?.status).toBe('live');
  });

  it('W15 every watch asks for an end between 5 and 10 minutes', async () => {
    const watch = await synced();
    expect(h.server.watch(0)?.get('timeoutSeconds')).toBe('300');
    h.clock.chance = 0.999;
    h.clock.advance(20_000);
    watch.end();
    await h.watches(2);
    expect(h.server.watch(1)?.get('timeoutSeconds')).toBe('600');
  });

  it('W16 a half-open connection: given up after 90 s of silence and resumed elsewhere', async () => {
    await synced();
    await settle();
    h.clock.advance(89_999);
    await settle();
    expect(h.server.watchCount).toBe(1);
    h.clock.advance(1);
    await h.watches(2);
    expect(h.server.watch(1)?.get('resourceVersion')).toBe('10');
    expect(h.statuses).not.toContain('stale');
  });

  it('W17 headers held back until the first event: data is shown, and the clock runs from the request', async () => {
    await start({
      before: (server) => {
        server.lists.push(fault.list([{ name: 'a' }], '10'));
        server.watches.push(fault.hang);
      },
    });
    await h.status('live');
    await h.watches(1);
    h.clock.advance(90_000);
    await h.status('stale');
    expect(h.last).toMatchObject({ error: { kind: 'timeout' } });
    h.clock.advance(2_000);
    await h.status('live');
  });

  it.each([
    [
      'by cause',
      'Timeout: whatever',
      { causes: [{ reason: 'ResourceVersionTooLarge', message: 'Too large resource version' }] },
    ],
    ['by message', 'Too large resource version: 10, current: 5', undefined],
  ])(
    'W18 version too large (%s): a list of the newest, without an error state',
    async (_, message, details) => {
      const watch = await synced({
        before: (server) => {
          server.watches.push(fault.status(504, 'Timeout', message, {}, details));
          server.lists.push(fault.list([{ name: 'old', rv: '4' }], '5'));
        },
      });
      h.clock.advance(20_000);
      watch.end();
      await until(() => h.names.join() === 'old', 'relisted');
      expect(h.server.list(1)?.has('resourceVersion')).toBe(false);
      expect(h.statuses).not.toContain('stale');
    },
  );

  it('W19 duplicates are one update; an older event neither overwrites nor turns back', async () => {
    const watch = await synced();
    const before = h.table.version;
    watch.send(fault.event('ADDED', fault.pod({ name: 'a', rv: '100' })));
    watch.send(fault.event('ADDED', fault.pod({ name: 'a', rv: '100' })));
    watch.send(fault.event('MODIFIED', fault.pod({ name: 'a', rv: '99' })));
    await until(() => h.reflector.stats.events === 3, '3 events');
    expect(h.table.version).toBe(before + 1);
    expect(h.table.get('default/a')?.resourceVersion).toBe('100');
    h.clock.advance(20_000);
    watch.end();
    await h.watches(2);
    expect(h.server.watch(1)?.get('resourceVersion')).toBe('100');
  });

  it('W19 a late deletion of the former object leaves its successor alone', async () => {
    const watch = await synced();
    watch.send(fault.event('ADDED', fault.pod({ name: 'a', uid: 'new', rv: '11' })));
    watch.send(fault.event('DELETED', fault.pod({ name: 'a', uid: 'uid-a', rv: '12' })));
    await until(() => h.reflector.stats.events === 2, '2 events');
    expect(h.table.get('default/a')?.uid).toBe('new');
  });

  it('W22 wrong kinds and unknown event types are skipped, counted and named', async () => {
    const watch = await synced();
    watch.send(fault.event('ADDED', fault.pod({ name: 't', kind: 'Table' })));
    watch.send(fault.event('SURPRISE', fault.pod({ name: 's' })));
    watch.send(fault.event('ADDED', { kind: 'Pod', metadata: {} }));
    watch.send(fault.event('ADDED', fault.pod({ name: 'b', rv: '11' })));
    await until(() => h.names.join() === 'a,b', 'b');
    expect(h.reflector.stats.skipped).toBe(3);
    expect(h.last?.status).toBe('live');
  });

  it('W23 an undecodable line: an event was lost, so relist, and say so meanwhile', async () => {
    const watch = await synced();
    h.server.lists.push(fault.list([{ name: 'b' }], '30'));
    watch.send('{"type":"ADDED","obj\n');
    await h.status('stale');
    expect(h.last).toMatchObject({
      error: { kind: 'protocol', message: expect.stringContaining('broken watch event') },
    });
    h.clock.advance(1_000);
    await h.status('live');
    expect(h.names).toEqual(['b']);
  });

  it('W24 events cut at any byte arrive whole', async () => {
    const watch = await synced();
    const line = Buffer.from(fault.event('ADDED', fault.pod({ name: 'ü-日本', uid: 'u\u2028', rv: '11' })));
    for (const byte of line) watch.send(Buffer.from([byte]) as unknown as string);
    await until(() => h.table.size === 2, 'the object');
    expect(h.table.get('default/ü-日本')?.uid).toBe('u\u2028');
  });

  it('W24 an event of 8 MiB does not stall the loop', async () => {
    const watch = await synced();
    const big = { ...fault.pod({ name: 'big', rv: '11' }), status: { message: 'x'.repeat(8 << 20) } };
    const line = fault.event('ADDED', big);
    let worst = 0;
    let last = performance.now();
    const timer = setInterval(() => {
      worst = Math.max(worst, performance.now() - last);
      last = performance.now();
    }, 1);
    watch.send(line);
    await until(() => h.table.size === 2, 'the object');
    clearInterval(timer);
    expect(worst).toBeLessThan(150);
  });

  it('W25 an object without a version does not reset the cursor', async () => {
    const watch = await synced();
    watch.send(fault.event('ADDED', fault.pod({ name: 'b' })));
    await until(() => h.names.join() === 'a,b', 'b');
    h.clock.advance(20_000);
    watch.end();
    await h.watches(2);
    expect(h.server.watch(1)?.get('resourceVersion')).toBe('10');
    expect(h.server.listCount).toBe(1);
  });

  it('W26 a web page instead of a watch is an error, and the data is kept', async () => {
    const watch = await synced({ before: (server) => server.watches.push(fault.text('<html></html>')) });
    h.clock.advance(20_000);
    watch.end();
    await h.status('stale');
    expect(h.last).toMatchObject({ error: { kind: 'protocol' } });
    expect(h.names).toEqual(['a']);
  });

  it('W27 a listener that throws costs no data', async () => {
    const watch = await synced({
      onChange: () => {
        throw new Error('bug');
      },
    });
    watch.send(fault.event('ADDED', fault.pod({ name: 'b', rv: '11' })));
    await until(() => h.names.join() === 'a,b', 'b');
    expect(h.reflector.stats.handlerErrors).toBe(2);
    expect(h.last?.status).toBe('live');
  });
});

describe('permissions and presence', () => {
  it('W28 401: no second try where no fresh login can be had; backoff, then live again', async () => {
    await start({
      user: { token: 'old' },
      before: (server) => server.lists.push(fault.status(401, 'Unauthorized')),
    });
    await h.status('failed');
    expect(h.last).toMatchObject({ error: { kind: 'unauthorized', fix: expect.any(String) } });
    expect(h.server.listCount).toBe(1);
    h.clock.advance(800);
    await h.status('live');
  });

  it('W28 403: names verb and resource, tries ever more slowly, heals without restart', async () => {
    const message =
      'pods is forbidden: User "bob" cannot list resource "pods" in API group "" at the cluster scope';
    const refusals = Array.from({ length: 8 }, () => fault.status(403, 'Forbidden', message));
    await start({ before: (server) => server.lists.push(...refusals) });
    await h.status('failed');
    expect(h.last).toMatchObject({
      error: {
        kind: 'forbidden',
        message: 'no permission to list pods',
        fix: expect.stringContaining('bob'),
      },
    });
    const waits: number[] = [];
    for (let refused = 1; refused <= refusals.length; refused += 1) {
      await until(() => h.server.listCount === refused && h.clock.waiting.length === 1, `refusal ${refused}`);
      const wait = Math.min(...h.clock.waiting);
      waits.push(wait);
      h.clock.advance(wait);
    }
    await h.status('live');
    // A server that has just started forbids everything for a moment; a missing permission lasts.
    expect(waits[0]).toBeLessThan(2_000);
    expect(waits.at(-1)).toBe(30_000);
  });

  it('W28 403 after a restart of the server: what was read is kept, and soon live again', async () => {
    const watch = await synced();
    h.server.watches.push(fault.status(403, 'Forbidden', 'rbac: clusterrole "x" not found'));
    watch.end();
    h.clock.advance(20_000);
    await h.status('stale');
    expect(h.names).toEqual(['a']);
    h.clock.advance(2_000);
    await h.status('live');
  });

  it('W29 404: absent, rechecked cheaply, filled when installed later, without flicker', async () => {
    await start({
      before: (server) => {
        server.lists.push(
          fault.text('404 page not found\n', 404, 'text/plain'),
          fault.status(404, 'NotFound'),
          fault.list([{ name: 'a' }], '5'),
        );
      },
    });
    await h.status('absent');
    h.clock.advance(60_000);
    await h.lists(2);
    await settle();
    expect(h.statuses).toEqual(['absent']);
    h.clock.advance(60_000);
    await h.status('live');
    expect(h.names).toEqual(['a']);
  });

  it('a web page with 404 is not "not installed"', async () => {
    await start({ before: (server) => server.lists.push(fault.text('<html>nginx</html>', 404)) });
    await h.status('failed');
    expect(h.last).toMatchObject({ error: { kind: 'protocol' } });
  });
});

describe('control', () => {
  it('retryNow ends the wait', async () => {
    await start({ before: (server) => server.lists.push(fault.status(403, 'Forbidden')) });
    await h.status('failed');
    await until(() => h.clock.waiting.length === 1, 'waiting');
    h.reflector.retryNow();
    await h.status('live');
  });

  it('W35 after stop: nothing is published, no timer and no connection is left', async () => {
    const watch = await synced();
    await h.reflector.stop();
    h.http.close();
    const count = h.snapshots.length;
    watch.send(fault.event('ADDED', fault.pod({ name: 'late', rv: '11' })));
    h.clock.advance(600_000);
    await until(() => h.server.openConnections === 0, 'connections closed');
    await settle();
    expect(h.snapshots).toHaveLength(count);
    expect(h.names).toEqual(['a']);
    expect(h.clock.waiting).toEqual([]);
    expect(h.server.watchCount).toBe(1);
  });

  it('W35 stop before the first answer', async () => {
    await start({ before: (server) => server.lists.push(fault.hang) });
    await h.lists(1);
    await h.reflector.stop();
    expect(h.snapshots).toEqual([]);
    expect(h.clock.waiting).toEqual([]);
  });

  it('a clock that is set back silences nothing', async () => {
    const watch = await synced();
    h.clock.advance(-3_600_000);
    watch.send(fault.bookmark('12'));
    await until(
      () => h.last?.status === 'live' && h.last.observedAt === h.clock.now(),
      'published at the new time',
    );
  });

  it('a Retry-After beyond all reason is not waited for', async () => {
    await start({
      before: (server) =>
        server.lists.push(fault.status(503, 'ServiceUnavailable', 'down', { 'Retry-After': '86400' })),
    });
    await h.status('failed');
    h.clock.advance(300_000);
    await h.status('live');
  });

  it('a quiet source stays live and its age follows the bookmarks', async () => {
    const watch = await synced();
    h.clock.advance(60_000);
    watch.send(fault.bookmark('11'));
    await until(() => h.last?.status === 'live' && h.last.observedAt === h.clock.now(), 'a new age');
    expect(h.server.watchCount).toBe(1);
  });
});
