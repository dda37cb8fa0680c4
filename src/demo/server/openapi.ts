import { apiVersionOf, type ResourceDef } from '../resources.ts';

/** Type of the OpenAPI v2 document that kubectl asks for. */
export const OPENAPI_V2_ASKED = 'application/com.github.proto-openapi.spec.v2@v1.0+protobuf';

/** Type it is sent as: '@' is no part of a valid media type, and older clients parse it. */
export const OPENAPI_V2_SENT = 'application/com.github.proto-openapi.spec.v2.v1.0+protobuf';

const TITLE = 'Kubernetes';

/** `/openapi/v2` without schemas: clients then validate nothing themselves and leave it to the server. */
export function openapiV2(version: string): object {
  return { swagger: '2.0', info: { title: TITLE, version }, paths: {}, definitions: {} };
}

/** The same document as protobuf (gnostic's openapi.v2.Document: swagger = 1, info = 2 {title = 1, version = 2}). */
export function openapiV2Protobuf(version: string): Buffer {
  const info = Buffer.concat([protoField(1, Buffer.from(TITLE)), protoField(2, Buffer.from(version))]);
  return Buffer.concat([protoField(1, Buffer.from('2.0')), protoField(2, info)]);
}

/** A length-delimited protobuf field; the lengths here are below 128 and fit one byte. */
function protoField(number: number, value: Buffer): Buffer {
  return Buffer.concat([Buffer.from([(number << 3) | 2, value.length]), value]);
}

/** `/openapi/v3`: where the document of each group version is. */
export function openapiV3Index(resources: readonly ResourceDef[]): object {
  const prefixes = [...new Set(resources.map(prefixOf))];
  return {
    paths: Object.fromEntries(
      prefixes.map((prefix) => [prefix, { serverRelativeURL: `/openapi/v3/${prefix}` }]),
    ),
  };
}

/** `/openapi/v3/PREFIX`: tells that writes know dryRun and fieldValidation, which is what kubectl looks for. */
export function openapiV3(
  resources: readonly ResourceDef[],
  prefix: string,
  version: string,
): object | undefined {
  const defs = resources.filter((def) => prefixOf(def) === prefix);
  if (defs.length === 0) return undefined;
  const paths = defs.map((def) => {
    const scope = def.namespaced ? '/namespaces/{namespace}' : '';
    return [`/${prefix}${scope}/${def.resource}/{name}`, { patch: patchOperation(def) }];
  });
  return {
    openapi: '3.0.0',
    info: { title: TITLE, version },
    paths: Object.fromEntries(paths),
    components: { schemas: {} },
  };
}

function patchOperation(def: ResourceDef): object {
  const { group, version, kind } = def;
  return {
    'x-kubernetes-action': 'patch',
    'x-kubernetes-group-version-kind': { group, version, kind },
    parameters: ['dryRun', 'fieldManager', 'fieldValidation', 'force'].map((name) => ({
      name,
      in: 'query',
      schema: { type: name === 'force' ? 'boolean' : 'string' },
    })),
    responses: {},
  };
}

function prefixOf(def: ResourceDef): string {
  return def.group === '' ? `api/${def.version}` : `apis/${apiVersionOf(def)}`;
}
