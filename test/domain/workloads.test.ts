import { describe, expect, test } from 'vitest';
import type { NodeInfo, WorkloadInfo } from '../../src/domain/kinds.ts';
import { heartbeatAt, judgeNode, nodeStatus } from '../../src/domain/nodes.ts';
import { judgeWorkload, workloadState } from '../../src/domain/workloads.ts';
import { cond, DAY, GI, HOUR, MINUTE, meta, NOW, node, SECOND, workload } from './build.ts';

const progressing = (reason: string) => [cond('Available', 'True'), cond('Progressing', 'True', { reason })];
const sts = (more: Partial<WorkloadInfo>) => ({ kind: 'StatefulSet', desired: 3, ...more }) as const;

describe('kstatus', () => {
  test.each<[string, Partial<WorkloadInfo>, string, string]>([
    ['complete Deployment', { desired: 2 }, 'Current', ''],
    ['scaled to zero', { desired: 0 }, 'Current', ''],
    [
      'new generation not seen',
      { generation: 2 },
      'InProgress',
      'the controller has not seen the newest change yet',
    ],
    ['pods missing', { desired: 3, replicas: 1 }, 'InProgress', '1 of 3 pods created'],
    ['old template', { desired: 3, updated: 1 }, 'InProgress', '1 of 3 pods updated'],
    ['old pods left', { desired: 3, replicas: 4 }, 'InProgress', '1 old pods still to go'],
    ['not ready', { desired: 3, ready: 2 }, 'InProgress', '2 of 3 pods ready'],
    ['not available', { desired: 3, available: 2 }, 'InProgress', '2 of 3 pods available'],
    ['rollout runs', { conditions: progressing('ReplicaSetUpdated') }, 'InProgress', 'rollout under way'],
    [
      'rollout gave up',
      {
        conditions: [
          cond('Progressing', 'False', { reason: 'ProgressDeadlineExceeded', message: 'timed out' }),
        ],
      },
      'Failed',
      'timed out',
    ],
    ['deleted', { deletedAt: NOW }, 'Terminating', 'being deleted'],
    ['complete StatefulSet', sts({ currentRevision: 'a', updateRevision: 'a' }), 'Current', ''],
    [
      'StatefulSet rolls',
      sts({ currentRevision: 'a', updateRevision: 'b' }),
      'InProgress',
      'rolling update under way',
    ],
    [
      'StatefulSet OnDelete waits for nobody',
      sts({ strategy: 'OnDelete', currentRevision: 'a', updateRevision: 'b' }),
      'Current',
      '',
    ],
    [
      'StatefulSet at its partition',
      sts({ partition: 2, updated: 1, currentRevision: 'a', updateRevision: 'b' }),
      'Current',
      '',
    ],
    ['complete DaemonSet', { kind: 'DaemonSet', desired: 3 }, 'Current', ''],
    ['DaemonSet rolls', { kind: 'DaemonSet', desired: 3, updated: 2 }, 'InProgress', '2 of 3 pods updated'],
  ])('%s', (_name, shape, status, why) => {
    expect(workloadState(workload('w', shape))).toEqual({ status, why });
  });
});

describe('our verdict on workloads', () => {
  const unavailable = (ago: number, reason = 'NewReplicaSetAvailable') => [
    cond('Available', 'False', { since: NOW - ago }),
    cond('Progressing', 'True', { reason }),
  ];
  test.each<[string, Partial<WorkloadInfo>, number | undefined, string]>([
    ['complete', {}, undefined, 'ok'],
    [
      'none ready for 30 s',
      { ready: 0, available: 0, conditions: unavailable(30 * SECOND) },
      undefined,
      'ok',
    ],
    [
      'none ready for 2 min',
      { ready: 0, available: 0, conditions: unavailable(2 * MINUTE) },
      undefined,
      'critical',
    ],
    [
      'a part ready',
      { desired: 3, ready: 2, available: 2, conditions: unavailable(2 * MINUTE) },
      undefined,
      'warning',
    ],
    [
      'a rollout explains it',
      { ready: 0, available: 0, conditions: unavailable(2 * MINUTE, 'ReplicaSetUpdated') },
      undefined,
      'ok',
    ],
    [
      'but not for ever',
      { ready: 0, available: 0, conditions: unavailable(6 * MINUTE, 'ReplicaSetUpdated') },
      undefined,
      'critical',
    ],
    ['StatefulSet just seen short', sts({ ready: 2, available: 2 }), NOW - 10 * SECOND, 'ok'],
    ['StatefulSet short for long', sts({ ready: 2, available: 2 }), NOW - 2 * MINUTE, 'warning'],
    [
      'being deleted',
      { deletedAt: NOW, ready: 0, available: 0, conditions: unavailable(HOUR) },
      undefined,
      'ok',
    ],
  ])('%s', (_name, shape, shortSince, severity) => {
    expect(judgeWorkload(workload('w', shape), shortSince, NOW).severity).toBe(severity);
  });
});

describe('nodes', () => {
  const ready = (value: string, more = {}) => [cond('Ready', value, more), cond('MemoryPressure', 'False')];
  const requested = { cpu: 4, memory: 10 * GI };
  const lease = (ago: number) => ({ ...meta('ms-01-a', 'kube-node-lease'), renewTime: NOW - ago });

  test.each<[string, Partial<NodeInfo>, string]>([
    ['ready', {}, 'Ready'],
    ['kubelet says no', { conditions: ready('False') }, 'NotReady'],
    ['kubelet silent', { conditions: ready('Unknown') }, 'NotReady'],
    ['no condition at all', { conditions: [] }, 'Unknown'],
    ['cordoned', { unschedulable: true }, 'Ready,SchedulingDisabled'],
    [
      'cordoned and down',
      { unschedulable: true, conditions: ready('Unknown') },
      'NotReady,SchedulingDisabled',
    ],
  ])('kubectl prints: %s', (_name, shape, status) => expect(nodeStatus(node('n', shape))).toBe(status));

  const cordonTaint = (ago: number) => [
    { key: 'node.kubernetes.io/unschedulable', effect: 'NoSchedule', since: NOW - ago },
  ];
  test.each<[string, Partial<NodeInfo>, number | undefined, string[]]>([
    ['fine', {}, 5 * SECOND, []],
    ['kubelet says no', { conditions: ready('False') }, 5 * SECOND, ['critical kubelet says not ready']],
    ['kubelet silent', { conditions: ready('Unknown') }, 5 * MINUTE, ['critical kubelet stopped reporting']],
    ['joining', { createdAt: NOW - MINUTE, conditions: ready('False') }, 5 * SECOND, ['info joining']],
    [
      'disk and memory pressure',
      { conditions: [...ready('True'), cond('DiskPressure', 'True'), cond('PIDPressure', 'Unknown')] },
      5 * SECOND,
      ['warning DiskPressure', 'warning PIDPressure Unknown'],
    ],
    [
      'pressure is unknown because the kubelet is silent',
      { conditions: [cond('Ready', 'Unknown'), cond('DiskPressure', 'Unknown')] },
      5 * SECOND,
      ['critical kubelet stopped reporting'],
    ],
    [
      'network not set up',
      { conditions: [...ready('True'), cond('NetworkUnavailable', 'True')] },
      5 * SECOND,
      ['critical NetworkUnavailable'],
    ],
    [
      'lease late',
      { conditions: ready('True', { heartbeat: NOW - 4 * MINUTE }) },
      50 * SECOND,
      ['warning heartbeat late'],
    ],
    [
      'no lease known, condition in time',
      { conditions: ready('True', { heartbeat: NOW - 4 * MINUTE }) },
      undefined,
      [],
    ],
    [
      'no lease known, condition late',
      { conditions: ready('True', { heartbeat: NOW - 7 * MINUTE }) },
      undefined,
      ['warning heartbeat late'],
    ],
    [
      'cordoned just now',
      { unschedulable: true, taints: cordonTaint(5 * MINUTE) },
      5 * SECOND,
      ['info cordoned'],
    ],
    [
      'cordoned long ago',
      { unschedulable: true, taints: cordonTaint(DAY) },
      5 * SECOND,
      ['warning cordoned'],
    ],
    ['cordoned, nobody knows when', { unschedulable: true }, 5 * SECOND, ['warning cordoned']],
    [
      'requests beyond the node',
      { allocatable: { cpu: 2, memory: 94 * GI } },
      5 * SECOND,
      ['warning cpu requests exceed what the node has'],
    ],
  ])('verdict: %s', (_name, shape, leaseAgo, expected) => {
    const facts = { lease: leaseAgo === undefined ? undefined : lease(leaseAgo), requested };
    const issues = judgeNode(node('ms-01-a', shape), facts, NOW);
    expect(issues.map(({ severity, note }) => `${severity} ${note}`)).toEqual(expected);
  });

  test('the newer sign of life counts', () => {
    const subject = node('n', { conditions: ready('True', { heartbeat: NOW - MINUTE }) });
    expect(heartbeatAt(subject, lease(10 * SECOND))).toBe(NOW - 10 * SECOND);
    expect(heartbeatAt(subject, undefined)).toBe(NOW - MINUTE);
    expect(heartbeatAt(node('n', { conditions: [] }), undefined)).toBeUndefined();
  });
});
