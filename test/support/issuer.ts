/** A login provider (OpenID Connect) on loopback, with a certificate of its own. */
import { execFileSync } from 'node:child_process';
import { existsSync, mkdtempSync, readFileSync } from 'node:fs';
import type { IncomingMessage } from 'node:http';
import { createServer, type Server } from 'node:https';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

/** Certificates are made with it. */
export const OPENSSL = ['/usr/bin/openssl', '/usr/local/bin/openssl'].some((path) => existsSync(path));

/** One request for tokens as the provider saw it. */
export interface TokenRequest {
  readonly form: Readonly<Record<string, string>>;
  readonly authorization: string | undefined;
}

interface Answer {
  readonly status?: number;
  readonly body: unknown;
}

export class Issuer {
  readonly asked: TokenRequest[] = [];
  /** Answers to requests for tokens, in order. */
  readonly answers: Answer[] = [];
  /** More fields of its openid-configuration. */
  configuration: object = {};
  /** File and text (PEM) of the authority to trust. */
  readonly caFile: string;
  readonly caData: string;
  private readonly server: Server;
  private port = 0;

  constructor() {
    const folder = mkdtempSync(join(tmpdir(), 'issuer-'));
    const key = join(folder, 'key.pem');
    this.caFile = join(folder, 'cert.pem');
    const command = `req -x509 -newkey ec -pkeyopt ec_paramgen_curve:P-256 -nodes -days 2 -subj /CN=issuer -addext subjectAltName=IP:127.0.0.1 -keyout ${key} -out ${this.caFile}`;
    execFileSync('openssl', command.split(' '), { stdio: 'ignore' });
    this.caData = readFileSync(this.caFile, 'latin1');
    this.server = createServer({ key: readFileSync(key), cert: this.caData }, (request, response) => {
      void this.answer(request).then(({ status = 200, body }) => {
        response.writeHead(status, { 'Content-Type': 'application/json' });
        response.end(JSON.stringify(body));
      });
    });
  }

  get url(): string {
    return `https://127.0.0.1:${this.port}/realm`;
  }

  /** Listens on a free port below the ephemeral range. */
  async start(): Promise<void> {
    for (let tries = 0; tries < 50; tries += 1) {
      this.port = 20_000 + Math.floor(Math.random() * 10_000);
      const listening = await new Promise<boolean>((resolve) => {
        this.server.once('error', () => resolve(false));
        this.server.listen(this.port, '127.0.0.1', () => resolve(true));
      });
      if (listening) return;
    }
    throw new Error('no free port');
  }

  stop(): void {
    this.server.closeAllConnections();
    this.server.close();
  }

  private async answer(request: IncomingMessage): Promise<Answer> {
    const { pathname } = new URL(request.url ?? '/', this.url);
    if (pathname === '/realm/.well-known/openid-configuration') {
      return { body: { issuer: this.url, token_endpoint: `${this.url}/token`, ...this.configuration } };
    }
    let text = '';
    for await (const chunk of request) text += String(chunk);
    this.asked.push({
      form: Object.fromEntries(new URLSearchParams(text)),
      authorization: request.headers.authorization,
    });
    return this.answers.shift() ?? { status: 400, body: { error: 'invalid_grant' } };
  }
}

/** An ID token that ends at `expiresAt` (epoch ms). Its signature is worth nothing. */
export function idToken(expiresAt: number, subject = 'me'): string {
  const part = (value: object): string => Buffer.from(JSON.stringify(value)).toString('base64url');
  return `${part({ alg: 'none' })}.${part({ sub: subject, exp: Math.floor(expiresAt / 1000) })}.sig`;
}
