import { withDefaults } from './defaults.ts';
import { ApiError, badRequest, invalid, type StatusCause } from './errors.ts';
import { dig, equal, type Fields, fields, isFields, list } from './json.ts';
import type { KubeObject } from './object.ts';
import { apiVersionOf, type ResourceDef, resourceKey } from './resources.ts';
import { specCauses } from './spec-rules.ts';

const NAME = /^[a-z0-9]([-a-z0-9.]*[a-z0-9])?$/;
const MAX_NAME = 253;
/** RBAC names and lease-like names may hold more than DNS allows. */
const FREE_NAMES = new Set(['roles', 'rolebindings', 'clusterroles', 'clusterrolebindings']);

/** Checks that a body is an object of the resource. Throws 400. */
export function requireKind(def: ResourceDef, body: unknown): KubeObject {
  if (!isFields(body)) {
    throw badRequest("couldn't get version/kind; json parse error: the body is no JSON object");
  }
  const { kind, apiVersion } = body;
  if (
    (kind !== undefined && kind !== def.kind) ||
    (apiVersion !== undefined && apiVersion !== apiVersionOf(def))
  ) {
    throw badRequest(
      `the object provided is unrecognized (must be of type ${def.kind}): ` +
        `got kind "${String(kind)}" of "${String(apiVersion)}", expected "${apiVersionOf(def)}"`,
    );
  }
  const metadata = fields(body.metadata);
  const name = typeof metadata.name === 'string' ? metadata.name : '';
  return { ...body, apiVersion: apiVersionOf(def), kind: def.kind, metadata: { ...metadata, name } };
}

/** Checks an object that is to be created or to replace `previous`. Throws 422. */
export function validate(def: ResourceDef, object: KubeObject, previous: KubeObject | undefined): void {
  const { name } = object.metadata;
  const causes = [
    ...(previous ? [] : nameCauses(def, name)),
    ...specCauses(def, object),
    ...(previous ? immutableCauses(def, object, previous) : []),
  ];
  if (causes.length > 0) throw invalid(def, name, causes);
}

function nameCauses(def: ResourceDef, name: string): StatusCause[] {
  // A name that is still to be generated is valid.
  if (name === '' || FREE_NAMES.has(def.resource) || (NAME.test(name) && name.length <= MAX_NAME)) return [];
  const rule =
    "a lowercase RFC 1123 subdomain must consist of lower case alphanumeric characters, '-' or '.', and must " +
    "start and end with an alphanumeric character (e.g. 'example.com', regex used for validation is " +
    "'[a-z0-9]([-a-z0-9]*[a-z0-9])?(\\.[a-z0-9]([-a-z0-9]*[a-z0-9])?)*')";
  return [
    { reason: 'FieldValueInvalid', message: `Invalid value: "${name}": ${rule}`, field: 'metadata.name' },
  ];
}

function immutableCauses(def: ResourceDef, object: KubeObject, previous: KubeObject): StatusCause[] {
  if (def.resource === 'pods' && !equal(fixedPodSpec(object), fixedPodSpec(previous))) {
    const message =
      'Forbidden: pod updates may not change fields other than `spec.containers[*].image`,' +
      '`spec.initContainers[*].image`,`spec.activeDeadlineSeconds`,`spec.tolerations` (only additions to existing ' +
      'tolerations),`spec.terminationGracePeriodSeconds` (allow it to be set to 1 if it was previously negative)';
    return [{ reason: 'FieldValueForbidden', message, field: 'spec' }];
  }
  const complete = withDefaults(def, { ...object, metadata: previous.metadata });
  if (
    def.resource === 'statefulsets' &&
    !equal(fixedStatefulSetSpec(complete), fixedStatefulSetSpec(previous))
  ) {
    const message =
      "Forbidden: updates to statefulset spec for fields other than 'replicas', 'ordinals', 'template', " +
      "'updateStrategy', 'revisionHistoryLimit', 'persistentVolumeClaimRetentionPolicy' and 'minReadySeconds' " +
      'are forbidden';
    return [{ reason: 'FieldValueForbidden', message, field: 'spec' }];
  }
  const fixed = def.group === 'apps' ? ['selector'] : def.resource === 'jobs' ? ['selector', 'template'] : [];
  return fixed
    .filter((field) => !equal(dig(complete, 'spec', field), dig(previous, 'spec', field)))
    .map((field) => ({
      reason: 'FieldValueInvalid',
      message: `Invalid value: ${JSON.stringify(dig(complete, 'spec', field))}: field is immutable`,
      field: `spec.${field}`,
    }));
}

/** The part of a StatefulSet's spec that never changes. */
function fixedStatefulSetSpec(set: KubeObject): Fields {
  const {
    replicas: _a,
    ordinals: _b,
    template: _c,
    updateStrategy: _d,
    revisionHistoryLimit: _e,
    persistentVolumeClaimRetentionPolicy: _f,
    minReadySeconds: _g,
    ...spec
  } = fields(set.spec);
  return spec;
}

/** The part of a pod's spec that never changes. */
function fixedPodSpec(pod: KubeObject): Fields {
  const {
    activeDeadlineSeconds: _a,
    tolerations: _b,
    terminationGracePeriodSeconds: _c,
    ...spec
  } = fields(pod.spec);
  const images = (containers: unknown) =>
    list(containers).map((each) => ({ ...fields(each), image: '', imagePullPolicy: '' }));
  return { ...spec, containers: images(spec.containers), initContainers: images(spec.initContainers) };
}

/** 400 when a body names another object than the URL. */
export function requireSameName(object: KubeObject, name: string, namespace: string | undefined): KubeObject {
  const { metadata } = object;
  if (metadata.name !== '' && metadata.name !== name) {
    throw badRequest(
      `the name of the object (${metadata.name}) does not match the name on the URL (${name})`,
    );
  }
  return inNamespace({ ...object, metadata: { ...metadata, name } }, namespace);
}

/** The object in the namespace of the URL. Throws 400 when it names another one. */
export function inNamespace(object: KubeObject, namespace: string | undefined): KubeObject {
  const { namespace: own, ...metadata } = object.metadata;
  if (namespace === undefined) return { ...object, metadata };
  if (own !== undefined && own !== '' && own !== namespace) {
    throw badRequest(`the namespace of the provided object does not match the namespace sent on the request`);
  }
  return { ...object, metadata: { ...metadata, namespace } };
}

/** 403 for something new in a namespace that is being deleted. */
export function terminatingNamespace(def: ResourceDef, name: string, namespace: string): ApiError {
  const message =
    `${resourceKey(def)} "${name}" is forbidden: unable to create new content in namespace ${namespace} ` +
    'because it is being terminated';
  return new ApiError(403, 'Forbidden', message, {
    name,
    kind: def.resource,
    causes: [
      {
        reason: 'NamespaceTerminating',
        message: `namespace ${namespace} is being terminated`,
        field: 'metadata.namespace',
      },
    ],
  });
}
