import { mkdtempSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { KubeError } from '../../src/collectors/kubernetes/errors.ts';
import { KubeHttp } from '../../src/collectors/kubernetes/http.ts';
import { loadKubeconfig, type OidcConfig } from '../../src/collectors/kubernetes/kubeconfig.ts';
import { FaultServer, json, status } from '../support/faultServer.ts';
import { Issuer, idToken, OPENSSL } from '../support/issuer.ts';
import { ManualClock } from '../support/manualClock.ts';
import { accessTo } from '../support/reflectorHarness.ts';

const HOUR = 3_600_000;

describe.runIf(OPENSSL)('OpenID Connect', () => {
  const clock = new ManualClock();
  let server: FaultServer;
  let issuer: Issuer;
  let http: KubeHttp;

  beforeEach(async () => {
    server = new FaultServer();
    issuer = new Issuer();
    await Promise.all([server.start(), issuer.start()]);
  });

  afterEach(async () => {
    http.close();
    issuer.stop();
    await server.stop();
  });

  function client(more: Partial<OidcConfig>): void {
    const oidc = { issuer: issuer.url, clientId: 'kube', caData: issuer.caData, ...more };
    http = new KubeHttp(accessTo(server.url, { oidc }, clock), clock);
  }

  const read = (): Promise<unknown> => http.json('/version');
  const lastToken = (): string | undefined => server.seen.at(-1)?.headers.authorization;

  async function failure(): Promise<KubeError> {
    const error: unknown = await read().catch((reason: unknown) => reason);
    if (error instanceof KubeError) return error;
    throw new Error('no error');
  }

  it('sends the ID token while it is valid, without asking the provider', async () => {
    const token = idToken(clock.now() + HOUR);
    client({ idToken: token, refreshToken: 'r1' });
    await read();
    expect(lastToken()).toBe(`Bearer ${token}`);
    expect(issuer.asked).toEqual([]);
  });

  it('renews an ID token that has ended, once for many reads, and again with the newest refresh token', async () => {
    const [second, third, fourth] = [1, 2, 3].map((hours) => idToken(clock.now() + hours * HOUR));
    client({ idToken: idToken(clock.now() - 1), refreshToken: 'r1' });
    issuer.answers.push(
      { body: { id_token: second, refresh_token: 'r2' } },
      { body: { id_token: third } },
      { body: { id_token: fourth } },
    );
    await Promise.all([read(), read(), read()]);
    expect(lastToken()).toBe(`Bearer ${second}`);
    expect(issuer.asked).toEqual([
      {
        form: { grant_type: 'refresh_token', refresh_token: 'r1', client_id: 'kube' },
        authorization: undefined,
      },
    ]);
    clock.advance(HOUR);
    await read();
    expect(lastToken()).toBe(`Bearer ${third}`);
    clock.advance(HOUR);
    await read();
    expect(lastToken()).toBe(`Bearer ${fourth}`);
    expect(issuer.asked.map(({ form }) => form.refresh_token)).toEqual(['r1', 'r2', 'r2']);
  });

  it('is read from a kubeconfig; an authority from a file and a refresh token alone will do', async () => {
    const token = idToken(Date.now() + HOUR);
    issuer.answers.push({ body: { id_token: token } });
    const path = join(mkdtempSync(join(tmpdir(), 'oidc-')), 'config');
    const config = {
      'idp-issuer-url': `${issuer.url}/`,
      'client-id': 'kube',
      'refresh-token': 'r1',
      'idp-certificate-authority': issuer.caFile,
    };
    const kubeconfig = {
      clusters: [{ name: 'c', cluster: { server: server.url } }],
      users: [{ name: 'u', user: { 'auth-provider': { name: 'oidc', config } } }],
      contexts: [{ name: 'x', context: { cluster: 'c', user: 'u' } }],
      'current-context': 'x',
    };
    writeFileSync(path, JSON.stringify(kubeconfig));
    http = new KubeHttp(loadKubeconfig({ path }));
    await read();
    expect(lastToken()).toBe(`Bearer ${token}`);
  });

  it.each([
    ['in the header, unless the provider wants it otherwise', {}, 'Basic a3ViZTpzJTNBMw==', undefined],
    [
      'in the form where the provider says so',
      { token_endpoint_auth_methods_supported: ['client_secret_post'] },
      undefined,
      's:3',
    ],
  ])('sends a client secret %s', async (_, configuration, authorization, secret) => {
    issuer.configuration = configuration;
    issuer.answers.push({ body: { id_token: idToken(clock.now() + HOUR) } });
    client({ refreshToken: 'r1', clientSecret: 's:3' });
    await read();
    expect(issuer.asked[0]?.authorization).toBe(authorization);
    expect(issuer.asked[0]?.form.client_secret).toBe(secret);
  });

  it('renews a token that the server refuses, once, and asks no provider in a storm of refusals', async () => {
    const fresh = idToken(clock.now() + 2 * HOUR);
    client({ idToken: idToken(clock.now() + HOUR), refreshToken: 'r1' });
    issuer.answers.push({ body: { id_token: fresh } });
    server.lists.push(status(401, 'Unauthorized'), json({ ok: true }));
    await read();
    expect(lastToken()).toBe(`Bearer ${fresh}`);
    server.lists.push(...Array.from({ length: 20 }, () => status(401, 'Unauthorized')));
    for (let i = 0; i < 20; i += 1) expect((await failure()).kind).toBe('unauthorized');
    expect(issuer.asked).toHaveLength(1);
  });

  it('names what is wrong and what to do when the provider refuses, and asks it again only after a while', async () => {
    client({ refreshToken: 'canary-1', clientSecret: 'canary-2' });
    issuer.answers.push({
      status: 400,
      body: { error: 'invalid_grant', error_description: 'session not active' },
    });
    const error = await failure();
    const origin = new URL(issuer.url).origin;
    expect(error.message).toBe(
      `the login of user tester cannot be renewed: ${origin} says: session not active`,
    );
    expect(error.fix).toMatch(/log in again/);
    expect(JSON.stringify({ ...error, stack: error.stack })).not.toContain('canary');
    await failure();
    expect(issuer.asked).toHaveLength(1);
    clock.advance(10_000);
    issuer.answers.push({ body: { id_token: idToken(clock.now() + HOUR) } });
    await read();
    expect(server.seen).toHaveLength(1);
  });

  it('says so when the token has ended and there is no way to a new one', async () => {
    client({ idToken: idToken(clock.now() - 1) });
    expect((await failure()).message).toContain(
      'it has no refresh-token, and its id-token has ended or is missing',
    );
    expect(server.seen).toEqual([]);
  });

  it.each([
    ['clear text', { issuer: 'http://127.0.0.1:1/realm' }, 'http://127.0.0.1:1 is no https address'],
    ['an unknown authority', { caData: '' }, 'is signed by an unknown authority'],
  ])('sends no refresh token over %s', async (_, more, message) => {
    client({ refreshToken: 'r1', ...more });
    expect((await failure()).message).toContain(message);
    expect(issuer.asked).toEqual([]);
  });
});
