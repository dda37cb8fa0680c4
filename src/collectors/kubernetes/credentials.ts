import { X509Certificate } from 'node:crypto';
import { readFile } from 'node:fs/promises';
import { type Clock, systemClock } from './clock.ts';
import { ConfigError, KubeError } from './errors.ts';
import { runExecPlugin } from './execPlugin.ts';
import type { ClusterConfig, UserConfig } from './kubeconfig.ts';
import { OidcLogin } from './oidc.ts';

/** Token and certificate files are read again when older than this (client-go: 60 s less 10 s leeway). */
const FILE_MAX_AGE_MS = 50_000;
/** An issued credential is renewed this long before it ends. */
const RENEW_BEFORE_MS = 10_000;
/** A login that failed or was refused is not tried again sooner, however many sources ask for it. */
const LOGIN_AGAIN_MS = 10_000;

/** What a plugin or a login provider gave us. */
export interface IssuedCredential {
  readonly token?: string;
  readonly cert?: string;
  readonly key?: string;
  /** Epoch ms; undefined: valid until the server says 401. */
  readonly expiresAt?: number;
}

/** What a connection is secured with. The same object means: nothing has changed, connections may be kept. */
export interface TlsMaterial {
  readonly ca?: string;
  readonly cert?: string;
  readonly key?: string;
}

/** What one request is sent with. */
export interface Login {
  readonly headers: Readonly<Record<string, string | string[]>>;
  readonly tls: TlsMaterial;
}

/**
 * Who we are to one cluster: tokens, certificates, basic auth, plugins, OpenID Connect, impersonation. Files are read
 * again while we run, plugins run one at a time, and the last good credential is kept when a file cannot be read for a moment.
 */
export class Credentials {
  private readonly user: UserConfig;
  private readonly cluster: ClusterConfig;
  private readonly name: string;
  private readonly clock: Clock;
  private pending: Promise<Login> | undefined;
  private login: Login | undefined;
  private readAt = 0;
  private readonly oidc: OidcLogin | undefined;
  private issued: IssuedCredential | undefined;
  /** The issued token that the server refused. */
  private refusedToken: string | undefined;
  private refusedAt = Number.NEGATIVE_INFINITY;
  private failure: { readonly error: unknown; readonly at: number } | undefined;
  private interactive = false;

  constructor(user: UserConfig, cluster: ClusterConfig, name: string, clock: Clock = systemClock) {
    this.user = user;
    this.cluster = cluster;
    this.name = name;
    this.clock = clock;
    this.oidc = user.oidc && new OidcLogin(user.oidc, name, clock);
  }

  /**
   * Logs in while the terminal is still an ordinary one, so that a plugin may ask for a password. Call it before raw
   * mode. Throws KubeError.
   */
  async prepare(): Promise<void> {
    this.interactive = Boolean(process.stdin.isTTY);
    try {
      await this.current();
    } finally {
      this.interactive = false;
    }
  }

  /** The login for the next request. Throws KubeError when there is none. */
  current(): Promise<Login> {
    if (this.login && !this.outdated()) return Promise.resolve(this.login);
    this.pending ??= this.refresh().finally(() => {
      this.pending = undefined;
    });
    return this.pending;
  }

  /**
   * Told of a 401: forgets what can be had anew. False when nothing can, or could a moment ago, so that trying again
   * is useless. `used` is the login that was refused; a newer one is kept.
   */
  refused(used: Login): boolean {
    const { tokenFile, certFile, exec } = this.user;
    if (!tokenFile && !certFile && !exec && !this.oidc?.renewable) return false;
    if (used !== this.login) return true;
    if (this.since(this.refusedAt) < LOGIN_AGAIN_MS) return false;
    this.refusedAt = this.clock.now();
    this.refusedToken = this.issued?.token;
    this.issued = undefined;
    this.login = undefined;
    return true;
  }

  /** Why the server may have refused us, as far as we can tell. */
  diagnosis(): string | undefined {
    const cert = this.login?.tls.cert;
    if (cert === undefined) return undefined;
    const validTo = validUntil(cert);
    if (validTo === undefined || validTo >= this.clock.now()) return undefined;
    return `the client certificate of user ${this.name} expired on ${new Date(validTo).toISOString().slice(0, 10)}`;
  }

  private outdated(): boolean {
    const now = this.clock.now();
    const expiresAt = this.issued?.expiresAt;
    if (expiresAt !== undefined && now >= expiresAt - RENEW_BEFORE_MS) return true;
    return this.since(this.readAt) >= FILE_MAX_AGE_MS;
  }

  private async refresh(): Promise<Login> {
    const issued = await this.issuedCredential();
    const { user, cluster } = this;
    const old = this.login?.tls;
    const [ca, cert, key, token] = await Promise.all([
      cluster.caFile ? this.file(cluster.caFile, 'certificate-authority', old?.ca) : cluster.caData,
      user.certFile
        ? this.file(user.certFile, 'client-certificate', old?.cert)
        : (user.certData ?? issued?.cert),
      user.keyFile ? this.file(user.keyFile, 'client-key', old?.key) : (user.keyData ?? issued?.key),
      user.tokenFile
        ? this.file(user.tokenFile, 'tokenFile', user.token ?? this.token())
        : (user.token ?? issued?.token),
    ]);
    const changed = old === undefined || old.ca !== ca || old.cert !== cert || old.key !== key;
    const tls = changed ? { ...(ca && { ca }), ...(cert && { cert }), ...(key && { key }) } : old;
    this.readAt = this.clock.now();
    this.login = { headers: { ...copied(user.impersonation), ...authorization(user, token?.trim()) }, tls };
    return this.login;
  }

  private async issuedCredential(): Promise<IssuedCredential | undefined> {
    const { exec, token, tokenFile, username } = this.user;
    if ((!exec && !this.oidc) || token || tokenFile || username) return undefined;
    const expiresAt = this.issued?.expiresAt ?? Number.POSITIVE_INFINITY;
    if (this.issued && this.clock.now() < expiresAt - RENEW_BEFORE_MS) return this.issued;
    if (this.failure && this.since(this.failure.at) < LOGIN_AGAIN_MS) throw this.failure.error;
    try {
      this.issued = await this.issue();
      this.failure = undefined;
    } catch (error) {
      this.failure = { error, at: this.clock.now() };
      throw error;
    }
    return this.issued;
  }

  private async issue(): Promise<IssuedCredential | undefined> {
    const { exec } = this.user;
    if (!exec) return this.oidc?.credential(this.refusedToken);
    const interactive = this.interactive && exec.interactive !== 'Never';
    return runExecPlugin(exec, this.cluster, { interactive, clock: this.clock });
  }

  /** Milliseconds since then; a clock that was set back counts as long ago. */
  private since(at: number): number {
    const elapsed = this.clock.now() - at;
    return elapsed < 0 ? Number.POSITIVE_INFINITY : elapsed;
  }

  private token(): string | undefined {
    const header = this.login?.headers.Authorization;
    return typeof header === 'string' ? header.replace(/^Bearer /, '') : undefined;
  }

  /** Content of a credential file; the last good one while it cannot be read. */
  private async file(path: string, field: string, last: string | undefined): Promise<string> {
    try {
      return await readFile(path, 'latin1');
    } catch (error) {
      if (last !== undefined) return last;
      const code = error instanceof Error ? String(Reflect.get(error, 'code')) : 'error';
      throw new ConfigError(`cannot read ${field} ${path} of user ${this.name}: ${code}`, {
        where: path,
        fix: 'check the path in the kubeconfig and its permissions',
      });
    }
  }
}

/** A 401 in words. */
export function unauthorized(server: string, diagnosis: string | undefined): KubeError {
  return new KubeError(
    'unauthorized',
    `${server} does not accept the login${diagnosis ? `: ${diagnosis}` : ' (401)'}`,
    {
      status: 401,
      fix: 'log in again or fetch a fresh kubeconfig; it is picked up without a restart where it names files or a plugin',
    },
  );
}

function authorization(user: UserConfig, token: string | undefined): Record<string, string> {
  if (token) return { Authorization: `Bearer ${token}` };
  if (user.username === undefined) return {};
  const pair = Buffer.from(`${user.username}:${user.password ?? ''}`).toString('base64');
  return { Authorization: `Basic ${pair}` };
}

/** Node's header type wants mutable lists. */
function copied(headers: UserConfig['impersonation']): Record<string, string | string[]> {
  return Object.fromEntries(
    Object.entries(headers).map(([name, value]) => [name, typeof value === 'string' ? value : [...value]]),
  );
}

function validUntil(pem: string): number | undefined {
  try {
    return new X509Certificate(pem).validToDate.getTime();
  } catch {
    return undefined;
  }
}
