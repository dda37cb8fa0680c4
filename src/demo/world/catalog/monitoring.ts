import { type App, container } from './app.ts';

const PROMETHEUS = {
  apiVersion: 'monitoring.coreos.com/v1',
  kind: 'Prometheus',
  name: 'kube-prometheus-stack',
};
const ALERTMANAGER = { ...PROMETHEUS, kind: 'Alertmanager' };
const RELOADER = 'quay.io/prometheus-operator/prometheus-config-reloader:v0.82.2';

/** Metrics, logs and alerts. */
export const MONITORING_APPS: readonly App[] = [
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
