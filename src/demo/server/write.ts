import { applyConfiguration, recordUpdate, sameButManagers } from '../apply.ts';
import { ApiError, badRequest, notFound } from '../errors.ts';
import { presented, stored } from '../events.ts';
import { isFields, list } from '../json.ts';
import type { Writer } from '../managedfields.ts';
import type { KubeObject } from '../object.ts';
import { jsonPatch, mergePatch, strategicMergePatch } from '../patch.ts';
import { isCustom, storeKey } from '../resources.ts';
import { inNamespace, requireKind, requireSameName, terminatingNamespace, validate } from '../validation.ts';
import { readObject, unsupportedMediaType } from './body.ts';
import { type ResourceRequest, type ServerContext, storeNamespace } from './context.ts';
import { mediaType, parseJson, readBody } from './http.ts';
import { flag, isDryRun } from './options.ts';
import { requireObject, sendObject } from './read.ts';

const STRATEGIC_MERGE = 'application/strategic-merge-patch+json';

const PATCH_TYPES = [
  'application/json-patch+json',
  'application/merge-patch+json',
  STRATEGIC_MERGE,
  'application/apply-patch+yaml',
];

/** Answers a POST of a new object. */
export async function create(context: ServerContext, request: ResourceRequest): Promise<void> {
  const { def, namespace, query } = request;
  const body = requireKind(def, await readObject(request.message));
  if (body.metadata.resourceVersion) {
    throw badRequest('resourceVersion should not be set on objects to be created');
  }
  const object = stored(def, inNamespace(body, namespace));
  checkNamespace(context, request, object.metadata.name);
  validate(def, object, undefined);
  const clean = withoutServerFields(request, object);
  const recorded = recordUpdate(undefined, clean, writerOf(request, 'Update'), context.clock.now());
  const created = isDryRun(query)
    ? context.store.previewCreate(storeKey(def), recorded)
    : context.store.create(storeKey(def), recorded);
  sendObject(context, request, 201, created);
}

/** Answers a PUT of an object or its status. */
export async function replace(context: ServerContext, request: ResourceRequest): Promise<void> {
  const { def, name = '', namespace } = request;
  const body = requireKind(def, await readObject(request.message));
  const previous = requireObject(context, request);
  const object = stored(def, requireSameName(body, name, namespace));
  commitUpdate(context, request, previous, keepStatus(request, previous, object));
}

/** Answers a PATCH of any kind. */
export async function patch(context: ServerContext, request: ResourceRequest): Promise<void> {
  const type = mediaType(request.message);
  const refused = type === STRATEGIC_MERGE && isCustom(request.def);
  if (refused || !PATCH_TYPES.includes(type))
    throw unsupportedMediaType(`accepted media types include: ${PATCH_TYPES.join(', ')}`);
  const body = parseJson(await readBody(request.message));
  if (type === 'application/apply-patch+yaml') return apply(context, request, body);
  const { def, name = '', namespace } = request;
  const previous = requireObject(context, request);
  const patched = applyPatch(type, presented(def, previous), body);
  const object = stored(def, requireSameName(requireKind(def, patched), name, namespace));
  commitUpdate(context, request, previous, keepStatus(request, previous, object));
}

/** The object after a patch of the given media type. */
export function applyPatch(type: string, object: object, body: unknown): unknown {
  if (type === 'application/json-patch+json') {
    if (!Array.isArray(body)) throw badRequest('a JSON patch must be an array of operations');
    return jsonPatch(object, list(body));
  }
  if (!isFields(body)) throw badRequest('a merge patch must be a JSON object');
  return type === 'application/merge-patch+json'
    ? mergePatch(object, body)
    : strategicMergePatch(object, body);
}

function apply(context: ServerContext, request: ResourceRequest, body: unknown): void {
  const { def, name = '', namespace, query } = request;
  if (!query.get('fieldManager')) {
    throw new ApiError(
      422,
      'Invalid',
      'PatchOptions.meta.k8s.io "" is invalid: fieldManager: Required value: is required for apply patch',
    );
  }
  const configuration = stored(def, requireSameName(requireKind(def, body), name, namespace));
  if (configuration.metadata.managedFields) {
    throw badRequest('metadata.managedFields must be nil');
  }
  const previous = context.store.get(storeKey(def), storeNamespace(request), name);
  const writer = writerOf(request, 'Apply');
  const force = flag(query, 'force');
  const now = context.clock.now();
  const applied = applyConfiguration(def, previous, configuration, writer, force, now);
  if (previous) {
    finishUpdate(context, request, previous, keepStatus(request, previous, applied));
    return;
  }
  checkNamespace(context, request, name);
  validate(def, applied, undefined);
  const create = isDryRun(query) ? 'previewCreate' : 'create';
  sendObject(context, request, 201, context.store[create](storeKey(def), applied));
}

/** Stores an ordinary update; one that changes nothing leaves no trace, not even of its manager. */
function commitUpdate(
  context: ServerContext,
  request: ResourceRequest,
  previous: KubeObject,
  object: KubeObject,
): void {
  const writer = writerOf(request, 'Update');
  const recorded = recordUpdate(previous, object, writer, context.clock.now());
  finishUpdate(context, request, previous, sameButManagers(previous, recorded) ? previous : recorded);
}

function finishUpdate(
  context: ServerContext,
  request: ResourceRequest,
  previous: KubeObject,
  object: KubeObject,
): void {
  const { def, query, subresource } = request;
  validate(def, object, previous);
  const options = subresource === 'status' ? ({ subresource } as const) : {};
  const updated = isDryRun(query)
    ? context.store.previewUpdate(storeKey(def), object, options)
    : context.store.update(storeKey(def), object, options);
  sendObject(context, request, 200, updated);
}

/** A write to the object keeps its status; a write to the status keeps all else but the lock. */
function keepStatus(request: ResourceRequest, previous: KubeObject, object: KubeObject): KubeObject {
  const { uid, resourceVersion } = object.metadata;
  const lock = {
    ...(uid !== undefined && { uid }),
    ...(resourceVersion !== undefined && { resourceVersion }),
  };
  if (request.subresource === 'status') {
    const { uid: _uid, resourceVersion: _version, ...metadata } = previous.metadata;
    return { ...previous, metadata: { ...metadata, ...lock }, status: object.status };
  }
  const { metadata } = object;
  const server = {
    ...lock,
    ...(previous.metadata.creationTimestamp && { creationTimestamp: previous.metadata.creationTimestamp }),
    ...(previous.metadata.generation !== undefined && { generation: previous.metadata.generation }),
  };
  const next: KubeObject = { ...object, metadata: { ...metadata, ...server } };
  if (!request.def.subresources.includes('status')) return next;
  const { status: _status, ...spec } = next;
  return previous.status === undefined
    ? (spec as KubeObject)
    : ({ ...spec, status: previous.status } as KubeObject);
}

/** What a client cannot choose on create. */
function withoutServerFields(request: ResourceRequest, object: KubeObject): KubeObject {
  const {
    uid: _uid,
    creationTimestamp: _created,
    deletionTimestamp: _deleted,
    deletionGracePeriodSeconds: _grace,
    generation: _generation,
    managedFields: _managed,
    ...metadata
  } = object.metadata;
  const { status, ...rest } = object;
  const keepsStatus = !request.def.subresources.includes('status') && status !== undefined;
  const initial = request.def.resource === 'pods' ? { status: { phase: 'Pending' } } : {};
  return { ...rest, ...initial, ...(keepsStatus && { status }), metadata } as KubeObject;
}

function checkNamespace(context: ServerContext, request: ResourceRequest, name: string): void {
  const { namespace, def } = request;
  if (namespace === undefined) return;
  const found = context.store.get('namespaces', '', namespace);
  if (!found) {
    const namespaces = context.resources.find((each) => each.resource === 'namespaces') ?? def;
    throw notFound(namespaces, namespace);
  }
  if (found.metadata.deletionTimestamp !== undefined) throw terminatingNamespace(def, name, namespace);
}

/** Who writes: the fieldManager of the query, else the first word of the user agent. */
export function writerOf(request: ResourceRequest, operation: Writer['operation']): Writer {
  const agent = (request.message.headers['user-agent'] ?? 'unknown').split('/')[0] ?? '';
  return {
    manager: request.query.get('fieldManager') || agent,
    operation,
    subresource: request.subresource,
  };
}
