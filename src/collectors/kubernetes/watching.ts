import type { Clock } from './clock.ts';
import { KubeError } from './errors.ts';
import type { KubeHttp, Query } from './http.ts';
import { LineSplitter, parseObject } from './jsonstream.ts';
import { Slices } from './listing.ts';
import { isRecord, number, type Raw, record, string } from './raw.ts';
import { tooLarge } from './statusError.ts';

/** The server says something at least once a minute (bookmarks); silent for longer, a connection is given up. */
const SILENCE_MS = 90_000;
const FIRST_EVENTS_SILENCE_MS = 20_000;
const MIN_TIMEOUT_S = 300;
const INITIAL_EVENTS_END = 'k8s.io/initial-events-end';

/** One line of a watch. `changed` covers ADDED and MODIFIED. */
export type WatchEvent =
  | { readonly type: 'changed' | 'deleted'; readonly object: Raw }
  | { readonly type: 'bookmark'; readonly version: string | undefined; readonly initialEventsEnd: boolean }
  | { readonly type: 'unknown'; readonly what: string };

export interface WatchRequest {
  readonly http: KubeHttp;
  readonly path: string;
  readonly resourceVersion: string;
  /** Ask for the present objects first (streaming list, WatchList). */
  readonly initialEvents: boolean;
  readonly clock: Clock;
  readonly signal: AbortSignal;
  /** The server accepted the watch. */
  readonly onOpen: () => void;
  /** Resolves to whether the present objects have all come (always so without `initialEvents`). */
  readonly onEvent: (event: WatchEvent) => boolean | Promise<boolean>;
}

/** A line that is no event: something was lost, so what we know must be read anew. */
export class UndecodableError extends KubeError {
  constructor(server: string) {
    super('protocol', `${server} sent a broken watch event`, { where: server });
  }
}

/**
 * Follows one watch until the server ends it, which is normal. Throws KubeError for an ERROR event, a refusal, a
 * broken or silent connection, and UndecodableError.
 */
export async function followWatch(request: WatchRequest): Promise<void> {
  const { http, path, signal, initialEvents, clock } = request;
  const query: Query = {
    watch: true,
    allowWatchBookmarks: true,
    timeoutSeconds: Math.round(MIN_TIMEOUT_S * (1 + clock.random())),
    resourceVersion: request.resourceVersion || undefined,
    ...(initialEvents && { sendInitialEvents: true, resourceVersionMatch: 'NotOlderThan' }),
  };
  let complete = !initialEvents;
  const response = await http.open(path, {
    query,
    signal,
    idleMs: () => (complete ? SILENCE_MS : FIRST_EVENTS_SILENCE_MS),
  });
  request.onOpen();
  const { server } = http.access.target;
  const splitter = new LineSplitter();
  const slices = new Slices();
  const lines: Buffer[] = [];
  for await (const chunk of response.body) {
    try {
      splitter.feed(chunk, (line) => lines.push(line));
    } catch {
      throw new UndecodableError(server);
    }
    for (const line of lines.splice(0)) {
      complete = await request.onEvent(parseEvent(line, server));
      await slices.pause();
    }
  }
}

function parseEvent(line: Buffer, server: string): WatchEvent {
  let parsed: unknown;
  try {
    parsed = parseObject(line);
  } catch {
    throw new UndecodableError(server);
  }
  if (!isRecord(parsed)) throw new UndecodableError(server);
  const object = record(parsed.object);
  switch (parsed.type) {
    case 'ADDED':
    case 'MODIFIED':
      return { type: 'changed', object };
    case 'DELETED':
      return { type: 'deleted', object };
    case 'BOOKMARK': {
      const { resourceVersion, annotations } = record(object.metadata);
      const initialEventsEnd = record(annotations)[INITIAL_EVENTS_END] === 'true';
      return { type: 'bookmark', version: string(resourceVersion), initialEventsEnd };
    }
    case 'ERROR':
      throw errorEvent(object, server);
    default:
      return { type: 'unknown', what: `event type ${String(parsed.type).slice(0, 40)}` };
  }
}

/** An ERROR event ends a watch even when the server leaves the stream open; it carries a Status. */
function errorEvent(status: Raw, server: string): KubeError {
  const code = number(status.code) ?? 500;
  const reason = tooLarge(status) ? 'ResourceVersionTooLarge' : string(status.reason);
  const seconds = number(record(status.details).retryAfterSeconds);
  return new KubeError(
    code === 429 ? 'busy' : 'server',
    `${server} ended the watch: ${string(status.message) ?? code}`,
    {
      status: code,
      where: server,
      ...(reason && { reason }),
      ...(seconds !== undefined && { retryAfterMs: seconds * 1000 }),
    },
  );
}
