import { describe, expect, test } from 'vitest';
import type { PodInfo } from '../../src/domain/kinds.ts';
import { isQuiet, judgePod, type NodeOutlook } from '../../src/domain/podverdict.ts';
import { RestartLedger } from '../../src/domain/restarts.ts';
import {
  cond,
  container,
  DAY,
  HOUR,
  MINUTE,
  NOW,
  pod,
  running,
  SECOND,
  status,
  terminated,
  waiting,
} from './build.ts';

function judge(shape: Partial<PodInfo>, now = NOW, node: NodeOutlook = { down: false }) {
  const subject = pod('p', shape);
  const ledger = new RestartLedger();
  ledger.observe(undefined, subject, now);
  return judgePod(subject, now, { restarts: ledger.recent(subject.uid, now), node });
}

function words(shape: Partial<PodInfo>, now = NOW): string {
  const { issue } = judge(shape, now);
  return issue === undefined ? 'ok' : `${issue.severity} ${issue.code}: ${issue.note}`;
}

const jobOwner = { apiVersion: 'batch/v1', kind: 'Job', name: 'j', uid: 'j' };
const notReady = (sinceAgo: number) => [
  cond('PodScheduled', 'True'),
  cond('Initialized', 'True'),
  cond('Ready', 'False', { since: NOW - sinceAgo, message: 'containers with unready status: [main]' }),
];
const stuckIn = (reason: string) => ({
  statuses: [status('fine'), status('bad', { ready: false, state: waiting(reason) })],
});
const unscheduled = (ago: number, message: string): Partial<PodInfo> => ({
  phase: 'Pending',
  nodeName: '',
  conditions: [cond('PodScheduled', 'False', { reason: 'Unschedulable', message, since: NOW - ago })],
  statuses: [],
  containers: [container('main')],
});
const ended = (code: number, ago: number, restarts: number, reason = 'Error') => ({
  statuses: [
    status('main', {
      restartCount: restarts,
      lastState: terminated(code, { reason, finishedAt: NOW - ago }),
    }),
  ],
});

/** Runs again since `since`, after a run of `ran`. */
const looping = (restarts: number, ran: number, since: number): Partial<PodInfo> => {
  const finishedAt = NOW - since - 10 * SECOND;
  return {
    statuses: [
      status('main', {
        restartCount: restarts,
        state: { kind: 'running', startedAt: NOW - since },
        lastState: terminated(1, { startedAt: finishedAt - ran, finishedAt }),
      }),
    ],
  };
};

describe('our verdict looks at every container', () => {
  test.each<[string, Partial<PodInfo>, string]>([
    ['running and ready', {}, 'ok'],
    ['done', { phase: 'Succeeded', statuses: [status('m', { ready: false, state: terminated(0) })] }, 'ok'],
    ['second container crashes', stuckIn('CrashLoopBackOff'), 'critical POD_CRASH_LOOP: in back-off'],
    ['image not there', stuckIn('ErrImagePull'), 'critical POD_IMAGE_PULL: cannot pull bad:1'],
    ['image name wrong', stuckIn('InvalidImageName'), 'critical POD_IMAGE_PULL: the image name is not valid'],
    [
      'secret missing',
      stuckIn('CreateContainerConfigError'),
      'critical POD_CONTAINER_CONFIG: CreateContainerConfigError',
    ],
    ['starting', stuckIn('ContainerCreating'), 'ok'],
    [
      'image of a Job',
      { ...stuckIn('ImagePullBackOff'), owner: jobOwner },
      'warning POD_IMAGE_PULL: cannot pull bad:1',
    ],
    [
      'crash after OOM',
      {
        statuses: [
          status('m', {
            ready: false,
            restartCount: 3,
            state: waiting('CrashLoopBackOff'),
            lastState: terminated(137, { reason: 'OOMKilled', finishedAt: NOW - MINUTE }),
          }),
        ],
      },
      'critical POD_OOM_KILLED: OOMKilled, in back-off',
    ],
    [
      'init container crashes',
      {
        phase: 'Pending',
        initContainers: [container('i')],
        initStatuses: [status('i', { ready: false, state: waiting('CrashLoopBackOff') })],
        statuses: [status('m', { ready: false, state: waiting('PodInitializing') })],
      },
      'critical POD_CRASH_LOOP: in back-off',
    ],
    [
      'failed, though STATUS says Completed',
      {
        phase: 'Failed',
        restartPolicy: 'Never',
        statuses: [
          status('a', { ready: false, state: terminated(0, { reason: 'Completed' }) }),
          status('b', { ready: false, state: terminated(127) }),
        ],
      },
      'critical POD_FAILED: exit 127',
    ],
    [
      'failed two days ago',
      {
        phase: 'Failed',
        restartPolicy: 'Never',
        statuses: [status('b', { ready: false, state: terminated(1, { finishedAt: NOW - 2 * DAY }) })],
      },
      'warning POD_FAILED: exit 1',
    ],
    [
      'refused by its node',
      { phase: 'Failed', reason: 'OutOfcpu', statuses: [], containers: [container('a')] },
      'warning POD_LEFTOVER: outofcpu',
    ],
    [
      'disrupted',
      {
        phase: 'Failed',
        conditions: [cond('DisruptionTarget', 'True', { reason: 'TerminationByKubelet' })],
        statuses: [status('a', { ready: false, state: terminated(143) })],
      },
      'warning POD_LEFTOVER: disrupted',
    ],
    [
      'a disrupted try of a Job',
      {
        phase: 'Failed',
        owner: jobOwner,
        conditions: [cond('DisruptionTarget', 'True', { reason: 'PreemptionByScheduler' })],
        statuses: [status('a', { ready: false, state: terminated(143) })],
      },
      'info POD_FAILED: SIGTERM',
    ],
    [
      'a Job whose first container is done while the other works',
      {
        restartPolicy: 'Never',
        owner: jobOwner,
        conditions: notReady(HOUR),
        statuses: [status('a'), status('b', { ready: false, state: terminated(0) })],
      },
      'ok',
    ],
    [
      'a sidecar of a Job that is stopped at the end',
      {
        restartPolicy: 'Never',
        owner: jobOwner,
        initContainers: [container('proxy', { sidecar: true })],
        initStatuses: [status('proxy', { ready: false, state: terminated(143) })],
        statuses: [status('a', { ready: false, state: terminated(0) })],
        conditions: notReady(SECOND),
      },
      'ok',
    ],
    [
      'a sidecar that crashes beside a container that serves',
      {
        initContainers: [container('proxy', { sidecar: true })],
        initStatuses: [
          status('proxy', { ready: false, restartCount: 9, state: waiting('CrashLoopBackOff') }),
        ],
      },
      'critical POD_CRASH_LOOP: in back-off',
    ],
    [
      'a sidecar runs, the container is slow to start',
      {
        phase: 'Pending',
        startTime: NOW - 2 * MINUTE,
        initContainers: [container('proxy', { sidecar: true })],
        initStatuses: [status('proxy')],
        statuses: [status('a', { ready: false, state: waiting('ContainerCreating') })],
      },
      'warning POD_PENDING: containers do not start',
    ],
    [
      'an init container killed for its memory, again and again',
      {
        phase: 'Pending',
        initContainers: [container('i')],
        initStatuses: [
          status('i', {
            ready: false,
            restartCount: 4,
            state: waiting('CrashLoopBackOff'),
            lastState: terminated(137, { reason: 'OOMKilled' }),
          }),
        ],
        statuses: [status('m', { ready: false, state: waiting('PodInitializing') })],
      },
      'critical POD_OOM_KILLED: OOMKilled, in back-off',
    ],
    [
      'never to be pulled',
      stuckIn('ErrImageNeverPull'),
      'critical POD_IMAGE_PULL: not on the node, and its pull policy is Never',
    ],
    ['a hook fails', stuckIn('PostStartHookError'), 'critical POD_CONTAINER_CONFIG: PostStartHookError'],
    [
      'a new try, shorter than the last',
      looping(5, 20 * SECOND, 30 * SECOND),
      'critical POD_CRASH_LOOP: exit 1, tries again',
    ],
    [
      'a try that outlives the last ones',
      looping(5, 20 * SECOND, 3 * MINUTE),
      'warning POD_RESTARTING: restarted',
    ],
    ['a second try', looping(2, 20 * SECOND, 30 * SECOND), 'ok'],
    ['restarts after long runs', looping(4, 2 * HOUR, 30 * SECOND), 'ok'],
    [
      'failed try of a Job',
      { phase: 'Failed', owner: jobOwner, statuses: [status('a', { ready: false, state: terminated(1) })] },
      'info POD_FAILED: exit 1',
    ],
    [
      'one container failed for good, the other runs',
      {
        restartPolicy: 'Never',
        statuses: [status('a'), status('b', { ready: false, state: terminated(139) })],
      },
      'critical POD_FAILED: SIGSEGV',
    ],
    [
      'between two tries',
      { statuses: [status('a', { ready: false, restartCount: 1, state: terminated(1) })] },
      'ok',
    ],
    [
      'evicted',
      { phase: 'Failed', reason: 'Evicted', statuses: [], containers: [container('a')] },
      'warning POD_LEFTOVER: evicted',
    ],
    ['phase unknown', { phase: 'Unknown' }, 'critical POD_UNKNOWN: state unknown'],
    [
      'not ready for 4 min',
      { conditions: notReady(4 * MINUTE), statuses: [status('m', { ready: false })] },
      'ok',
    ],
    [
      'not ready for 6 min',
      { conditions: notReady(6 * MINUTE), statuses: [status('m', { ready: false })] },
      'warning POD_NOT_READY: running, not ready',
    ],
    ['not scheduled for 30 s', unscheduled(30 * SECOND, ''), 'ok'],
    ['not scheduled for 90 s', unscheduled(90 * SECOND, ''), 'warning POD_UNSCHEDULABLE: no node fits'],
    [
      'gated',
      {
        ...unscheduled(0, ''),
        conditions: [cond('PodScheduled', 'False', { reason: 'SchedulingGated', since: NOW - 5 * MINUTE })],
      },
      'info POD_GATED: held by a scheduling gate',
    ],
    [
      'containers do not start',
      { phase: 'Pending', startTime: NOW - 2 * MINUTE, ...stuckIn('ContainerCreating') },
      'warning POD_PENDING: containers do not start',
    ],
    [
      'a long init container is given time',
      {
        phase: 'Pending',
        startTime: NOW - 2 * MINUTE,
        initContainers: [container('i')],
        initStatuses: [status('i', { ready: false, state: running })],
        statuses: [status('m', { ready: false, state: waiting('PodInitializing') })],
      },
      'ok',
    ],
    ['terminating within grace', { deletedAt: NOW + 20 * SECOND }, 'ok'],
    ['terminating a little longer', { deletedAt: NOW - 30 * SECOND }, 'ok'],
    ['stuck terminating', { deletedAt: NOW - 2 * MINUTE }, 'warning POD_STUCK_TERMINATING: does not end'],
    [
      'held by a finalizer',
      { deletedAt: NOW - 2 * MINUTE, finalizers: ['example.org/guard'] },
      'warning POD_STUCK_TERMINATING: held by a finalizer',
    ],
    ['crashing while being deleted', { deletedAt: NOW, ...stuckIn('CrashLoopBackOff') }, 'ok'],
    ['one OOM kill today', ended(137, 2 * HOUR, 1, 'OOMKilled'), 'warning POD_OOM_KILLED: OOMKilled'],
    ['one OOM kill the day before yesterday', ended(137, 2 * DAY, 1, 'OOMKilled'), 'ok'],
    ['one crash today', ended(1, HOUR, 1), 'ok'],
    ['the last of many crashes today', ended(1, HOUR, 12), 'warning POD_RESTARTING: restarted'],
    ['the last of many crashes three days ago', ended(1, 3 * DAY, 12), 'info POD_RESTARTING: restarted'],
    ['the last of many crashes a month ago', ended(1, 30 * DAY, 98), 'ok'],
  ])('%s', (_name, shape, expected) => expect(words(shape)).toBe(expected));

  test('what a silent node says of its pods is old', () => {
    expect(judge({}, NOW, { down: true }).issue).toMatchObject({
      code: 'POD_NODE_DOWN',
      severity: 'warning',
    });
  });
});

describe('a node that became ready', () => {
  const recent = { down: false, readySince: NOW - MINUTE };
  test.each<[string, Partial<PodInfo>]>([
    [
      'still starts its pods',
      { conditions: notReady(10 * MINUTE), statuses: [status('m', { ready: false })] },
    ],
    ['still ends deleted pods', { deletedAt: NOW - 5 * MINUTE }],
    ['restarted them', ended(255, 3 * MINUTE, 12, 'Unknown')],
  ])('%s', (_name, shape) => {
    expect(judge(shape, NOW, recent).issue).toBeUndefined();
    expect(judge(shape, NOW, { down: false, readySince: NOW - DAY }).issue?.severity).toBe('warning');
  });

  test('does not excuse an OOM kill', () => {
    expect(judge(ended(137, 3 * MINUTE, 1, 'OOMKilled'), NOW, recent).issue?.code).toBe('POD_OOM_KILLED');
  });
});

test('a crash loop and a failed pull are dated from when the pod became unready', () => {
  const loop = { ...stuckIn('CrashLoopBackOff'), conditions: notReady(3 * HOUR) };
  expect(judge(loop).issue?.since).toBe(NOW - 3 * HOUR);
  const pull = { ...stuckIn('ImagePullBackOff'), conditions: notReady(3 * HOUR) };
  expect(judge(pull).issue?.since).toBe(NOW - 3 * HOUR);
});

test('a verdict says when time alone will change it', () => {
  expect(judge({}).dueAt).toBe(Number.POSITIVE_INFINITY);
  expect(judge(unscheduled(20 * SECOND, '')).dueAt).toBe(NOW + 40 * SECOND);
  expect(judge({ deletedAt: NOW }).dueAt).toBe(NOW + 60 * SECOND);
  expect(judge(ended(137, 2 * HOUR, 1, 'OOMKilled')).dueAt).toBe(NOW + 22 * HOUR);
});

test('a long clause list of the scheduler is the cause', () => {
  const message =
    '0/3 nodes are available: 1 node(s) had untolerated taint {a: b, c}, 2 Insufficient memory. preemption: 0/3 nodes are available: 3 No preemption victims found for incoming pod.';
  expect(judge(unscheduled(2 * MINUTE, message)).issue?.cause).toBe(
    '2 of 3 nodes: Insufficient memory; 1 of 3 nodes: node(s) had untolerated taint {a: b, c}',
  );
});

test('only pods that run, are ready and never restarted are quiet', () => {
  expect(isQuiet(pod('p'))).toBe(true);
  expect(isQuiet(pod('p', { deletedAt: NOW }))).toBe(false);
  expect(isQuiet(pod('p', ended(1, DAY, 1)))).toBe(false);
  expect(isQuiet(pod('p', stuckIn('CrashLoopBackOff')))).toBe(false);
  expect(isQuiet(pod('p', { conditions: notReady(SECOND) }))).toBe(false);
});
