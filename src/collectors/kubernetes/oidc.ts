/**
 * Logins with an OpenID Connect provider (`auth-provider: {name: oidc}`), as kubectl has them: an ID token, and a
 * refresh token that buys the next one. Done here because client-node 2.0.1 cannot renew one: it hands its issuer to
 * openid-client in a form that is refused (its issue 2202), sends no client secret and forgets the refresh token.
 */
import { readFile } from 'node:fs/promises';
import type { Clock } from './clock.ts';
import { Connections, readText, type Send } from './connections.ts';
import type { IssuedCredential } from './credentials.ts';
import { KubeError, networkError } from './errors.ts';
import type { OidcConfig } from './kubeconfig.ts';
import { list, number, type Raw, record, string } from './raw.ts';

const DEADLINE_MS = 10_000;
const MAX_ANSWER_BYTES = 1 << 20;
const LOG_IN_AGAIN = 'log in again with the tool that wrote the kubeconfig, then start anew';

/**
 * The tokens of one user. New ones are kept in memory: the kubeconfig is never written, so where the provider accepts
 * each refresh token only once, kubectl will ask for a new login.
 */
export class OidcLogin {
  private readonly config: OidcConfig;
  private readonly user: string;
  private readonly clock: Clock;
  private idToken: string | undefined;
  private refreshToken: string | undefined;

  constructor(config: OidcConfig, user: string, clock: Clock) {
    this.config = config;
    this.user = user;
    this.clock = clock;
    this.idToken = config.idToken;
    this.refreshToken = config.refreshToken;
  }

  get renewable(): boolean {
    return this.refreshToken !== undefined;
  }

  /** The ID token, a new one if it has ended, or if `refused` is the one we have. Throws KubeError (unauthorized). */
  async credential(refused?: string): Promise<IssuedCredential> {
    if (this.idToken === undefined || this.idToken === refused || this.ended(this.idToken)) {
      this.idToken = await this.renew();
    }
    const expiresAt = expiryOf(this.idToken);
    return { token: this.idToken, ...(expiresAt !== undefined && { expiresAt }) };
  }

  private ended(token: string): boolean {
    return (expiryOf(token) ?? Number.POSITIVE_INFINITY) <= this.clock.now() + DEADLINE_MS;
  }

  private async renew(): Promise<string> {
    const { config, refreshToken } = this;
    if (refreshToken === undefined) {
      throw this.failure('it has no refresh-token, and its id-token has ended or is missing');
    }
    const provider = await this.ask(`${config.issuer.replace(/\/+$/, '')}/.well-known/openid-configuration`);
    const endpoint = string(provider.token_endpoint) ?? '';
    if (!URL.canParse(endpoint)) throw this.failure(`${config.issuer} names no token endpoint`);
    const tokens = await this.ask(endpoint, {
      form: { grant_type: 'refresh_token', refresh_token: refreshToken, client_id: config.clientId },
      secretInBody: list(provider.token_endpoint_auth_methods_supported).includes('client_secret_post'),
    });
    const idToken = string(tokens.id_token);
    if (idToken === undefined) throw this.failure(`${config.issuer} sent no id_token`);
    this.refreshToken = string(tokens.refresh_token) ?? refreshToken;
    return idToken;
  }

  /** GET of JSON, or POST of a form as this client. */
  private async ask(
    address: string,
    post?: { readonly form: Readonly<Record<string, string>>; readonly secretInBody: boolean },
  ): Promise<Raw> {
    const url = new URL(address);
    const { clientId, clientSecret } = this.config;
    // The refresh token is worth a login: never in clear text. API servers demand https of their provider, too.
    if (url.protocol !== 'https:') throw this.failure(`${url.origin} is no https address`);
    const form = new URLSearchParams(post?.form);
    const headers: Record<string, string> = {};
    if (post && clientSecret && post.secretInBody) form.set('client_secret', clientSecret);
    else if (post && clientSecret) {
      const pair = `${encodeURIComponent(clientId)}:${encodeURIComponent(clientSecret)}`;
      headers.Authorization = `Basic ${Buffer.from(pair).toString('base64')}`;
    }
    const send: Send = {
      method: post ? 'POST' : 'GET',
      path: url.pathname + url.search,
      accept: 'application/json',
      idleMs: () => DEADLINE_MS,
      signal: undefined,
      ...(post && { body: { type: 'application/x-www-form-urlencoded', text: form.toString() } }),
    };
    const connections = new Connections({ server: url.origin, skipVerify: false }, this.clock);
    try {
      const ca = await this.authority();
      const response = await connections.exchange(send, { headers, tls: { ...(ca && { ca }) } });
      const answer = parsed(await readText(connections.chunks(response, send), MAX_ANSWER_BYTES));
      const { statusCode = 0 } = response;
      if (statusCode >= 200 && statusCode < 300) return answer;
      const why = string(answer.error_description) ?? string(answer.error) ?? `HTTP ${statusCode}`;
      throw this.failure(`${url.origin} says: ${why}`);
    } catch (error) {
      if (error instanceof KubeError && error.kind === 'unauthorized') throw error;
      throw this.failure(networkError(error, url.origin).message);
    } finally {
      connections.close();
    }
  }

  private async authority(): Promise<string | undefined> {
    const { caData, caFile } = this.config;
    return caData ?? (caFile === undefined ? undefined : await readFile(caFile, 'latin1'));
  }

  private failure(why: string): KubeError {
    return new KubeError('unauthorized', `the login of user ${this.user} cannot be renewed: ${why}`, {
      where: this.config.issuer,
      fix: LOG_IN_AGAIN,
    });
  }
}

/** Epoch ms at which a JSON Web Token ends; undefined when it does not say. Nothing is verified: the server does. */
function expiryOf(token: string): number | undefined {
  const seconds = number(parsed(Buffer.from(token.split('.')[1] ?? '', 'base64url').toString('utf8')).exp);
  return seconds === undefined ? undefined : seconds * 1000;
}

function parsed(text: string): Raw {
  try {
    return record(JSON.parse(text));
  } catch {
    return {};
  }
}
