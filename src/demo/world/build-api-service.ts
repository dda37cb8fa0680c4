import { type Cluster, R } from './cluster.ts';

const PORT = { name: 'https', port: 6443, protocol: 'TCP' };
const META = { name: 'kubernetes', namespace: 'default' };

/** Creates the Service under which pods reach the API server, as the API servers themselves do. */
export function createApiService(cluster: Cluster, addresses: readonly string[]): void {
  const labels = { component: 'apiserver', provider: 'kubernetes' };
  cluster.create(R.services, {
    apiVersion: 'v1',
    kind: 'Service',
    metadata: { ...META, labels },
    spec: {
      clusterIP: '10.43.0.1',
      ports: [{ name: PORT.name, port: 443, targetPort: PORT.port, protocol: PORT.protocol }],
    },
  });
  cluster.create(R.endpoints, {
    apiVersion: 'v1',
    kind: 'Endpoints',
    metadata: { ...META, labels: { 'endpointslice.kubernetes.io/skip-mirror': 'true' } },
    subsets: [{ addresses: addresses.map((ip) => ({ ip })), ports: [PORT] }],
  });
  cluster.create(R.slices, {
    apiVersion: 'discovery.k8s.io/v1',
    kind: 'EndpointSlice',
    metadata: { ...META, labels: { 'kubernetes.io/service-name': META.name } },
    addressType: 'IPv4',
    endpoints: addresses.map((address) => ({ addresses: [address], conditions: { ready: true } })),
    ports: [PORT],
  });
}
