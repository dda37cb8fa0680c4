import { execFile } from 'node:child_process';
import { createServer, type RequestListener } from 'node:http';
import { createServer as createTlsServer } from 'node:https';
import type { AddressInfo, Server } from 'node:net';
import { resolve } from 'node:path';
import { stringify } from 'yaml';
import { Term, type TermOptions } from './terminal.ts';

/** The launcher of the built program. */
export const PROGRAM = resolve('bin/homelab-top');

/** What a finished run left behind. */
export interface Finished {
  readonly code: number;
  readonly stdout: string;
  readonly stderr: string;
}

/** Runs the program without a terminal until it ends. */
export function run(args: readonly string[], env: Readonly<Record<string, string>> = {}): Promise<Finished> {
  return new Promise((settle) => {
    const child = execFile(
      PROGRAM,
      [...args],
      {
        env: { PATH: process.env.PATH, HOME: '/nonexistent', LANG: 'C.UTF-8', ...env },
        timeout: 60_000,
        maxBuffer: 64 * 1024 * 1024,
      },
      (error, stdout, stderr) => {
        const code = error === null ? 0 : typeof error.code === 'number' ? error.code : -1;
        settle({ code, stdout, stderr });
      },
    );
    child.stdin?.end();
  });
}

/** Starts the console in a terminal. The caller closes it. */
export function startConsole(args: readonly string[], options: Partial<TermOptions> = {}): Term {
  return new Term({ file: PROGRAM, args, ...options });
}

/** Waits until the header shows a score, which needs a judged cluster. */
export const ready = (term: Term, timeoutMs = 15_000): Promise<string> =>
  term.until(/^homelab-top.* \d+ {2}\d\d:\d\d/, timeoutMs);

/** Listens on a free loopback port below the range from which clients take theirs. */
export async function listen(server: Server): Promise<number> {
  for (let attempt = 0; attempt < 50; attempt += 1) {
    const port = 20_000 + Math.floor(Math.random() * 10_000);
    const listening = await new Promise<boolean>((settle) => {
      server.once('error', () => settle(false));
      server.listen(port, '127.0.0.1', () => settle(true));
    });
    if (listening) return (server.address() as AddressInfo).port;
  }
  throw new Error('no free port');
}

/** A server that answers every request the same way. */
export async function serve(
  answer: RequestListener,
  tls?: { readonly pem: string },
): Promise<{ readonly url: string; close(): void }> {
  const server = tls ? createTlsServer({ key: tls.pem, cert: tls.pem }, answer) : createServer(answer);
  const port = await listen(server);
  return {
    url: `${tls ? 'https' : 'http'}://127.0.0.1:${port}`,
    close() {
      server.close();
      server.closeAllConnections();
    },
  };
}

/** A port on which nobody listens. */
export async function freePort(): Promise<number> {
  const server = createServer();
  const port = await listen(server);
  await new Promise((settle) => server.close(settle));
  return port;
}

/** Text of a kubeconfig with one context `home`. */
export function kubeconfig(cluster: object, user: object = { token: 'secret-token' }): string {
  return stringify({
    apiVersion: 'v1',
    kind: 'Config',
    'current-context': 'home',
    clusters: [{ name: 'home', cluster }],
    users: [{ name: 'me', user }],
    contexts: [{ name: 'home', context: { cluster: 'home', user: 'me' } }],
  });
}
