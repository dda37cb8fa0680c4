import type { Change, ChangeType } from '../collection.ts';
import { ApiError, tooLargeResourceVersion } from '../errors.ts';
import { namespaceOf } from '../object.ts';
import { storeKey } from '../resources.ts';
import { type Matcher, requestMatcher } from '../selectors.ts';
import type { ResourceRequest, ServerContext } from './context.ts';
import { encodeBookmark, encodeEvent, encodeObject } from './encode.ts';
import { writePieces } from './http.ts';
import { checkWatchOptions, flag, requestedVersion, wholeNumber } from './options.ts';

const BOOKMARK_MS = 60_000;
const DEFAULT_TIMEOUT_SECONDS = 1800;
/** A client that does not read is dropped when this much waits for it, as the real server drops slow watchers. */
const MAX_WAITING_BYTES = 64 * 1024 * 1024;

/**
 * Answers a watch: the events since the asked version (or ADDED for all there is), then every change until the timeout.
 * A version that is forgotten is answered with HTTP 200 and one ERROR event, as the real server does.
 */
export async function watch(context: ServerContext, request: ResourceRequest): Promise<void> {
  const streamingList = checkWatchOptions(request.query);
  const matches = requestMatcher(request.def, request.query);
  const stream = new WatchStream(context, request, matches);
  const begin = initialEvents(context, request, streamingList, stream);
  const { response } = request;
  response.writeHead(200, { 'Content-Type': 'application/json' });
  response.flushHeaders();
  if (begin instanceof ApiError) {
    response.end(encodeEvent('ERROR', JSON.stringify(begin.toStatus())));
    return;
  }
  await stream.run(begin);
}

/** The lines a watch begins with, or the error that ends it. Throws what is refused with an HTTP status. */
function initialEvents(
  context: ServerContext,
  request: ResourceRequest,
  streamingList: boolean,
  stream: WatchStream,
): Iterable<string> | ApiError {
  const { store } = context;
  const key = storeKey(request.def);
  const version = requestedVersion(request.query);
  const current = Number(store.resourceVersion);
  if (version !== undefined && version > current) throw tooLargeResourceVersion(version, current);
  if (version === undefined || streamingList) {
    const now = store.list(key, request.namespace);
    return stream.linesForAll(now, streamingList ? store.resourceVersion : undefined);
  }
  try {
    return stream.linesFor(store.changesSince(key, version));
  } catch (error) {
    if (error instanceof ApiError && error.status === 410) return error;
    throw error;
  }
}

/** One open watch. */
class WatchStream {
  readonly #context: ServerContext;
  readonly #request: ResourceRequest;
  readonly #matches: Matcher | undefined;
  readonly #backlog: string[] = [];
  readonly #bookmarks: boolean;
  readonly #timeoutMs: number;
  #live = false;
  #columnsSent = false;

  constructor(context: ServerContext, request: ResourceRequest, matches: Matcher | undefined) {
    this.#context = context;
    this.#request = request;
    this.#matches = matches;
    this.#bookmarks = flag(request.query, 'allowWatchBookmarks');
    const seconds = wholeNumber(request.query, 'timeoutSeconds') || DEFAULT_TIMEOUT_SECONDS;
    this.#timeoutMs = Math.min(
      seconds * 1000,
      context.faults.closeWatchesAfterMs ?? Number.POSITIVE_INFINITY,
    );
  }

  /** ADDED for every object, then the mark of their end when `endVersion` is given. */
  *linesForAll(objects: readonly Change['object'][], endVersion: string | undefined): Generator<string> {
    for (const object of objects) {
      if (!this.#matches || this.#matches(object)) yield this.#event('ADDED', object);
    }
    if (endVersion !== undefined && this.#bookmarks) yield this.#bookmark(endVersion, true);
  }

  *linesFor(changes: readonly Change[]): Generator<string> {
    for (const change of changes) {
      const line = this.#line(change);
      if (line !== undefined) yield line;
    }
  }

  /** Sends the first lines, then changes as they happen, until the client leaves or the time is up. */
  async run(begin: Iterable<string>): Promise<void> {
    const { response, def } = this.#request;
    const { hub, clock } = this.#context;
    const unsubscribe = hub.subscribe(storeKey(def), (change) => this.#push(change));
    const cancelTimeout = clock.setTimeout(() => this.#finish(), this.#timeoutMs);
    const cancelBookmarks = this.#scheduleBookmark();
    response.once('close', () => {
      unsubscribe();
      cancelTimeout();
      cancelBookmarks();
    });
    await writePieces(response, begin);
    while (this.#backlog.length > 0 && !response.destroyed) {
      await writePieces(response, this.#backlog.splice(0));
    }
    this.#live = true;
  }

  #push(change: Change): void {
    const line = this.#line(change);
    if (line !== undefined) this.#send(line);
  }

  #send(line: string): void {
    const { response } = this.#request;
    if (!this.#live) this.#backlog.push(line);
    else if (response.writableLength > MAX_WAITING_BYTES) response.destroy();
    else response.write(line);
  }

  #finish(): void {
    if (this.#bookmarks) this.#send(this.#bookmark(this.#context.store.resourceVersion, false));
    this.#request.response.end();
  }

  #scheduleBookmark(): () => void {
    if (!this.#bookmarks) return () => {};
    const { clock, store } = this.#context;
    let cancel = () => {};
    const again = () => {
      cancel = clock.setTimeout(() => {
        this.#send(this.#bookmark(store.resourceVersion, false));
        again();
      }, BOOKMARK_MS);
    };
    again();
    return () => cancel();
  }

  /** The line for a change, or undefined when it is outside the watched namespace and selection. */
  #line(change: Change): string | undefined {
    const { namespace } = this.#request;
    if (namespace !== undefined && namespaceOf(change.object) !== namespace) return undefined;
    const type = this.#matches ? selectedType(change, this.#matches) : change.type;
    return type === undefined ? undefined : this.#event(type, change.object);
  }

  #event(type: ChangeType, object: Change['object']): string {
    const bare = this.#columnsSent;
    this.#columnsSent = true;
    return encodeEvent(type, encodeObject(this.#request.encoding, object, this.#context.clock.now(), bare));
  }

  #bookmark(version: string, initialEventsEnd: boolean): string {
    return encodeBookmark(this.#request.encoding, version, initialEventsEnd);
  }
}

/** What a change means to a watch with a selector: an object may enter or leave the selection. */
function selectedType(change: Change, matches: Matcher): ChangeType | undefined {
  const before = change.previous !== undefined && matches(change.previous);
  const after = change.type !== 'DELETED' && matches(change.object);
  if (before && after) return 'MODIFIED';
  if (after) return 'ADDED';
  return before ? 'DELETED' : undefined;
}
