import { once } from 'node:events';
import type { IncomingMessage, ServerResponse } from 'node:http';
import { ApiError, badRequest } from '../errors.ts';

const CHUNK_CHARACTERS = 64 * 1024;
const MAX_BODY_BYTES = 3 * 1024 * 1024;

/** Sends a JSON reply. */
export function sendJson(
  response: ServerResponse,
  status: number,
  body: string | object,
  type = 'application/json',
): void {
  const payload = typeof body === 'string' ? body : `${JSON.stringify(body)}\n`;
  response.writeHead(status, { 'Content-Type': type, 'Content-Length': Buffer.byteLength(payload) });
  response.end(payload);
}

/** Sends an error as a Status. */
export function sendError(response: ServerResponse, error: ApiError): void {
  const { retryAfterSeconds } = error;
  if (retryAfterSeconds !== undefined) response.setHeader('Retry-After', String(retryAfterSeconds));
  sendJson(response, error.status, error.toStatus());
}

/** Writes pieces of a reply in large chunks, no faster than the client reads. Ends early when the client leaves. */
export async function writePieces(response: ServerResponse, pieces: Iterable<string>): Promise<void> {
  let chunk = '';
  for (const piece of pieces) {
    chunk += piece;
    if (chunk.length < CHUNK_CHARACTERS) continue;
    await writeChunk(response, chunk);
    if (response.destroyed) return;
    chunk = '';
  }
  if (chunk !== '') await writeChunk(response, chunk);
}

/** Writes a chunk and lets the event loop turn, so that a big list does not hold up other requests. */
async function writeChunk(response: ServerResponse, chunk: string): Promise<void> {
  if (response.destroyed) return;
  if (response.write(chunk)) return new Promise((resolve) => setImmediate(resolve));
  const left = new AbortController();
  const leave = () => left.abort();
  response.once('close', leave);
  try {
    await once(response, 'drain', { signal: left.signal });
  } catch (error) {
    if (!left.signal.aborted) throw error;
  } finally {
    response.off('close', leave);
  }
}

/** The body of a request as text. Throws 413 when it is too big. */
export async function readBody(message: IncomingMessage): Promise<string> {
  return (await readBytes(message)).toString('utf8');
}

/** The body of a request. Throws 413 when it is too big. */
export async function readBytes(message: IncomingMessage): Promise<Buffer> {
  const chunks: Buffer[] = [];
  let size = 0;
  for await (const chunk of message as AsyncIterable<Buffer>) {
    size += chunk.length;
    if (size > MAX_BODY_BYTES) {
      throw new ApiError(413, 'RequestEntityTooLarge', 'Request entity too large: limit is 3145728');
    }
    chunks.push(chunk);
  }
  return Buffer.concat(chunks);
}

/** Parses a body as JSON. Throws 400. */
export function parseJson(body: string): unknown {
  try {
    return JSON.parse(body);
  } catch (error) {
    const why = error instanceof Error ? error.message : String(error);
    throw badRequest(`couldn't get version/kind; json parse error: ${why}`);
  }
}

/** Media type of a request body, without parameters. */
export function mediaType(message: IncomingMessage): string {
  return (message.headers['content-type'] ?? '').split(';')[0]?.trim().toLowerCase() ?? '';
}
