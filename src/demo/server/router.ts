import type { IncomingMessage, ServerResponse } from 'node:http';
import { ApiError, badRequest } from '../errors.ts';
import { isForbidden } from '../faults.ts';
import { apiVersionOf, resourceKey, STORED_VERBS } from '../resources.ts';
import type { ResourceRequest, ServerContext } from './context.ts';
import { deleteCollection, deleteOne } from './delete.ts';
import { subresourceVerbs } from './discovery.ts';
import { documentFor } from './documents.ts';
import { evict } from './eviction.ts';
import { logs } from './logs.ts';
import { negotiate } from './negotiate.ts';
import { isWatch } from './options.ts';
import { getOne, list } from './read.ts';
import { review, USER } from './reviews.ts';
import { scale } from './scale.ts';
import { watch } from './watch.ts';
import { create, patch, replace } from './write.ts';

type Handler = (context: ServerContext, request: ResourceRequest) => void | Promise<void>;

/** Handlers by verb, for objects that are kept in the store. */
const HANDLERS: Readonly<Record<string, Handler>> = {
  get: getOne,
  list,
  watch,
  create,
  update: replace,
  patch,
  delete: deleteOne,
  deletecollection: deleteCollection,
};

/** Handlers of subresources, for every verb they offer. */
const SUBRESOURCE_HANDLERS: Readonly<Record<string, Handler>> = { scale, log: logs, eviction: evict };

/** Answers one request. Throws {@link ApiError} for what is refused. */
export async function route(
  context: ServerContext,
  message: IncomingMessage,
  response: ServerResponse,
): Promise<void> {
  const url = new URL(message.url ?? '/', 'http://localhost');
  const parts = url.pathname.split('/').filter((part) => part !== '');
  const request = resourceRequest(context, message, response, url, parts);
  if (request) return serveResource(context, request);
  const document = documentFor(context, message.headers, parts, url.searchParams);
  if (!document) throw unknownResource();
  const { status = 200, type = 'application/json', body } = document;
  response.writeHead(status, { 'Content-Type': type });
  response.end(body);
}

function resourceRequest(
  context: ServerContext,
  message: IncomingMessage,
  response: ServerResponse,
  url: URL,
  parts: readonly string[],
): ResourceRequest | undefined {
  const [root, ...afterRoot] = parts.map(decoded);
  if (root !== 'api' && root !== 'apis') return undefined;
  const depth = root === 'api' ? 1 : 2;
  const groupVersion = afterRoot.slice(0, depth).join('/');
  const target = pathTarget(afterRoot.slice(depth));
  if (!target) return undefined;
  const def = context.resources.find(
    (each) => apiVersionOf(each) === groupVersion && each.resource === target.resource,
  );
  const misplaced = def && target.namespace !== undefined && !def.namespaced;
  const unknownSubresource =
    target.subresource !== undefined && !def?.subresources.includes(target.subresource);
  if (!def || misplaced || unknownSubresource) throw unknownResource();
  const include = url.searchParams.get('includeObject');
  return {
    ...target,
    method: message.method ?? 'GET',
    def,
    query: url.searchParams,
    encoding: {
      def,
      representation: target.subresource === 'log' ? 'object' : negotiate(message.headers.accept),
      includeObject: include === 'None' || include === 'Object' ? include : 'Metadata',
    },
    message,
    response,
  };
}

function decoded(part: string): string {
  try {
    return decodeURIComponent(part);
  } catch {
    throw badRequest(`invalid URL escape in "${part}"`);
  }
}

interface PathTarget {
  readonly namespace: string | undefined;
  readonly resource: string;
  readonly name: string | undefined;
  readonly subresource: string | undefined;
}

/** `namespaces/NS/pods/NAME/log` and its shorter forms; a namespace itself is a resource, too. */
function pathTarget(rest: readonly string[]): PathTarget | undefined {
  const [first, second, third] = rest;
  if (first === undefined) return undefined;
  const inNamespace = first === 'namespaces' && third !== undefined && !['status'].includes(third);
  const [resource = '', name, subresource] = inNamespace ? rest.slice(2) : rest;
  return { namespace: inNamespace ? second : undefined, resource, name, subresource };
}

function serveResource(context: ServerContext, request: ResourceRequest): void | Promise<void> {
  const verb = verbOf(request);
  const { def, subresource } = request;
  const offered = subresource === undefined ? (def.verbs ?? STORED_VERBS) : subresourceVerbs(subresource);
  if (verb === undefined || !offered.includes(verb)) throw methodNotAllowed();
  const key = resourceKey(def);
  const full = subresource === undefined ? key : `${key}/${subresource}`;
  if (isForbidden(context.faults, full, verb)) throw forbidden(request, verb);
  const handler = subresource === undefined ? undefined : SUBRESOURCE_HANDLERS[subresource];
  if (handler) return handler(context, request);
  if (!offered.includes('get')) return review(context, request);
  return HANDLERS[verb]?.(context, request);
}

function verbOf(request: ResourceRequest): string | undefined {
  const { method, name } = request;
  const one = name !== undefined;
  switch (method) {
    case 'GET':
      return one ? 'get' : isWatch(request) ? 'watch' : 'list';
    case 'POST':
      return one && request.subresource === undefined ? undefined : 'create';
    case 'PUT':
      return one ? 'update' : undefined;
    case 'PATCH':
      return one ? 'patch' : undefined;
    case 'DELETE':
      return one ? 'delete' : 'deletecollection';
    default:
      return undefined;
  }
}

function unknownResource(): ApiError {
  return new ApiError(404, 'NotFound', 'the server could not find the requested resource', {});
}

function methodNotAllowed(): ApiError {
  const message = 'the server does not allow this method on the requested resource';
  return new ApiError(405, 'MethodNotAllowed', message, {});
}

/** 403 in the words of the RBAC authorizer. */
function forbidden(request: ResourceRequest, verb: string): ApiError {
  const { def, name, namespace, subresource } = request;
  const key = resourceKey(def);
  const subject = name === undefined ? key : `${key} "${name}"`;
  const resource = subresource === undefined ? def.resource : `${def.resource}/${subresource}`;
  const where = namespace === undefined ? 'at the cluster scope' : `in the namespace "${namespace}"`;
  const message =
    `${subject} is forbidden: User "${USER}" cannot ${verb} resource "${resource}" ` +
    `in API group "${def.group}" ${where}`;
  return new ApiError(403, 'Forbidden', message, {
    ...(name !== undefined && { name }),
    ...(def.group !== '' && { group: def.group }),
    kind: def.resource,
  });
}
