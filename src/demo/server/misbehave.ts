import type { ServerResponse } from 'node:http';
import { setTimeout as sleep } from 'node:timers/promises';
import { ApiError } from '../errors.ts';
import type { Faults } from '../faults.ts';

const HTML = '<!DOCTYPE html><html><head><title>Sign in</title></head><body>Please sign in.</body></html>\n';

const REASONS: Readonly<Record<number, readonly [reason: string, message: string]>> = {
  401: ['Unauthorized', 'Unauthorized'],
  429: ['TooManyRequests', 'Too many requests, please try again later.'],
  500: ['InternalError', 'Internal error occurred: injected fault'],
  503: ['ServiceUnavailable', 'the server is currently unable to handle the request'],
};

/** Codes that come with Retry-After; a client takes any other as final. */
const ASKS_TO_WAIT: ReadonlySet<number> = new Set([429, 503]);

/** Decides for each request whether it goes wrong, and how. */
export class Misbehaviour {
  readonly #faults: Faults;
  #requests = 0;

  constructor(faults: Faults) {
    this.#faults = faults;
  }

  /** Does what the faults ask for; returns whether the request is thereby finished. Throws injected failures. */
  async interfere(response: ServerResponse): Promise<boolean> {
    const { delayMs, resetEvery, html, failEvery, failWith = 500, retryAfterSeconds } = this.#faults;
    this.#requests += 1;
    // Others are counted while this one waits.
    const number = this.#requests;
    if (delayMs !== undefined) await sleep(delayMs);
    if (resetEvery !== undefined && number % resetEvery === 0) {
      response.socket?.resetAndDestroy();
      return true;
    }
    if (html) {
      response.writeHead(200, { 'Content-Type': 'text/html' });
      response.end(HTML);
      return true;
    }
    if (failEvery !== undefined && number % failEvery === 0) {
      const [reason, message] = REASONS[failWith] ?? ['InternalError', 'injected fault'];
      const asksToWait = retryAfterSeconds !== undefined && ASKS_TO_WAIT.has(failWith);
      const details = asksToWait ? { retryAfterSeconds } : undefined;
      throw new ApiError(failWith, reason, message, details);
    }
    return false;
  }
}
