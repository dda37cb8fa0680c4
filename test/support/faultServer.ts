/** An API server that does exactly what a test tells it to, request by request, on a loopback socket. */
import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import type { Socket } from 'node:net';

/** One request as the server saw it. */
export interface Seen {
  readonly method: string;
  readonly path: string;
  readonly query: URLSearchParams;
  readonly headers: IncomingMessage['headers'];
}

export type Reply = (response: ServerResponse, seen: Seen) => void;

export class FaultServer {
  /** Replies to lists and to watches, in order; when used up, lists are empty and watches stay silent. */
  readonly lists: Reply[] = [];
  readonly watches: Reply[] = [];
  readonly seen: Seen[] = [];
  /** Replies to everything that is no collection, by path. */
  readonly others = new Map<string, Reply>();
  private readonly server: Server;
  private readonly sockets = new Set<Socket>();
  connections = 0;
  port = 0;

  constructor() {
    this.server = createServer((request, response) => this.answer(request, response));
    this.server.on('connection', (socket) => {
      this.connections += 1;
      this.sockets.add(socket);
      socket.on('close', () => this.sockets.delete(socket));
    });
  }

  get url(): string {
    return `http://127.0.0.1:${this.port}`;
  }

  get listCount(): number {
    return this.seen.filter(({ query }) => !query.has('watch')).length;
  }

  get watchCount(): number {
    return this.seen.filter(({ query }) => query.has('watch')).length;
  }

  /** The n-th list or watch, from 0. */
  list(n: number): URLSearchParams | undefined {
    return this.seen.filter(({ query }) => !query.has('watch'))[n]?.query;
  }

  watch(n: number): URLSearchParams | undefined {
    return this.seen.filter(({ query }) => query.has('watch'))[n]?.query;
  }

  get openConnections(): number {
    return this.sockets.size;
  }

  /** Listens on a free port below the ephemeral range. */
  async start(port?: number): Promise<void> {
    for (;;) {
      this.port = port ?? 20_000 + Math.floor(Math.random() * 10_000);
      try {
        return await new Promise<void>((resolve, reject) => {
          this.server.once('error', reject);
          this.server.listen(this.port, '127.0.0.1', () => resolve());
        });
      } catch (error) {
        if (port !== undefined) throw error;
      }
    }
  }

  /** Breaks all connections, as a crash does, and listens no more. */
  async stop(): Promise<void> {
    this.breakAll();
    if (this.server.listening) await new Promise<void>((resolve) => this.server.close(() => resolve()));
  }

  /** Sends RST on all connections. */
  breakAll(): void {
    for (const socket of this.sockets) socket.resetAndDestroy();
  }

  private answer(request: IncomingMessage, response: ServerResponse): void {
    const url = new URL(request.url ?? '/', this.url);
    const seen = {
      method: request.method ?? '',
      path: url.pathname,
      query: url.searchParams,
      headers: request.headers,
    };
    this.seen.push(seen);
    const other = this.others.get(url.pathname);
    const queued = url.searchParams.has('watch') ? this.watches : this.lists;
    const fallback = url.searchParams.has('watch') ? stream() : list([], '1');
    (other ?? queued.shift() ?? fallback)(response, seen);
  }
}

export interface TestObject {
  readonly name: string;
  readonly uid?: string;
  readonly rv?: string;
  readonly kind?: string;
}

/** A pod as JSON. */
export function pod({ name, uid = `uid-${name}`, rv, kind = 'Pod' }: TestObject): object {
  return {
    kind,
    apiVersion: 'v1',
    metadata: { name, namespace: 'default', uid, ...(rv && { resourceVersion: rv }) },
  };
}

export function event(type: string, object: object): string {
  return `${JSON.stringify({ type, object })}\n`;
}

export function bookmark(resourceVersion: string, annotations?: object): string {
  return event('BOOKMARK', { kind: 'Pod', metadata: { resourceVersion, annotations } });
}

export function json(body: unknown, status = 200, headers: Record<string, string> = {}): Reply {
  return (response) => {
    response.writeHead(status, { 'Content-Type': 'application/json', ...headers });
    response.end(JSON.stringify(body));
  };
}

export function list(items: readonly TestObject[], resourceVersion: string, next?: string): Reply {
  const objects = items.map(pod);
  return json({ kind: 'PodList', metadata: { resourceVersion, continue: next }, items: objects });
}

/** A Kubernetes Status. */
export function status(
  code: number,
  reason: string,
  message = reason,
  headers: Record<string, string> = {},
  details?: object,
): Reply {
  return json({ kind: 'Status', status: 'Failure', code, reason, message, details }, code, headers);
}

export function text(body: string, code = 200, type = 'text/html'): Reply {
  return (response) => {
    response.writeHead(code, { 'Content-Type': type });
    response.end(body);
  };
}

/** A watch that sends these lines and stays open. */
export function stream(...lines: readonly string[]): Reply {
  return (response) => {
    response.writeHead(200, { 'Content-Type': 'application/json' });
    response.flushHeaders();
    for (const line of lines) response.write(line);
  };
}

/** A watch that sends these lines and ends. */
export function ended(...lines: readonly string[]): Reply {
  return (response) => {
    response.writeHead(200, { 'Content-Type': 'application/json' });
    response.end(lines.join(''));
  };
}

/** A watch whose lines the test sends when it likes. */
export function controlled(): {
  readonly reply: Reply;
  send(line: string): void;
  end(): void;
  reset(): void;
  opened(): boolean;
} {
  let open: ServerResponse | undefined;
  return {
    reply: (response) => {
      open = response;
      stream()(response, { method: '', path: '', query: new URLSearchParams(), headers: {} });
    },
    send: (line) => open?.write(line),
    end: () => open?.end(),
    reset: () => open?.socket?.resetAndDestroy(),
    opened: () => open !== undefined,
  };
}

/** Takes the request and never answers. */
export const hang: Reply = () => {};

/** Breaks the connection instead of answering. */
export const reset: Reply = (response) => {
  response.socket?.resetAndDestroy();
};
