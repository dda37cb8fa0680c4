/** What an operator sees while real things happen to a cluster, look by look. */
import { describe, expect, test } from 'vitest';
import { ClusterJudge } from '../../src/domain/judge.ts';
import type { NodeInfo, PodInfo } from '../../src/domain/kinds.ts';
import type { Connection } from '../../src/domain/state.ts';
import {
  cluster,
  cond,
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
} from './build.ts';

const connected: Connection = { status: 'live', since: NOW };
const ownedBy = (kind: string, name: string) => ({
  apiVersion: 'apps/v1',
  kind,
  name,
  uid: `uid-default-${name}`,
});
const at = (minutes: number) => NOW + minutes * MINUTE;
const readyAt = (minutes: number) => [cond('Ready', 'True', { since: at(minutes), heartbeat: at(10) })];
const unready = (since: number) => [cond('PodScheduled', 'True'), cond('Ready', 'False', { since })];

test('500 pods of one broken deployment are one finding', () => {
  const broken = Array.from({ length: 500 }, (_, index) =>
    pod(`web-6c8b-${index}`, {
      nodeName: `n-${index % 40}`,
      owner: ownedBy('ReplicaSet', 'web-6c8b'),
      labels: { 'pod-template-hash': '6c8b', app: 'web' },
      statuses: [status('web', { ready: false, restartCount: 6, state: waiting('CrashLoopBackOff') })],
    }),
  );
  const state = cluster({
    pods: table(...broken),
    deployments: table(
      workload('web', {
        desired: 500,
        ready: 0,
        available: 0,
        conditions: [cond('Available', 'False', { since: NOW - 10 * MINUTE })],
      }),
    ),
  });
  const { findings } = new ClusterJudge().assess(state, connected, NOW);
  expect(findings.map(({ title, consequences }) => [title, consequences.map(({ code }) => code)])).toEqual([
    ['web in CrashLoopBackOff (6 restarts) on 500 pods', ['WORKLOAD_UNAVAILABLE']],
  ]);
  expect(findings[0]?.evidence.length).toBeLessThan(12);
});

describe('a rolling upgrade of the nodes', () => {
  const agents = ['proxy', 'exporter', 'csi'];
  const agent = (name: string, more: Partial<PodInfo> = {}) =>
    pod(`${name}-b`, {
      nodeName: 'b',
      owner: ownedBy('DaemonSet', name),
      statuses: [status(name, { restartCount: 11 })],
      ...more,
    });
  const set = (name: string, ready: number) =>
    workload(name, { kind: 'DaemonSet', desired: 3, ready, available: ready });
  const b = (more: Partial<NodeInfo>) => node('b', more);
  const cordoned = {
    unschedulable: true,
    taints: [{ key: 'node.kubernetes.io/unschedulable', effect: 'NoSchedule', since: NOW }],
  };

  test('is one line while a node is away, and quiet once it is back', () => {
    const judge = new ClusterJudge();
    const fine = { conditions: readyAt(-600) };
    const nodes = table(node('a', fine), b(fine), node('c', fine));
    const pods = table(...agents.map((name) => agent(name)));
    const daemonsets = table(...agents.map((name) => set(name, 3)));
    const state = cluster({ nodes, pods, daemonsets });
    const roots = (minute: number) => {
      // Several looks: what is new must hold before it shows.
      for (let second = 0; second <= 20; second += 5)
        judge.assess(state, connected, at(minute) + second * SECOND);
      return judge.assessment.findings.map(({ severity, code }) => `${severity} ${code}`);
    };
    expect(roots(0)).toEqual([]);
    nodes.upsert(b({ ...fine, ...cordoned }));
    expect(roots(1)).toEqual(['info NODE_CORDONED']);
    nodes.upsert(b({ ...cordoned, conditions: [cond('Ready', 'Unknown', { since: at(2) })] }));
    for (const name of agents) daemonsets.upsert(set(name, 2));
    expect(roots(5)).toEqual(['warning NODE_NOT_READY', 'info NODE_CORDONED']);
    nodes.upsert(b({ conditions: readyAt(6) }));
    for (const name of agents) {
      const gone = terminated(255, { reason: 'Unknown', startedAt: at(-9), finishedAt: at(5.5) });
      const again = status(name, { ready: false, restartCount: 12, lastState: gone });
      pods.upsert(agent(name, { conditions: unready(at(2)), statuses: [again] }));
    }
    expect(roots(6.9)).toEqual([]);
    for (const name of agents) {
      const gone = terminated(255, { reason: 'Unknown', finishedAt: at(5.5) });
      pods.upsert(agent(name, { statuses: [status(name, { restartCount: 12, lastState: gone })] }));
      daemonsets.upsert(set(name, 3));
    }
    expect(roots(8).filter((root) => !root.startsWith('info'))).toEqual([]);
  });

  test('what does not come up again on the node is told', () => {
    const judge = new ClusterJudge();
    const slow = agent('csi', {
      conditions: unready(at(2)),
      statuses: [status('csi', { ready: false, restartCount: 1 })],
    });
    const state = cluster({
      nodes: table(b({ conditions: readyAt(6) })),
      pods: table(slow),
      daemonsets: table(set('csi', 2)),
    });
    judge.assess(state, connected, at(7));
    expect(judge.assessment.findings).toEqual([]);
    judge.assess(state, connected, at(9));
    expect(judge.assessment.findings.map(({ code }) => code)).toEqual(['POD_NOT_READY']);
  });
});

test('a node that joins is no outage', () => {
  const judge = new ClusterJudge();
  const joining = node('new', {
    createdAt: NOW - MINUTE,
    conditions: [cond('Ready', 'False', { since: NOW - MINUTE })],
  });
  const first = pod('cni-new', {
    nodeName: 'new',
    phase: 'Pending',
    createdAt: NOW - MINUTE,
    startTime: NOW - MINUTE,
    owner: ownedBy('DaemonSet', 'cni'),
    conditions: unready(NOW - MINUTE),
    statuses: [status('cni', { ready: false, state: waiting('ContainerCreating') })],
  });
  const { findings } = judge.assess(
    cluster({ nodes: table(node('a'), joining), pods: table(first) }),
    connected,
    NOW + 30 * SECOND,
  );
  expect(findings.map(({ severity, title }) => `${severity} ${title}`)).toEqual(['info node new: joining']);
});

test('what a lost node held back stays below the node, also after its pods are evicted', () => {
  const down = node('b', { conditions: [cond('Ready', 'Unknown', { since: at(-8) })] });
  const workloads = ['one', 'two', 'three'];
  const pods = workloads.flatMap((name) => [
    pod(`${name}-old`, { nodeName: 'b', owner: ownedBy('StatefulSet', name), deletedAt: at(-2) }),
    pod(`${name}-new`, {
      nodeName: '',
      phase: 'Pending',
      owner: ownedBy('StatefulSet', name),
      statuses: [],
      conditions: [
        cond('PodScheduled', 'False', {
          reason: 'Unschedulable',
          message: '0/2 nodes are available: 2 Insufficient memory.',
          since: at(-2),
        }),
      ],
    }),
  ]);
  const state = cluster({ nodes: table(node('a'), down), pods: table(...pods) });
  const { findings } = new ClusterJudge().assess(state, connected, NOW);
  expect(findings.map(({ code }) => code)).toEqual(['NODE_NOT_READY']);
});

test('what failed before its node was lost is not blamed on the node', () => {
  const down = node('b', { conditions: [cond('Ready', 'Unknown', { since: at(-8) })] });
  const failedAt = (name: string, minutes: number) =>
    pod(name, {
      nodeName: 'b',
      phase: 'Failed',
      statuses: [status('main', { ready: false, state: terminated(1, { finishedAt: at(minutes) }) })],
    });
  const pods = table(failedAt('before', -30), failedAt('after', -7));
  const { findings } = new ClusterJudge().assess(cluster({ nodes: table(down), pods }), connected, NOW);
  const told = findings.map(({ code, subject, consequences }) => [
    `${code} ${subject.name}`,
    consequences.map((each) => each.subject.name),
  ]);
  expect(told).toContainEqual(['POD_FAILED before', []]);
  expect(told).toContainEqual(['NODE_NOT_READY b', ['after']]);
});

test('pods that a node stopped when it shut down are one finding for the node', () => {
  const left = ['one', 'two', 'three'].map((name) =>
    pod(`${name}-x`, {
      phase: 'Failed',
      reason: 'Terminated',
      message: 'Pod was terminated in response to imminent node shutdown.',
      owner: ownedBy('StatefulSet', name),
      statuses: [],
    }),
  );
  const { findings } = new ClusterJudge().assess(cluster({ pods: table(...left) }), connected, NOW);
  expect(findings.map(({ title }) => title)).toEqual(['ms-01-a: 3 pods left behind (terminated)']);
});

test('evictions are a consequence of the pressure on their node', () => {
  const pressed = node('ms-01-a', { conditions: [...readyAt(-60), cond('DiskPressure', 'True')] });
  const evicted = pod('web-x', {
    phase: 'Failed',
    reason: 'Evicted',
    owner: ownedBy('StatefulSet', 'web'),
    statuses: [],
  });
  const { findings } = new ClusterJudge().assess(
    cluster({ nodes: table(pressed), pods: table(evicted) }),
    connected,
    NOW,
  );
  expect(findings.map(({ code, consequences }) => [code, consequences.map((each) => each.code)])).toEqual([
    ['NODE_PRESSURE', ['POD_LEFTOVER']],
  ]);
});

test('a crash loop does not come and go with every try', () => {
  const judge = new ClusterJudge();
  const pods = table<PodInfo>();
  const state = cluster({ pods });
  const seen = new Set<string>();
  // 20 s of running, then a back-off of 5 min, over and over.
  for (let second = 0; second < 40 * 60; second += 10) {
    const cycle = Math.floor(second / 320);
    const now = NOW + second * SECOND;
    const startedAt = NOW + cycle * 320 * SECOND;
    const runs = second % 320 < 20;
    const last = terminated(1, {
      startedAt: runs ? startedAt - 320 * SECOND : startedAt,
      finishedAt: (runs ? startedAt - 320 * SECOND : startedAt) + 20 * SECOND,
    });
    pods.upsert(
      pod('web-0', {
        conditions: [cond('Ready', runs ? 'True' : 'False', { since: now })],
        statuses: [
          status('web', {
            ready: runs,
            restartCount: 5 + cycle,
            state: runs ? { kind: 'running', startedAt } : waiting('CrashLoopBackOff'),
            lastState: last,
          }),
        ],
      }),
    );
    const { findings } = judge.assess(state, connected, now);
    seen.add(findings.map(({ severity, code }) => `${severity} ${code}`).join());
  }
  expect([...seen]).toEqual(['critical POD_CRASH_LOOP']);
});

test('a readiness probe that flaps does not make a finding flap', () => {
  const judge = new ClusterJudge();
  const pods = table<PodInfo>();
  const state = cluster({ pods });
  const shown: number[] = [];
  for (let second = 0; second < 30 * 60; second += 5) {
    const ready = second > 6 * 60 && second % 20 === 0;
    const since = second > 6 * 60 ? NOW + (second - (second % 20)) * SECOND : NOW;
    pods.upsert(
      pod('web-0', {
        conditions: [cond('Ready', ready ? 'True' : 'False', { since })],
        statuses: [status('web', { ready })],
      }),
    );
    judge.assess(state, connected, NOW + second * SECOND);
    shown.push(judge.assessment.findings.length);
  }
  const changes = shown.filter((count, index) => index > 0 && count !== shown[index - 1]);
  expect(changes.length).toBeLessThanOrEqual(2);
});

test('a healthy rollout is quiet', () => {
  const judge = new ClusterJudge();
  const pods = table<PodInfo>();
  const rolling = (updated: number, ready: number) =>
    workload('web', {
      desired: 4,
      replicas: 5,
      updated,
      ready,
      available: ready,
      conditions: [
        cond('Available', 'True'),
        cond('Progressing', 'True', { reason: 'ReplicaSetUpdated', heartbeat: at(updated) }),
      ],
    });
  const deployments = table(rolling(0, 4));
  const state = cluster({ pods, deployments });
  judge.assess(state, connected, NOW);
  for (let step = 1; step <= 4; step += 1) {
    const now = at(step);
    pods.upsert(
      pod(`web-new-${step}`, {
        phase: 'Pending',
        createdAt: now,
        startTime: now,
        conditions: unready(now),
        statuses: [status('web', { ready: false, state: waiting('ContainerCreating') })],
      }),
    );
    deployments.upsert(rolling(step, 3));
    for (const second of [0, 20, 40]) judge.assess(state, connected, now + second * SECOND);
    expect(judge.assessment.findings).toEqual([]);
    pods.upsert(pod(`web-new-${step}`, { createdAt: now, conditions: readyAt(step) }));
    pods.upsert(pod(`web-old-${step}`, { deletedAt: now + 30 * SECOND }));
    judge.assess(state, connected, now + 50 * SECOND);
    pods.delete(`default/web-old-${step}`);
  }
  expect(judge.assessment.score.value).toBe(100);
});
