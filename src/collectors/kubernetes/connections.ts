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
import type { Clock } from './clock.ts';
import type { Login, TlsMaterial } from './credentials.ts';
import { KubeError, networkError } from './errors.ts';
import type { ClusterConfig } from './kubeconfig.ts';

/** The kernel asks a silent peer this often whether it is still there, so a dead link shows within half a minute. */
const TCP_KEEPALIVE_MS = 15_000;
/** A connection, TLS included, must stand within this time. */
const CONNECT_MS = 10_000;

/** Thrown when a kept connection turned out to be closed: that says nothing about the server, so try again. */
export const STALE_CONNECTION = Symbol('stale connection');

/** One request as it is sent. */
export interface Send {
  readonly method: 'GET' | 'POST';
  readonly path: string;
  readonly accept: string;
  /** Longest silence while we wait, headers included; asked for anew at each wait. */
  readonly idleMs: () => number;
  readonly signal: AbortSignal | undefined;
  readonly body?: { readonly type: string; readonly text: string };
}

/** The kept-alive connections to one server, with deadlines on silence. */
export class Connections {
  private readonly cluster: ClusterConfig;
  private readonly clock: Clock;
  private agent: HttpAgent | undefined;
  private tls: TlsMaterial | undefined;

  constructor(cluster: ClusterConfig, clock: Clock) {
    this.cluster = cluster;
    this.clock = clock;
  }

  close(): void {
    this.agent?.destroy();
    this.agent = undefined;
  }

  /** Resolves when the headers of an answer, of any status, are there. Rejects with what Node says, or KubeError. */
  exchange(send: Send, login: Login): Promise<IncomingMessage> {
    return new Promise((resolve, reject) => {
      const url = new URL(this.cluster.server + send.path);
      const options: RequestOptions = {
        method: send.method,
        agent: this.agentFor(login.tls),
        headers: {
          ...login.headers,
          Accept: send.accept,
          'User-Agent': 'homelab-top',
          ...(send.body !== undefined && {
            'Content-Type': send.body.type,
            'Content-Length': Buffer.byteLength(send.body.text),
          }),
        },
        ...(send.signal && { signal: send.signal }),
      };
      const request = (url.protocol === 'https:' ? httpsRequest : httpRequest)(url, options);
      const idleMs = send.idleMs();
      const cancel = this.clock.after(idleMs, () => request.destroy(this.silence(idleMs)));
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
          request.reusedSocket && /^(ECONNRESET|EPIPE)$/.test(String(Reflect.get(error, 'code')))
            ? STALE_CONNECTION
            : error,
        );
      });
      request.end(send.body?.text);
    });
  }

  private limitConnect(request: ClientRequest, socket: Socket): void {
    const cancel = this.clock.after(CONNECT_MS, () => request.destroy(this.noConnection()));
    socket.once(this.cluster.server.startsWith('https:') ? 'secureConnect' : 'connect', cancel);
    socket.once('close', cancel);
  }

  /**
   * The body as it arrives; throws KubeError when it breaks off. The silence clock runs only while we wait, so that a
   * slow reader is not taken for a dead server.
   */
  async *chunks(response: IncomingMessage, { idleMs }: Pick<Send, 'idleMs'>): AsyncGenerator<Buffer> {
    const iterator = response[Symbol.asyncIterator]();
    try {
      for (;;) {
        const limit = idleMs();
        const cancel = this.clock.after(limit, () => response.destroy(this.silence(limit)));
        const next: IteratorResult<Buffer> = await iterator.next().finally(cancel);
        if (next.done) return;
        yield next.value;
      }
    } catch (error) {
      throw networkError(error, new URL(this.cluster.server).origin);
    } finally {
      response.destroy();
    }
  }

  private silence(idleMs: number): KubeError {
    // Other kept connections may hang in the same way: start afresh, requests under way keep theirs.
    this.retireAgent();
    const { server } = this.cluster;
    return new KubeError('timeout', `no answer from ${server} for ${Math.round(idleMs / 1000)} s`, {
      silent: true,
      where: server,
      fix: 'check the network, and the load of the API server',
    });
  }

  private noConnection(): KubeError {
    const { server } = this.cluster;
    return new KubeError('timeout', `no connection to ${server} within ${CONNECT_MS / 1000} s`, {
      where: server,
      fix: 'check the network or VPN, and that the machine is up',
    });
  }

  private retireAgent(): void {
    const idle = Object.values(this.agent?.freeSockets ?? {}).flatMap((sockets) => sockets ?? []);
    for (const socket of idle) socket.destroy();
    // What is under way ends with its request.
    if (this.agent) this.agent.maxFreeSockets = 0;
    this.agent = undefined;
  }

  private agentFor(tls: TlsMaterial): HttpAgent {
    if (this.agent && this.tls === tls) return this.agent;
    this.retireAgent();
    this.tls = tls;
    this.agent = createAgent(this.cluster, tls);
    return this.agent;
  }
}

/** The whole body as text; what is beyond `limit` bytes is an error. */
export async function readText(body: AsyncIterable<Buffer>, limit: number): Promise<string> {
  const chunks: Buffer[] = [];
  let size = 0;
  for await (const chunk of body) {
    size += chunk.length;
    if (size > limit) throw new KubeError('protocol', `the answer is larger than ${limit >> 20} MiB`);
    chunks.push(chunk);
  }
  return Buffer.concat(chunks).toString('utf8');
}
