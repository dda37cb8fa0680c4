import { yieldToLoop } from './clock.ts';
import { KubeError } from './errors.ts';
import type { KubeHttp, Query } from './http.ts';
import { ListSplitter, parseObject } from './jsonstream.ts';
import { type Raw, record, string } from './raw.ts';
import { notKubernetes } from './statusError.ts';

const PAGE_SIZE = 500;
/** Longest stretch of work between two turns of the event loop. */
const SLICE_MS = 8;

/** Ends slices of long work: `await` it between pieces. */
export class Slices {
  private start = performance.now();

  async pause(): Promise<void> {
    if (performance.now() - this.start < SLICE_MS) return;
    await yieldToLoop();
    this.start = performance.now();
  }
}

export interface ListRequest {
  readonly http: KubeHttp;
  readonly path: string;
  /** Kind of the items; the answer must be its list. */
  readonly kind: string;
  /** '0' any state, '' the newest, else at least as new as this. */
  readonly resourceVersion: string;
  readonly signal: AbortSignal;
  readonly onItem: (raw: unknown) => void;
  /** The list starts over: forget the items so far. */
  readonly onRestart: () => void;
}

/**
 * Reads a complete list, page by page, and gives each item away as soon as it is there. Resolves to the
 * resourceVersion that a watch continues from. Throws KubeError.
 */
export async function readList(request: ListRequest): Promise<string> {
  // Only answers from storage or a consistent read can be cut in pages; anything else comes whole from the cache.
  let limit: number | undefined =
    request.resourceVersion === '' || request.resourceVersion === '0' ? PAGE_SIZE : undefined;
  let next: string | undefined;
  for (;;) {
    const start: Query =
      request.resourceVersion === ''
        ? {}
        : { resourceVersion: request.resourceVersion, resourceVersionMatch: 'NotOlderThan' };
    try {
      const envelope = await readPage(
        request,
        next === undefined ? { limit, ...start } : { limit, continue: next },
      );
      next = string(envelope.continue);
      if (next === undefined) return versionOf(envelope, request);
    } catch (error) {
      if (next === undefined || !(error instanceof KubeError) || error.status !== 410) throw error;
      // The list grew too old between two pages: take it whole, as it was asked for at first.
      next = undefined;
      limit = undefined;
      request.onRestart();
    }
  }
}

/** Reads the items of a small list that is polled, not watched. Throws KubeError. */
export async function readItems(
  http: KubeHttp,
  path: string,
  signal: AbortSignal,
  onItem: (raw: Raw) => void,
): Promise<void> {
  await readEnvelope(http, path, {}, signal, (raw) => onItem(record(raw)));
}

/** Reads one page; resolves to the list's metadata. */
async function readPage({ http, path, kind, signal, onItem }: ListRequest, query: Query): Promise<Raw> {
  const envelope = await readEnvelope(http, path, query, signal, onItem);
  if (envelope.kind === `${kind}List`) return record(envelope.metadata);
  const { server } = http.access.target;
  const found = string(envelope.kind) ?? 'an object without kind';
  throw new KubeError('protocol', `${server}${path} answers with ${found} instead of ${kind}List`, {
    where: server,
    fix: 'check what is between this machine and the API server',
  });
}

/** Everything of a list but its items, which are given away one by one. */
async function readEnvelope(
  http: KubeHttp,
  path: string,
  query: Query,
  signal: AbortSignal,
  onItem: (raw: unknown) => void,
): Promise<Raw> {
  const response = await http.open(path, { query, signal });
  const { server } = http.access.target;
  const splitter = new ListSplitter();
  const slices = new Slices();
  try {
    for await (const chunk of response.body) {
      splitter.feed(chunk, (json) => onItem(parseObject(json)));
      await slices.pause();
    }
    return splitter.end();
  } catch (error) {
    if (error instanceof SyntaxError) throw notKubernetes(server, `a broken list (${error.message})`);
    throw error;
  }
}

function versionOf(metadata: Raw, { http, path }: ListRequest): string {
  const version = string(metadata.resourceVersion);
  if (version !== undefined) return version;
  throw new KubeError(
    'protocol',
    `${http.access.target.server}${path} answers with a list without resourceVersion`,
  );
}
