import { describe, expect, it } from 'vitest';
import { Interner } from '../../src/collectors/kubernetes/intern.ts';
import { projectEvent } from '../../src/collectors/kubernetes/projections/event.ts';
import type { Projection } from '../../src/collectors/kubernetes/projections/meta.ts';
import { projectEndpointSlice, projectService } from '../../src/collectors/kubernetes/projections/network.ts';
import { projectLease, projectNode } from '../../src/collectors/kubernetes/projections/node.ts';
import { projectPod } from '../../src/collectors/kubernetes/projections/pod.ts';
import { projectPv, projectPvc } from '../../src/collectors/kubernetes/projections/storage.ts';
import { projectNodeUsage, projectPodUsage } from '../../src/collectors/kubernetes/projections/usage.ts';
import {
  projectCronJob,
  projectJob,
  projectPdb,
  projectWorkload,
} from '../../src/collectors/kubernetes/projections/workload.ts';

const metadata = { name: 'x', namespace: 'ns', uid: 'u1', resourceVersion: '7' };
const AT = '2026-01-01T00:00:00Z';
const MS = Date.UTC(2026, 0, 1);

function project<T>(make: (intern: Interner) => Projection<T>, raw: object): T {
  const result = make(new Interner())({ metadata, ...raw });
  if (result === undefined) throw new Error('not projected');
  return result;
}

describe('metadata', () => {
  it('takes what rules read, and shows escape sequences instead of sending them', () => {
    const pod = project(projectPod, {
      metadata: {
        ...metadata,
        name: 'evil\x1b]52;c;eA==\x07',
        creationTimestamp: AT,
        deletionTimestamp: AT,
        deletionGracePeriodSeconds: 30,
        finalizers: ['f'],
        labels: { app: 'a\u202eb' },
        ownerReferences: [
          { kind: 'Other', name: 'o' },
          { apiVersion: 'apps/v1', kind: 'ReplicaSet', name: 'rs', uid: 'r1', controller: true },
        ],
      },
    });
    expect(pod).toMatchObject({
      name: 'evil␛]52;c;eA==␇',
      createdAt: MS,
      deletedAt: MS,
      graceSeconds: 30,
      finalizers: ['f'],
      labels: { app: 'a\\u{202e}b' },
      owner: { apiVersion: 'apps/v1', kind: 'ReplicaSet', name: 'rs', uid: 'r1' },
    });
  });

  it('skips what has no name or uid', () => {
    expect(projectPod(new Interner())({ metadata: { name: 'x' } })).toBeUndefined();
    expect(projectPod(new Interner())({})).toBeUndefined();
  });

  it('bounds labels', () => {
    const labels = Object.fromEntries(Array.from({ length: 100 }, (_, i) => [`k${i}`, 'v'.repeat(1000)]));
    const pod = project(projectPod, { metadata: { ...metadata, labels } });
    expect(Object.keys(pod.labels)).toHaveLength(64);
    expect(pod.labels.k0).toHaveLength(256);
  });

  it('survives nonsense in every field', () => {
    const nonsense = {
      metadata: { ...metadata, labels: 3, ownerReferences: {}, creationTimestamp: 'soon' },
      spec: [],
      status: 'x',
    };
    for (const make of [
      projectPod,
      projectNode,
      projectPvc,
      projectPv,
      projectService,
      projectEvent,
      projectJob,
      projectCronJob,
      projectPdb,
      projectLease,
      projectEndpointSlice,
    ]) {
      expect(project<{ name: string }>(make, nonsense).name).toBe('x');
    }
  });
});

describe('pods', () => {
  const spec = {
    nodeName: 'n1',
    restartPolicy: 'OnFailure',
    priorityClassName: 'high',
    hostNetwork: true,
    containers: [
      {
        name: 'a',
        image: 'img:1',
        resources: { limits: { cpu: '500m', memory: '1Gi' }, requests: { memory: '512Mi' } },
        livenessProbe: {},
      },
    ],
    initContainers: [{ name: 'side', image: 'img:2', restartPolicy: 'Always' }],
    volumes: [{ persistentVolumeClaim: { claimName: 'data' } }, { emptyDir: {} }],
    resources: { requests: { cpu: 2 } },
    overhead: { memory: '10Mi' },
  };
  const status = {
    phase: 'Running',
    reason: 'Evicted',
    message: 'why\n',
    podIP: '10.0.0.1',
    qosClass: 'Burstable',
    startTime: AT,
    conditions: [
      { type: 'Ready', status: 'False', reason: 'ContainersNotReady', lastTransitionTime: AT },
      { type: 'ContainersReady', status: 'True' },
      { type: 'ContainersReady', status: 'False' },
    ],
    containerStatuses: [
      {
        name: 'a',
        image: 'img:1',
        ready: false,
        started: false,
        restartCount: 98,
        state: { waiting: { reason: 'CrashLoopBackOff', message: 'back-off' } },
        lastState: {
          terminated: { exitCode: 137, reason: 'OOMKilled', signal: 0, startedAt: AT, finishedAt: AT },
        },
      },
    ],
    initContainerStatuses: [
      { name: 'side', image: 'img:2', ready: true, restartCount: 0, state: { running: { startedAt: AT } } },
    ],
  };

  it('keeps all that STATUS, severity and causes need', () => {
    const pod = project(projectPod, {
      metadata: { ...metadata, annotations: { 'kubernetes.io/config.mirror': 'h' } },
      spec,
      status,
    });
    expect(pod).toEqual({
      ...{ name: 'x', namespace: 'ns', uid: 'u1', resourceVersion: '7', labels: {} },
      phase: 'Running',
      reason: 'Evicted',
      message: 'why',
      nodeName: 'n1',
      podIP: '10.0.0.1',
      startTime: MS,
      qosClass: 'Burstable',
      priorityClass: 'high',
      restartPolicy: 'OnFailure',
      hostNetwork: true,
      mirror: true,
      conditions: [
        { type: 'Ready', status: 'False', reason: 'ContainersNotReady', since: MS },
        { type: 'ContainersReady', status: 'False' },
      ],
      containers: [
        {
          name: 'a',
          image: 'img:1',
          requests: { cpu: 0.5, memory: 512 * 2 ** 20 },
          limits: { cpu: 0.5, memory: 2 ** 30 },
          hasLivenessProbe: true,
        },
      ],
      initContainers: [{ name: 'side', image: 'img:2', requests: {}, limits: {}, sidecar: true }],
      statuses: [
        {
          name: 'a',
          image: 'img:1',
          ready: false,
          started: false,
          restartCount: 98,
          state: { kind: 'waiting', reason: 'CrashLoopBackOff', message: 'back-off' },
          lastState: {
            kind: 'terminated',
            reason: 'OOMKilled',
            exitCode: 137,
            startedAt: MS,
            finishedAt: MS,
          },
        },
      ],
      initStatuses: [
        {
          name: 'side',
          image: 'img:2',
          ready: true,
          restartCount: 0,
          state: { kind: 'running', startedAt: MS },
        },
      ],
      podRequests: { cpu: 2 },
      overhead: { memory: 10 * 2 ** 20 },
      claims: ['data'],
    });
  });

  it('shares between pods of one ReplicaSet what they have in common', () => {
    const make = projectPod(new Interner());
    const [one, two] = ['p1', 'p2'].map((name) =>
      make({
        metadata: { ...metadata, name, uid: name, labels: { app: 'a' } },
        spec: structuredClone(spec),
        status: structuredClone(status),
      }),
    );
    expect(one?.containers).toBe(two?.containers);
    expect(one?.labels).toBe(two?.labels);
  });
});

describe('other kinds', () => {
  it('Node', () => {
    const node = project(projectNode, {
      metadata: {
        ...metadata,
        labels: { 'node-role.kubernetes.io/worker': '', 'node-role.kubernetes.io/control-plane': '' },
      },
      spec: { unschedulable: true, taints: [{ key: 'k', effect: 'NoSchedule', timeAdded: AT }] },
      status: {
        conditions: [{ type: 'Ready', status: 'Unknown', lastHeartbeatTime: AT }],
        allocatable: { cpu: '15800m', memory: '97Gi', pods: '110', 'ephemeral-storage': '100Gi' },
        addresses: [
          { type: 'Hostname', address: 'h' },
          { type: 'InternalIP', address: '10.0.0.2' },
        ],
        nodeInfo: { kubeletVersion: 'v1.33.1', bootID: 'b' },
      },
    });
    expect(node).toMatchObject({
      unschedulable: true,
      roles: ['control-plane', 'worker'],
      taints: [{ key: 'k', effect: 'NoSchedule', since: MS }],
      conditions: [{ type: 'Ready', status: 'Unknown', heartbeat: MS }],
      allocatable: { cpu: 15.8, memory: 97 * 2 ** 30, pods: 110, ephemeralStorage: 100 * 2 ** 30 },
      internalIP: '10.0.0.2',
      kubeletVersion: 'v1.33.1',
      bootID: 'b',
    });
  });

  it('Deployment, with counters that the API leaves out when zero', () => {
    const workload = project((intern) => projectWorkload('Deployment', intern), {
      spec: {
        strategy: { type: 'Recreate' },
        template: { spec: { containers: [{ name: 'c', image: 'i' }], resources: { limits: { cpu: '1' } } } },
      },
      status: { observedGeneration: 3, replicas: 1, unavailableReplicas: 1 },
    });
    expect(workload).toMatchObject({
      kind: 'Deployment',
      desired: 1,
      replicas: 1,
      updated: 0,
      ready: 0,
      available: 0,
      observedGeneration: 3,
      strategy: 'Recreate',
      podLimits: { cpu: 1 },
    });
    expect(workload.containers).toHaveLength(1);
  });

  it('StatefulSet and DaemonSet', () => {
    const set = project((intern) => projectWorkload('StatefulSet', intern), {
      spec: { replicas: 3, updateStrategy: { type: 'RollingUpdate', rollingUpdate: { partition: 1 } } },
      status: { readyReplicas: 2, currentRevision: 'r1', updateRevision: 'r2', currentReplicas: 1 },
    });
    expect(set).toMatchObject({
      desired: 3,
      ready: 2,
      partition: 1,
      currentRevision: 'r1',
      updateRevision: 'r2',
      currentReplicas: 1,
    });
    const daemon = project((intern) => projectWorkload('DaemonSet', intern), {
      status: {
        desiredNumberScheduled: 3,
        numberReady: 2,
        currentNumberScheduled: 3,
        updatedNumberScheduled: 1,
        numberAvailable: 2,
      },
    });
    expect(daemon).toMatchObject({ desired: 3, replicas: 3, updated: 1, ready: 2, available: 2 });
  });

  it('Job and CronJob', () => {
    expect(
      project(projectJob, { spec: { suspend: true }, status: { failed: 2, startTime: AT } }),
    ).toMatchObject({ active: 0, succeeded: 0, failed: 2, suspend: true, startTime: MS });
    expect(
      project(projectCronJob, {
        spec: {
          schedule: '0 2 * * *',
          timeZone: 'Europe/Berlin',
          jobTemplate: { spec: { template: { spec: { containers: [{ name: 'c' }] } } } },
        },
        status: { active: [{}], lastScheduleTime: AT },
      }),
    ).toMatchObject({
      schedule: '0 2 * * *',
      timeZone: 'Europe/Berlin',
      suspend: false,
      active: 1,
      lastScheduleTime: MS,
      containers: [{ name: 'c' }],
    });
  });

  it('PVC and PV', () => {
    expect(
      project(projectPvc, {
        spec: {
          volumeName: 'pv',
          storageClassName: 'ceph',
          accessModes: ['ReadWriteOnce'],
          resources: { requests: { storage: '10Gi' } },
        },
        status: { phase: 'Bound', capacity: { storage: '12Gi' } },
      }),
    ).toMatchObject({
      phase: 'Bound',
      volumeName: 'pv',
      requested: 10 * 2 ** 30,
      capacity: 12 * 2 ** 30,
      accessModes: ['ReadWriteOnce'],
    });
    expect(
      project(projectPv, {
        spec: {
          capacity: { storage: '1Gi' },
          claimRef: { namespace: 'n', name: 'c' },
          persistentVolumeReclaimPolicy: 'Retain',
        },
        status: { phase: 'Released' },
      }),
    ).toMatchObject({ phase: 'Released', claim: 'n/c', reclaimPolicy: 'Retain', capacity: 2 ** 30 });
  });

  it('PDB: a selector with expressions is not shown as if its labels were all', () => {
    const status = { disruptionsAllowed: 0, currentHealthy: 1, desiredHealthy: 2, expectedPods: 3 };
    expect(project(projectPdb, { spec: { selector: { matchLabels: { a: 'b' } } }, status })).toMatchObject({
      ...status,
      matchLabels: { a: 'b' },
    });
    expect(
      project(projectPdb, { spec: { selector: { matchLabels: { a: 'b' }, matchExpressions: [{}] } }, status })
        .matchLabels,
    ).toBeUndefined();
  });

  it('Service and EndpointSlice', () => {
    expect(
      project(projectService, {
        spec: {
          type: 'LoadBalancer',
          clusterIP: '10.1.1.1',
          selector: { a: 'b' },
          ports: [
            { port: 80, nodePort: 30080, protocol: 'TCP' },
            { port: 53, protocol: 'UDP' },
          ],
        },
      }),
    ).toMatchObject({
      type: 'LoadBalancer',
      selector: { a: 'b' },
      ports: ['80:30080/TCP', '53/UDP'],
      loadBalancerPending: true,
    });
    expect(project(projectService, { spec: { selector: {} } }).selector).toBeUndefined();
    expect(
      project(projectEndpointSlice, {
        metadata: { ...metadata, labels: { 'kubernetes.io/service-name': 'svc' } },
        endpoints: [{ conditions: { ready: true } }, { conditions: {} }, { conditions: { ready: false } }],
      }),
    ).toMatchObject({ service: 'svc', ready: 2, notReady: 1 });
  });

  it('Lease with microseconds', () => {
    expect(project(projectLease, { spec: { renewTime: '2026-01-01T00:00:00.123456Z' } }).renewTime).toBe(
      MS + 123,
    );
  });

  it.each([
    [
      'core, old style',
      {
        type: 'Warning',
        reason: 'BackOff',
        message: 'm',
        count: 5,
        firstTimestamp: '2025-12-31T23:00:00Z',
        lastTimestamp: AT,
        source: { component: 'kubelet' },
        involvedObject: { kind: 'Pod', namespace: 'ns', name: 'p', uid: 'pu' },
      },
      5,
    ],
    [
      'core, new style',
      {
        type: 'Warning',
        reason: 'BackOff',
        message: 'm',
        count: 0,
        firstTimestamp: null,
        lastTimestamp: null,
        eventTime: AT,
        reportingComponent: 'kubelet',
        involvedObject: { kind: 'Pod', namespace: 'ns', name: 'p', uid: 'pu' },
      },
      1,
    ],
    [
      'events.k8s.io with a series',
      {
        type: 'Warning',
        reason: 'BackOff',
        note: 'm',
        eventTime: '2025-12-31T23:00:00Z',
        series: { count: 9, lastObservedTime: AT },
        reportingController: 'kubelet',
        regarding: { kind: 'Pod', namespace: 'ns', name: 'p', uid: 'pu' },
      },
      9,
    ],
  ])('Event: %s', (_, raw, count) => {
    expect(project(projectEvent, raw)).toMatchObject({
      type: 'Warning',
      reason: 'BackOff',
      message: 'm',
      count,
      lastAt: MS,
      component: 'kubelet',
      regarding: { kind: 'Pod', namespace: 'ns', name: 'p', uid: 'pu' },
    });
  });

  it('usage: a pod is the sum of its containers', () => {
    const raw = {
      metadata,
      timestamp: AT,
      containers: [
        { name: 'a', usage: { cpu: '250m', memory: '100Mi' } },
        { name: 'b', usage: { cpu: '500000000n', memory: '28Mi' } },
      ],
    };
    expect(projectPodUsage(raw, 0, new Interner())).toMatchObject({
      at: MS,
      cpu: 0.75,
      memory: 128 * 2 ** 20,
    });
    expect(projectNodeUsage({ metadata, usage: { cpu: '2', memory: '1Gi' } }, 5)).toEqual({
      name: 'x',
      at: 5,
      cpu: 2,
      memory: 2 ** 30,
    });
  });
});
