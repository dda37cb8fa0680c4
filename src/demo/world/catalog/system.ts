import { type App, container } from './app.ts';
import { KUBERNETES_VERSION } from './nodes.ts';

const FLUX = 'ghcr.io/fluxcd';

/** Cluster services: network, DNS, metrics, registry mirror, GitOps, certificates, secrets. */
export const SYSTEM_APPS: readonly App[] = [
  {
    namespace: 'kube-system',
    name: 'cilium',
    kind: 'DaemonSet',
    release: 'cilium',
    ageDays: 160,
    hostNetwork: true,
    priorityClass: 'system-node-critical',
    labels: { 'k8s-app': 'cilium' },
    init: [
      container('config', 'quay.io/cilium/cilium:v1.17.4', '50m/500m', '64Mi/256Mi'),
      container('mount-bpf-fs', 'quay.io/cilium/cilium:v1.17.4', '50m/500m', '64Mi/256Mi'),
    ],
    containers: [
      container('cilium-agent', 'quay.io/cilium/cilium:v1.17.4', '200m/2', '512Mi/2Gi', {
        port: 9879,
        probe: '/healthz',
      }),
    ],
  },
  {
    namespace: 'kube-system',
    name: 'cilium-operator',
    kind: 'Deployment',
    replicas: 2,
    release: 'cilium',
    ageDays: 160,
    hostNetwork: true,
    priorityClass: 'system-cluster-critical',
    containers: [
      container('cilium-operator', 'quay.io/cilium/operator-generic:v1.17.4', '50m/500m', '128Mi/512Mi', {
        port: 9234,
        probe: '/healthz',
      }),
    ],
  },
  {
    namespace: 'kube-system',
    name: 'hubble-relay',
    kind: 'Deployment',
    release: 'cilium',
    ageDays: 160,
    port: 4245,
    containers: [
      container('hubble-relay', 'quay.io/cilium/hubble-relay:v1.17.4', '20m/200m', '64Mi/256Mi', {
        port: 4245,
        probe: '',
      }),
    ],
  },
  {
    namespace: 'kube-system',
    name: 'hubble-ui',
    kind: 'Deployment',
    release: 'cilium',
    ageDays: 160,
    port: 8081,
    containers: [
      container('frontend', 'quay.io/cilium/hubble-ui:v0.13.2', '10m/200m', '32Mi/128Mi', {
        port: 8081,
        probe: '/healthz',
      }),
      container('backend', 'quay.io/cilium/hubble-ui-backend:v0.13.2', '10m/200m', '64Mi/256Mi', {
        port: 8090,
      }),
    ],
  },
  {
    namespace: 'kube-system',
    name: 'coredns',
    kind: 'Deployment',
    replicas: 2,
    release: 'coredns',
    ageDays: 160,
    port: 53,
    clusterIP: '10.43.0.10',
    priorityClass: 'system-cluster-critical',
    labels: { 'k8s-app': 'kube-dns' },
    budget: { maxUnavailable: 1 },
    containers: [
      container('coredns', 'registry.k8s.io/coredns/coredns:v1.12.1', '100m/500m', '128Mi/256Mi', {
        port: 8080,
        probe: '/health',
      }),
    ],
  },
  {
    namespace: 'kube-system',
    name: 'metrics-server',
    kind: 'Deployment',
    release: 'metrics-server',
    ageDays: 158,
    port: 443,
    priorityClass: 'system-cluster-critical',
    containers: [
      container(
        'metrics-server',
        'registry.k8s.io/metrics-server/metrics-server:v0.7.2',
        '100m/500m',
        '200Mi/512Mi',
        { port: 10250, probe: '/readyz' },
      ),
    ],
  },
  {
    namespace: 'kube-system',
    name: 'spegel',
    kind: 'DaemonSet',
    release: 'spegel',
    ageDays: 120,
    port: 5000,
    priorityClass: 'system-node-critical',
    init: [container('configuration', 'ghcr.io/spegel-org/spegel:v0.3.0', '10m/100m', '32Mi/64Mi')],
    containers: [
      container('registry', 'ghcr.io/spegel-org/spegel:v0.3.0', '50m/500m', '128Mi/256Mi', {
        port: 5000,
        probe: '/healthz',
      }),
    ],
  },
  {
    namespace: 'kube-system',
    name: 'intel-gpu-plugin',
    kind: 'DaemonSet',
    ageDays: 96,
    containers: [container('intel-gpu-plugin', 'intel/intel-gpu-plugin:0.32.1', '20m/100m', '45Mi/128Mi')],
  },
  {
    namespace: 'kube-system',
    name: 'snapshot-controller',
    kind: 'Deployment',
    ageDays: 110,
    containers: [
      container(
        'snapshot-controller',
        'registry.k8s.io/sig-storage/snapshot-controller:v8.2.1',
        '10m/200m',
        '64Mi/256Mi',
      ),
    ],
  },
  {
    namespace: 'kube-system',
    name: 'reloader',
    kind: 'Deployment',
    ageDays: 140,
    containers: [
      container('reloader', 'ghcr.io/stakater/reloader:v1.4.2', '10m/200m', '64Mi/256Mi', {
        port: 9090,
        probe: '/live',
      }),
    ],
  },
  {
    namespace: 'flux-system',
    name: 'flux-operator',
    kind: 'Deployment',
    release: 'flux-operator',
    ageDays: 130,
    containers: [
      container('manager', 'ghcr.io/controlplaneio-fluxcd/flux-operator:v0.22.0', '100m/200m', '64Mi/512Mi', {
        port: 8081,
        probe: '/healthz',
      }),
    ],
  },
  ...(['source', 'kustomize', 'helm', 'notification'] as const).map(
    (part): App => ({
      namespace: 'flux-system',
      name: `${part}-controller`,
      kind: 'Deployment',
      release: 'flux-instance',
      ageDays: 130,
      priorityClass: 'system-cluster-critical',
      labels: { app: `${part}-controller` },
      ...((part === 'source' || part === 'notification') && { port: 80 }),
      containers: [
        container(
          'manager',
          `${FLUX}/${part}-controller:${{ source: 'v1.6.1', kustomize: 'v1.6.0', helm: 'v1.3.0', notification: 'v1.6.0' }[part]}`,
          '100m/500m',
          '128Mi/1Gi',
          { port: 9440, probe: '/healthz' },
        ),
      ],
    }),
  ),
  ...['cert-manager', 'cert-manager-cainjector', 'cert-manager-webhook'].map(
    (name): App => ({
      namespace: 'cert-manager',
      name,
      kind: 'Deployment',
      release: 'cert-manager',
      ageDays: 150,
      ...(name === 'cert-manager-webhook' && { port: 443 }),
      containers: [
        container(
          name,
          `quay.io/jetstack/${name === 'cert-manager' ? 'cert-manager-controller' : name}:v1.17.2`,
          '20m/200m',
          '64Mi/256Mi',
          name === 'cert-manager-webhook' ? { port: 10250, probe: '/healthz' } : { port: 9402 },
        ),
      ],
    }),
  ),
  ...['external-secrets', 'external-secrets-webhook', 'external-secrets-cert-controller'].map(
    (name): App => ({
      namespace: 'external-secrets',
      name,
      kind: 'Deployment',
      release: 'external-secrets',
      ageDays: 98,
      ...(name === 'external-secrets-webhook' && { port: 443 }),
      containers: [
        container(
          name.replace('external-secrets-', ''),
          'ghcr.io/external-secrets/external-secrets:v0.17.0',
          '20m/200m',
          '96Mi/256Mi',
          name === 'external-secrets' ? { port: 8080 } : { port: 8081, probe: '/readyz' },
        ),
      ],
    }),
  ),
  {
    namespace: 'external-secrets',
    name: 'onepassword-connect',
    kind: 'Deployment',
    release: 'onepassword-connect',
    ageDays: 98,
    port: 8080,
    containers: [
      container('connect-api', '1password/connect-api:1.7.3', '50m/300m', '128Mi/256Mi', {
        port: 8080,
        probe: '/heartbeat',
      }),
      container('connect-sync', '1password/connect-sync:1.7.3', '50m/300m', '128Mi/256Mi', {
        port: 8081,
        probe: '/heartbeat',
      }),
    ],
  },
  ...(['recommender', 'updater', 'admission-controller'] as const).map(
    (part): App => ({
      namespace: 'vpa-system',
      name: `vpa-${part}`,
      kind: 'Deployment',
      ageDays: 33,
      ...(part === 'admission-controller' && { port: 443 }),
      containers: [
        container(part, `registry.k8s.io/autoscaling/vpa-${part}:1.3.1`, '50m/200m', '128Mi/512Mi', {
          port: 8942,
          probe: '/health-check',
        }),
      ],
    }),
  ),
];

/** Names and images of the control plane's static pods, one of each on every control plane node. */
export const STATIC_PODS = [
  container('kube-apiserver', `registry.k8s.io/kube-apiserver:${KUBERNETES_VERSION}`, '200m/4', '512Mi/6Gi', {
    port: 6443,
    probe: '/livez',
  }),
  container(
    'kube-controller-manager',
    `registry.k8s.io/kube-controller-manager:${KUBERNETES_VERSION}`,
    '50m/2',
    '256Mi/1Gi',
    { port: 10257, probe: '/healthz' },
  ),
  container('kube-scheduler', `registry.k8s.io/kube-scheduler:${KUBERNETES_VERSION}`, '10m/1', '64Mi/512Mi', {
    port: 10259,
    probe: '/healthz',
  }),
];
