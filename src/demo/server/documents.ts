import type { IncomingHttpHeaders } from 'node:http';
import { apiVersionOf } from '../resources.ts';
import type { ServerContext } from './context.ts';
import { aggregated, coreVersions, groupDocument, groupList, resourceList } from './discovery.ts';
import { wantsAggregatedDiscovery } from './negotiate.ts';
import {
  OPENAPI_V2_ASKED,
  OPENAPI_V2_SENT,
  openapiV2,
  openapiV2Protobuf,
  openapiV3,
  openapiV3Index,
} from './openapi.ts';

/** A reply that describes the server. */
export interface Document {
  /** 200 when absent. */
  readonly status?: number;
  /** application/json when absent. */
  readonly type?: string;
  readonly body: string | Buffer;
}

const AGGREGATED_TYPE = 'application/json;g=apidiscovery.k8s.io;v=v2;as=APIGroupDiscoveryList';
const TEXT = 'text/plain; charset=utf-8';

type Source = (
  context: ServerContext,
  rest: readonly string[],
  headers: IncomingHttpHeaders,
  query: URLSearchParams,
) => Document | undefined;

/** What `?verbose` lists; here nothing can fail by itself. */
const CHECKS = ['ping', 'log', 'etcd', 'poststarthook/start-apiextensions-controllers'];

function healthOf(name: string): Source {
  const verbose = [...CHECKS.map((check) => `[+]${check} ok`), `${name} check passed`, ''].join('\n');
  return (_context, _rest, _headers, query) => ({ type: TEXT, body: query.has('verbose') ? verbose : 'ok' });
}

/** Documents by the first part of their path; undefined means that the API has no such thing. */
const SOURCES: Readonly<Record<string, Source>> = {
  healthz: healthOf('healthz'),
  livez: healthOf('livez'),
  readyz: healthOf('readyz'),
  version: ({ version }) => json(versionInfo(version)),
  api: coreDiscovery,
  apis: groupDiscovery,
  openapi,
};

/** The document at a path outside the resources; undefined where a discovery path leads nowhere. */
export function documentFor(
  context: ServerContext,
  headers: IncomingHttpHeaders,
  [first, ...rest]: readonly string[],
  query: URLSearchParams,
): Document | undefined {
  if (first === undefined) return json({ paths: paths(context) });
  const source = Object.hasOwn(SOURCES, first) ? SOURCES[first] : undefined;
  return source
    ? source(context, rest, headers, query)
    : { status: 404, type: TEXT, body: '404 page not found\n' };
}

function json(value: object): Document {
  return { body: `${JSON.stringify(value)}\n` };
}

function optional(value: object | undefined): Document | undefined {
  return value && json(value);
}

function paths({ resources }: ServerContext): string[] {
  const groups = resources
    .filter(({ group }) => group !== '')
    .flatMap((def) => [`/apis/${def.group}`, `/apis/${apiVersionOf(def)}`]);
  const own = Object.keys(SOURCES).map((name) => `/${name}`);
  const documents = ['/api/v1', '/openapi/v2', '/openapi/v3'];
  return [...new Set([...own, ...documents, ...groups])].sort();
}

function coreDiscovery(
  { resources }: ServerContext,
  [version]: readonly string[],
  { accept, host = '' }: IncomingHttpHeaders,
): Document | undefined {
  if (version !== undefined) return optional(resourceList(resources, version));
  if (!wantsAggregatedDiscovery(accept)) return json(coreVersions(host));
  return { ...json(aggregated(resources, true)), type: AGGREGATED_TYPE };
}

function groupDiscovery(
  { resources }: ServerContext,
  [group, version]: readonly string[],
  { accept }: IncomingHttpHeaders,
): Document | undefined {
  if (version !== undefined) return optional(resourceList(resources, `${group}/${version}`));
  if (group !== undefined) return optional(groupDocument(resources, group));
  if (!wantsAggregatedDiscovery(accept)) return json(groupList(resources));
  return { ...json(aggregated(resources, false)), type: AGGREGATED_TYPE };
}

function openapi(
  { resources, version }: ServerContext,
  [generation, ...prefix]: readonly string[],
  { accept }: IncomingHttpHeaders,
): Document | undefined {
  if (generation === 'v2') {
    return accept?.includes(OPENAPI_V2_ASKED)
      ? { type: OPENAPI_V2_SENT, body: openapiV2Protobuf(version) }
      : json(openapiV2(version));
  }
  if (generation !== 'v3') return undefined;
  if (prefix.length === 0) return json(openapiV3Index(resources));
  return optional(openapiV3(resources, prefix.join('/'), version));
}

function versionInfo(gitVersion: string): object {
  const [, major = '1', minor = '0'] = /^v(\d+)\.(\d+)/.exec(gitVersion) ?? [];
  return {
    major,
    minor,
    gitVersion,
    gitCommit: '',
    gitTreeState: 'clean',
    buildDate: '2026-01-01T00:00:00Z',
    goVersion: '',
    compiler: 'gc',
    platform: 'linux/amd64',
  };
}
