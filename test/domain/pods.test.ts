import { describe, expect, test } from 'vitest';
import type { PodInfo } from '../../src/domain/kinds.ts';
import { podCells } from '../../src/domain/pods.ts';
import { cond, container, HOUR, NOW, pod, running, status, terminated, waiting } from './build.ts';

const crash = waiting('CrashLoopBackOff');
const notInitialized = [cond('PodScheduled', 'True'), cond('Initialized', 'False')];
const init = (name: string) => container(name);
const sidecar = (name: string) => container(name, { sidecar: true });

describe('kubectl cells', () => {
  const vectors: [string, Partial<PodInfo>, string, string, number][] = [
    [
      'one of two crashes',
      { statuses: [status('a', { state: crash, ready: false, restartCount: 7 }), status('b')] },
      '1/2',
      'CrashLoopBackOff',
      7,
    ],
    [
      'Completed hides an error of the second container',
      {
        phase: 'Failed',
        statuses: [
          status('a', { ready: false, state: terminated(0, { reason: 'Completed' }) }),
          status('b', { ready: false, state: terminated(1, { reason: 'Error' }) }),
        ],
      },
      '0/2',
      'Completed',
      0,
    ],
    [
      'one completed, one running, pod ready',
      {
        statuses: [status('a', { ready: false, state: terminated(0, { reason: 'Completed' }) }), status('b')],
      },
      '1/2',
      'Running',
      0,
    ],
    [
      'one completed, one running, pod not ready',
      {
        conditions: [],
        statuses: [status('a', { ready: false, state: terminated(0, { reason: 'Completed' }) }), status('b')],
      },
      '1/2',
      'NotReady',
      0,
    ],
    ['running, not ready', { statuses: [status('a', { ready: false })] }, '0/1', 'Running', 0],
    [
      'second init container crashes',
      {
        phase: 'Pending',
        conditions: notInitialized,
        initContainers: [init('i1'), init('i2')],
        initStatuses: [
          status('i1', { state: terminated(0, { reason: 'Completed' }) }),
          status('i2', { state: crash, ready: false, restartCount: 4 }),
        ],
        statuses: [status('a', { ready: false, state: waiting('PodInitializing') })],
      },
      '0/1',
      'Init:CrashLoopBackOff',
      4,
    ],
    [
      'first of two init containers runs',
      {
        phase: 'Pending',
        conditions: notInitialized,
        initContainers: [init('i1'), init('i2')],
        initStatuses: [
          status('i1', { ready: false, state: running }),
          status('i2', { ready: false, state: waiting('PodInitializing') }),
        ],
        statuses: [status('a', { ready: false, state: waiting('PodInitializing') })],
      },
      '0/1',
      'Init:0/2',
      0,
    ],
    [
      'init container was OOM-killed',
      {
        phase: 'Pending',
        conditions: notInitialized,
        initContainers: [init('i1')],
        initStatuses: [status('i1', { ready: false, state: terminated(137, { reason: 'OOMKilled' }) })],
        statuses: [status('a', { ready: false, state: waiting('PodInitializing') })],
      },
      '0/1',
      'Init:OOMKilled',
      0,
    ],
    [
      'init container ended by a signal without a reason',
      {
        phase: 'Pending',
        conditions: notInitialized,
        initContainers: [init('i1')],
        initStatuses: [status('i1', { ready: false, state: terminated(137, { signal: 9 }) })],
        statuses: [status('a', { ready: false, state: waiting('PodInitializing') })],
      },
      '0/1',
      'Init:Signal:9',
      0,
    ],
    [
      'sidecar restarts count',
      {
        initContainers: [sidecar('s')],
        initStatuses: [status('s', { restartCount: 2 })],
        statuses: [status('a', { restartCount: 1 })],
      },
      '2/2',
      'Running',
      3,
    ],
    [
      'sidecar crashes after initialisation',
      {
        initContainers: [sidecar('s')],
        initStatuses: [status('s', { started: false, ready: false, state: crash, restartCount: 9 })],
        statuses: [status('a')],
      },
      '1/2',
      'Init:CrashLoopBackOff',
      9,
    ],
    [
      'restarts of a finished plain init container are forgotten',
      {
        initContainers: [init('i')],
        initStatuses: [status('i', { restartCount: 6, state: terminated(0, { reason: 'Completed' }) })],
        statuses: [status('a')],
      },
      '1/1',
      'Running',
      0,
    ],
    [
      'ended by a signal without a reason',
      { statuses: [status('a', { ready: false, state: terminated(137, { signal: 9 }) })] },
      '0/1',
      'Signal:9',
      0,
    ],
    [
      'ended without reason or signal',
      { statuses: [status('a', { ready: false, state: terminated(3) })] },
      '0/1',
      'ExitCode:3',
      0,
    ],
    [
      'evicted',
      { phase: 'Failed', reason: 'Evicted', statuses: [], containers: [container('a')] },
      '0/1',
      'Evicted',
      0,
    ],
    ['being deleted', { deletedAt: NOW }, '1/1', 'Terminating', 0],
    [
      'deleted after it succeeded',
      {
        phase: 'Succeeded',
        deletedAt: NOW,
        statuses: [status('a', { ready: false, state: terminated(0, { reason: 'Completed' }) })],
      },
      '0/1',
      'Completed',
      0,
    ],
    ['deleted on a lost node', { reason: 'NodeLost', deletedAt: NOW }, '1/1', 'Unknown', 0],
    [
      'not schedulable',
      {
        phase: 'Pending',
        conditions: [cond('PodScheduled', 'False', { reason: 'Unschedulable' })],
        statuses: [],
        containers: [container('a')],
      },
      '0/1',
      'Pending',
      0,
    ],
    [
      'held by a scheduling gate',
      {
        phase: 'Pending',
        conditions: [cond('PodScheduled', 'False', { reason: 'SchedulingGated' })],
        statuses: [],
        containers: [container('a')],
      },
      '0/1',
      'SchedulingGated',
      0,
    ],
  ];

  test.each(vectors)('%s', (_name, shape, ready, label, restarts) => {
    expect(podCells(pod('p', shape))).toMatchObject({ ready, status: label, restarts });
  });

  test('the restart age is that of the newest previous run', () => {
    const ended = (hours: number) =>
      status('c', { restartCount: 1, lastState: terminated(1, { finishedAt: NOW - hours * HOUR }) });
    expect(podCells(pod('p', { statuses: [ended(5), ended(2), ended(9)] })).lastRestartAt).toBe(
      NOW - 2 * HOUR,
    );
    expect(podCells(pod('p')).lastRestartAt).toBeUndefined();
  });
});
