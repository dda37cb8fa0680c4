import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import type { Clock } from '../clock.ts';
import { ApiError } from '../errors.ts';
import type { Faults } from '../faults.ts';
import { startGarbageCollector } from '../gc.ts';
import { RESOURCES } from '../resources.ts';
import type { ObjectStore } from '../store.ts';
import type { ServerContext, ServerHooks } from './context.ts';
import { sendError } from './http.ts';
import { WatchHub } from './hub.ts';
import { Misbehaviour } from './misbehave.ts';
import { route } from './router.ts';

export type { PodLog, PodLogOptions, ServerHooks } from './context.ts';

/** A running API server. */
export interface DemoServer {
  /** Base URL, `http://127.0.0.1:PORT`. */
  readonly url: string;
  readonly port: number;
  /** Stops listening and ends all connections, open watches included. */
  close(): Promise<void>;
}

interface ServerOptions {
  /** Port to listen on; any free one below the ephemeral range when absent. */
  readonly port?: number;
  readonly clock: Clock;
  readonly hooks: ServerHooks;
  /** Version it claims, such as 'v1.34.1'. */
  readonly version: string;
  /** May be changed while the server runs. */
  readonly faults?: Faults;
}

const FIRST_PORT = 20_000;
const PORT_SPAN = 10_000;
const PORT_TRIES = 20;
/** Idle connections stay open as long as a Go client keeps them, so that reuse does not race with closing. */
const KEEP_ALIVE_MS = 90_000;

/** Serves a store as a Kubernetes API server on loopback. Rejects when the port is taken. */
export async function startServer(store: ObjectStore, options: ServerOptions): Promise<DemoServer> {
  const { clock, hooks, version, faults = {} } = options;
  const hub = new WatchHub(store);
  const resources = RESOURCES.filter(
    (def) => def.group !== 'metrics.k8s.io' || hooks.nodeMetrics !== undefined,
  );
  const context: ServerContext = { store, clock, hooks, version, faults, hub, resources };
  const misbehaviour = new Misbehaviour(faults);
  const stopCollecting = startGarbageCollector(store);
  const server = createServer((message, response) => {
    void answer(context, misbehaviour, message, response);
  });
  server.keepAliveTimeout = KEEP_ALIVE_MS;
  const port = await listen(server, options.port);
  return {
    url: `http://127.0.0.1:${port}`,
    port,
    close: () =>
      new Promise((resolve) => {
        hub.close();
        stopCollecting();
        server.close(() => resolve());
        server.closeAllConnections();
      }),
  };
}

async function answer(
  context: ServerContext,
  misbehaviour: Misbehaviour,
  message: IncomingMessage,
  response: ServerResponse,
): Promise<void> {
  response.setHeader('Audit-Id', crypto.randomUUID());
  response.setHeader('Cache-Control', 'no-cache, private');
  try {
    if (await misbehaviour.interfere(response)) return;
    await route(context, message, response);
  } catch (error) {
    fail(response, error);
  }
}

/** Reports a failure; once a reply has begun, only breaking it off tells the client. */
function fail(response: ServerResponse, error: unknown): void {
  if (response.headersSent) {
    response.destroy();
    return;
  }
  const why = error instanceof Error ? error.message : String(error);
  const known = error instanceof ApiError;
  sendError(response, known ? error : new ApiError(500, 'InternalError', `Internal error occurred: ${why}`));
}

async function listen(server: Server, port: number | undefined): Promise<number> {
  if (port !== undefined) return tryListen(server, port);
  for (let attempt = 1; ; attempt += 1) {
    try {
      return await tryListen(server, FIRST_PORT + Math.floor(Math.random() * PORT_SPAN));
    } catch (error) {
      const taken = error instanceof Error && 'code' in error && error.code === 'EADDRINUSE';
      if (!taken || attempt === PORT_TRIES) throw error;
    }
  }
}

function tryListen(server: Server, port: number): Promise<number> {
  return new Promise((resolve, reject) => {
    server.once('error', reject);
    server.listen(port, '127.0.0.1', () => {
      server.off('error', reject);
      resolve((server.address() as AddressInfo).port);
    });
  });
}
