import { type App, container } from './app.ts';

const PROMETHEUS = {
  apiVersion: 'monitoring.coreos.com/v1',
  kind: 'Prometheus',
  name: 'kube-prometheus-stack',
};
const ALERTMANAGER = { ...PROMETHEUS, kind: 'Alertmanager' };
const RELOADER = 'quay.io/prometheus-operator/prometheus-config-reloader:v0.82.2';

const MONITORING: readonly App[] = [
  {
    namespace: 'monitoring',
    name: 'prometheus-kube-prometheus-stack',
    kind: 'StatefulSet',
    owner: PROMETHEUS,
    ageDays: 75,
    port: 9090,
    claims: [{ name: 'prometheus-db', size: '50Gi' }],
    containers: [
      container('prometheus', 'quay.io/prometheus/prometheus:v3.4.0', '500m/2', '2Gi/4Gi', {
        port: 9090,
        probe: '/-/ready',
      }),
      container('config-reloader', RELOADER, '10m/100m', '32Mi/64Mi', { port: 8080 }),
    ],
  },
  {
    namespace: 'monitoring',
    name: 'alertmanager-kube-prometheus-stack',
    kind: 'StatefulSet',
    owner: ALERTMANAGER,
    ageDays: 75,
    port: 9093,
    claims: [{ name: 'alertmanager-db', size: '1Gi' }],
    containers: [
      container('alertmanager', 'quay.io/prometheus/alertmanager:v0.28.1', '50m/200m', '128Mi/256Mi', {
        port: 9093,
        probe: '/-/ready',
      }),
      container('config-reloader', RELOADER, '10m/100m', '32Mi/64Mi', { port: 8080 }),
    ],
  },
  {
    namespace: 'monitoring',
    name: 'kube-prometheus-stack-operator',
    kind: 'Deployment',
    release: 'kube-prometheus-stack',
    ageDays: 75,
    containers: [
      container(
        'kube-prometheus-stack',
        'quay.io/prometheus-operator/prometheus-operator:v0.82.2',
        '50m/200m',
        '128Mi/256Mi',
        { port: 10250, probe: '/healthz' },
      ),
    ],
  },
  {
    namespace: 'monitoring',
    name: 'kube-prometheus-stack-grafana',
    kind: 'Deployment',
    release: 'kube-prometheus-stack',
    ageDays: 75,
    port: 80,
    containers: [
      container('grafana-sc-dashboard', 'quay.io/kiwigrid/k8s-sidecar:1.30.3', '20m/200m', '96Mi/256Mi'),
      container('grafana-sc-datasources', 'quay.io/kiwigrid/k8s-sidecar:1.30.3', '20m/200m', '96Mi/256Mi'),
      container('grafana', 'docker.io/grafana/grafana:12.0.0', '100m/500m', '256Mi/1Gi', {
        port: 3000,
        probe: '/api/health',
      }),
    ],
  },
  {
    namespace: 'monitoring',
    name: 'kube-state-metrics',
    kind: 'Deployment',
    release: 'kube-prometheus-stack',
    ageDays: 75,
    port: 8080,
    containers: [
      container(
        'kube-state-metrics',
        'registry.k8s.io/kube-state-metrics/kube-state-metrics:v2.15.0',
        '50m/200m',
        '128Mi/256Mi',
        { port: 8080, probe: '/livez' },
      ),
    ],
  },
  {
    namespace: 'monitoring',
    name: 'node-exporter',
    kind: 'DaemonSet',
    release: 'kube-prometheus-stack',
    ageDays: 75,
    port: 9100,
    hostNetwork: true,
    containers: [
      container('node-exporter', 'quay.io/prometheus/node-exporter:v1.9.1', '50m/200m', '64Mi/128Mi', {
        port: 9100,
        probe: '/',
      }),
    ],
  },
  {
    namespace: 'monitoring',
    name: 'loki',
    kind: 'StatefulSet',
    release: 'loki',
    ageDays: 14,
    port: 3100,
    claims: [{ name: 'storage', size: '10Gi' }],
    containers: [
      container('loki', 'docker.io/grafana/loki:3.5.0', '200m/1', '1Gi/2Gi', { port: 3100, probe: '/ready' }),
      container('loki-sc-rules', 'quay.io/kiwigrid/k8s-sidecar:1.30.3', '20m/100m', '96Mi/256Mi'),
    ],
  },
  {
    namespace: 'monitoring',
    name: 'loki-gateway',
    kind: 'Deployment',
    release: 'loki',
    ageDays: 14,
    port: 80,
    containers: [
      container('nginx', 'docker.io/nginxinc/nginx-unprivileged:1.27-alpine', '20m/200m', '32Mi/128Mi', {
        port: 8080,
        probe: '/',
      }),
    ],
  },
  {
    namespace: 'monitoring',
    name: 'alloy',
    kind: 'DaemonSet',
    release: 'alloy',
    ageDays: 14,
    port: 12345,
    containers: [
      container('alloy', 'docker.io/grafana/alloy:v1.9.0', '100m/500m', '256Mi/1Gi', {
        port: 12345,
        probe: '/-/ready',
      }),
      container('config-reloader', RELOADER, '10m/100m', '32Mi/64Mi'),
    ],
  },
];

const AIRFLOW = 'docker.io/apache/airflow:2.10.5';

function airflow(name: string, kind: App['kind'], memory: string, extra: Partial<App> = {}): App {
  const component = name.replace('airflow-', '');
  return {
    namespace: 'airflow',
    name,
    kind,
    release: 'airflow',
    ageDays: 62,
    labels: { component, tier: 'airflow', release: 'airflow' },
    containers: [container(component, AIRFLOW, '250m/1', memory)],
    ...extra,
  };
}

/** Memory limit of the Airflow webserver before the milestone raised it. */
const WEBSERVER_MEMORY = '512Mi/2Gi';

const AIRFLOW_APPS: readonly App[] = [
  airflow('airflow-webserver', 'Deployment', WEBSERVER_MEMORY, {
    port: 8080,
    containers: [
      container('webserver', AIRFLOW, '250m/1', WEBSERVER_MEMORY, {
        port: 8080,
        probe: '/health',
        args: ['bash', '-c', 'exec airflow webserver --workers 4'],
      }),
    ],
  }),
  airflow('airflow-scheduler', 'Deployment', '512Mi/2Gi', {
    containers: [
      container('scheduler', AIRFLOW, '250m/1', '512Mi/2Gi'),
      container('scheduler-log-groomer', AIRFLOW, '50m/200m', '128Mi/512Mi'),
    ],
  }),
  airflow('airflow-triggerer', 'StatefulSet', '512Mi/1Gi', { claims: [{ name: 'logs', size: '2Gi' }] }),
  airflow('airflow-worker', 'StatefulSet', '1Gi/4Gi', {
    replicas: 2,
    claims: [{ name: 'logs', size: '5Gi' }],
    port: 8793,
  }),
  airflow('airflow-statsd', 'Deployment', '64Mi/128Mi', {
    port: 9102,
    containers: [
      container('statsd', 'quay.io/prometheus/statsd-exporter:v0.28.0', '20m/200m', '64Mi/128Mi', {
        port: 9102,
        probe: '/metrics',
      }),
    ],
  }),
  airflow('airflow-postgresql', 'StatefulSet', '512Mi/1Gi', {
    port: 5432,
    claims: [{ name: 'data', size: '8Gi' }],
    containers: [
      container('postgresql', 'docker.io/bitnami/postgresql:16.6.0', '250m/1', '512Mi/1Gi', {
        port: 5432,
        probe: '',
      }),
    ],
  }),
  airflow('airflow-redis', 'StatefulSet', '128Mi/256Mi', {
    port: 6379,
    claims: [{ name: 'redis-db', size: '1Gi' }],
    containers: [
      container('redis', 'docker.io/redis:7.2-bookworm', '50m/200m', '128Mi/256Mi', {
        port: 6379,
        probe: '',
      }),
    ],
  }),
  airflow('airflow-webhook-handler', 'Deployment', '64Mi/128Mi', {
    port: 8080,
    containers: [
      container('handler', 'docker.io/library/python:3.12-slim', '20m/200m', '64Mi/128Mi', {
        port: 8080,
        probe: '/health',
      }),
    ],
  }),
];

function ingress(side: 'internal' | 'external'): App {
  return {
    namespace: 'networking',
    name: `ingress-nginx-${side}-controller`,
    kind: 'Deployment',
    replicas: 2,
    release: `ingress-nginx-${side}`,
    ageDays: 140,
    port: 443,
    budget: { minAvailable: 1 },
    containers: [
      container('controller', 'registry.k8s.io/ingress-nginx/controller:v1.12.2', '100m/1', '256Mi/1Gi', {
        port: 10254,
        probe: '/healthz',
      }),
    ],
  };
}

const NETWORKING: readonly App[] = [
  ingress('internal'),
  ingress('external'),
  {
    namespace: 'networking',
    name: 'external-dns',
    kind: 'Deployment',
    release: 'external-dns',
    ageDays: 140,
    containers: [
      container(
        'external-dns',
        'registry.k8s.io/external-dns/external-dns:v0.17.0',
        '20m/200m',
        '64Mi/256Mi',
        { port: 7979, probe: '/healthz' },
      ),
    ],
  },
  {
    namespace: 'networking',
    name: 'cloudflared',
    kind: 'Deployment',
    replicas: 2,
    release: 'cloudflared',
    ageDays: 140,
    containers: [
      container('cloudflared', 'docker.io/cloudflare/cloudflared:2025.5.0', '20m/300m', '64Mi/256Mi', {
        port: 8080,
        probe: '/ready',
      }),
    ],
  },
];

const DATABASE: App = {
  namespace: 'databases',
  name: 'postgres-main',
  kind: 'StatefulSet',
  replicas: 3,
  ageDays: 88,
  port: 5432,
  claims: [{ name: 'pgdata', size: '20Gi' }],
  budget: { minAvailable: 2 },
  containers: [
    container('postgres', 'ghcr.io/cloudnative-pg/postgresql:17.5', '500m/2', '1Gi/2Gi', {
      port: 5432,
      probe: '',
    }),
  ],
};

/** Observability, workflows, ingress and databases. */
export const SERVICE_APPS: readonly App[] = [...MONITORING, ...AIRFLOW_APPS, ...NETWORKING, DATABASE];
