import { recordUpdate } from '../apply.ts';
import { badRequest } from '../errors.ts';
import { dig, fields, isFields, num } from '../json.ts';
import type { KubeObject } from '../object.ts';
import { storeKey } from '../resources.ts';
import { selectorText } from '../selectors.ts';
import { requireSameName, validate } from '../validation.ts';
import { readObject } from './body.ts';
import type { ResourceRequest, ServerContext } from './context.ts';
import { mediaType, parseJson, readBody, sendJson } from './http.ts';
import { isDryRun } from './options.ts';
import { requireObject } from './read.ts';
import { applyPatch, writerOf } from './write.ts';

/** The Scale of a workload. */
function scaleOf(workload: KubeObject): KubeObject {
  const { name, namespace, uid, resourceVersion, creationTimestamp } = workload.metadata;
  const selector = dig(workload, 'spec', 'selector');
  const plain = isFields(selector) && !('matchLabels' in selector) && !('matchExpressions' in selector);
  return {
    kind: 'Scale',
    apiVersion: 'autoscaling/v1',
    metadata: {
      name,
      ...(namespace !== undefined && { namespace }),
      ...(uid !== undefined && { uid }),
      ...(resourceVersion !== undefined && { resourceVersion }),
      ...(creationTimestamp !== undefined && { creationTimestamp }),
    },
    spec: { replicas: num(dig(workload, 'spec', 'replicas')) },
    status: {
      replicas: num(dig(workload, 'status', 'replicas')),
      selector: selectorText(plain ? { matchLabels: selector } : selector),
    },
  };
}

/** Answers GET, PUT and PATCH of the scale subresource. */
export async function scale(context: ServerContext, request: ResourceRequest): Promise<void> {
  const workload = requireObject(context, request);
  if (request.method === 'GET') return sendJson(request.response, 200, scaleOf(workload));
  const wanted =
    request.method === 'PUT' ? await readObject(request.message) : await patchedScale(request, workload);
  if (!isFields(wanted) || wanted.kind !== 'Scale') {
    throw badRequest('the object provided is unrecognized (must be of type Scale)');
  }
  const { name = '', namespace, def, query } = request;
  const sent = requireSameName(wanted as KubeObject, name, namespace);
  const spec = { ...fields(workload.spec), replicas: num(dig(sent, 'spec', 'replicas')) };
  const { uid: _uid, resourceVersion: _version, ...metadata } = workload.metadata;
  const { uid, resourceVersion } = sent.metadata;
  const locked = {
    ...metadata,
    ...(uid !== undefined && { uid }),
    ...(resourceVersion !== undefined && { resourceVersion }),
  };
  const writer = writerOf(request, 'Update');
  const object = recordUpdate(workload, { ...workload, metadata: locked, spec }, writer, context.clock.now());
  validate(def, object, workload);
  const { store } = context;
  const updated = isDryRun(query)
    ? store.previewUpdate(storeKey(def), object)
    : store.update(storeKey(def), object);
  sendJson(request.response, 200, scaleOf(updated));
}

/** A patched scale keeps no version unless the patch sets one: it shall apply to whatever is there. */
async function patchedScale(request: ResourceRequest, workload: KubeObject): Promise<unknown> {
  const current = scaleOf(workload);
  const body = parseJson(await readBody(request.message));
  return applyPatch(mediaType(request.message), current, body);
}
