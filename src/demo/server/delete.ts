import type { DeleteOptions } from '../deletion.ts';
import { badRequest } from '../errors.ts';
import { type Fields, fields, isFields, text } from '../json.ts';
import { type KubeObject, namespaceOf } from '../object.ts';
import { type ResourceDef, storeKey } from '../resources.ts';
import { requestMatcher } from '../selectors.ts';
import { readObject } from './body.ts';
import { type ResourceRequest, type ServerContext, storeNamespace } from './context.ts';
import { encodeList } from './encode.ts';
import { sendJson } from './http.ts';
import { isDryRun, wholeNumber } from './options.ts';
import { requireObject, sendObject } from './read.ts';

/** Answers a DELETE of one object: the object while it is still there, else a Status. */
export async function deleteOne(context: ServerContext, request: ResourceRequest): Promise<void> {
  const { options, dryRun } = await deleteRequest(request);
  const object = requireObject(context, request);
  if (dryRun) return sendObject(context, request, 200, object);
  const { def, name = '' } = request;
  const deleted = context.store.delete(storeKey(def), storeNamespace(request), name, options);
  const remains = context.store.get(storeKey(def), storeNamespace(request), name) !== undefined;
  // Pods are always returned as objects, whether they are gone or not.
  if (remains || def.resource === 'pods') return sendObject(context, request, 200, deleted);
  sendJson(request.response, 200, success(def, deleted));
}

/** Answers a DELETE of a collection: what the selectors match. */
export async function deleteCollection(context: ServerContext, request: ResourceRequest): Promise<void> {
  const { options, dryRun } = await deleteRequest(request);
  const { def, namespace, query, encoding } = request;
  const matches = requestMatcher(def, query) ?? (() => true);
  const objects = context.store.list(storeKey(def), namespace).filter(matches);
  if (!dryRun) {
    for (const object of objects) {
      context.store.delete(storeKey(def), namespaceOf(object), object.metadata.name, options);
    }
  }
  const { resourceVersion } = context.store;
  const pieces = encodeList(encoding, { resourceVersion }, objects, context.clock.now());
  sendJson(request.response, 200, [...pieces].join(''));
}

/** A Success status about one object. */
export function success(def: ResourceDef, { metadata }: KubeObject): object {
  const details = {
    name: metadata.name,
    ...(def.group !== '' && { group: def.group }),
    kind: def.resource,
    uid: metadata.uid,
  };
  return { kind: 'Status', apiVersion: 'v1', metadata: {}, status: 'Success', details };
}

async function deleteRequest(request: ResourceRequest): Promise<{ options: DeleteOptions; dryRun: boolean }> {
  const body = (await readObject(request.message)) ?? {};
  if (!isFields(body)) throw badRequest('DeleteOptions must be a JSON object');
  return { options: deleteOptions(body, request.query), dryRun: isDryRun(request.query, body.dryRun) };
}

/** Options of a deletion from its body; the query stands in for what the body leaves out. Throws 400. */
export function deleteOptions(body: Fields, query: URLSearchParams): DeleteOptions {
  const { uid, resourceVersion } = fields(body.preconditions);
  const grace = body.gracePeriodSeconds ?? wholeNumber(query, 'gracePeriodSeconds');
  if (grace !== undefined && grace !== null && typeof grace !== 'number') {
    throw badRequest('gracePeriodSeconds must be a number');
  }
  const policy = text(body.propagationPolicy) || query.get('propagationPolicy') || legacyPolicy(body);
  return {
    ...(typeof uid === 'string' && { uid }),
    ...(typeof resourceVersion === 'string' && { resourceVersion }),
    ...(typeof grace === 'number' && { gracePeriodSeconds: grace }),
    ...(policy && { propagationPolicy: policy }),
  };
}

function legacyPolicy(body: Fields): string {
  return body.orphanDependents === true ? 'Orphan' : '';
}
