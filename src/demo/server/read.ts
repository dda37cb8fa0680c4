import { indexAfter, objectKey } from '../collection.ts';
import { ApiError, badRequest, notFound, tooLargeResourceVersion } from '../errors.ts';
import { isFields } from '../json.ts';
import type { KubeObject } from '../object.ts';
import { type ResourceDef, storeKey } from '../resources.ts';
import { type Matcher, requestMatcher } from '../selectors.ts';
import { type ResourceRequest, type ServerContext, storeNamespace } from './context.ts';
import { encodeList, encodeObject, type ListMeta } from './encode.ts';
import { sendJson, writePieces } from './http.ts';
import { checkListOptions, requestedVersion, wholeNumber } from './options.ts';

/** Position in a paged list: the version it shows and the key of the last object sent. */
interface Continuation {
  readonly version: number;
  readonly after: string;
}

function encodeContinuation({ version, after }: Continuation): string {
  const token = { v: 'meta.k8s.io/v1', rv: version, start: `${after}\u0000` };
  return Buffer.from(JSON.stringify(token)).toString('base64url');
}

function decodeContinuation(token: string): Continuation {
  try {
    const value: unknown = JSON.parse(Buffer.from(token, 'base64url').toString('utf8'));
    if (isFields(value) && typeof value.rv === 'number' && typeof value.start === 'string') {
      return { version: value.rv, after: value.start.slice(0, -1) };
    }
  } catch {
    // Not JSON: refused like any other token that is not ours.
  }
  throw badRequest('continue key is not valid: illegal base64 or JSON in the continue token');
}

/** The object that a request names. Throws 404. */
export function requireObject(context: ServerContext, request: ResourceRequest): KubeObject {
  const { def, name = '' } = request;
  const hooked = metricsOf(context, def);
  const namespace = storeNamespace(request);
  const object = hooked
    ? hooked.find((each) => objectKey(each) === `${namespace}/${name}`)
    : context.store.get(storeKey(def), namespace, name);
  if (!object) throw notFound(def, name);
  return object;
}

/** Answers a GET of one object. */
export function getOne(context: ServerContext, request: ResourceRequest): void {
  sendObject(context, request, 200, requireObject(context, request));
}

/** Sends one object in the shape that was asked for. */
export function sendObject(
  context: ServerContext,
  request: ResourceRequest,
  status: number,
  object: KubeObject,
): void {
  sendJson(request.response, status, `${encodeObject(request.encoding, object, context.clock.now())}\n`);
}

/** Answers a list, streamed. */
export async function list(context: ServerContext, request: ResourceRequest): Promise<void> {
  const { query, def, response, encoding } = request;
  checkListOptions(query);
  const matches = requestMatcher(def, query);
  const { meta, objects } = page(context, request, matches);
  response.writeHead(200, { 'Content-Type': 'application/json' });
  await writePieces(response, encodeList(encoding, meta, objects, context.clock.now()));
  response.end();
}

interface Page {
  readonly meta: ListMeta;
  readonly objects: readonly KubeObject[];
}

function page(context: ServerContext, request: ResourceRequest, matches: Matcher | undefined): Page {
  const { query } = request;
  const token = query.get('continue');
  const continuation = token ? decodeContinuation(token) : undefined;
  const version = listVersion(context, query, continuation);
  const all = objectsAt(context, request, version, continuation);
  const first = continuation ? indexAfter(all, continuation.after) : 0;
  const limit = pageLimit(query);
  const objects: KubeObject[] = [];
  let index = first;
  while (index < all.length && objects.length < limit) {
    const object = all[index];
    if (object && (!matches || matches(object))) objects.push(object);
    index += 1;
  }
  const resourceVersion = String(version ?? context.store.resourceVersion);
  const last = objects.at(-1);
  if (index >= all.length || !last) return { meta: { resourceVersion }, objects };
  const next = encodeContinuation({ version: Number(resourceVersion), after: objectKey(last) });
  // With a selector the number of objects to come is not known, as on a real server.
  const remaining = matches ? {} : { remainingItemCount: all.length - index };
  return { meta: { resourceVersion, continue: next, ...remaining }, objects };
}

/** A list from the cache (version 0) ignores the limit, as the real watch cache does. */
function pageLimit(query: URLSearchParams): number {
  const limit = wholeNumber(query, 'limit') ?? 0;
  return limit === 0 || query.get('resourceVersion') === '0' ? Number.POSITIVE_INFINITY : limit;
}

/** The exact version to list at, or undefined for the present one. Throws 504 for one that is not reached. */
function listVersion(
  context: ServerContext,
  query: URLSearchParams,
  continuation: Continuation | undefined,
): number | undefined {
  const requested = requestedVersion(query);
  if (continuation) {
    if (requested !== undefined) {
      throw badRequest('specifying resource version is not allowed when using continue');
    }
    return continuation.version;
  }
  const current = Number(context.store.resourceVersion);
  if (requested !== undefined && requested > current) throw tooLargeResourceVersion(requested, current);
  const match = query.get('resourceVersionMatch');
  const exact = match === 'Exact' || (!match && (wholeNumber(query, 'limit') ?? 0) > 0);
  return exact ? requested : undefined;
}

function objectsAt(
  context: ServerContext,
  request: ResourceRequest,
  version: number | undefined,
  continuation: Continuation | undefined,
): readonly KubeObject[] {
  const { def, namespace } = request;
  const hooked = metricsOf(context, def);
  if (hooked)
    return hooked.filter((each) => namespace === undefined || each.metadata.namespace === namespace);
  if (version === undefined) return context.store.list(storeKey(def), namespace);
  try {
    return context.store.listAt(storeKey(def), version, namespace);
  } catch (error) {
    if (!(error instanceof ApiError) || error.status !== 410) throw error;
    throw continuation ? expiredContinuation(context, continuation) : expiredVersion();
  }
}

/** The reply tells how to go on at the present version, with a list that mixes two. */
function expiredContinuation(context: ServerContext, continuation: Continuation): ApiError {
  const version = Number(context.store.resourceVersion);
  return new ExpiredContinuation(encodeContinuation({ ...continuation, version }));
}

function expiredVersion(): ApiError {
  return new ApiError(410, 'Expired', 'The resourceVersion for the provided list is too old.');
}

/** 410 of a paged list, with a token for the rest at the present version. */
class ExpiredContinuation extends ApiError {
  readonly #token: string;

  constructor(token: string) {
    super(
      410,
      'Expired',
      'The provided continue parameter is too old to display a consistent list result. You can start a new list ' +
        'without the continue parameter, or use the continue token in this response to retrieve the remainder of ' +
        'the results. Continuing with the provided token results in an inconsistent list - objects that were ' +
        'created, modified, or deleted between the time the first chunk was returned and now may show up in the list.',
    );
    this.#token = token;
  }

  override toStatus() {
    return { ...super.toStatus(), metadata: { continue: this.#token } };
  }
}

/** Objects of metrics.k8s.io, which come from the world and not from the store. */
function metricsOf(context: ServerContext, def: ResourceDef): KubeObject[] | undefined {
  if (def.kind === 'NodeMetrics') return context.hooks.nodeMetrics?.() ?? [];
  if (def.kind === 'PodMetrics') return context.hooks.podMetrics?.() ?? [];
  return undefined;
}
