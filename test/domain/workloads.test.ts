import { describe, expect, test } from 'vitest';
import { ClusterJudge } from '../../src/domain/judge.ts';
import type { LeaseInfo, NodeInfo, WorkloadInfo } from '../../src/domain/kinds.ts';
import { heartbeatAt, judgeNode, nodeStatus } from '../../src/domain/nodes.ts';
import { WorkloadIndex } from '../../src/domain/workloadindex.ts';
import { judgeWorkload, workloadState } from '../../src/domain/workloads.ts';
import { cluster, cond, DAY, GI, HOUR, MINUTE, meta, NOW, node, SECOND, table, workload } from './build.ts';

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
    [
      'StatefulSet after a rollback',
      sts({ currentRevision: 'a', updateRevision: 'a', currentReplicas: 2 }),
      'InProgress',
      '2 of 3 pods of the current revision',
    ],
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
    [
      'a large rollout that came further a minute ago',
      {
        desired: 20,
        replicas: 20,
        updated: 12,
        ready: 16,
        available: 16,
        conditions: [
          cond('Available', 'False', { since: NOW - HOUR }),
          cond('Progressing', 'True', {
            reason: 'ReplicaSetUpdated',
            since: NOW - HOUR,
            heartbeat: NOW - MINUTE,
          }),
        ],
      },
      undefined,
      'ok',
    ],
    [
      'surge during a rollout',
      {
        desired: 3,
        replicas: 4,
        updated: 1,
        ready: 3,
        available: 3,
        conditions: progressing('ReplicaSetUpdated'),
      },
      undefined,
      'ok',
    ],
    ['paused with old pods', { desired: 3, updated: 0, paused: true }, undefined, 'ok'],
    [
      'paused and short',
      { desired: 3, updated: 0, paused: true, ready: 2, available: 2, conditions: unavailable(2 * MINUTE) },
      undefined,
      'warning',
    ],
    [
      'a missing pod is no rollout',
      sts({ replicas: 2, updated: 2, ready: 2, available: 2 }),
      NOW - 2 * MINUTE,
      'warning',
    ],
    [
      'StatefulSet rolls: its pod is being replaced',
      sts({ replicas: 2, updated: 1, ready: 2, available: 2, currentRevision: 'a', updateRevision: 'b' }),
      NOW - 2 * MINUTE,
      'ok',
    ],
    [
      'short at its partition',
      sts({ partition: 2, updated: 1, ready: 2, available: 2, currentRevision: 'a', updateRevision: 'b' }),
      NOW - 2 * MINUTE,
      'warning',
    ],
    ['DaemonSet that fits no node', { kind: 'DaemonSet', desired: 0 }, NOW - HOUR, 'ok'],
    ['StatefulSet just seen short', sts({ ready: 2, available: 2 }), NOW - 10 * SECOND, 'ok'],
    ['StatefulSet short for long', sts({ ready: 2, available: 2 }), NOW - 2 * MINUTE, 'warning'],
    [
      'being deleted',
      { deletedAt: NOW, ready: 0, available: 0, conditions: unavailable(HOUR) },
      undefined,
      'ok',
    ],
  ])('%s', (_name, shape, shortSince, severity) => {
    const facts = shortSince === undefined ? {} : { since: shortSince };
    expect(judgeWorkload(workload('w', shape), facts, NOW).severity).toBe(severity);
  });
});

describe('shortage over time', () => {
  const at = (minutes: number) => NOW + minutes * MINUTE;
  function severities(kind: WorkloadInfo['kind'], steps: readonly [number, Partial<WorkloadInfo>][]) {
    const index = new WorkloadIndex();
    const all = table(workload('w', { kind, desired: 3 }));
    const state = cluster({ [kind === 'DaemonSet' ? 'daemonsets' : 'statefulsets']: all });
    index.follow(state, NOW);
    return steps.map(([minute, shape]) => {
      index.follow(state, at(minute));
      all.upsert(workload('w', { kind, desired: 3, ...shape }));
      const [current] = all.values();
      return current && index.verdictOn(current).severity;
    });
  }

  test('a rollout node by node may take long, as long as it comes further', () => {
    const rolled = (updated: number) => ({ desired: 9, replicas: 9, updated, ready: 8, available: 8 });
    const steps = [1, 2, 3, 4, 5].map((n): [number, Partial<WorkloadInfo>] => [n * 4, rolled(n)]);
    expect(severities('DaemonSet', steps)).toEqual(['ok', 'ok', 'ok', 'ok', 'ok']);
    expect(severities('DaemonSet', [...steps, [27, rolled(5)]]).at(-1)).toBe('warning');
  });

  test('growth is given time, loss is not', () => {
    const grown = { desired: 6, replicas: 6, updated: 6, ready: 3, available: 3 };
    expect(
      severities('StatefulSet', [
        [1, grown],
        [4, grown],
        [7, grown],
      ]),
    ).toEqual(['ok', 'ok', 'warning']);
    const lost = { ready: 2, available: 2 };
    expect(
      severities('StatefulSet', [
        [1, lost],
        [3, lost],
      ]),
    ).toEqual(['ok', 'warning']);
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
    const facts = {
      lease: leaseAgo === undefined ? undefined : lease(leaseAgo),
      leasesArrivedAt: NOW - 5 * SECOND,
      requested,
    };
    const issues = judgeNode(node('ms-01-a', shape), facts, NOW);
    expect(issues.map(({ severity, note }) => `${severity} ${note}`)).toEqual(expected);
  });

  const hours = (ago: number) => [
    cond('Ready', 'Unknown', { since: NOW - ago, message: 'Kubelet stopped posting node status.' }),
  ];
  test.each<[string, Partial<NodeInfo>, string]>([
    [
      'reboots in an upgrade: cordoned before it went',
      { unschedulable: true, taints: cordonTaint(10 * MINUTE), conditions: hours(4 * MINUTE) },
      'warning kubelet stopped reporting, cordoned before',
    ],
    [
      'does not come back from its reboot',
      { unschedulable: true, taints: cordonTaint(30 * MINUTE), conditions: hours(20 * MINUTE) },
      'critical kubelet stopped reporting',
    ],
    [
      'cordoned because it was lost',
      { unschedulable: true, taints: cordonTaint(2 * MINUTE), conditions: hours(4 * MINUTE) },
      'critical kubelet stopped reporting',
    ],
  ])('lost: %s', (_name, shape, expected) => {
    const [issue] = judgeNode(node('n', shape), { lease: undefined, requested }, NOW);
    expect(issue && `${issue.severity} ${issue.note}`).toBe(expected);
  });

  describe('leases tell the clock of their node', () => {
    const at = (ms: number) => NOW + ms;
    const fine = { conditions: ready('True', { heartbeat: NOW }) };
    /** Notes about node `a`, whose clock is off, at the first look, soon and later; node `b` is sound. */
    function notes(off: number, { renews = true, others = true } = {}) {
      const leases = table<LeaseInfo>();
      const state = cluster({ nodes: table(node('a', fine), node('b', fine)), leases });
      const judge = new ClusterJudge();
      const renew = (name: string, renewTime: number) =>
        leases.upsert({ ...meta(name, 'kube-node-lease'), renewTime });
      const noteAt = (seconds: number) => {
        judge.assess(state, { status: 'live', since: NOW }, at(seconds * SECOND));
        return judge.nodeRow(node('a', fine)).note;
      };
      renew('a', at(off));
      renew('b', at(0));
      const all = [noteAt(0)];
      for (let seconds = 10; seconds <= 60; seconds += 10) {
        if (renews) renew('a', at(seconds * SECOND + off));
        if (others) renew('b', at(seconds * SECOND));
        all.push(noteAt(seconds));
      }
      return [all[0], all[2], all[6]];
    }

    test.each([
      ['sound', 0, {}, ['', '', '']],
      ['ahead', 10 * MINUTE, {}, ['clock 10m ahead', 'clock 10m 10s ahead', 'clock 10m 10s ahead']],
      ['behind', -10 * MINUTE, {}, ['', 'clock 9m 50s behind', 'clock 9m 50s behind']],
      ['silent', 0, { renews: false }, ['', '', 'heartbeat late']],
      // Neither node renews: our watch lags, and the Ready condition is not old yet.
      ['of a watch that lags', 0, { renews: false, others: false }, ['', '', '']],
    ])('%s', (_name, off, how, expected) => expect(notes(off, how)).toEqual(expected));
  });

  test('the newer sign of life counts', () => {
    const subject = node('n', { conditions: ready('True', { heartbeat: NOW - MINUTE }) });
    expect(heartbeatAt(subject, lease(10 * SECOND))).toBe(NOW - 10 * SECOND);
    expect(heartbeatAt(subject, undefined)).toBe(NOW - MINUTE);
    expect(heartbeatAt(node('n', { conditions: [] }), undefined)).toBeUndefined();
  });
});
