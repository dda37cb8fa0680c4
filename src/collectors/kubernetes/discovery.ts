import { KubeError } from './errors.ts';
import type { KubeHttp } from './http.ts';
import { list, record, string } from './raw.ts';

/** Where the objects of a kind live. */
export interface ResourceType {
  /** /api/v1 or /apis/GROUP/VERSION */
  readonly prefix: string;
  readonly plural: string;
  readonly namespaced: boolean;
}

const CORE = '/api/v1';
const APPS = '/apis/apps/v1';
const MAX_AGE_MS = 300_000;

function built(prefix: string, plural: string, namespaced = true): ResourceType {
  return { prefix, plural, namespaced };
}

/** Kinds that every cluster has; they need no question, and win over same-named kinds of other groups. */
const BUILT_IN: ReadonlyMap<string, ResourceType> = new Map([
  ['Pod', built(CORE, 'pods')],
  ['Node', built(CORE, 'nodes', false)],
  ['Namespace', built(CORE, 'namespaces', false)],
  ['Event', built(CORE, 'events')],
  ['Service', built(CORE, 'services')],
  ['Endpoints', built(CORE, 'endpoints')],
  ['ConfigMap', built(CORE, 'configmaps')],
  ['Secret', built(CORE, 'secrets')],
  ['ServiceAccount', built(CORE, 'serviceaccounts')],
  ['PersistentVolumeClaim', built(CORE, 'persistentvolumeclaims')],
  ['PersistentVolume', built(CORE, 'persistentvolumes', false)],
  ['ReplicationController', built(CORE, 'replicationcontrollers')],
  ['Deployment', built(APPS, 'deployments')],
  ['StatefulSet', built(APPS, 'statefulsets')],
  ['DaemonSet', built(APPS, 'daemonsets')],
  ['ReplicaSet', built(APPS, 'replicasets')],
  ['Job', built('/apis/batch/v1', 'jobs')],
  ['CronJob', built('/apis/batch/v1', 'cronjobs')],
  ['PodDisruptionBudget', built('/apis/policy/v1', 'poddisruptionbudgets')],
  ['EndpointSlice', built('/apis/discovery.k8s.io/v1', 'endpointslices')],
  ['Lease', built('/apis/coordination.k8s.io/v1', 'leases')],
  ['Ingress', built('/apis/networking.k8s.io/v1', 'ingresses')],
  ['NetworkPolicy', built('/apis/networking.k8s.io/v1', 'networkpolicies')],
  ['StorageClass', built('/apis/storage.k8s.io/v1', 'storageclasses', false)],
]);

interface Found {
  readonly at: number;
  readonly types: Promise<ReadonlyMap<string, ResourceType>>;
}

const discovered = new WeakMap<KubeHttp, Found>();

/** The resource of a kind, asking the server where it is not a built-in one. Throws KubeError when it has none. */
export async function resourceOf(http: KubeHttp, kind: string): Promise<ResourceType> {
  const type = BUILT_IN.get(kind) ?? (await discover(http)).get(kind);
  if (type) return type;
  throw new KubeError('protocol', `${http.access.target.server} knows no kind ${kind}`, {
    fix: 'it may have been removed meanwhile',
  });
}

function discover(http: KubeHttp): Promise<ReadonlyMap<string, ResourceType>> {
  const known = discovered.get(http);
  if (known && performance.now() - known.at < MAX_AGE_MS) return known.types;
  const types = readTypes(http);
  discovered.set(http, { at: performance.now(), types });
  types.catch(() => discovered.delete(http));
  return types;
}

async function readTypes(http: KubeHttp): Promise<ReadonlyMap<string, ResourceType>> {
  const { data } = await http.json('/apis');
  const versions = list(data.groups).flatMap(
    (group) => string(record(record(group).preferredVersion).groupVersion) ?? [],
  );
  const types = new Map<string, ResourceType>();
  // An aggregated API whose server is away must not hide all others.
  const answers = await Promise.allSettled(versions.map((version) => http.json(`/apis/${version}`)));
  for (const [index, answer] of answers.entries()) {
    if (answer.status === 'rejected') continue;
    for (const each of list(answer.value.data.resources).map(record)) {
      const kind = string(each.kind);
      const plural = string(each.name);
      if (!kind || !plural || plural.includes('/') || types.has(kind)) continue;
      types.set(kind, { prefix: `/apis/${versions[index]}`, plural, namespaced: each.namespaced === true });
    }
  }
  return types;
}

/** Path of one object. Throws KubeError for a name that could lead elsewhere. */
export function objectPath(type: ResourceType, namespace: string | undefined, name: string): string {
  const scope = type.namespaced ? `/namespaces/${segment(namespace || 'default')}` : '';
  return `${type.prefix}${scope}/${type.plural}/${segment(name)}`;
}

function segment(name: string): string {
  if (name !== '' && name !== '.' && name !== '..') return encodeURIComponent(name);
  throw new KubeError('config', `"${name}" is no name of an object`);
}
