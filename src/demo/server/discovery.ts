import { apiVersionOf, type ResourceDef, STORED_VERBS } from '../resources.ts';

/** What a subresource is: its own kind where it has one, and its verbs. */
interface Subresource {
  readonly kind?: string;
  readonly group?: string;
  readonly version?: string;
  readonly verbs: readonly string[];
}

const SUBRESOURCES: Readonly<Record<string, Subresource>> = {
  status: { verbs: ['get', 'patch', 'update'] },
  scale: { kind: 'Scale', group: 'autoscaling', version: 'v1', verbs: ['get', 'patch', 'update'] },
  log: { verbs: ['get'] },
  eviction: { kind: 'Eviction', group: 'policy', version: 'v1', verbs: ['create'] },
};

/** The verbs of a subresource. */
export function subresourceVerbs(name: string): readonly string[] {
  return SUBRESOURCES[name]?.verbs ?? [];
}

interface GroupVersion {
  readonly group: string;
  readonly version: string;
  readonly resources: readonly ResourceDef[];
}

function groupVersions(resources: readonly ResourceDef[]): GroupVersion[] {
  return [...Map.groupBy(resources, apiVersionOf).values()].flatMap((defs) => {
    const [first] = defs;
    return first ? [{ group: first.group, version: first.version, resources: defs }] : [];
  });
}

/** `/api`. */
export function coreVersions(address: string): object {
  return {
    kind: 'APIVersions',
    versions: ['v1'],
    serverAddressByClientCIDRs: [{ clientCIDR: '0.0.0.0/0', serverAddress: address }],
  };
}

/** `/apis`. */
export function groupList(resources: readonly ResourceDef[]): object {
  const groups = groupVersions(resources).filter(({ group }) => group !== '');
  return { kind: 'APIGroupList', apiVersion: 'v1', groups: groups.map(groupEntry) };
}

function groupEntry({ group, version }: GroupVersion): object {
  const preferred = { groupVersion: `${group}/${version}`, version };
  return { name: group, versions: [preferred], preferredVersion: preferred };
}

/** `/apis/GROUP`, or undefined for a group that is not served. */
export function groupDocument(resources: readonly ResourceDef[], group: string): object | undefined {
  const found = groupVersions(resources).find((each) => each.group === group);
  return found && { kind: 'APIGroup', apiVersion: 'v1', ...groupEntry(found) };
}

/** `/api/v1` and `/apis/GROUP/VERSION`, or undefined for what is not served. */
export function resourceList(resources: readonly ResourceDef[], groupVersion: string): object | undefined {
  const defs = resources.filter((def) => apiVersionOf(def) === groupVersion);
  if (defs.length === 0) return undefined;
  return { kind: 'APIResourceList', apiVersion: 'v1', groupVersion, resources: defs.flatMap(entries) };
}

function entries(def: ResourceDef): object[] {
  const { resource: name, singular: singularName, namespaced, kind, shortNames, categories } = def;
  const main = {
    name,
    singularName,
    namespaced,
    kind,
    verbs: def.verbs ?? STORED_VERBS,
    ...(shortNames.length > 0 && { shortNames }),
    ...(categories && { categories }),
  };
  const below = def.subresources.map((each) => {
    const { verbs, ...own } = SUBRESOURCES[each] ?? { verbs: [] };
    return { name: `${name}/${each}`, singularName: '', namespaced, kind, ...own, verbs };
  });
  return [main, ...below];
}

/** `/api` or `/apis` in the aggregated form (apidiscovery.k8s.io/v2): one document with all resources. */
export function aggregated(resources: readonly ResourceDef[], core: boolean): object {
  const groups = groupVersions(resources).filter(({ group }) => (group === '') === core);
  return {
    kind: 'APIGroupDiscoveryList',
    apiVersion: 'apidiscovery.k8s.io/v2',
    metadata: {},
    items: groups.map(({ group, version, resources: defs }) => ({
      metadata: { ...(group !== '' && { name: group }), creationTimestamp: null },
      versions: [{ version, resources: defs.map(aggregatedEntry), freshness: 'Current' }],
    })),
  };
}

function aggregatedEntry(def: ResourceDef): object {
  const { resource, singular: singularResource, shortNames, categories } = def;
  // Group and version are told only where they are others than the resource's own.
  const responseKind = { group: '', version: '', kind: def.kind };
  return {
    resource,
    responseKind,
    scope: def.namespaced ? 'Namespaced' : 'Cluster',
    singularResource,
    verbs: def.verbs ?? STORED_VERBS,
    ...(shortNames.length > 0 && { shortNames }),
    ...(categories && { categories }),
    ...(def.subresources.length > 0 && {
      subresources: def.subresources.map((subresource) => {
        const { verbs, ...own } = SUBRESOURCES[subresource] ?? { verbs: [] };
        return { subresource, responseKind: { ...responseKind, ...own }, verbs };
      }),
    }),
  };
}
