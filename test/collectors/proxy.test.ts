import { once } from 'node:events';
import { createServer, type IncomingMessage } from 'node:http';
import { connect, createServer as createTcp, type Server, type Socket } from 'node:net';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { Credentials } from '../../src/collectors/kubernetes/credentials.ts';
import { KubeError } from '../../src/collectors/kubernetes/errors.ts';
import { KubeHttp } from '../../src/collectors/kubernetes/http.ts';
import type { ClusterConfig } from '../../src/collectors/kubernetes/kubeconfig.ts';
import { proxyFor } from '../../src/collectors/kubernetes/proxy.ts';
import { FaultServer } from '../support/faultServer.ts';
import { Issuer, OPENSSL } from '../support/issuer.ts';
import { accessTo } from '../support/reflectorHarness.ts';

let server: FaultServer;
let closing: (() => void)[] = [];

beforeEach(async () => {
  server = new FaultServer();
  await server.start();
});

afterEach(async () => {
  for (const close of closing) close();
  closing = [];
  await server.stop();
});

/** Listens below the ephemeral range until the test ends. */
async function listen(proxy: Server): Promise<number> {
  const sockets = new Set<Socket>();
  proxy.on('connection', (socket: Socket) => sockets.add(socket));
  closing.push(() => {
    for (const socket of sockets) socket.destroy();
    proxy.close();
  });
  for (;;) {
    const port = 20_000 + Math.floor(Math.random() * 10_000);
    proxy.listen(port, '127.0.0.1');
    const listening = await once(proxy, 'listening').then(
      () => true,
      () => false,
    );
    if (listening) return port;
  }
}

function client(cluster: Partial<ClusterConfig>): KubeHttp {
  const full: ClusterConfig = { server: server.url, skipVerify: false, ...cluster };
  const credentials = new Credentials({ impersonation: {} }, full, 'tester');
  const http = new KubeHttp({ ...accessTo(full.server), cluster: full, credentials });
  closing.push(() => http.close());
  return http;
}

/** A proxy that tunnels whatever it is asked for to `port` on loopback. */
async function tunnelTo(port: number, asked: IncomingMessage[]): Promise<number> {
  const proxy = createServer();
  proxy.on('connect', (request: IncomingMessage, socket: Socket) => {
    asked.push(request);
    const upstream = connect(port, '127.0.0.1', () => {
      socket.write('HTTP/1.1 200 Connection established\r\n\r\n');
      socket.pipe(upstream).pipe(socket);
    });
    socket.on('error', () => upstream.destroy());
    upstream.on('error', () => socket.destroy());
  });
  return listen(proxy);
}

async function failureOf(promise: Promise<unknown>): Promise<KubeError> {
  const error: unknown = await promise.catch((reason: unknown) => reason);
  if (error instanceof KubeError) return error;
  throw new Error('no error');
}

describe('a proxy', () => {
  it('of kind socks5 is gone through, with a password', async () => {
    const asked: string[] = [];
    const proxy = createTcp((socket) => {
      const steps = [
        () => socket.write(Buffer.from([5, 2])),
        (data: Buffer) => {
          asked.push(data.toString('latin1'));
          socket.write(Buffer.from([1, 0]));
        },
        (data: Buffer) => {
          asked.push(data.subarray(5, 5 + (data[4] ?? 0)).toString());
          const upstream = connect(data.readUInt16BE(data.length - 2), '127.0.0.1', () => {
            socket.write(Buffer.from([5, 0, 0, 1, 0, 0, 0, 0, 0, 0]));
            socket.pipe(upstream).pipe(socket);
          });
          upstream.on('error', () => socket.destroy());
        },
      ];
      socket.on('data', (data) => steps.shift()?.(data));
      socket.on('error', () => {});
    });
    const port = await listen(proxy);
    await client({ proxyUrl: `socks5://me:pw@127.0.0.1:${port}` }).json('/version');
    expect(asked).toEqual(['\x01\x02me\x02pw', '127.0.0.1']);
  });

  it('of kind http is gone through, with a password; it resolves the name, and its connection is kept', async () => {
    const asked: IncomingMessage[] = [];
    const port = await tunnelTo(server.port, asked);
    const http = client({
      proxyUrl: `http://me:p%40w@127.0.0.1:${port}`,
      server: 'http://kube.invalid:6443',
    });
    for (let i = 0; i < 3; i += 1) await http.json('/version');
    expect(server.seen.map(({ headers }) => headers.host)).toEqual(Array(3).fill('kube.invalid:6443'));
    expect(asked).toHaveLength(1);
    expect(asked[0]?.url).toBe('kube.invalid:6443');
    expect(asked[0]?.headers['proxy-authorization']).toBe(
      `Basic ${Buffer.from('me:p@w').toString('base64')}`,
    );
  });

  it.runIf(OPENSSL)('carries TLS, and the certificate behind it is verified', async () => {
    const secure = new Issuer();
    await secure.start();
    closing.push(() => secure.stop());
    const { origin } = new URL(secure.url);
    const asked: IncomingMessage[] = [];
    const proxyUrl = `http://127.0.0.1:${await tunnelTo(Number(new URL(origin).port), asked)}`;
    const path = '/realm/.well-known/openid-configuration';
    const { data } = await client({ server: origin, proxyUrl, caData: secure.caData }).json(path);
    expect(data.issuer).toBe(secure.url);
    expect(`https://${asked[0]?.url}`).toBe(origin);
    const unknown = await failureOf(client({ server: origin, proxyUrl }).json(path));
    expect(unknown).toMatchObject({
      kind: 'tls',
      message: expect.stringContaining('signed by an unknown authority'),
    });
    const other = await failureOf(
      client({ server: 'https://kube.invalid', proxyUrl, caData: secure.caData }).json(path),
    );
    expect(other).toMatchObject({ kind: 'tls', message: expect.stringContaining('is not for kube.invalid') });
  });

  it('that refuses is named with its reason', async () => {
    const proxy = createServer();
    proxy.on('connect', (_: IncomingMessage, socket: Socket) => {
      socket.end('HTTP/1.1 407 Proxy Authentication Required\r\n\r\n');
    });
    const port = await listen(proxy);
    const error = await failureOf(client({ proxyUrl: `http://127.0.0.1:${port}` }).json('/version'));
    expect(error.kind).toBe('unreachable');
    expect(error.message).toBe(
      `the proxy 127.0.0.1:${port} gave no way to 127.0.0.1:${server.port}: it answers 407 Proxy Authentication Required`,
    );
  });

  it.each(['socks5', 'http'])('of kind %s that is not there is named', async (scheme) => {
    const { port } = server;
    await server.stop();
    const error = await failureOf(client({ proxyUrl: `${scheme}://127.0.0.1:${port}` }).json('/version'));
    expect(error.kind).toBe('unreachable');
    expect(error.message).toContain(`the proxy 127.0.0.1:${port}`);
  });
});

describe('which proxy', () => {
  const PROXY = { HTTPS_PROXY: 'proxy.lan:3128' };
  const FOUND = 'http://proxy.lan:3128/';

  it.each([
    ['https://k8s.lan:6443', {}, undefined],
    ['https://k8s.lan:6443', PROXY, FOUND],
    ['https://k8s.lan:6443', { https_proxy: 'socks5://proxy.lan' }, 'socks5://proxy.lan'],
    ['https://k8s.lan:6443', { HTTP_PROXY: 'proxy.lan:3128' }, undefined],
    ['http://k8s.lan:8080', { HTTP_PROXY: 'proxy.lan:3128' }, FOUND],
    ['https://localhost:6443', PROXY, undefined],
    ['https://127.0.0.1:6443', PROXY, undefined],
    ['https://[::1]:6443', PROXY, undefined],
    ['https://k8s.lan:6443', { ...PROXY, NO_PROXY: '*' }, undefined],
    ['https://k8s.lan:6443', { ...PROXY, NO_PROXY: 'other.lan, LAN' }, undefined],
    ['https://k8s.lan:6443', { ...PROXY, no_proxy: '.lan' }, undefined],
    ['https://k8s.lan:6443', { ...PROXY, NO_PROXY: '*.lan' }, undefined],
    ['https://k8s.lan:6443', { ...PROXY, NO_PROXY: '.k8s.lan' }, FOUND],
    ['https://k8s.lan:6443', { ...PROXY, NO_PROXY: '8s.lan' }, FOUND],
    ['https://k8s.lan:6443', { ...PROXY, NO_PROXY: 'k8s.lan:6443' }, undefined],
    ['https://k8s.lan:6443', { ...PROXY, NO_PROXY: 'k8s.lan:443' }, FOUND],
    ['https://k8s.lan', { ...PROXY, NO_PROXY: 'k8s.lan:443' }, undefined],
    ['https://192.168.1.10:6443', { ...PROXY, NO_PROXY: '192.168.0.0/16' }, undefined],
    ['https://192.168.1.10:6443', { ...PROXY, NO_PROXY: '10.0.0.0/8,192.168.1.10' }, undefined],
    ['https://192.168.1.10:6443', { ...PROXY, NO_PROXY: '10.0.0.0/8,168.1.10' }, FOUND],
    ['https://[fd00::10]:6443', { ...PROXY, NO_PROXY: 'fd00::/8' }, undefined],
    ['https://[fd00::10]:6443', { ...PROXY, NO_PROXY: 'fd00::10' }, undefined],
    ['https://[fd00::10]:6443', { ...PROXY, NO_PROXY: '[fd00::10]:443' }, FOUND],
  ] as const)('to %s with %j: %s', (to, env, proxy) => {
    expect(proxyFor({ server: to }, env)?.href).toBe(proxy);
  });

  it('proxy-url goes before the environment, also for loopback', () => {
    const cluster = { server: 'https://127.0.0.1:6443', proxyUrl: 'socks5://127.0.0.1:1080' };
    expect(proxyFor(cluster, { ...PROXY, NO_PROXY: '*' })?.href).toBe(cluster.proxyUrl);
  });

  it.each([
    [{ server: 'https://k8s.lan', proxyUrl: 'ftp://me:canary@proxy' }, {}, 'proxy-url of the cluster'],
    [{ server: 'https://k8s.lan' }, { HTTPS_PROXY: 'ftp://me:canary@proxy' }, 'HTTPS_PROXY is no http'],
  ])('refuses %j with %j', (cluster, env, message) => {
    expect(() => proxyFor(cluster, env)).toThrow(message);
    expect(() => proxyFor(cluster, env)).not.toThrow('canary');
  });
});
