import { createBudget, installApp } from '../build-app.ts';
import { container } from '../catalog/app.ts';
import { type Cluster, R } from '../cluster.ts';
import type { Pod } from '../objects.ts';
import { isTerminal } from '../pod-index.ts';
import { evictForMemory, podOf, setImage } from './deeds.ts';
import { MILESTONE_MOMENTS } from './milestone.ts';
import { HOUR, MINUTE, type Moment, type Scenario } from './scenario.ts';

/** What the gateway's probe says each time. */
function probeTimeout(gateway: Pod): string {
  const url = `http://${gateway.status.podIP}:8080/swift/healthcheck`;
  return `Readiness probe failed: Get "${url}": context deadline exceeded (Client.Timeout exceeded while awaiting headers)`;
}

const PROBE_EVERY = 5 * MINUTE;
const PROBE_FAILURES = 311;
const GATEWAY = 'rook-ceph-rgw-objectstore-a';
const UNPUBLISHED_ECHO = 'ghcr.io/mendhak/http-https-echo:37';

function podsOnNode(cluster: Cluster, node: string, namespace: string): Pod[] {
  return [...cluster.pods.onNode(node)].filter(
    (pod) => pod.metadata.namespace === namespace && !isTerminal(pod),
  );
}

/** Memory ran short on ms-01-b: two media pods were evicted, and the object gateway stopped to answer its probe. */
const MEMORY_PRESSURE: readonly Moment[] = [
  {
    ago: 26 * HOUR + 2 * MINUTE,
    run: ({ cluster }) => {
      for (const pod of podsOnNode(cluster, 'ms-01-b', 'media').slice(0, 2)) evictForMemory(cluster, pod);
    },
  },
  {
    ago: 26 * HOUR,
    run: ({ cluster, kubelet }) => {
      cluster.faults.add({
        kind: 'not-ready',
        namespace: 'rook-ceph',
        app: GATEWAY,
        container: 'rgw',
        message: probeTimeout(podOf(cluster, 'rook-ceph', GATEWAY)),
        everyMs: PROBE_EVERY,
      });
      kubelet.recheck();
    },
  },
  {
    ago: 0,
    run: ({ cluster, clock }) => {
      const pod = podOf(cluster, 'rook-ceph', GATEWAY);
      const probeFailure = probeTimeout(pod);
      const event = (
        cluster.store.list('events', 'rook-ceph') as { message?: unknown; count?: unknown }[]
      ).find(({ message }) => message === probeFailure);
      const count = PROBE_FAILURES - (typeof event?.count === 'number' ? event.count : 0);
      const now = clock.now();
      cluster.events.record(
        pod,
        {
          type: 'Warning',
          reason: 'Unhealthy',
          message: probeFailure,
          component: 'kubelet',
          host: pod.spec.nodeName ?? '',
          fieldPath: 'spec.containers{rgw}',
        },
        { count, firstAt: now - 26 * HOUR, lastAt: now },
      );
    },
  },
];

const FAILED_JOB: Moment = {
  ago: 5 * HOUR,
  run: ({ cluster }) => {
    cluster.faults.add({
      kind: 'crash',
      namespace: 'media',
      app: 'media-cleanup',
      container: 'cleanup',
      exitCode: 1,
      afterMs: [3_000, 6_000],
    });
    installApp(cluster, {
      namespace: 'media',
      name: 'media-cleanup',
      kind: 'Job',
      ageDays: 0,
      containers: [container('cleanup', 'docker.io/library/alpine:3.22', '20m/200m', '32Mi/128Mi')],
    });
  },
};

const PENDING_CLAIM: Moment = {
  ago: 4 * HOUR,
  run: ({ cluster }) => {
    cluster.create(R.claims, {
      apiVersion: 'v1',
      kind: 'PersistentVolumeClaim',
      metadata: { name: 'kubeai-model-cache', namespace: 'ai' },
      spec: {
        accessModes: ['ReadWriteOnce'],
        storageClassName: 'ceph-nvme',
        resources: { requests: { storage: '100Gi' } },
      },
      status: { phase: 'Pending' },
    });
  },
};

const STUCK_POD: Moment = {
  ago: 2 * HOUR,
  run: ({ cluster }) => {
    const pod = podOf(cluster, 'ai', 'kubeai');
    const metadata = { ...pod.metadata, finalizers: ['kubeai.org/drain'] };
    cluster.store.update(R.pods, { ...pod, metadata });
    cluster.store.delete(R.pods, 'ai', pod.metadata.name);
  },
};

const STUCK_ROLLOUT: Moment = {
  ago: 50 * MINUTE,
  run: ({ cluster }) => {
    cluster.faults.add({ kind: 'image-missing', image: UNPUBLISHED_ECHO });
    setImage(cluster, 'default', 'echo', UNPUBLISHED_ECHO);
  },
};

const SUSPENDED_CHECK: Moment = {
  ago: 9 * HOUR,
  run: ({ cluster }) => {
    const cronJob = cluster.store.get(R.cronJobs, 'default', 'flux-health-check');
    if (cronJob)
      cluster.store.update(R.cronJobs, { ...cronJob, spec: { ...(cronJob.spec as object), suspend: true } });
  },
};

const BLOCKING_BUDGET: Moment = {
  ago: 8 * HOUR,
  run: ({ cluster }) =>
    createBudget(cluster, 'media', 'jellyfin', {
      minAvailable: 1,
      selector: { matchLabels: { 'app.kubernetes.io/name': 'jellyfin' } },
    }),
};

/** A cascade, and one of each kind of trouble besides. */
export const INCIDENT: Scenario = {
  name: 'incident',
  summary: 'memory pressure took the object gateway down a day ago, and much else is wrong',
  moments: [
    ...MILESTONE_MOMENTS,
    ...MEMORY_PRESSURE,
    FAILED_JOB,
    PENDING_CLAIM,
    STUCK_POD,
    STUCK_ROLLOUT,
    SUSPENDED_CHECK,
    BLOCKING_BUDGET,
  ],
  warmup: 6 * HOUR,
};
