import { isForbidden } from '../faults.ts';
import { type Fields, fields, isFields, text } from '../json.ts';
import { type ResourceDef, resourceKey, STORED_VERBS } from '../resources.ts';
import { readObject } from './body.ts';
import type { ResourceRequest, ServerContext } from './context.ts';
import { sendJson } from './http.ts';

/** The user that every request is taken for. */
export const USER = 'homelab-admin';

const GROUPS = ['system:masters', 'system:authenticated'];

type Review = (context: ServerContext, spec: Fields) => Fields;

/** The reviews by kind: each makes the status from the spec. */
const REVIEWS: Readonly<Record<string, Review>> = {
  SelfSubjectAccessReview: accessReview,
  SelfSubjectRulesReview: rulesReview,
  SelfSubjectReview: () => ({ userInfo: { username: USER, groups: GROUPS } }),
};

/** Answers a POST of a review: the object with its status, which is not stored. */
export async function review(context: ServerContext, request: ResourceRequest): Promise<void> {
  const body = fields(await readObject(request.message));
  const { def, response } = request;
  const status = REVIEWS[def.kind]?.(context, fields(body.spec)) ?? {};
  const metadata = isFields(body.metadata) ? body.metadata : {};
  sendJson(response, 201, {
    ...body,
    kind: def.kind,
    apiVersion: `${def.group}/${def.version}`,
    metadata: { creationTimestamp: null, ...metadata },
    status,
  });
}

function accessReview({ faults }: ServerContext, spec: Fields): Fields {
  if (!isFields(spec.resourceAttributes)) return { allowed: true };
  const { resource, group, subresource, verb } = spec.resourceAttributes;
  const plain = text(group) === '' ? text(resource) : `${text(resource)}.${text(group)}`;
  const full = text(subresource) === '' ? plain : `${plain}/${text(subresource)}`;
  const refused = isForbidden(faults, plain, text(verb)) || isForbidden(faults, full, text(verb));
  return refused
    ? { allowed: false }
    : { allowed: true, reason: 'the homelab administrator may do everything' };
}

function rulesReview(context: ServerContext): Fields {
  const everything = [{ verbs: ['*'], apiGroups: ['*'], resources: ['*'] }];
  const restricted = (context.faults.forbidden ?? []).length > 0;
  return {
    resourceRules: restricted ? context.resources.flatMap((def) => rulesFor(context, def)) : everything,
    nonResourceRules: [{ verbs: ['*'], nonResourceURLs: ['*'] }],
    incomplete: false,
  };
}

function rulesFor({ faults }: ServerContext, def: ResourceDef): Fields[] {
  const verbs = (def.verbs ?? STORED_VERBS).filter((verb) => !isForbidden(faults, resourceKey(def), verb));
  return verbs.length > 0 ? [{ verbs, apiGroups: [def.group], resources: [def.resource] }] : [];
}
