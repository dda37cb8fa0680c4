/** What findings about pods tell: titles, causes from events, advice and remediations. */
import { describe, expect, test } from 'vitest';
import { ClusterJudge } from '../../src/domain/judge.ts';
import type { EventInfo, PodInfo } from '../../src/domain/kinds.ts';
import {
  cluster,
  cond,
  container,
  event,
  HOUR,
  MINUTE,
  NOW,
  node,
  pod,
  SECOND,
  status,
  table,
  terminated,
  waiting,
} from './build.ts';

const owner = { apiVersion: 'apps/v1', kind: 'StatefulSet', name: 'web', uid: 'uid-web' };

function findingOf(shape: Partial<PodInfo>, told: readonly [string, string, Partial<EventInfo>?][] = []) {
  const subject = pod('web-0', { owner, ...shape });
  const regarding = { kind: 'Pod', namespace: 'default', name: 'web-0', uid: subject.uid };
  const state = cluster({
    nodes: table(node('ms-01-a')),
    pods: table(subject),
    events: table(...told.map(([reason, message, more]) => event(reason, regarding, { message, ...more }))),
  });
  const { findings } = new ClusterJudge().assess(state, { status: 'live', since: NOW }, NOW);
  expect(findings).toHaveLength(1);
  return findings[0];
}

const crashing = (code: number, ago = 30 * SECOND): Partial<PodInfo> => ({
  statuses: [
    status('web', {
      ready: false,
      restartCount: 7,
      state: waiting('CrashLoopBackOff'),
      lastState: terminated(code, {
        startedAt: NOW - ago - MINUTE,
        finishedAt: NOW - ago,
        message: 'panic: no config',
      }),
    }),
  ],
});

describe('titles and causes', () => {
  test('a crash loop tells the exit, the last words and the next try', () => {
    const finding = findingOf(crashing(1));
    expect(finding?.title).toBe('web in CrashLoopBackOff: exit 1 (7 restarts)');
    expect(finding?.cause).toBe('exit 1: application error');
    expect(finding?.evidence.map(({ text }) => text)).toEqual([
      'web-0 on ms-01-a: web ended with exit 1 after 1m',
      'its last words: panic: no config',
      'next try, at the latest',
    ]);
    expect(finding?.remediations).toEqual(['rollout-restart', 'delete-pod']);
  });

  test('the back-off after the first crash is short', () => {
    const first = crashing(1, 5 * SECOND);
    const [only] = first.statuses ?? [];
    const finding = findingOf({ statuses: only ? [{ ...only, restartCount: 1 }] : [] });
    expect(finding?.evidence.at(-1)).toEqual({ at: NOW + 15 * SECOND, text: 'next try, at the latest' });
  });

  test('a large image takes its time', () => {
    const finding = findingOf(
      {
        phase: 'Pending',
        startTime: NOW - 3 * MINUTE,
        conditions: [cond('Ready', 'False', { since: NOW - 3 * MINUTE })],
        statuses: [status('web', { ready: false, state: waiting('ContainerCreating') })],
      },
      [['Pulling', 'Pulling image "ghcr.io/a/web:1"', { type: 'Normal' }]],
    );
    expect(finding?.title).toBe('web Pending: its image is being pulled');
    expect(finding?.cause).toBe('Pulling image "ghcr.io/a/web:1"');
  });

  test('a static pod cannot be mended by deleting its mirror', () => {
    expect(findingOf({ ...crashing(1), mirror: true })?.remediations).not.toContain('delete-pod');
  });

  test('a kill by the liveness probe is told by events alone', () => {
    const finding = findingOf(crashing(137), [
      ['Killing', 'Container web failed liveness probe, will be restarted', { type: 'Normal' }],
      ['Unhealthy', 'Liveness probe failed: HTTP probe failed with statuscode: 500', { count: 9 }],
    ]);
    expect(finding?.cause).toBe(
      'killed by its probe: Liveness probe failed: HTTP probe failed with statuscode: 500',
    );
    expect(finding?.evidence.map(({ text }) => text)).toContain(
      'Unhealthy ×9: Liveness probe failed: HTTP probe failed with statuscode: 500',
    );
  });

  test('the readiness probe says why a pod is not ready', () => {
    const finding = findingOf(
      {
        conditions: [cond('Ready', 'False', { since: NOW - HOUR })],
        statuses: [status('web', { ready: false })],
      },
      [['Unhealthy', 'Readiness probe failed: connection refused']],
    );
    expect(finding).toMatchObject({
      title: 'web running, not ready',
      cause: 'Readiness probe failed: connection refused',
      since: NOW - HOUR,
    });
  });

  test('a pending pod waits for a volume', () => {
    const finding = findingOf(
      {
        phase: 'Pending',
        startTime: NOW - 5 * MINUTE,
        conditions: [cond('PodScheduled', 'True'), cond('Ready', 'False', { since: NOW - 5 * MINUTE })],
        statuses: [status('web', { ready: false, state: waiting('ContainerCreating') })],
      },
      [['FailedAttachVolume', 'Multi-Attach error for volume "pvc-1"']],
    );
    expect(finding).toMatchObject({
      title: 'web Pending: a volume cannot be attached',
      cause: 'Multi-Attach error for volume "pvc-1"',
    });
  });

  test('missing configuration names what is missing', () => {
    const finding = findingOf({
      statuses: [
        status('web', {
          ready: false,
          state: waiting('CreateContainerConfigError', 'secret "db" not found'),
        }),
      ],
    });
    expect(finding?.title).toBe('web CreateContainerConfigError: secret "db" not found');
  });

  test('the scheduler’s clauses are in the title', () => {
    const finding = findingOf({
      phase: 'Pending',
      nodeName: '',
      statuses: [],
      containers: [container('web')],
      conditions: [
        cond('PodScheduled', 'False', {
          reason: 'Unschedulable',
          since: NOW - 5 * MINUTE,
          message: '0/3 nodes are available: 3 Insufficient memory.',
        }),
      ],
    });
    expect(finding?.title).toBe('web cannot be scheduled: 3 of 3 nodes: Insufficient memory');
  });

  test('a pod whose node no longer exists never ends', () => {
    const finding = findingOf({ nodeName: 'gone', deletedAt: NOW - 5 * MINUTE });
    expect(finding).toMatchObject({
      code: 'POD_STUCK_TERMINATING',
      cause: 'its node gone no longer exists',
      remediations: ['delete-pod'],
    });
  });

  test('events of an earlier pod of the same name are not its own', () => {
    const finding = findingOf(crashing(137), [
      [
        'Killing',
        'Container web failed liveness probe, will be restarted',
        { regarding: { kind: 'Pod', namespace: 'default', name: 'web-0', uid: 'old' } },
      ],
    ]);
    expect(finding?.cause).toContain('SIGKILL');
  });
});

test('pods of one workload in the same trouble are one finding', () => {
  const pods = [0, 1, 2, 3, 4].map((index) => pod(`web-${index}`, { owner, ...crashing(1) }));
  const judge = new ClusterJudge();
  judge.assess(cluster({ pods: table(...pods) }), { status: 'live', since: NOW }, NOW);
  const [finding, ...more] = judge.assessment.findings;
  expect(more).toEqual([]);
  expect(finding?.title).toBe('web in CrashLoopBackOff: exit 1 (7 restarts) on 5 pods');
  expect(finding?.evidence.map(({ text }) => text)).toContain('and 2 more pods');
});

test('owners are followed as far as they are known, and in no circle', () => {
  const job = { ...pod('x'), name: 'nightly-1', uid: 'job-1' };
  const child = pod('nightly-1-abc', {
    owner: { apiVersion: 'batch/v1', kind: 'Job', name: 'nightly-1', uid: 'job-1' },
  });
  const loop = { apiVersion: 'batch/v1', kind: 'Job', name: 'nightly-1', uid: 'job-1' };
  const state = cluster({
    pods: table(child),
    jobs: table({ ...job, owner: loop, active: 0, succeeded: 0, failed: 0, conditions: [] }),
  });
  const judge = new ClusterJudge();
  judge.assess(state, { status: 'live', since: NOW }, NOW);
  expect(judge.ownersOf(child).length).toBeLessThan(10);
  expect(judge.ownersOf(child)[0]).toMatchObject({ kind: 'Job', name: 'nightly-1', namespace: 'default' });
});

test('without sight of ReplicaSets pods are still grouped by their Deployment', () => {
  const rs = { apiVersion: 'apps/v1', kind: 'ReplicaSet', name: 'web-6c8b', uid: 'rs' };
  const state = cluster({
    pods: table(pod('web-6c8b-x', { owner: rs, labels: { 'pod-template-hash': '6c8b' }, ...crashing(1) })),
    replicasets: { status: 'pending' },
  });
  const judge = new ClusterJudge();
  judge.assess(state, { status: 'live', since: NOW }, NOW);
  expect(judge.assessment.findings[0]?.id).toBe('POD_CRASH_LOOP/Deployment/default/web');
});

test('a boot id that changed is a reboot', () => {
  const nodes = table(node('ms-01-a'));
  const state = cluster({ nodes });
  const judge = new ClusterJudge();
  judge.assess(state, { status: 'live', since: NOW }, NOW);
  judge.assess(state, { status: 'live', since: NOW }, NOW + MINUTE);
  nodes.upsert(node('ms-01-a', { bootID: 'another' }));
  judge.assess(state, { status: 'live', since: NOW }, NOW + MINUTE);
  judge.assess(state, { status: 'live', since: NOW }, NOW + 2 * MINUTE);
  expect(judge.assessment.findings.map(({ title, severity }) => `${severity}: ${title}`)).toEqual([
    'info: node ms-01-a rebooted 1m ago',
  ]);
});

test('finished pods that pile up are mentioned', () => {
  const done = Array.from({ length: 200 }, (_, index) => pod(`done-${index}`, { phase: 'Succeeded' }));
  const judge = new ClusterJudge();
  judge.assess(cluster({ pods: table(...done) }), { status: 'live', since: NOW }, NOW);
  expect(judge.assessment.findings.map(({ title }) => title)).toEqual(['200 finished pods are kept']);
  expect(judge.assessment.score.value).toBe(100);
});
