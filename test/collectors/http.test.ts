import { execFileSync } from 'node:child_process';
import { chmodSync, existsSync, mkdtempSync, readFileSync, writeFileSync } from 'node:fs';
import { createServer as createHttps } from 'node:https';
import { createServer as createTcp, type Server } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { Credentials } from '../../src/collectors/kubernetes/credentials.ts';
import { KubeError } from '../../src/collectors/kubernetes/errors.ts';
import { KubeHttp } from '../../src/collectors/kubernetes/http.ts';
import type {
  ClusterConfig,
  ExecConfig,
  KubeAccess,
  UserConfig,
} from '../../src/collectors/kubernetes/kubeconfig.ts';
import { metricsAbsent, readNodeUsage } from '../../src/collectors/kubernetes/usage.ts';
import { FaultServer, hang, json, status, text } from '../support/faultServer.ts';
import { ManualClock, settle, until } from '../support/manualClock.ts';

const folder = mkdtempSync(join(tmpdir(), 'http-'));
const clock = new ManualClock();
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

function client(user: Partial<UserConfig> = {}, cluster: Partial<ClusterConfig> = {}): KubeHttp {
  const full: ClusterConfig = { server: server.url, skipVerify: false, ...cluster };
  const access: KubeAccess = {
    target: {
      context: 'test',
      contexts: [],
      server: full.server,
      user: 'bob',
      namespace: 'default',
      insecure: true,
    },
    cluster: full,
    credentials: new Credentials({ impersonation: {}, ...user }, full, 'bob', clock),
  };
  const http = new KubeHttp(access, clock);
  closing.push(() => http.close());
  return http;
}

async function failureOf(promise: Promise<unknown>): Promise<KubeError> {
  try {
    await promise;
  } catch (error) {
    if (error instanceof KubeError) return error;
    throw error;
  }
  throw new Error('no error');
}

function plugin(script: string): ExecConfig {
  const command = join(folder, `plugin-${Math.random().toString(36).slice(2)}`);
  writeFileSync(command, `#!/bin/sh\n${script}\n`);
  chmodSync(command, 0o755);
  return {
    apiVersion: 'client.authentication.k8s.io/v1',
    command,
    args: [],
    env: {},
    interactive: 'IfAvailable',
    provideClusterInfo: true,
  };
}

function credential(token: string, expires?: string): string {
  return `echo '${JSON.stringify({ kind: 'ExecCredential', status: { token, expirationTimestamp: expires } })}'`;
}

/** Whether a process still runs (a zombie, waiting to be reaped, does not). */
function alive(pid: number): boolean {
  const path = `/proc/${pid}/stat`;
  return existsSync(path) && !/\) Z /.test(readFileSync(path, 'utf8'));
}

/** Listens below the ephemeral range. */
async function listen(target: Server): Promise<number> {
  for (;;) {
    const port = 20_000 + Math.floor(Math.random() * 10_000);
    const ok = await new Promise<boolean>((resolve) => {
      target.once('error', () => resolve(false));
      target.listen(port, '127.0.0.1', () => resolve(true));
    });
    if (ok) return port;
  }
}

describe('connections', () => {
  it('are kept: twenty reads, one connection', async () => {
    const http = client();
    for (let i = 0; i < 20; i += 1) await http.json('/version');
    expect(server.connections).toBe(1);
  });

  it('are replaced without notice when the server closed them while idle', async () => {
    const http = client();
    await http.json('/version');
    server.breakAll();
    await http.json('/version');
    expect(server.connections).toBe(2);
  });

  it('W33 reads beyond the burst of 40 are paced', async () => {
    const http = client();
    const reads = Array.from({ length: 45 }, () => http.json('/version'));
    await until(() => server.seen.length === 40, '40 requests');
    await settle();
    expect(server.seen).toHaveLength(40);
    clock.advance(250);
    await Promise.all(reads);
    expect(server.seen).toHaveLength(45);
  });

  it('only ever reads', () => {
    const methods = Object.getOwnPropertyNames(KubeHttp.prototype);
    expect(methods.filter((name) => /put|patch|delete|post|write|create/i.test(name))).toEqual([]);
  });
});

describe('login', () => {
  it.each([
    [{ token: 'abc' }, { authorization: 'Bearer abc' }],
    [{ username: 'u', password: 'p' }, { authorization: `Basic ${Buffer.from('u:p').toString('base64')}` }],
    [
      {
        impersonation: {
          'Impersonate-User': 'eve',
          'Impersonate-Group': ['a', 'b'],
          'Impersonate-Extra-x%2Fy': ['1'],
        },
      },
      { 'impersonate-user': 'eve', 'impersonate-group': 'a, b', 'impersonate-extra-x%2fy': '1' },
    ],
  ] as const)('sends %j', async (user, headers) => {
    await client(user).json('/version');
    expect(server.seen[0]?.headers).toMatchObject(headers);
  });

  it('W30 reads a token file again, and keeps the old token while it cannot', async () => {
    const tokenFile = join(folder, 'token');
    writeFileSync(tokenFile, 'first\n');
    const http = client({ tokenFile });
    const sent = async (): Promise<string | undefined> => {
      await http.json('/version');
      return server.seen.at(-1)?.headers.authorization;
    };
    expect(await sent()).toBe('Bearer first');
    writeFileSync(tokenFile, 'second');
    expect(await sent()).toBe('Bearer first');
    clock.advance(50_000);
    expect(await sent()).toBe('Bearer second');
    execFileSync('rm', [tokenFile]);
    clock.advance(50_000);
    expect(await sent()).toBe('Bearer second');
  });

  it('W28 after a 401 the credential is fetched anew, once', async () => {
    const marker = join(folder, 'runs');
    const exec = plugin(`echo run >> ${marker}\n${credential('t')}`);
    server.lists.push(status(401, 'Unauthorized'), json({ ok: true }));
    expect((await client({ exec }).json('/x')).data).toEqual({ ok: true });
    expect(readFileSync(marker, 'utf8').split('\n')).toHaveLength(3);
    server.lists.push(status(401, 'Unauthorized'), status(401, 'Unauthorized'));
    const error = await failureOf(client({ exec }).json('/x'));
    expect(error).toMatchObject({ kind: 'unauthorized', status: 401 });
  });

  it('W31 a plugin runs once for many requests, and again when its credential has expired', async () => {
    const marker = join(folder, 'single');
    const expires = new Date(clock.now() + 60_000).toISOString();
    const exec = plugin(`echo run >> ${marker}\n${credential('t', expires)}`);
    const http = client({ exec });
    await Promise.all(Array.from({ length: 5 }, () => http.json('/version')));
    const runs = (): number => readFileSync(marker, 'utf8').trim().split('\n').length;
    expect(runs()).toBe(1);
    expect(server.seen[0]?.headers.authorization).toBe('Bearer t');
    clock.advance(55_000);
    await http.json('/version');
    expect(runs()).toBe(2);
  });

  it('W31 a plugin gets no terminal input, its own environment and the cluster it is for', async () => {
    const out = join(folder, 'info');
    const exec = {
      ...plugin(
        `[ -t 0 ] && exit 9\nprintf '%s %s' "$MARK" "$KUBERNETES_EXEC_INFO" > ${out}\n${credential('t')}`,
      ),
      env: { MARK: 'm1' },
    };
    await client({ exec }).json('/version');
    const [mark, info = ''] = readFileSync(out, 'utf8').split(/ (.*)/s);
    expect(mark).toBe('m1');
    expect(JSON.parse(info)).toMatchObject({
      kind: 'ExecCredential',
      spec: { interactive: false, cluster: { server: server.url } },
    });
  });

  it.each([
    ['fails', 'echo secret-less reason >&2; exit 3', /failed \(exit 3\): secret-less reason/],
    ['prints rubbish', 'echo hello', /printed no credential/],
  ])('a plugin that %s is named with its fix', async (_, script, message) => {
    const exec = plugin(script);
    const error = await failureOf(client({ exec }).json('/version'));
    expect(error.kind).toBe('unauthorized');
    expect(error.message).toMatch(message);
    expect(error.message).toContain(exec.command);
    expect(error.fix).toBeTruthy();
  });

  it('W31 a plugin that hangs is killed at the deadline with all its children, and named', async () => {
    const pid = join(folder, 'pid');
    const exec = plugin(`sleep 600 & echo $! > ${pid}; echo touch your key >&2; wait`);
    const waiting = failureOf(client({ exec }).json('/version'));
    await until(() => existsSync(pid) && readFileSync(pid, 'utf8') !== '', 'plugin running');
    await settle();
    clock.advance(20_000);
    const error = await waiting;
    expect(error.message).toBe(`login plugin ${exec.command} gave no answer within 20 s: touch your key`);
    await until(() => !alive(Number(readFileSync(pid, 'utf8'))), 'child gone');
  });

  it('W31 a plugin that fails is not run again for each of many sources, but after a while', async () => {
    const marker = join(folder, 'failing');
    const exec = plugin(`echo run >> ${marker}; exit 1`);
    const runs = (): number => readFileSync(marker, 'utf8').trim().split('\n').length;
    const http = client({ exec });
    for (let i = 0; i < 5; i += 1) await failureOf(http.json('/version'));
    expect(runs()).toBe(1);
    clock.advance(10_000);
    await failureOf(http.json('/version'));
    expect(runs()).toBe(2);
  });

  it('a plugin that is not installed is named, with its install hint', async () => {
    const exec = { ...plugin(''), command: 'no-such-login-plugin', installHint: 'brew install it' };
    const error = await failureOf(client({ exec }).json('/version'));
    expect(error).toMatchObject({ kind: 'config', fix: 'brew install it' });
    expect(error.message).toBe('login plugin no-such-login-plugin is not installed or not on PATH');
  });
});

describe('failures are explained in one line', () => {
  it('connection refused', async () => {
    await server.stop();
    const error = await failureOf(client().json('/version'));
    expect(error).toMatchObject({ kind: 'unreachable', message: `connection refused by ${server.url}` });
  });

  it('a name that does not resolve', async () => {
    const error = await failureOf(client({}, { server: 'http://homelab.invalid:1' }).json('/version'));
    expect(error).toMatchObject({ kind: 'unreachable', message: 'cannot resolve host homelab.invalid' });
  });

  it('no answer', async () => {
    server.lists.push(hang);
    const waiting = failureOf(client().json('/version'));
    await until(() => server.seen.length === 1, 'request');
    clock.advance(30_000);
    expect(await waiting).toMatchObject({
      kind: 'timeout',
      message: `no answer from ${server.url} for 30 s`,
    });
  });

  it('something that does not speak HTTP', async () => {
    const other = createTcp((socket) => socket.end('SSH-2.0-OpenSSH\r\n'));
    const port = await listen(other);
    closing.push(() => other.close());
    const error = await failureOf(client({}, { server: `http://127.0.0.1:${port}` }).json('/version'));
    expect(error).toMatchObject({
      kind: 'protocol',
      message: `http://127.0.0.1:${port} does not answer in HTTP`,
    });
  });

  it.each([
    ['JSON that is none', (response: { end(text: string): void }) => response.end('not json'), /not JSON/],
    ['nothing', (response: { end(): void }) => response.end(), /answers with nothing/],
    ['a list', json([]), /no object/],
  ] as const)('%s', async (_, reply, message) => {
    server.lists.push(reply);
    const error = await failureOf(client().json('/version'));
    expect(error.kind).toBe('protocol');
    expect(error.message).toMatch(message);
  });

  it('no secret of ours is in any error text', async () => {
    const token = 'canary-0123456789';
    for (const reply of [
      status(401, 'Unauthorized'),
      status(403, 'Forbidden'),
      status(500, 'x'),
      status(404, 'NotFound'),
    ]) {
      server.lists.push(reply);
      const error = await failureOf(client({ token }).json('/api/v1/pods'));
      expect(JSON.stringify({ ...error, message: error.message, stack: error.stack })).not.toContain(
        'canary',
      );
    }
  });
});

describe('TLS', () => {
  const key = join(folder, 'key.pem');
  const cert = join(folder, 'cert.pem');

  /** A self-signed certificate, valid between two dates (YYYYMMDD). */
  function certificate(from: string, to: string): void {
    const config = join(folder, 'openssl.cnf');
    writeFileSync(join(folder, 'index.txt'), '');
    writeFileSync(join(folder, 'serial'), '01');
    writeFileSync(
      config,
      `[req]
distinguished_name = name
[name]
[ca]
default_ca = here
[here]
database = ${folder}/index.txt
serial = ${folder}/serial
new_certs_dir = ${folder}
default_md = sha256
policy = any
x509_extensions = extensions
[any]
commonName = supplied
[extensions]
basicConstraints = CA:true
subjectAltName = DNS:kube,IP:127.0.0.1
`,
    );
    const run = (command: string): void => {
      execFileSync('openssl', command.split(' '), { cwd: folder, stdio: 'ignore' });
    };
    run(
      `req -new -newkey ec -pkeyopt ec_paramgen_curve:P-256 -nodes -keyout ${key} -out request.pem -subj /CN=kube -config ${config}`,
    );
    run(
      `ca -batch -selfsign -notext -config ${config} -keyfile ${key} -in request.pem -out ${cert} -startdate ${from}000000Z -enddate ${to}000000Z`,
    );
  }

  async function secureServer(): Promise<string> {
    const secure = createHttps({ key: readFileSync(key), cert: readFileSync(cert) }, (_, response) =>
      response.end('{"gitVersion":"v1"}'),
    );
    const port = await listen(secure);
    closing.push(() => {
      secure.closeAllConnections();
      secure.close();
    });
    return `https://127.0.0.1:${port}`;
  }

  const openssl = ['/usr/bin/openssl', '/usr/local/bin/openssl'].some((path) => existsSync(path));

  it.runIf(openssl)(
    'trusts the given authority, refuses an unknown one, obeys insecure-skip-tls-verify',
    async () => {
      certificate('20200101', '20491231');
      const url = await secureServer();
      const caData = readFileSync(cert, 'latin1');
      expect((await client({}, { server: url, caData }).json('/version')).data.gitVersion).toBe('v1');
      expect((await client({}, { server: url, skipVerify: true }).json('/version')).data.gitVersion).toBe(
        'v1',
      );
      const error = await failureOf(client({}, { server: url }).json('/version'));
      expect(error).toMatchObject({
        kind: 'tls',
        message: `certificate of ${url} is signed by an unknown authority`,
      });
      const named = await failureOf(
        client({}, { server: url, caData, tlsServerName: 'other' }).json('/version'),
      );
      expect(named).toMatchObject({ kind: 'tls', message: expect.stringContaining('is not for') });
    },
  );

  it.runIf(openssl)('an expired certificate is told with its dates', async () => {
    certificate('20240101', '20250101');
    const url = await secureServer();
    const error = await failureOf(
      client({}, { server: url, caData: readFileSync(cert, 'latin1') }).json('/version'),
    );
    expect(error.kind).toBe('tls');
    expect(error.message).toBe(`certificate of ${url} has expired (valid 2024-01-01 to 2025-01-01)`);
  });

  it('https on a port that speaks http', async () => {
    const error = await failureOf(
      client({}, { server: server.url.replace('http', 'https') }).json('/version'),
    );
    expect(error.kind).toBe('tls');
  });
});

describe('metrics of a user who may not read them', () => {
  const nodes = '/apis/metrics.k8s.io/v1beta1/nodes';
  const read = (): Promise<KubeError> =>
    failureOf(readNodeUsage(client(), new ManualClock(), new AbortController().signal));

  it('are not installed where discovery does not know them', async () => {
    server.others.set(nodes, status(403, 'Forbidden'));
    server.others.set('/apis/metrics.k8s.io', text('404 page not found\n', 404, 'text/plain'));
    expect(metricsAbsent(await read())).toContain('not installed');
  });

  it('are forbidden where it does', async () => {
    server.others.set(nodes, status(403, 'Forbidden'));
    server.others.set('/apis/metrics.k8s.io', json({ kind: 'APIGroup' }));
    const error = await read();
    expect(error.kind).toBe('forbidden');
    expect(metricsAbsent(error)).toBeUndefined();
  });
});
