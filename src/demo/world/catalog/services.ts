import { type App, container } from './app.ts';

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

/** Workflows, ingress and databases. */
export const SERVICE_APPS: readonly App[] = [...AIRFLOW_APPS, ...NETWORKING, DATABASE];
