import { describe, expect, test } from 'vitest';
import { podCells } from '../../../src/demo/tables/pods.ts';
import { pod, START } from '../small-cluster.ts';

const waiting = (reason: string) => ({ waiting: { reason } });
const running = { running: { startedAt: '2026-11-23T09:00:00Z' } };
const ended = (exitCode: number, more: object = {}) => ({ terminated: { exitCode, ...more } });

function status(name: string, state: object, more: object = {}) {
  return { name, state, ready: false, restartCount: 0, ...more };
}

const UP = { ready: true, started: true };
const named = (...names: string[]) => names.map((name) => ({ name }));
const INITIALIZED = [{ type: 'Initialized', status: 'True' }];
const READY = [{ type: 'Ready', status: 'True' }];

interface Vector {
  readonly what: string;
  readonly spec?: object;
  readonly status: object;
  readonly cells: readonly [ready: string, status: string, restarts: string];
  readonly deleted?: boolean;
}

/** What a real API server prints. */
const VECTORS: readonly Vector[] = [
  {
    what: 'one crashes, one runs',
    spec: { containers: named('a', 'b') },
    status: {
      containerStatuses: [
        status('a', waiting('CrashLoopBackOff'), { restartCount: 7 }),
        status('b', running, UP),
      ],
    },
    cells: ['1/2', 'CrashLoopBackOff', '7'],
  },
  {
    what: 'the first completed, the second failed',
    spec: { containers: named('a', 'b') },
    status: {
      phase: 'Failed',
      containerStatuses: [
        status('a', ended(0, { reason: 'Completed' })),
        status('b', ended(1, { reason: 'Error' })),
      ],
    },
    cells: ['0/2', 'Completed', '0'],
  },
  {
    what: 'one completed, one runs, pod ready',
    spec: { containers: named('a', 'b') },
    status: {
      conditions: READY,
      containerStatuses: [status('a', ended(0, { reason: 'Completed' })), status('b', running, UP)],
    },
    cells: ['1/2', 'Running', '0'],
  },
  {
    what: 'one completed, one runs, pod not ready',
    spec: { containers: named('a', 'b') },
    status: {
      conditions: [],
      containerStatuses: [status('a', ended(0, { reason: 'Completed' })), status('b', running, UP)],
    },
    cells: ['1/2', 'NotReady', '0'],
  },
  {
    what: 'running, not ready',
    status: { containerStatuses: [status('app', running)] },
    cells: ['0/1', 'Running', '0'],
  },
  {
    what: 'first init done, second crashes',
    spec: { initContainers: named('i1', 'i2') },
    status: {
      phase: 'Pending',
      conditions: [],
      initContainerStatuses: [
        status('i1', ended(0, { reason: 'Completed' })),
        status('i2', waiting('CrashLoopBackOff'), { restartCount: 4 }),
      ],
      containerStatuses: [status('app', waiting('PodInitializing'))],
    },
    cells: ['0/1', 'Init:CrashLoopBackOff', '4'],
  },
  {
    what: 'first of two inits runs',
    spec: { initContainers: named('i1', 'i2') },
    status: {
      conditions: [],
      initContainerStatuses: [status('i1', running), status('i2', waiting('PodInitializing'))],
      containerStatuses: [status('app', waiting('PodInitializing'))],
    },
    cells: ['0/1', 'Init:0/2', '0'],
  },
  {
    what: 'init killed for memory',
    spec: { initContainers: named('i1') },
    status: {
      conditions: [],
      initContainerStatuses: [status('i1', ended(137, { reason: 'OOMKilled' }))],
      containerStatuses: [],
    },
    cells: ['0/1', 'Init:OOMKilled', '0'],
  },
  {
    what: 'sidecar and container ready',
    spec: { initContainers: [{ name: 's', restartPolicy: 'Always' }] },
    status: {
      conditions: INITIALIZED,
      initContainerStatuses: [status('s', running, { ...UP, restartCount: 2 })],
      containerStatuses: [status('app', running, { ...UP, restartCount: 1 })],
    },
    cells: ['2/2', 'Running', '3'],
  },
  {
    what: 'sidecar crashes after init',
    spec: { initContainers: [{ name: 's', restartPolicy: 'Always' }] },
    status: {
      conditions: INITIALIZED,
      initContainerStatuses: [status('s', waiting('CrashLoopBackOff'), { restartCount: 9 })],
      containerStatuses: [status('app', running, UP)],
    },
    cells: ['1/2', 'Init:CrashLoopBackOff', '9'],
  },
  {
    what: 'restarts of a plain init container are forgotten',
    spec: { initContainers: named('i1') },
    status: {
      conditions: INITIALIZED,
      initContainerStatuses: [status('i1', ended(0, { reason: 'Completed' }), { restartCount: 6 })],
      containerStatuses: [status('app', running, UP)],
    },
    cells: ['1/1', 'Running', '0'],
  },
  {
    what: 'ended by a signal without a reason',
    status: { containerStatuses: [status('app', ended(137, { signal: 9 }))] },
    cells: ['0/1', 'Signal:9', '0'],
  },
  {
    what: 'ended without reason or signal',
    status: { containerStatuses: [status('app', ended(3))] },
    cells: ['0/1', 'ExitCode:3', '0'],
  },
  {
    what: 'evicted',
    status: { phase: 'Failed', reason: 'Evicted', containerStatuses: [] },
    cells: ['0/1', 'Evicted', '0'],
  },
  { what: 'being deleted', deleted: true, status: {}, cells: ['1/1', 'Terminating', '0'] },
  {
    what: 'completed and being deleted',
    deleted: true,
    status: { phase: 'Succeeded', containerStatuses: [status('app', ended(0, { reason: 'Completed' }))] },
    cells: ['0/1', 'Completed', '0'],
  },
  {
    what: 'lost with its node',
    deleted: true,
    status: { reason: 'NodeLost' },
    cells: ['1/1', 'Unknown', '0'],
  },
  {
    what: 'unschedulable',
    status: {
      phase: 'Pending',
      conditions: [{ type: 'PodScheduled', status: 'False', reason: 'Unschedulable' }],
      containerStatuses: [],
    },
    cells: ['0/1', 'Pending', '0'],
  },
  {
    what: 'gated',
    status: {
      phase: 'Pending',
      conditions: [{ type: 'PodScheduled', status: 'False', reason: 'SchedulingGated' }],
      containerStatuses: [],
    },
    cells: ['0/1', 'SchedulingGated', '0'],
  },
  {
    what: 'the age of the newest restart',
    status: {
      containerStatuses: [
        status('app', running, {
          ...UP,
          restartCount: 98,
          lastState: ended(137, { finishedAt: '2026-11-23T09:55:00Z' }),
        }),
      ],
    },
    cells: ['1/1', 'Running', '98 (5m ago)'],
  },
];

describe('pod cells', () => {
  test.each(VECTORS)('$what', ({ spec, status: given, cells, deleted }) => {
    const object = pod('x', { ...(spec && { spec }), status: given });
    const subject = deleted
      ? { ...object, metadata: { ...object.metadata, deletionTimestamp: '2026-11-23T10:00:30Z' } }
      : object;
    const { ready, status: shown, restarts } = podCells(subject, START);
    expect([ready, shown, restarts]).toEqual(cells);
  });
});
