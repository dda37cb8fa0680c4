/**
 * The one HTTP layer of all Kubernetes reads. It has no write method, so nothing built on it can change a cluster.
 * node:https with kept-alive HTTP/1.1 connections: it costs no import, and one broken connection hits one watch only.
 */
import type { IncomingMessage } from 'node:http';
import { type Clock, systemClock } from './clock.ts';
import { Connections, readText, type Send, STALE_CONNECTION } from './connections.ts';
import { type Login, unauthorized } from './credentials.ts';
import { KubeError, networkError } from './errors.ts';
import type { KubeAccess } from './kubeconfig.ts';
import { Pacer } from './pacing.ts';
import { proxyFor } from './proxy.ts';
import { isRecord, type Raw } from './raw.ts';
import { notKubernetes, statusError } from './statusError.ts';
import { expiredServerCertificate } from './tlsDiagnosis.ts';

const IDLE_MS = 30_000;
const ERROR_BODY_BYTES = 64 << 10;
const JSON_BYTES = 64 << 20;
export type Query = Readonly<Record<string, string | number | boolean | undefined>>;

export interface ReadOptions {
  readonly query?: Query;
  readonly accept?: string;
  readonly signal?: AbortSignal;
  /** Gives up when nothing arrives for this long, headers included; Infinity: never. */
  readonly idleMs?: number | (() => number);
  /** Not paced: a user waits for it. */
  readonly urgent?: boolean;
}

/** An answer whose body has not been read yet. */
export interface KubeResponse {
  /** Chunks as they arrive. Throws KubeError when the transfer breaks or falls silent. Ends the request when left. */
  readonly body: AsyncIterable<Buffer>;
  /** Server clock from the Date header (epoch ms, whole seconds). */
  readonly serverTime?: number;
}

export interface KubeJson {
  readonly data: Raw;
  readonly serverTime?: number;
}

/** Access reviews: the only POSTs, and they change nothing. */
export type ReviewPath =
  | '/apis/authorization.k8s.io/v1/selfsubjectaccessreviews'
  | '/apis/authorization.k8s.io/v1/selfsubjectrulesreviews';

export class KubeHttp {
  readonly access: KubeAccess;
  readonly pacer: Pacer;
  private readonly clock: Clock;
  private readonly connections: Connections;

  constructor(access: KubeAccess, clock: Clock = systemClock) {
    this.access = access;
    this.clock = clock;
    this.pacer = new Pacer(clock);
    this.connections = new Connections(access.cluster, clock);
  }

  /** GET. Resolves when the headers of a successful answer are there. Throws KubeError. */
  async open(path: string, options: ReadOptions = {}): Promise<KubeResponse> {
    if (!options.urgent) await this.pacer.turn(options.signal);
    const { idleMs = IDLE_MS } = options;
    const send: Send = {
      method: 'GET',
      path: path + queryString(options.query),
      accept: options.accept ?? 'application/json',
      idleMs: typeof idleMs === 'function' ? idleMs : () => idleMs,
      signal: options.signal,
    };
    return this.respond(send, await this.authenticated(send));
  }

  /** GET of one JSON object, whole. Throws KubeError; anything but a JSON object is one. */
  async json(path: string, options: ReadOptions = {}): Promise<KubeJson> {
    return this.parsed(await this.open(path, options));
  }

  /** Asks the server what we may do. Throws KubeError. */
  async review(
    path: ReviewPath,
    review: unknown,
    options: Pick<ReadOptions, 'signal'> = {},
  ): Promise<KubeJson> {
    await this.pacer.turn(options.signal);
    const send: Send = {
      method: 'POST',
      path,
      accept: 'application/json',
      idleMs: () => IDLE_MS,
      signal: options.signal,
      body: { type: 'application/json', text: JSON.stringify(review) },
    };
    return this.parsed(this.respond(send, await this.authenticated(send)));
  }

  /** Closes all connections. */
  close(): void {
    this.connections.close();
  }

  private async parsed(response: KubeResponse): Promise<KubeJson> {
    const { server } = this.access.target;
    const text = await readText(response.body, JSON_BYTES);
    let data: unknown;
    try {
      data = JSON.parse(text);
    } catch {
      throw notKubernetes(server, text.trim() === '' ? 'nothing' : 'something that is not JSON');
    }
    if (!isRecord(data)) throw notKubernetes(server, 'JSON that is no object');
    return { data, ...(response.serverTime !== undefined && { serverTime: response.serverTime }) };
  }

  /** Sends; after a 401 once more with a fresh login, if one can be had. */
  private async authenticated(send: Send): Promise<IncomingMessage> {
    const { credentials, target } = this.access;
    const login = await credentials.current();
    const response = await this.send(send, login);
    if (response.statusCode !== 401) return response;
    response.destroy();
    if (credentials.refused(login)) {
      const second = await this.send(send, await credentials.current());
      if (second.statusCode !== 401) return second;
      second.destroy();
    }
    throw unauthorized(target.server, credentials.diagnosis());
  }

  private async send(send: Send, login: Login, again = true): Promise<IncomingMessage> {
    try {
      const response = await this.connections.exchange(send, login);
      const status = response.statusCode ?? 0;
      if (status === 401 || (status >= 200 && status < 300)) return response;
      throw await this.refusal(send, response);
    } catch (error) {
      if (error === STALE_CONNECTION) {
        if (again) return this.send(send, login, false);
        throw networkError(
          Object.assign(new Error('connection reset'), { code: 'ECONNRESET' }),
          this.origin(),
        );
      }
      throw await this.explained(error);
    }
  }

  private respond(send: Send, response: IncomingMessage): KubeResponse {
    const contentType = response.headers['content-type'] ?? '';
    if (send.accept.includes('json') && contentType.includes('html')) {
      response.destroy();
      throw notKubernetes(this.access.target.server, 'a web page');
    }
    const serverTime = Date.parse(response.headers.date ?? '');
    return {
      body: this.connections.chunks(response, send),
      ...(!Number.isNaN(serverTime) && { serverTime }),
    };
  }

  private async refusal(send: Send, response: IncomingMessage): Promise<KubeError> {
    const body = await readText(
      this.connections.chunks(response, { idleMs: () => IDLE_MS }),
      ERROR_BODY_BYTES,
    ).catch(() => '');
    return statusError({
      status: response.statusCode ?? 0,
      contentType: response.headers['content-type'] ?? '',
      retryAfter: response.headers['retry-after'],
      body,
      server: this.access.target.server,
      path: send.path.split('?', 1)[0] ?? '',
      now: this.clock.now(),
    });
  }

  private origin(): string {
    return new URL(this.access.target.server).origin;
  }

  private async explained(error: unknown): Promise<KubeError> {
    const explained = networkError(error, this.origin());
    const expired = Reflect.get(Object(error), 'code') === 'CERT_HAS_EXPIRED';
    if (!expired || proxyFor(this.access.cluster, process.env)) return explained;
    const dates = await expiredServerCertificate(this.access);
    if (dates === undefined) return explained;
    return new KubeError('tls', `${explained.message} (${dates})`, {
      where: this.origin(),
      ...(explained.fix && { fix: explained.fix }),
    });
  }
}

function queryString(query: Query | undefined): string {
  const parameters = new URLSearchParams();
  for (const [key, value] of Object.entries(query ?? {})) {
    if (value !== undefined) parameters.set(key, String(value));
  }
  return parameters.size === 0 ? '' : `?${parameters}`;
}
