import { type App, container } from './app.ts';
import { MACHINES } from './nodes.ts';

const CEPH = 'quay.io/ceph/ceph:v19.2.2';
const ROOK = 'docker.io/rook/ceph:v1.17.4';
const CLUSTER = { apiVersion: 'ceph.rook.io/v1', kind: 'CephCluster', name: 'rook-ceph' };
const AGE = 46;

/** kubectl image that the Velero chart's upgrade job asks for; the tag was never published. */
export const MISSING_KUBECTL_IMAGE = 'docker.io/bitnami/kubectl:v1.31.3';

/** A Ceph daemon as the Rook operator makes it: one Deployment with one pod. */
function daemon(type: string, id: string, cpu: string, memory: string, extra: Partial<App> = {}): App {
  return {
    namespace: 'rook-ceph',
    name: `rook-ceph-${type}-${id}`,
    kind: 'Deployment',
    owner: CLUSTER,
    ageDays: AGE,
    priorityClass: type === 'osd' || type === 'mon' ? 'system-node-critical' : 'system-cluster-critical',
    labels: {
      app: `rook-ceph-${type}`,
      ceph_daemon_type: type,
      ceph_daemon_id: id,
      rook_cluster: 'rook-ceph',
    },
    init: [container('chown-container-data-dir', CEPH, '50m/500m', '64Mi/256Mi')],
    containers: [container(type, CEPH, cpu, memory)],
    ...extra,
  };
}

const MONS: readonly App[] = MACHINES.map(({ name: node }, i) => {
  const id = 'abc'.charAt(i);
  return daemon('mon', id, '500m/2', '1Gi/2Gi', {
    node,
    port: 6789,
    containers: [container('mon', CEPH, '500m/2', '1Gi/2Gi', { port: 6789, probe: '' })],
  });
});

const MANAGERS: readonly App[] = ['a', 'b'].map((id) =>
  daemon('mgr', id, '500m/2', '1Gi/3Gi', {
    ...(id === 'a' && { port: 9283 }),
    containers: [
      container('mgr', CEPH, '500m/2', '1Gi/3Gi', { port: 9283, probe: '' }),
      container('watch-active', ROOK, '50m/200m', '64Mi/256Mi'),
    ],
  }),
);

const OSDS: readonly App[] = [0, 1, 2, 3, 4, 5].map((id) => {
  const node = MACHINES[Math.floor(id / 2)]?.name ?? '';
  const app = daemon('osd', String(id), '1/4', '4Gi/8Gi', { node });
  return {
    ...app,
    labels: { ...app.labels, 'topology-location-host': node },
    containers: [container('osd', CEPH, '1/4', '4Gi/8Gi', { port: 6800, probe: '' })],
  };
});

const FILESYSTEM: readonly App[] = ['a', 'b'].map((id) =>
  daemon('mds', `ceph-filesystem-${id}`, '250m/2', '1Gi/4Gi'),
);

const GATEWAY: App = {
  ...daemon('rgw', 'objectstore-a', '250m/2', '512Mi/1Gi', { port: 80 }),
  owner: { apiVersion: 'ceph.rook.io/v1', kind: 'CephObjectStore', name: 'objectstore' },
  containers: [container('rgw', CEPH, '250m/2', '512Mi/1Gi', { port: 8080, probe: '/swift/healthcheck' })],
};

const PER_NODE: readonly App[] = MACHINES.flatMap(({ name: node }) => [
  {
    namespace: 'rook-ceph',
    name: `rook-ceph-crashcollector-${node}`,
    kind: 'Deployment' as const,
    owner: CLUSTER,
    ageDays: AGE,
    node,
    labels: { app: 'rook-ceph-crashcollector' },
    containers: [container('ceph-crash', CEPH, '50m/200m', '64Mi/128Mi')],
  },
  {
    namespace: 'rook-ceph',
    name: `rook-ceph-exporter-${node}`,
    kind: 'Deployment' as const,
    owner: CLUSTER,
    ageDays: AGE,
    node,
    labels: { app: 'rook-ceph-exporter' },
    containers: [container('ceph-exporter', CEPH, '50m/250m', '64Mi/256Mi', { port: 9926, probe: '' })],
  },
  {
    namespace: 'rook-ceph',
    name: `rook-ceph-osd-prepare-${node}`,
    kind: 'Job' as const,
    owner: CLUSTER,
    ageDays: 12,
    node,
    labels: { app: 'rook-ceph-osd-prepare' },
    containers: [container('provision', CEPH, '100m/1', '128Mi/512Mi')],
  },
]);

const SIDECAR = 'registry.k8s.io/sig-storage';

function csiPlugin(name: string): App {
  return {
    namespace: 'rook-ceph',
    name,
    kind: 'DaemonSet',
    release: 'rook-ceph-operator',
    ageDays: AGE,
    hostNetwork: true,
    priorityClass: 'system-node-critical',
    labels: { app: name },
    containers: [
      container(
        'driver-registrar',
        `${SIDECAR}/csi-node-driver-registrar:v2.13.0`,
        '50m/100m',
        '128Mi/256Mi',
      ),
      container(name, 'quay.io/cephcsi/cephcsi:v3.14.0', '250m/500m', '512Mi/1Gi'),
      container('liveness-prometheus', 'quay.io/cephcsi/cephcsi:v3.14.0', '50m/100m', '128Mi/256Mi', {
        port: 9080,
      }),
    ],
  };
}

function csiProvisioner(name: string): App {
  const sidecars = ['provisioner:v5.2.0', 'resizer:v1.13.2', 'attacher:v4.8.1', 'snapshotter:v8.2.1'];
  return {
    namespace: 'rook-ceph',
    name,
    kind: 'Deployment',
    replicas: 2,
    release: 'rook-ceph-operator',
    ageDays: AGE,
    priorityClass: 'system-cluster-critical',
    labels: { app: name },
    containers: [
      ...sidecars.map((image) =>
        container(`csi-${image.split(':')[0]}`, `${SIDECAR}/csi-${image}`, '50m/200m', '96Mi/256Mi'),
      ),
      container(
        name.replace('-provisioner', ''),
        'quay.io/cephcsi/cephcsi:v3.14.0',
        '150m/500m',
        '256Mi/1Gi',
      ),
    ],
  };
}

/** Rook-Ceph, backups and volume replication. */
export const STORAGE_APPS: readonly App[] = [
  {
    namespace: 'rook-ceph',
    name: 'rook-ceph-operator',
    kind: 'Deployment',
    release: 'rook-ceph-operator',
    ageDays: AGE,
    labels: { app: 'rook-ceph-operator' },
    containers: [container('rook-ceph-operator', ROOK, '200m/500m', '128Mi/512Mi')],
  },
  {
    namespace: 'rook-ceph',
    name: 'rook-ceph-tools',
    kind: 'Deployment',
    release: 'rook-ceph-cluster',
    ageDays: AGE,
    labels: { app: 'rook-ceph-tools' },
    containers: [container('rook-ceph-tools', CEPH, '50m/500m', '128Mi/1Gi')],
  },
  ...MONS,
  ...MANAGERS,
  ...OSDS,
  ...FILESYSTEM,
  GATEWAY,
  ...PER_NODE,
  csiPlugin('csi-rbdplugin'),
  csiPlugin('csi-cephfsplugin'),
  csiProvisioner('csi-rbdplugin-provisioner'),
  csiProvisioner('csi-cephfsplugin-provisioner'),
  {
    namespace: 'velero',
    name: 'velero',
    kind: 'Deployment',
    release: 'velero',
    ageDays: 2,
    port: 8085,
    init: [
      container('velero-plugin-for-aws', 'velero/velero-plugin-for-aws:v1.12.0', '50m/200m', '64Mi/128Mi'),
    ],
    containers: [
      container('velero', 'velero/velero:v1.16.0', '250m/1', '256Mi/1Gi', { port: 8085, probe: '/metrics' }),
    ],
  },
  {
    namespace: 'velero',
    name: 'node-agent',
    kind: 'DaemonSet',
    release: 'velero',
    ageDays: 2,
    containers: [container('node-agent', 'velero/velero:v1.16.0', '250m/1', '256Mi/1Gi')],
  },
  {
    namespace: 'volsync-system',
    name: 'volsync',
    kind: 'Deployment',
    release: 'volsync',
    ageDays: 84,
    containers: [
      container('manager', 'quay.io/backube/volsync:0.12.1', '50m/200m', '128Mi/512Mi', {
        port: 8081,
        probe: '/healthz',
      }),
    ],
  },
];

/** The chart hook that upgrades Velero's CRDs. It is part of the scenarios, because it is what goes wrong. */
export function veleroUpgradeJob(kubectlImage: string, ageDays: number): App {
  return {
    namespace: 'velero',
    name: 'velero-upgrade-crds',
    kind: 'Job',
    release: 'velero',
    ageDays,
    init: [
      container('velero', 'velero/velero:v1.16.0', '50m/500m', '128Mi/256Mi', {
        command: ['/bin/sh', '-c', '/velero install --crds-only --dry-run -o yaml > /tmp/crds.yaml'],
      }),
    ],
    containers: [
      container('kubectl', kubectlImage, '50m/200m', '64Mi/128Mi', {
        command: ['kubectl', 'apply', '-f', '/tmp/crds.yaml'],
      }),
    ],
  };
}
