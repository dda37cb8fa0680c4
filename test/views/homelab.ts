/** The homelab of the screenshots: three nodes, a few broken pods, many healthy ones. */

import {
  container,
  DAY,
  event,
  GI,
  HOUR,
  live,
  MINUTE,
  NOW,
  node,
  pod,
  SECOND,
  status,
  table,
  terminated,
  waiting,
  workload,
} from '../domain/build.ts';
import type { Cast } from '../support/model.ts';
import { finding } from '../support/model.ts';

const usage = (cpu: number, memory: number) => ({
  cpu: 20 * cpu,
  memory: 94 * GI * memory,
  at: NOW - 9 * SECOND,
});

const webserver = pod('airflow-webserver-6c8b9d5f7-x2x4q', {
  namespace: 'airflow',
  nodeName: 'ms-01-b',
  createdAt: NOW - 20 * DAY,
  containers: [container('webserver', { requests: { memory: GI }, limits: { memory: 2 * GI } })],
  statuses: [
    status('webserver', {
      restartCount: 98,
      state: { kind: 'running', startedAt: NOW - 2 * HOUR },
      lastState: terminated(137, { reason: 'OOMKilled', finishedAt: NOW - 2 * HOUR }),
    }),
  ],
});

const upgrade = pod('velero-upgrade-crds-x2z8p', {
  namespace: 'velero',
  nodeName: 'ms-01-c',
  phase: 'Pending',
  createdAt: NOW - 3 * HOUR,
  statuses: [
    status('kubectl', {
      ready: false,
      state: waiting('ImagePullBackOff', 'Back-off pulling image "docker.io/bitnami/kubectl:v1.31.3"'),
    }),
  ],
});

const csi = pod('csi-rbdplugin-8q2rk', { namespace: 'rook-ceph', nodeName: 'ms-01-b' });

const healthy = Array.from({ length: 137 }, (_, index) => ({
  object: pod(`app-${String(index).padStart(3, '0')}-5d8f7c9b6-k7m2x`, {
    namespace: index % 2 === 0 ? 'default' : 'monitoring',
    nodeName: `ms-01-${'abc'[index % 3]}`,
  }),
}));

export const homelab: Cast = {
  nodes: [
    {
      object: node('ms-01-a', { createdAt: NOW - 41 * DAY }),
      row: { pods: 49, usage: usage(0.18, 0.61), requested: { cpu: 6, memory: 40 * GI } },
    },
    {
      object: node('ms-01-b', { createdAt: NOW - 41 * DAY }),
      row: {
        pods: 52,
        usage: usage(0.34, 0.81),
        requested: { cpu: 7, memory: 50 * GI },
        severity: 'warning',
        note: 'memory 81%',
      },
    },
    {
      object: node('ms-01-c', { createdAt: NOW - 12 * DAY }),
      row: { pods: 41, usage: usage(0.22, 0.58), requested: { cpu: 5.5, memory: 36 * GI } },
    },
  ],
  pods: [
    ...healthy,
    {
      object: webserver,
      row: {
        severity: 'warning',
        note: 'OOMKilled 2h ago',
        restarts: 98,
        recentRestarts: 4,
      },
      history: [0, 0, 1, 1, 0, 2],
      owners: [
        { kind: 'ReplicaSet', namespace: 'airflow', name: 'airflow-webserver-6c8b9d5f7' },
        { kind: 'Deployment', namespace: 'airflow', name: 'airflow-webserver' },
      ],
    },
    {
      object: upgrade,
      row: { severity: 'critical', ready: '0/1', status: 'ImagePullBackOff', note: 'tag not found' },
    },
    {
      object: csi,
      row: { severity: 'warning', ready: '3/3', restarts: 12, recentRestarts: 2, note: 'restarts' },
      history: [0, 0, 0, 1, 0, 1],
    },
  ],
  workloads: [
    { object: workload('airflow-webserver', { namespace: 'airflow' }) },
    { object: workload('csi-rbdplugin', { namespace: 'rook-ceph', kind: 'DaemonSet', desired: 3 }) },
    {
      object: workload('loki', { namespace: 'monitoring', kind: 'StatefulSet', desired: 3, ready: 2 }),
      row: { severity: 'warning', status: 'InProgress', note: '2 of 3 ready for 12m' },
    },
  ],
  assessment: {
    findings: [
      finding('ImagePullBackOff bitnami/kubectl:v1.31.3, tag not found', {
        severity: 'critical',
        subject: { kind: 'Pod', namespace: 'velero', name: upgrade.name },
        scope: 'velero',
        since: NOW - 3 * HOUR,
        evidence: [
          { at: NOW - 3 * HOUR, text: 'Failed to pull image "docker.io/bitnami/kubectl:v1.31.3": not found' },
          { at: NOW - 26 * HOUR, text: 'HelmRelease velero was upgraded from 9.1.2 to 9.2.0' },
        ],
        cause: 'the image tag v1.31.3 does not exist in docker.io/bitnami/kubectl',
        effect: 'the upgrade job never ends, so Velero keeps its old CRDs',
        advice: ['set kubectl.image.tag to a tag that exists', 'let Flux reconcile the HelmRelease'],
        consequences: [
          finding('velero/velero Deployment has an unavailable replica', { severity: 'warning' }),
          finding('HelmRelease velero waits', { severity: 'warning' }),
        ],
      }),
      finding('airflow-webserver OOMKilled 4× in 6h (98 restarts)', {
        subject: { kind: 'Pod', namespace: 'airflow', name: webserver.name },
        scope: 'airflow',
        since: NOW - 2 * HOUR,
        evidence: [{ at: NOW - 2 * HOUR, text: 'container webserver ended with exit code 137, OOMKilled' }],
        cause: 'the memory limit of 2Gi is too small for it',
        advice: ['raise the memory limit of container webserver'],
      }),
      finding('csi-rbdplugin restarted 2 times in 24h', {
        subject: { kind: 'DaemonSet', namespace: 'rook-ceph', name: 'csi-rbdplugin' },
        scope: 'rook-ceph',
        since: NOW - 18 * MINUTE,
      }),
      finding('metrics of 1 node could not be read', {
        severity: 'unknown',
        area: 'nodes',
        subject: { kind: 'Node', name: 'ms-01-c' },
        scope: 'ms-01-c',
        since: NOW - 4 * MINUTE,
      }),
    ],
    counts: { critical: 1, warning: 2, unknown: 1, info: 0 },
    score: {
      value: 93,
      losses: [
        { component: 'pods', points: 5, why: '3 of 140 pods have problems', bad: 3, total: 140 },
        { component: 'restarts', points: 2, why: '2 of 140 pods restarted in 24h', bad: 2, total: 140 },
      ],
      unknown: [],
    },
    nodes: { ok: 2, total: 3, severity: 'warning' },
    pods: { ok: 137, total: 140, severity: 'critical' },
    workloads: { ok: 2, total: 3, severity: 'warning' },
    volumes: { ok: 12, total: 12, severity: 'ok' },
    services: { ok: 9, total: 9, severity: 'ok' },
    coverage: {
      total: 142,
      cpuRequest: 142,
      memoryRequest: 141,
      cpuLimit: 142,
      memoryLimit: 141,
      missing: [
        {
          workload: { kind: 'Deployment', namespace: 'ai', name: 'ollama' },
          container: 'ollama',
          lacks: ['memory request', 'memory limit'],
        },
      ],
    },
    topRestarts: [
      { ref: { kind: 'Deployment', namespace: 'airflow', name: 'airflow-webserver' }, recent: 4, total: 98 },
      { ref: { kind: 'DaemonSet', namespace: 'rook-ceph', name: 'csi-rbdplugin' }, recent: 2, total: 12 },
    ],
    capacity: {
      allocatable: { cpu: 60, memory: 282 * GI },
      requested: { cpu: 18.5, memory: 126 * GI },
      limits: { cpu: 70.8, memory: 260 * GI },
      usage: { cpu: 14.8, memory: 188 * GI },
    },
  },
};

/** Sources beside the cast's objects: metrics and the events of the broken pods. */
export const homelabSources = {
  nodeUsage: live(new Map(), NOW - 9 * SECOND),
  podUsage: live(
    new Map([
      [
        `airflow/${webserver.name}`,
        {
          namespace: 'airflow',
          name: webserver.name,
          at: NOW,
          cpu: 0.2,
          memory: 1.8 * GI,
          containers: [],
        },
      ],
    ]),
    NOW - 9 * SECOND,
  ),
  events: live(
    table(
      event(
        'Failed',
        { kind: 'Pod', namespace: 'velero', name: upgrade.name },
        {
          count: 311,
          message: 'Error: ImagePullBackOff',
        },
      ),
      event(
        'BackOff',
        { kind: 'Pod', namespace: 'velero', name: upgrade.name },
        {
          lastAt: NOW - 5 * MINUTE,
          message: 'Back-off pulling image "docker.io/bitnami/kubectl:v1.31.3"',
        },
      ),
    ),
  ),
};
