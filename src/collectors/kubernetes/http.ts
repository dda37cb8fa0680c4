/**
 * The one HTTP layer of all Kubernetes reads. It has no write method, so nothing built on it can change a cluster.
 * node:https with kept-alive HTTP/1.1 connections: it costs no import, and one broken connection hits one watch only.
 */
import {
  type ClientRequest,
  type Agent as HttpAgent,
  request as httpRequest,
  type IncomingMessage,
  type RequestOptions,
} from 'node:http';
import { request as httpsRequest } from 'node:https';
import type { Socket } from 'node:net';
import { createAgent } from './agent.ts';
import { type Clock, systemClock } from './clock.ts';
import { type Login, type TlsMaterial, unauthorized } from './credentials.ts';
import { KubeError, networkError } from './errors.ts';
import type { KubeAccess } from './kubeconfig.ts';
import { Pacer } from './pacing.ts';
import { isRecord, type Raw } from './raw.ts';
import { notKubernetes, statusError } from './statusError.ts';
import { expiredServerCertificate } from './tlsDiagnosis.ts';

const IDLE_MS = 30_000;
const ERROR_BODY_BYTES = 64 << 10;
const JSON_BYTES = 64 << 20;
/** The kernel asks a silent peer this often whether it is still there, so a dead link shows within half a minute. */
const TCP_KEEPALIVE_MS = 15_000;
/** A connection, TLS included, must stand within this time. */
const CONNECT_MS = 10_000;

export type Query = Readonly<Record<string, string | number | boolean | undefined>>;

export interface ReadOptions {
  readonly query?: Query;
  readonly accept?: string;
  readonly signal?: AbortSignal;
  /** Gives up when nothing arrives for this long, headers included; Infinity: never. */
  readonly idleMs?: number;
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

interface Send {
  readonly method: 'GET' | 'POST';
  readonly path: string;
  readonly accept: string;
  readonly idleMs: number;
  readonly signal: AbortSignal | undefined;
  readonly body?: string;
}

export class KubeHttp {
  readonly access: KubeAccess;
  readonly pacer: Pacer;
  private readonly clock: Clock;
  private agent: HttpAgent | undefined;
  private tls: TlsMaterial | undefined;

  constructor(access: KubeAccess, clock: Clock = systemClock) {
    this.access = access;
    this.clock = clock;
    this.pacer = new Pacer(clock);
  }

  /** GET. Resolves when the headers of a successful answer are there. Throws KubeError. */
  async open(path: string, options: ReadOptions = {}): Promise<KubeResponse> {
    if (!options.urgent) await this.pacer.turn(options.signal);
    const send: Send = {
      method: 'GET',
      path: path + queryString(options.query),
      accept: options.accept ?? 'application/json',
      idleMs: options.idleMs ?? IDLE_MS,
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
      idleMs: IDLE_MS,
      signal: options.signal,
      body: JSON.stringify(review),
    };
    return this.parsed(this.respond(send, await this.authenticated(send)));
  }

  /** Closes all connections. */
  close(): void {
    this.agent?.destroy();
    this.agent = undefined;
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
      const response = await this.exchange(send, login);
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

  private exchange(send: Send, login: Login): Promise<IncomingMessage> {
    return new Promise((resolve, reject) => {
      const url = new URL(this.access.target.server + send.path);
      const options: RequestOptions = {
        method: send.method,
        agent: this.agentFor(login.tls),
        headers: {
          ...login.headers,
          Accept: send.accept,
          'User-Agent': 'homelab-top',
          ...(send.body !== undefined && {
            'Content-Type': 'application/json',
            'Content-Length': Buffer.byteLength(send.body),
          }),
        },
        ...(send.signal && { signal: send.signal }),
      };
      const request = (url.protocol === 'https:' ? httpsRequest : httpRequest)(url, options);
      const cancel = this.clock.after(send.idleMs, () => request.destroy(this.silence(send.idleMs)));
      request.on('socket', (socket) => {
        socket.setKeepAlive(true, TCP_KEEPALIVE_MS);
        if (socket.connecting) this.limitConnect(request, socket);
      });
      request.on('response', (response) => {
        cancel();
        resolve(response);
      });
      request.on('error', (error) => {
        cancel();
        // A kept connection that the server closed while it was idle says nothing about the server.
        reject(
          request.reusedSocket && Reflect.get(error, 'code') === 'ECONNRESET' ? STALE_CONNECTION : error,
        );
      });
      request.end(send.body);
    });
  }

  private limitConnect(request: ClientRequest, socket: Socket): void {
    const cancel = this.clock.after(CONNECT_MS, () => request.destroy(this.noConnection()));
    socket.once(this.access.target.server.startsWith('https:') ? 'secureConnect' : 'connect', cancel);
    socket.once('close', cancel);
  }

  private respond(send: Send, response: IncomingMessage): KubeResponse {
    const contentType = response.headers['content-type'] ?? '';
    if (send.accept.includes('json') && contentType.includes('html')) {
      response.destroy();
      throw notKubernetes(this.access.target.server, 'a web page');
    }
    const serverTime = Date.parse(response.headers.date ?? '');
    return { body: this.chunks(response, send), ...(!Number.isNaN(serverTime) && { serverTime }) };
  }

  /** The silence clock runs only while we wait, so that a slow reader is not taken for a dead server. */
  private async *chunks(response: IncomingMessage, send: Send): AsyncGenerator<Buffer> {
    const iterator = response[Symbol.asyncIterator]();
    try {
      for (;;) {
        const cancel = this.clock.after(send.idleMs, () => response.destroy(this.silence(send.idleMs)));
        const next: IteratorResult<Buffer> = await iterator.next().finally(cancel);
        if (next.done) return;
        yield next.value;
      }
    } catch (error) {
      throw networkError(error, this.origin());
    } finally {
      response.destroy();
    }
  }

  private async refusal(send: Send, response: IncomingMessage): Promise<KubeError> {
    const body = await readText(
      this.chunks(response, { ...send, idleMs: Math.min(send.idleMs, IDLE_MS) }),
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

  private silence(idleMs: number): KubeError {
    // Other kept connections may hang in the same way: start afresh, requests under way keep theirs.
    this.retireAgent();
    const { server } = this.access.target;
    return new KubeError('timeout', `no answer from ${server} for ${Math.round(idleMs / 1000)} s`, {
      silent: true,
      where: server,
      fix: 'check the network, and the load of the API server',
    });
  }

  private noConnection(): KubeError {
    const { server } = this.access.target;
    return new KubeError('timeout', `no connection to ${server} within ${CONNECT_MS / 1000} s`, {
      where: server,
      fix: 'check the network or VPN, and that the machine is up',
    });
  }

  private retireAgent(): void {
    const idle = Object.values(this.agent?.freeSockets ?? {}).flatMap((sockets) => sockets ?? []);
    for (const socket of idle) socket.destroy();
    this.agent = undefined;
  }

  private agentFor(tls: TlsMaterial): HttpAgent {
    if (this.agent && this.tls === tls) return this.agent;
    this.retireAgent();
    this.tls = tls;
    this.agent = createAgent(this.access.cluster, tls);
    return this.agent;
  }

  private origin(): string {
    return new URL(this.access.target.server).origin;
  }

  private async explained(error: unknown): Promise<KubeError> {
    const explained = networkError(error, this.origin());
    if (Reflect.get(Object(error), 'code') !== 'CERT_HAS_EXPIRED' || this.access.cluster.proxyUrl)
      return explained;
    const dates = await expiredServerCertificate(this.access);
    if (dates === undefined) return explained;
    return new KubeError('tls', `${explained.message} (${dates})`, {
      where: this.origin(),
      ...(explained.fix && { fix: explained.fix }),
    });
  }
}

const STALE_CONNECTION = Symbol('stale connection');

/** The whole body as text; what is beyond `limit` bytes is an error. */
async function readText(body: AsyncIterable<Buffer>, limit: number): Promise<string> {
  const chunks: Buffer[] = [];
  let size = 0;
  for await (const chunk of body) {
    size += chunk.length;
    if (size > limit) throw new KubeError('protocol', `the answer is larger than ${limit >> 20} MiB`);
    chunks.push(chunk);
  }
  return Buffer.concat(chunks).toString('utf8');
}

function queryString(query: Query | undefined): string {
  const parameters = new URLSearchParams();
  for (const [key, value] of Object.entries(query ?? {})) {
    if (value !== undefined) parameters.set(key, String(value));
  }
  return parameters.size === 0 ? '' : `?${parameters}`;
}
