import { expect, it } from 'vitest';
import type { Contract } from './workspace.ts';

interface Resource {
  readonly name: string;
  readonly singularName: string;
  readonly namespaced: boolean;
  readonly kind: string;
  readonly verbs: readonly string[];
  readonly shortNames?: readonly string[];
}

const STORED = ['create', 'delete', 'deletecollection', 'get', 'list', 'patch', 'update', 'watch'];
const STATUS = ['get', 'patch', 'update'];
const NAMESPACE = STORED.filter((verb) => verb !== 'deletecollection');

/** Path of the resource list, then: name, kind, short names, whether namespaced, and verbs. */
const RESOURCES: readonly (readonly [
  string,
  string,
  string,
  readonly string[],
  boolean,
  readonly string[],
])[] = [
  ['/api/v1', 'pods', 'Pod', ['po'], true, STORED],
  ['/api/v1', 'nodes', 'Node', ['no'], false, STORED],
  ['/api/v1', 'namespaces', 'Namespace', ['ns'], false, NAMESPACE],
  ['/api/v1', 'services', 'Service', ['svc'], true, STORED],
  ['/api/v1', 'events', 'Event', ['ev'], true, STORED],
  ['/api/v1', 'configmaps', 'ConfigMap', ['cm'], true, STORED],
  ['/api/v1', 'secrets', 'Secret', [], true, STORED],
  ['/api/v1', 'persistentvolumeclaims', 'PersistentVolumeClaim', ['pvc'], true, STORED],
  ['/api/v1', 'persistentvolumes', 'PersistentVolume', ['pv'], false, STORED],
  ['/apis/apps/v1', 'deployments', 'Deployment', ['deploy'], true, STORED],
  ['/apis/apps/v1', 'statefulsets', 'StatefulSet', ['sts'], true, STORED],
  ['/apis/apps/v1', 'daemonsets', 'DaemonSet', ['ds'], true, STORED],
  ['/apis/apps/v1', 'replicasets', 'ReplicaSet', ['rs'], true, STORED],
  ['/apis/batch/v1', 'jobs', 'Job', [], true, STORED],
  ['/apis/batch/v1', 'cronjobs', 'CronJob', ['cj'], true, STORED],
  ['/apis/policy/v1', 'poddisruptionbudgets', 'PodDisruptionBudget', ['pdb'], true, STORED],
  ['/apis/networking.k8s.io/v1', 'ingresses', 'Ingress', ['ing'], true, STORED],
  ['/apis/discovery.k8s.io/v1', 'endpointslices', 'EndpointSlice', [], true, STORED],
  ['/apis/storage.k8s.io/v1', 'storageclasses', 'StorageClass', ['sc'], false, STORED],
  ['/apis/coordination.k8s.io/v1', 'leases', 'Lease', [], true, STORED],
];

const SUBRESOURCES: readonly (readonly [string, string, string, readonly string[]])[] = [
  ['/api/v1', 'pods/log', 'Pod', ['get']],
  ['/api/v1', 'pods/status', 'Pod', STATUS],
  ['/api/v1', 'pods/eviction', 'Eviction', ['create']],
  ['/apis/apps/v1', 'deployments/scale', 'Scale', STATUS],
  ['/apis/apps/v1', 'deployments/status', 'Deployment', STATUS],
];

/** What is there, and what can be done with it. */
export const discovery: Contract = (workspace) => {
  const resource = async (path: string, wanted: string): Promise<Resource | undefined> => {
    const list = await workspace().api.get<{ kind: string; groupVersion: string; resources: Resource[] }>(
      path,
    );
    expect(list).toMatchObject({ kind: 'APIResourceList', groupVersion: path.replace(/^\/apis?\//, '') });
    return list.resources.find(({ name }) => name === wanted);
  };

  it('/version tells the version', async () => {
    expect(await workspace().api.get('/version')).toMatchObject({
      major: expect.stringMatching(/^\d+$/),
      minor: expect.stringMatching(/^\d+/),
      gitVersion: expect.stringMatching(/^v\d+\.\d+\.\d+/),
    });
  });

  it('/api and /apis tell groups and the versions they prefer', async () => {
    const { api } = workspace();
    expect(await api.get('/api')).toMatchObject({ kind: 'APIVersions', versions: ['v1'] });
    const { kind, groups } = await api.get<{ kind: string; groups: { name: string }[] }>('/apis');
    expect(kind).toBe('APIGroupList');
    expect(groups.find(({ name }) => name === 'apps')).toEqual({
      name: 'apps',
      versions: [{ groupVersion: 'apps/v1', version: 'v1' }],
      preferredVersion: { groupVersion: 'apps/v1', version: 'v1' },
    });
  });

  it('all resources come in one answer to those who ask so', async () => {
    const accept = 'application/json;g=apidiscovery.k8s.io;v=v2;as=APIGroupDiscoveryList';
    const list = await workspace().api.get<{
      kind: string;
      items: { metadata: { name: string }; versions: { resources: { resource: string }[] }[] }[];
    }>('/apis', { Accept: accept });
    expect(list.kind).toBe('APIGroupDiscoveryList');
    const apps = list.items.find(({ metadata }) => metadata.name === 'apps');
    const deployments = apps?.versions[0]?.resources.find((each) => each.resource === 'deployments');
    expect(deployments).toMatchObject({
      // Group and version are told only where they are others than the resource's own.
      responseKind: { group: '', version: '', kind: 'Deployment' },
      scope: 'Namespaced',
      singularResource: 'deployment',
      shortNames: ['deploy'],
      verbs: STORED,
      subresources: expect.arrayContaining([expect.objectContaining({ subresource: 'scale' })]),
    });
  });

  it.each(RESOURCES)('%s/%s', async (path, name, kind, shortNames, namespaced, verbs) => {
    const found = await resource(path, name);
    expect(found).toMatchObject({ name, kind, namespaced, singularName: kind.toLowerCase() });
    expect(found?.shortNames ?? []).toEqual(shortNames);
    expect([...(found?.verbs ?? [])].sort()).toEqual(verbs);
  });

  it.each(SUBRESOURCES)('%s/%s', async (path, name, kind, verbs) => {
    const found = await resource(path, name);
    expect(found).toMatchObject({ name, kind, namespaced: true });
    expect([...(found?.verbs ?? [])].sort()).toEqual(verbs);
  });
};
