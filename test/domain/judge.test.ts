import { setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';
import { describe, expect, test } from 'vitest';
import { exitCodeOf } from '../../src/domain/checks/areas.ts';
import { ClusterJudge } from '../../src/domain/judge.ts';
import type { EventInfo, PodInfo } from '../../src/domain/kinds.ts';
import type { Connection } from '../../src/domain/state.ts';
import { pendingState } from '../../src/domain/state.ts';
import {
  cluster,
  cond,
  container,
  event,
  GI,
  HOUR,
  live,
  MINUTE,
  meta,
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

/** Node offers no garbage collection by itself; a context made with the flag on has one. */
function collectGarbage(): void {
  setFlagsFromString('--expose-gc');
  runInNewContext('gc')();
}

const connected: Connection = { status: 'live', since: NOW };
const ownedBy = (kind: string, name: string, namespace: string) => ({
  apiVersion: 'apps/v1',
  kind,
  name,
  uid: `uid-${namespace}-${name}`,
});

const nodes = () => [node('ms-01-a'), node('ms-01-b'), node('ms-01-c')];
const quietPods = (count: number, onNode?: string) =>
  Array.from({ length: count }, (_, index) =>
    pod(`quiet-${index}`, { nodeName: onNode ?? `ms-01-${'abc'[index % 3]}` }),
  );

function airflow(more: Partial<PodInfo> = {}): PodInfo {
  return pod('airflow-webserver-6c8b-x2z9k', {
    namespace: 'airflow',
    owner: ownedBy('ReplicaSet', 'airflow-webserver-6c8b', 'airflow'),
    containers: [container('webserver', { limits: { memory: 2 * GI } })],
    statuses: [
      status('webserver', {
        restartCount: 98,
        lastState: terminated(137, {
          reason: 'OOMKilled',
          startedAt: NOW - 5 * HOUR,
          finishedAt: NOW - 2 * HOUR,
        }),
      }),
    ],
    ...more,
  });
}

const replicaSets = () =>
  table(
    workload('airflow-webserver-6c8b', {
      kind: 'ReplicaSet',
      namespace: 'airflow',
      owner: ownedBy('Deployment', 'airflow-webserver', 'airflow'),
    }),
  );

const velero = () =>
  pod('velero-upgrade-crds-x2z', {
    namespace: 'velero',
    phase: 'Pending',
    owner: ownedBy('Job', 'velero-upgrade-crds', 'velero'),
    startTime: NOW - 3 * HOUR,
    conditions: [cond('PodScheduled', 'True'), cond('Initialized', 'True'), cond('Ready', 'False')],
    statuses: [
      status('kubectl', {
        image: 'docker.io/bitnami/kubectl:v1.31.3',
        ready: false,
        state: waiting('ImagePullBackOff', 'Back-off pulling image "docker.io/bitnami/kubectl:v1.31.3"'),
      }),
    ],
  });

const csi = (restarts: number, index: number) =>
  pod(`csi-rbdplugin-${index}`, {
    namespace: 'rook-ceph',
    owner: ownedBy('DaemonSet', 'csi-rbdplugin', 'rook-ceph'),
    statuses: [
      status('driver-registrar'),
      status('csi-rbdplugin', {
        restartCount: restarts,
        lastState: terminated(255, { finishedAt: NOW - (4 + index) * HOUR }),
      }),
    ],
  });

function milestone() {
  const pull = velero();
  return cluster({
    nodes: table(...nodes()),
    pods: table(...quietPods(137), airflow(), pull, csi(12, 0), csi(9, 1), csi(7, 2)),
    replicasets: replicaSets(),
    events: table(
      event(
        'Failed',
        { kind: 'Pod', namespace: 'velero', name: pull.name, uid: pull.uid },
        {
          message:
            'Failed to pull image "docker.io/bitnami/kubectl:v1.31.3": rpc error: code = NotFound desc = not found',
        },
      ),
    ),
  });
}

describe('the state the milestone starts from', () => {
  const judge = new ClusterJudge();
  const verdict = judge.assess(milestone(), connected, NOW);

  test('names what is wrong, worst first, one finding per workload', () => {
    expect(verdict.findings.map(({ severity, title, scope }) => `${severity} ${scope}: ${title}`)).toEqual([
      'warning airflow: airflow-webserver OOMKilled 2h ago (98 restarts)',
      'warning velero: ImagePullBackOff kubectl:v1.31.3, tag not found',
      'warning rook-ceph: csi-rbdplugin restarts on 3 pods (12, 9, 7 times)',
    ]);
  });

  test('scores 93 and says what the points were lost for', () => {
    expect(verdict.score).toMatchObject({ value: 93, unknown: [] });
    expect(verdict.score.losses).toEqual([
      { component: 'pods', points: 6.6, why: '5 of 142 pods have problems', bad: 5, total: 142 },
    ]);
    expect(verdict.pods).toEqual({ ok: 137, total: 142, severity: 'warning' });
    expect(verdict.nodes).toEqual({ ok: 3, total: 3, severity: 'ok' });
    expect(exitCodeOf(verdict, ['pods'])).toBe(1);
    expect(exitCodeOf(verdict, ['nodes', 'storage', 'network'])).toBe(0);
  });

  test('says why and what to do', () => {
    const [oom] = verdict.findings;
    expect(oom).toMatchObject({
      id: 'POD_OOM_KILLED/Deployment/airflow/airflow-webserver',
      since: NOW - 2 * HOUR,
      cause: 'OOMKilled: the container used more memory than its limit',
      remediations: ['rollout-restart', 'raise-memory-limit'],
    });
    expect(oom?.evidence).toContainEqual({
      at: NOW - 2 * HOUR,
      text: 'airflow-webserver-6c8b-x2z9k on ms-01-a: webserver OOMKilled after 3h',
      severity: 'warning',
    });
    expect(oom?.advice[0]).toContain('(now 2Gi)');
  });

  test('lists the top restarts by their worst pod', () => {
    expect(verdict.topRestarts.map(({ ref, recent, total }) => [ref.name, recent, total])).toEqual([
      ['airflow-webserver', 1, 98],
      ['csi-rbdplugin', 1, 12],
    ]);
  });
});

test('a healthy cluster scores 100, has no findings and exits 0', () => {
  const judge = new ClusterJudge();
  const verdict = judge.assess(
    cluster({
      nodes: table(...nodes()),
      pods: table(...quietPods(140)),
      deployments: table(workload('web')),
    }),
    connected,
    NOW,
  );
  expect(verdict.findings).toEqual([]);
  expect(verdict.score).toEqual({ value: 100, losses: [], unknown: [] });
  expect(exitCodeOf(verdict, ['nodes', 'pods', 'storage', 'network'])).toBe(0);
});

describe('a lost node', () => {
  const down = node('ms-01-b', {
    conditions: [
      cond('Ready', 'Unknown', { since: NOW - 10 * MINUTE, message: 'Kubelet stopped posting node status.' }),
    ],
  });
  const stuck = pod('db-0', {
    nodeName: 'ms-01-b',
    owner: ownedBy('StatefulSet', 'db', 'default'),
    deletedAt: NOW - 4 * MINUTE,
    labels: { app: 'db' },
  });
  const state = cluster({
    nodes: table(node('ms-01-a'), down, node('ms-01-c')),
    pods: table(...quietPods(141), stuck),
    statefulsets: table(
      workload('db', {
        kind: 'StatefulSet',
        ready: 0,
        available: 0,
        replicas: 0,
        createdAt: NOW - 24 * HOUR,
      }),
    ),
    services: table({ ...meta('db'), type: 'ClusterIP', ports: ['5432'], selector: { app: 'db' } }),
  });

  test('is the one root of what it causes', () => {
    const verdict = new ClusterJudge().assess(state, connected, NOW);
    expect(verdict.findings).toHaveLength(1);
    const [root] = verdict.findings;
    expect(root).toMatchObject({
      code: 'NODE_NOT_READY',
      severity: 'critical',
      title: 'node ms-01-b: kubelet stopped reporting',
      effect: expect.stringContaining('47 pods out of reach on ms-01-b'),
      since: NOW - 10 * MINUTE,
    });
    const codes = root?.consequences.map(({ code, consequences }) => [
      code,
      ...consequences.map((below) => below.code),
    ]);
    expect(codes).toEqual([
      ['POD_STUCK_TERMINATING', 'WORKLOAD_UNAVAILABLE', 'SERVICE_NO_ENDPOINTS'],
      ['POD_NODE_DOWN'],
    ]);
    expect(root?.consequences[0]?.cause).toContain('its node ms-01-b is not ready');
  });

  test('costs far more than a few bad pods', () => {
    const { score, nodes: tally } = new ClusterJudge().assess(state, connected, NOW);
    expect(score.value).toBeLessThan(60);
    expect(tally).toMatchObject({ ok: 2, total: 3, severity: 'critical' });
  });

  test('gives its pods back when it returns', () => {
    const judge = new ClusterJudge();
    judge.assess(state, connected, NOW);
    expect(judge.problemPods()).toHaveLength(48);
    const back = { ...state, nodes: live(table(...nodes())) };
    judge.assess(back, connected, NOW + MINUTE);
    expect(judge.problemPods().map(({ id }) => id)).toEqual(['default/db-0']);
  });
});

describe('what cannot be read is never green', () => {
  test('while loading there is no verdict and no finding', () => {
    const verdict = new ClusterJudge().assess(pendingState(), { status: 'connecting', since: NOW }, NOW);
    expect(verdict.findings).toEqual([]);
    expect(verdict.pods).toEqual({ ok: 0, total: 0, severity: 'unknown', why: 'loading' });
    expect(verdict.score.value).toBeUndefined();
    expect(exitCodeOf(verdict, ['pods'])).toBe(3);
  });

  test('a failed source is a finding that says what is missed and how to mend it', () => {
    const state = cluster({
      nodes: table(...nodes()),
      pods: {
        status: 'failed',
        error: {
          kind: 'forbidden',
          message: 'cannot list pods at cluster scope',
          fix: 'bind ClusterRole view',
        },
      },
    });
    const verdict = new ClusterJudge().assess(state, connected, NOW);
    expect(verdict.findings).toMatchObject([
      {
        code: 'SOURCE_FAILED',
        severity: 'unknown',
        title: 'pods cannot be read: forbidden: cannot list pods at cluster scope',
        effect: 'not known: health and restarts of pods, the health score',
        advice: ['bind ClusterRole view'],
      },
    ]);
    expect(verdict.pods).toMatchObject({ severity: 'unknown', why: 'cannot list pods at cluster scope' });
    expect(verdict.score).toMatchObject({ value: undefined, unknown: ['pods'] });
    expect(exitCodeOf(verdict, ['pods'])).toBe(3);
    expect(exitCodeOf(verdict, ['nodes'])).toBe(0);
  });

  test('a lost connection is one finding over all stale sources, and known trouble stays', () => {
    const error = {
      kind: 'unreachable',
      message: 'connect ETIMEDOUT 10.0.0.10:6443',
      since: NOW - MINUTE,
    } as const;
    const fine = milestone();
    const stale = Object.fromEntries(
      Object.entries(fine).map(([name, snapshot]) => [
        name,
        snapshot.status === 'live' ? { ...snapshot, status: 'stale', error } : snapshot,
      ]),
    ) as unknown as typeof fine;
    const judge = new ClusterJudge();
    judge.assess(fine, connected, NOW);
    const verdict = judge.assess(stale, { status: 'lost', since: NOW - MINUTE, error }, NOW + SECOND);
    const unknown = verdict.findings.filter(({ severity }) => severity === 'unknown');
    expect(unknown.map(({ title }) => title)).toEqual([
      'the API server cannot be reached: connect ETIMEDOUT 10.0.0.10:6443',
    ]);
    expect(unknown[0]?.consequences.map(({ code }) => code)).toContain('SOURCE_STALE');
    expect(verdict.nodes.severity).toBe('unknown');
    expect(verdict.pods.severity).toBe('warning');
    expect(verdict.score.value).toBeUndefined();
    expect(exitCodeOf(verdict, ['pods'])).toBe(1);
    expect(exitCodeOf(verdict, ['network'])).toBe(3);
  });

  test('an API that is not installed is no trouble', () => {
    const absent = { status: 'absent', reason: 'not installed' } as const;
    const verdict = new ClusterJudge().assess(cluster({ pdbs: absent, jobs: absent }), connected, NOW);
    expect(verdict.findings).toEqual([]);
    expect(verdict.score.unknown).toEqual([]);
  });
});

describe('over time', () => {
  test('restarts are counted from the changes of a counter', () => {
    const pods = table(airflow());
    const state = cluster({ pods, nodes: table(...nodes()), replicasets: replicaSets() });
    const judge = new ClusterJudge();
    judge.assess(state, connected, NOW);
    for (const [index, restarts] of [99, 100, 101].entries()) {
      const at = NOW + (index + 1) * HOUR;
      pods.upsert(
        airflow({
          statuses: [
            status('webserver', {
              restartCount: restarts,
              lastState: terminated(137, { reason: 'OOMKilled', finishedAt: at - MINUTE }),
            }),
          ],
        }),
      );
      judge.assess(state, connected, at);
    }
    const current = [...pods.values()][0];
    if (current === undefined) throw new Error('the pod is gone');
    expect(judge.podRow(current)).toMatchObject({
      restarts: 101,
      recentRestarts: 4,
      note: 'OOMKilled 1m ago',
    });
    expect(judge.assessment.findings[0]?.title).toBe('airflow-webserver OOMKilled 4× in 5h (101 restarts)');
    expect(judge.restartHistory(current, 24).slice(-6)).toEqual([null, 1, null, 1, 1, 1]);
    // A day without another restart and it is forgotten.
    judge.assess(state, connected, NOW + 28 * HOUR);
    expect(judge.podRow(current)).toMatchObject({ severity: 'info', recentRestarts: 0 });
  });

  test('following tables while they fill gives the same verdict as finding them full', () => {
    const { pods: full, events, ...rest } = milestone();
    if (full.status !== 'live' || events.status !== 'live') throw new Error('expected a live state');
    const filling = table<PodInfo>();
    const early = new ClusterJudge();
    early.attach({ pods: filling, events: events.data }, NOW);
    early.assess({ ...rest, events, pods: { status: 'pending' } }, connected, NOW);
    for (const each of full.data.values()) filling.upsert(each);
    expect(early.assess({ ...rest, events, pods: { status: 'pending' } }, connected, NOW).findings).toEqual(
      [],
    );
    const late = new ClusterJudge().assess({ ...rest, events, pods: full }, connected, NOW);
    expect(early.assess({ ...rest, events, pods: live(filling) }, connected, NOW)).toEqual(late);
  });

  test('what is gone is forgotten', async () => {
    const pods = table<PodInfo>();
    const events = table<EventInfo>();
    const state = cluster({ pods, events });
    const judge = new ClusterJudge();
    const gone: WeakRef<object>[] = [];
    const kinds: Partial<PodInfo>[] = [
      {},
      { phase: 'Pending', statuses: [status('m', { ready: false, state: waiting('ImagePullBackOff') })] },
      { phase: 'Failed', reason: 'Evicted', statuses: [] },
      { statuses: airflow().statuses },
    ];
    for (let hour = 0; hour < 20; hour += 1) {
      for (let index = 0; index < 500; index += 1) {
        const each = pod(`p-${index}`, { ...kinds[index % kinds.length], uid: `${hour}-${index}` });
        const told = event('BackOff', { kind: 'Pod', namespace: 'default', name: each.name, uid: each.uid });
        pods.upsert(each);
        events.upsert(told);
        gone.push(new WeakRef(each), new WeakRef(told));
      }
      judge.assess(state, connected, NOW + hour * HOUR);
      for (const each of [...events.values()]) events.delete(`default/${each.name}`);
    }
    for (const { name } of [...pods.values()]) pods.delete(`default/${name}`);
    judge.assess(state, connected, NOW + 20 * HOUR);
    const { topRestarts, findings } = judge.assess(state, connected, NOW + 21 * HOUR);
    expect(topRestarts).toEqual([]);
    expect(findings).toEqual([]);
    expect(judge.problemPods()).toEqual([]);
    expect(judge.restartHistory(airflow({ uid: '19-3' }), 24).every((count) => !count)).toBe(true);
    // A weak reference holds on to its object until the current task ends.
    await new Promise(setImmediate);
    collectGarbage();
    expect(gone.filter((reference) => reference.deref() !== undefined).length).toBeLessThan(10);
  });

  test('a replaced pod starts anew, though it has the same name', () => {
    const pods = table(airflow());
    const state = cluster({ pods });
    const judge = new ClusterJudge();
    judge.assess(state, connected, NOW);
    const fresh = pod('airflow-webserver-6c8b-x2z9k', { namespace: 'airflow', uid: 'another' });
    pods.upsert(fresh);
    judge.assess(state, connected, NOW + SECOND);
    expect(judge.podRow(fresh)).toMatchObject({ severity: 'ok', restarts: 0, recentRestarts: 0 });
    expect(judge.problemPods()).toEqual([]);
  });

  test('a pod becomes a problem by time alone', () => {
    const young = pod('slow', {
      phase: 'Pending',
      createdAt: NOW,
      startTime: NOW,
      conditions: [cond('PodScheduled', 'True'), cond('Ready', 'False', { since: NOW })],
      statuses: [status('main', { ready: false, state: waiting('ContainerCreating') })],
    });
    const state = cluster({ pods: table(young) });
    const judge = new ClusterJudge();
    judge.assess(state, connected, NOW + 10 * SECOND);
    expect(judge.problemPods()).toEqual([]);
    const verdict = judge.assess(state, connected, NOW + 80 * SECOND);
    expect(verdict.findings[0]?.title).toBe('slow Pending: containers do not start');
    expect(judge.problemPods()).toMatchObject([{ id: 'default/slow', severity: 'warning' }]);
  });

  test('the node sums follow additions, changes and deletions', () => {
    const demand = { requests: { cpu: 0.1, memory: GI }, limits: { cpu: 1, memory: 2 * GI } };
    const asking = (name: string, more: Partial<PodInfo> = {}) =>
      pod(name, { containers: [container('main', demand)], ...more });
    const pods = table(asking('a'), asking('b'), asking('c'));
    const state = cluster({ pods, nodes: table(node('ms-01-a')) });
    const judge = new ClusterJudge();
    judge.assess(state, connected, NOW);
    expect(judge.nodeRow(node('ms-01-a'))).toMatchObject({
      pods: 3,
      requested: { cpu: 0.3, memory: 3 * GI },
    });
    pods.upsert(asking('b', { phase: 'Succeeded' }));
    pods.delete('default/c');
    judge.assess(state, connected, NOW);
    expect(judge.nodeRow(node('ms-01-a'))).toMatchObject({
      pods: 1,
      requested: { cpu: 0.1, memory: GI },
      limits: { cpu: 1, memory: 2 * GI },
    });
    expect(judge.assessment.capacity).toMatchObject({ allocatable: { cpu: 20 }, requested: { cpu: 0.1 } });
  });
});
