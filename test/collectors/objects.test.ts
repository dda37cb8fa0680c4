import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { KubeHttp } from '../../src/collectors/kubernetes/http.ts';
import { LogSplitter, streamLogs } from '../../src/collectors/kubernetes/logs.ts';
import { readLines } from '../../src/collectors/kubernetes/objects.ts';
import { FaultServer, json, type Reply, status, text } from '../support/faultServer.ts';
import { until } from '../support/manualClock.ts';
import { accessTo } from '../support/reflectorHarness.ts';

let server: FaultServer;
let http: KubeHttp;

beforeEach(async () => {
  server = new FaultServer();
  await server.start();
  http = new KubeHttp(accessTo(server.url));
});

afterEach(async () => {
  http.close();
  await server.stop();
});

const POD = '/api/v1/namespaces/ns/pods/p';
const ref = { kind: 'Pod', namespace: 'ns', name: 'p' };
const pod = {
  kind: 'Pod',
  apiVersion: 'v1',
  metadata: {
    name: 'p',
    namespace: 'ns',
    managedFields: [{ manager: 'x' }],
    annotations: { note: '\x1b]0;pwned\x07' },
  },
  spec: {
    nodeName: 'n1',
    containers: [
      {
        name: 'c',
        image: 'img',
        env: [{ name: 'PW', valueFrom: { secretKeyRef: { name: 's', key: 'k' } } }],
      },
    ],
  },
  status: {
    phase: 'Running',
    containerStatuses: [
      {
        name: 'c',
        restartCount: 3,
        state: { waiting: { reason: 'CrashLoopBackOff' } },
        lastState: { terminated: { exitCode: 137, reason: 'OOMKilled' } },
      },
    ],
  },
};
const event = {
  metadata: { name: 'e', namespace: 'ns', uid: 'e1' },
  type: 'Warning',
  reason: 'BackOff',
  message: 'Back-off\u200b restarting',
  count: 4,
  lastTimestamp: new Date(Date.now() - 60_000).toISOString(),
  involvedObject: { kind: 'Pod', name: 'p' },
};

describe('readLines', () => {
  it('YAML without managedFields and without live escape sequences', async () => {
    server.others.set(POD, json(pod));
    const yaml = (await readLines(http, 'yaml', ref)).join('\n');
    expect(yaml).toMatch(/^apiVersion: v1\nkind: Pod\n/);
    expect(yaml).not.toContain('managedFields');
    expect(yaml).not.toContain('\x1b');
    expect(yaml).toContain('pwned');
  });

  it('a description with containers, states and events, each text made safe once', async () => {
    server.others.set(POD, json(pod));
    server.others.set('/api/v1/namespaces/ns/events', json({ kind: 'EventList', items: [event] }));
    const lines = await readLines(http, 'describe', ref);
    const shown = lines.join('\n');
    expect(shown).toMatch(/^Name: +p\nNamespace: +ns\n/);
    expect(shown).toMatch(/State: +Waiting: CrashLoopBackOff/);
    expect(shown).toMatch(/Last State: +Terminated: OOMKilled: exit code 137/);
    expect(shown).toMatch(/Restart Count: +3/);
    expect(shown).toContain('PW from secretKeyRef s/k');
    expect(shown).toContain('note=␛]0;pwned␇');
    expect(shown).toMatch(/Warning +BackOff +1m \(x4 over 1m\) .*Back-off\\u\{200b\} restarting/);
    expect(
      server.seen.at(-1)?.query.get('fieldSelector') ?? server.seen[0]?.query.get('fieldSelector'),
    ).toContain('involvedObject.name=p');
  });

  it('a description although the events may not be read', async () => {
    server.others.set(POD, json(pod));
    server.others.set('/api/v1/namespaces/ns/events', status(403, 'Forbidden'));
    const lines = await readLines(http, 'describe', ref);
    expect(lines.at(-1)).toMatch(/^Events: not known: no permission/);
  });

  it('kinds that are not built in are found by discovery, past an API that is away', async () => {
    server.others.set(
      '/apis',
      json({
        groups: [
          { preferredVersion: { groupVersion: 'away/v1' } },
          { preferredVersion: { groupVersion: 'ceph.rook.io/v1' } },
        ],
      }),
    );
    server.others.set('/apis/away/v1', status(503, 'ServiceUnavailable'));
    server.others.set(
      '/apis/ceph.rook.io/v1',
      json({ resources: [{ kind: 'CephCluster', name: 'cephclusters', namespaced: true }] }),
    );
    server.others.set(
      '/apis/ceph.rook.io/v1/namespaces/rook/cephclusters/main',
      json({ kind: 'CephCluster', apiVersion: 'ceph.rook.io/v1', metadata: { name: 'main' } }),
    );
    expect(await readLines(http, 'yaml', { kind: 'CephCluster', namespace: 'rook', name: 'main' })).toContain(
      'kind: CephCluster',
    );
    await expect(readLines(http, 'yaml', { kind: 'Nonsense', name: 'x' })).rejects.toThrow(
      'knows no kind Nonsense',
    );
  });

  it('a name cannot lead to another path', async () => {
    await expect(readLines(http, 'yaml', { kind: 'Node', name: '..' })).rejects.toThrow('is no name');
    await readLines(http, 'yaml', { kind: 'Node', name: '../pods?x=' }).catch(() => {});
    expect(server.seen.at(-1)?.path).toBe('/api/v1/nodes/..%2Fpods%3Fx%3D');
  });
});

describe('Secrets', () => {
  const path = '/api/v1/namespaces/ns/secrets/s';
  const secret = { kind: 'Secret', namespace: 'ns', name: 's' };
  const metadata = {
    name: 's',
    annotations: {
      'kubectl.kubernetes.io/last-applied-configuration': '{"data":{"pw":"canary"}}',
      keep: 'me',
    },
  };

  it('only metadata is asked for and shown, without the copy of the values that kubectl leaves in it', async () => {
    server.others.set(path, json({ kind: 'PartialObjectMetadata', metadata }));
    for (const kind of ['yaml', 'describe'] as const) {
      const lines = (await readLines(http, kind, secret)).join('\n');
      expect(lines).toContain('keep');
      expect(lines).not.toContain('canary');
    }
    const asked = server.seen.find((seen) => seen.path === path);
    expect(asked?.headers.accept).toBe('application/json;as=PartialObjectMetadata;g=meta.k8s.io;v=v1');
  });

  it('a server that answers with values is refused', async () => {
    server.others.set(path, json({ kind: 'Secret', metadata, data: { pw: 'Y2FuYXJ5' } }));
    await expect(readLines(http, 'yaml', secret)).rejects.toThrow('would send the values');
  });
});

describe('streamLogs', () => {
  it('asks for the container and run, follows, and ends when told to', async () => {
    let open: Parameters<Reply>[0] | undefined;
    server.others.set(`${POD}/log`, (response) => {
      open = response;
      response.writeHead(200, { 'Content-Type': 'text/plain' });
      response.write('one\ntw');
    });
    const lines: string[] = [];
    const stop = new AbortController();
    const done = streamLogs(
      http,
      ref,
      { container: 'c', follow: true, tailLines: 50 },
      (more) => lines.push(...more),
      stop.signal,
    );
    await until(() => lines.length === 1, 'a line');
    expect(Object.fromEntries(server.seen[0]?.query ?? [])).toEqual({
      container: 'c',
      follow: 'true',
      tailLines: '50',
    });
    open?.write('o\n<html>three</html>\n');
    await until(() => lines.length === 3, 'more lines');
    expect(lines).toEqual(['one', 'two', '<html>three</html>']);
    stop.abort();
    await done;
  });

  it('says why there is no log', async () => {
    server.others.set(
      `${POD}/log`,
      status(400, 'BadRequest', 'previous terminated container "c" in pod "p" not found'),
    );
    const read = streamLogs(
      http,
      ref,
      { container: 'c', previous: true },
      () => {},
      new AbortController().signal,
    );
    await expect(read).rejects.toThrow('previous terminated container "c" in pod "p" not found');
  });

  it('a broken stream is an error, after its lines', async () => {
    server.others.set(`${POD}/log`, (response) => {
      response.writeHead(200, { 'Content-Type': 'text/plain' });
      response.write('last words\n', () => response.socket?.resetAndDestroy());
    });
    const lines: string[] = [];
    const read = streamLogs(
      http,
      ref,
      { container: 'c' },
      (more) => lines.push(...more),
      new AbortController().signal,
    );
    await expect(read).rejects.toMatchObject({ kind: 'unreachable' });
    expect(lines).toEqual(['last words']);
  });

  it('the last line needs no newline', async () => {
    server.others.set(`${POD}/log`, text('a\nb', 200, 'text/plain'));
    const lines: string[] = [];
    await streamLogs(
      http,
      ref,
      { container: 'c' },
      (more) => lines.push(...more),
      new AbortController().signal,
    );
    expect(lines).toEqual(['a', 'b']);
  });
});

describe('LogSplitter', () => {
  it.each([
    [
      'colours are taken out, other sequences shown',
      '\x1b[1;31mred\x1b[0m \x1b]52;c;x\x07\n',
      ['red ␛]52;c;x␇'],
    ],
    ['tabs become spaces, CRLF is a line end', 'a\tb\r\n', ['a       b']],
    ['empty lines stay', '\n\n', ['', '']],
    ['broken UTF-8 is replaced', Buffer.from([0xff, 0x0a]), ['\ufffd']],
  ])('%s', (_, bytes, lines) => {
    expect(new LogSplitter().feed(Buffer.from(bytes))).toEqual(lines);
  });

  it('a line without end is cut at 16 KiB and costs no more memory', () => {
    const splitter = new LogSplitter();
    const chunk = Buffer.alloc(64 << 10, 0x61);
    for (let i = 0; i < 100; i += 1) expect(splitter.feed(chunk)).toEqual([]);
    const [line, next] = splitter.feed(Buffer.from('\nnext\n'));
    expect(line).toBe(`${'a'.repeat(16 << 10)}…`);
    expect(next).toBe('next');
  });
});
