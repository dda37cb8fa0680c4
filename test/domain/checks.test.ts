/** Checks of storage, network, jobs and leftovers, through the judge as users meet them. */
import { describe, expect, test } from 'vitest';
import { areasOf, exitCodeOf, sourcesOf } from '../../src/domain/checks/areas.ts';
import { ClusterJudge } from '../../src/domain/judge.ts';
import type {
  Condition,
  CronJobInfo,
  EndpointSliceInfo,
  JobInfo,
  NamespaceInfo,
  PdbInfo,
  PvcInfo,
  PvInfo,
  ServiceInfo,
} from '../../src/domain/kinds.ts';
import { measuresOf } from '../../src/domain/measures.ts';
import {
  cluster,
  cond,
  container,
  DAY,
  event,
  GI,
  HOUR,
  MINUTE,
  meta,
  NOW,
  node,
  pod,
  SECOND,
  status,
  table,
  waiting,
  workload,
} from './build.ts';

function assess(parts: Parameters<typeof cluster>[0]) {
  return new ClusterJudge().assess(cluster(parts), { status: 'live', since: NOW }, NOW);
}

function told(parts: Parameters<typeof cluster>[0]): string[] {
  return assess(parts).findings.map(
    ({ severity, title, cause }) => `${severity}: ${title}${cause ? ` (${cause})` : ''}`,
  );
}

const pvc = (name: string, more: Partial<PvcInfo> = {}): PvcInfo => ({
  ...meta(name),
  phase: 'Bound',
  accessModes: ['ReadWriteOnce'],
  storageClass: 'ceph-block',
  conditions: [],
  ...more,
});
const claimRef = (name: string) => ({ kind: 'PersistentVolumeClaim', namespace: 'default', name });
const young = { createdAt: NOW - 30 * SECOND };

describe('storage', () => {
  const resize = (type: string): Condition[] => [cond(type, 'True', { message: 'no space in pool' })];
  const unplaced = (message: string) =>
    pod('db-0', {
      phase: 'Pending',
      nodeName: '',
      claims: ['data'],
      statuses: [],
      containers: [container('db')],
      conditions: [
        cond('PodScheduled', 'False', { reason: 'Unschedulable', message, since: NOW - 5 * MINUTE }),
      ],
    });
  const pv = (more: Partial<PvInfo>): PvInfo => ({ ...meta('pvc-1', ''), phase: 'Bound', ...more });
  test.each<[string, Parameters<typeof cluster>[0], string[]]>([
    ['bound', { pvcs: table(pvc('data')) }, []],
    ['pending, young', { pvcs: table(pvc('data', { phase: 'Pending', ...young })) }, []],
    [
      'pending',
      {
        pvcs: table(pvc('data', { phase: 'Pending' })),
        events: table(event('ProvisioningFailed', claimRef('data'), { message: 'no pool' })),
      },
      ['warning: volume claim data is Pending (no pool)'],
    ],
    [
      'waits for a pod',
      {
        pvcs: table(pvc('data', { phase: 'Pending' })),
        events: table(event('WaitForFirstConsumer', claimRef('data'), { type: 'Normal' })),
      },
      ['info: volume claim data waits for a pod to use it'],
    ],
    [
      'waits for a pod that cannot be placed',
      {
        pvcs: table(pvc('data', { phase: 'Pending' })),
        pods: table(unplaced('0/3 nodes are available: 3 Insufficient memory.')),
        events: table(event('WaitForPodScheduled', claimRef('data'), { type: 'Normal' })),
      },
      [
        'warning: db-0 cannot be scheduled: 3 of 3 nodes: Insufficient memory (3 of 3 nodes: Insufficient memory)',
      ],
    ],
    [
      'its pod waits for it',
      {
        pvcs: table(pvc('data', { phase: 'Pending' })),
        pods: table(unplaced('0/3 nodes are available: pod has unbound immediate PersistentVolumeClaims.')),
        events: table(event('ProvisioningFailed', claimRef('data'), { message: 'no pool' })),
      },
      ['warning: volume claim data is Pending (no pool)'],
    ],
    [
      'waits, nobody knows for what, and no pod wants it',
      {
        pvcs: table(pvc('data', { phase: 'Pending' })),
        events: { status: 'absent', reason: 'not installed' },
      },
      ['info: volume claim data waits for a pod to use it'],
    ],
    [
      'lost',
      { pvcs: table(pvc('data', { phase: 'Lost', volumeName: 'pv-7' })) },
      ['critical: volume claim data lost its volume (PersistentVolume pv-7 no longer exists)'],
    ],
    [
      'resize failed',
      { pvcs: table(pvc('data', { conditions: resize('NodeResizeError') })) },
      ['warning: volume claim data cannot be resized on its node (no space in pool)'],
    ],
    [
      'resize waits',
      { pvcs: table(pvc('data', { conditions: resize('FileSystemResizePending') })) },
      ['info: volume claim data: its file system grows at the next mount (no space in pool)'],
    ],
    [
      'volume failed',
      { pvs: table(pv({ phase: 'Failed', message: 'delete: busy' })) },
      ['warning: volume pvc-1 cannot be reclaimed (delete: busy)'],
    ],
    [
      'volume released',
      { pvs: table(pv({ phase: 'Released', claim: 'old/data' })) },
      ['info: volume pvc-1 is kept though its claim old/data is gone'],
    ],
  ])('%s', (_name, parts, expected) => expect(told(parts)).toEqual(expected));

  test('a claim that waits for its first pod costs no points', () => {
    const { score } = assess({
      pvcs: table(pvc('data', { phase: 'Pending' })),
      events: table(event('WaitForFirstConsumer', claimRef('data'), { type: 'Normal' })),
    });
    expect(score.value).toBe(100);
  });

  test('a claim explains the pods that wait for it', () => {
    const waitingPod = pod('db-0', {
      phase: 'Pending',
      nodeName: '',
      claims: ['data'],
      statuses: [],
      containers: [container('db')],
      conditions: [cond('PodScheduled', 'False', { reason: 'Unschedulable', since: NOW - 5 * MINUTE })],
    });
    const { findings } = assess({ pvcs: table(pvc('data', { phase: 'Pending' })), pods: table(waitingPod) });
    expect(findings.map(({ code, consequences }) => [code, consequences.map((below) => below.code)])).toEqual(
      [['PVC_PENDING', ['POD_UNSCHEDULABLE']]],
    );
    expect(findings[0]?.effect).toContain('db-0 cannot be scheduled');
  });
});

describe('network', () => {
  const service = (more: Partial<ServiceInfo> = {}): ServiceInfo => ({
    ...meta('web'),
    type: 'ClusterIP',
    ports: ['80'],
    selector: { app: 'web' },
    ...more,
  });
  const slice = (name: string, ready: number, notReady: number): EndpointSliceInfo => ({
    ...meta(name),
    service: 'web',
    ready,
    notReady,
  });
  const backing = (desired: number) => table(workload('web', { desired, labels: { app: 'web' } }));
  test.each<[string, Parameters<typeof cluster>[0], string[]]>([
    ['served', { services: table(service()), endpointslices: table(slice('a', 0, 1), slice('b', 1, 0)) }, []],
    ['no selector', { services: table({ ...meta('web'), type: 'ClusterIP', ports: [] }) }, []],
    ['young', { services: table(service(young)) }, []],
    [
      'load balancer without address',
      {
        services: table(service({ type: 'LoadBalancer', loadBalancerPending: true })),
        endpointslices: table(slice('a', 1, 0)),
      },
      ['warning: load balancer web has no address'],
    ],
  ])('%s', (_name, parts, expected) => expect(told(parts)).toEqual(expected));

  test.each<[string, Parameters<typeof cluster>[0], string[]]>([
    [
      'nothing behind it',
      { services: table(service()), endpointslices: table(slice('a', 0, 0)) },
      ['info: service web has no endpoints (its selector matches no pod)'],
    ],
    [
      'scaled to zero',
      { services: table(service()), deployments: backing(0) },
      ['info: service web has no endpoints (Deployment web is scaled to 0)'],
    ],
  ])('no outage: %s', (_name, parts, expected) => expect(told(parts)).toEqual(expected));

  test('pods that only just started get a minute', () => {
    const judge = new ClusterJudge();
    const state = cluster({ services: table(service()), endpointslices: table(slice('a', 0, 2)) });
    judge.assess(state, { status: 'live', since: NOW }, NOW);
    expect(judge.assessment.findings).toEqual([]);
    judge.assess(state, { status: 'live', since: NOW }, NOW + 61 * SECOND);
    expect(judge.assessment.findings.map((f) => `${f.severity}: ${f.title} (${f.cause})`)).toEqual([
      'warning: service web has no ready endpoints (2 pods behind it, none ready)',
    ]);
  });

  test('a Service is a consequence of its workload that gets no pods', () => {
    const refused = workload('web', {
      labels: { app: 'web' },
      replicas: 0,
      ready: 0,
      available: 0,
      conditions: [cond('Available', 'False', { since: NOW - HOUR })],
    });
    const { findings } = assess({ services: table(service()), deployments: table(refused) });
    expect(
      findings.map(({ code, consequences }) => [code, ...consequences.map((each) => each.code)]),
    ).toEqual([['WORKLOAD_UNAVAILABLE', 'SERVICE_NO_ENDPOINTS']]);
  });

  test('a rollout of a single replica gets longer', () => {
    const judge = new ClusterJudge();
    const rolling = workload('web', {
      labels: { app: 'web' },
      updated: 1,
      ready: 0,
      available: 0,
      conditions: [
        cond('Available', 'False', { since: NOW }),
        cond('Progressing', 'True', { reason: 'ReplicaSetUpdated', since: NOW }),
      ],
    });
    const state = cluster({
      services: table(service()),
      endpointslices: table(slice('a', 0, 1)),
      deployments: table(rolling),
    });
    judge.assess(state, { status: 'live', since: NOW }, NOW);
    judge.assess(state, { status: 'live', since: NOW }, NOW + 3 * MINUTE);
    expect(judge.assessment.findings).toEqual([]);
  });

  test('a Service is a consequence of its crashing pods, at once', () => {
    const crashing = pod('web-1', {
      labels: { app: 'web' },
      statuses: [status('web', { ready: false, restartCount: 3, state: waiting('CrashLoopBackOff') })],
    });
    const { findings } = assess({
      pods: table(crashing),
      services: table(service()),
      endpointslices: table(slice('a', 0, 1)),
    });
    expect(findings.map(({ title }) => title)).toEqual(['web-1 in CrashLoopBackOff (3 restarts)']);
    expect(findings[0]?.effect).toBe('service web has no ready endpoints');
  });
});

describe('jobs', () => {
  const failed: Condition[] = [
    cond('Failed', 'True', { reason: 'BackoffLimitExceeded', message: 'too many tries', since: NOW - HOUR }),
  ];
  const complete: Condition[] = [cond('Complete', 'True')];
  const job = (name: string, more: Partial<JobInfo> = {}): JobInfo => ({
    ...meta(name),
    active: 0,
    succeeded: 1,
    failed: 0,
    conditions: [],
    containers: [],
    initContainers: [],
    ...more,
  });
  const cron = (more: Partial<CronJobInfo> = {}): CronJobInfo => ({
    ...meta('backup'),
    schedule: '0 2 * * *',
    timeZone: 'UTC',
    suspend: false,
    lastScheduleTime: Date.UTC(2025, 5, 11, 2),
    lastSuccessfulTime: Date.UTC(2025, 5, 11, 2, 5),
    active: 0,
    containers: [],
    initContainers: [],
    ...more,
  });
  const owner = { apiVersion: 'batch/v1', kind: 'CronJob', name: 'backup', uid: 'uid-default-backup' };
  const yesterday = Date.UTC(2025, 5, 10, 2);
  const dayBefore = Date.UTC(2025, 5, 9, 2);

  test.each<[string, Parameters<typeof cluster>[0], string[]]>([
    ['all well', { cronjobs: table(cron()), jobs: table(job('backup-1', { owner })) }, []],
    [
      'failed for good',
      { jobs: table(job('migrate', { conditions: failed })) },
      ['warning: job migrate failed: BackoffLimitExceeded (too many tries)'],
    ],
    [
      'last run failed',
      {
        cronjobs: table(cron()),
        jobs: table(
          job('backup-1', { owner, createdAt: NOW - DAY }),
          job('backup-2', { owner, createdAt: NOW - HOUR, conditions: failed }),
        ),
      },
      ['warning: cron job backup: last run failed (BackoffLimitExceeded) (too many tries)'],
    ],
    [
      'an earlier run failed',
      {
        cronjobs: table(cron()),
        jobs: table(
          job('backup-1', { owner, createdAt: NOW - DAY, conditions: failed }),
          job('backup-2', { owner, createdAt: NOW - HOUR, conditions: complete }),
        ),
      },
      [],
    ],
    [
      'a new run that only just began does not hide the failure',
      {
        cronjobs: table(cron()),
        jobs: table(
          job('backup-1', { owner, createdAt: NOW - HOUR, conditions: failed }),
          job('backup-2', { owner, createdAt: NOW - SECOND, succeeded: 0 }),
        ),
      },
      ['warning: cron job backup: last run failed (BackoffLimitExceeded) (too many tries)'],
    ],
    ['suspended', { cronjobs: table(cron({ suspend: true })) }, ['info: cron job backup is suspended']],
    [
      'missed a run',
      { cronjobs: table(cron({ lastScheduleTime: yesterday })) },
      ['warning: cron job backup missed its run, 12h 32m overdue'],
    ],
    [
      'missed one run in an unknown zone: not sure',
      { cronjobs: table(noZone({ lastScheduleTime: yesterday })) },
      [],
    ],
    [
      'missed two runs in an unknown zone',
      { cronjobs: table(noZone({ lastScheduleTime: dayBefore })) },
      ['warning: cron job backup missed its run, 12h 32m overdue'],
    ],
    [
      'another zone is left alone',
      { cronjobs: table(cron({ timeZone: 'Europe/Berlin', lastScheduleTime: dayBefore })) },
      [],
    ],
    [
      'an overlap is forbidden and the run of this night still lasts',
      { cronjobs: table(cron({ schedule: '0 * * * *', active: 1 })) },
      [],
    ],
    [
      'a run hangs and lets no other start',
      { cronjobs: table(cron({ lastScheduleTime: yesterday, active: 1 })) },
      ['warning: cron job backup: the run of 36h ago still lasts, no other can start'],
    ],
  ])('%s', (_name, parts, expected) => expect(told(parts)).toEqual(expected));

  function noZone(more: Partial<CronJobInfo>): CronJobInfo {
    const { timeZone: _timeZone, ...rest } = cron(more);
    return rest;
  }

  test('failed tries of a Job are told until another one succeeds', () => {
    const tries = pod('migrate-1', {
      phase: 'Failed',
      owner: { apiVersion: 'batch/v1', kind: 'Job', name: 'migrate', uid: 'uid-default-migrate' },
      statuses: [status('m', { ready: false, state: { kind: 'terminated', exitCode: 1 } })],
    });
    const of = (more: Partial<JobInfo>) => told({ pods: table(tries), jobs: table(job('migrate', more)) });
    expect(of({ active: 1, succeeded: 0 })).toEqual([
      'info: migrate failed: exit 1 (exit 1: application error)',
    ]);
    expect(of({ conditions: complete })).toEqual([]);
  });

  test('a cron job with two troubles is one of one', () => {
    const { score } = assess({
      cronjobs: table(cron({ lastScheduleTime: yesterday })),
      jobs: table(job('backup-1', { owner, conditions: failed })),
    });
    expect(score.losses).toMatchObject([{ component: 'jobs', bad: 1, total: 2 }]);
  });

  test('never succeeded', () => {
    const { lastSuccessfulTime: _last, ...never } = cron();
    expect(told({ cronjobs: table(never) })).toEqual(['warning: cron job backup never succeeded']);
  });
});

describe('leftovers', () => {
  const pdb = (name: string, more: Partial<PdbInfo> = {}): PdbInfo => ({
    ...meta(name),
    disruptionsAllowed: 0,
    currentHealthy: 1,
    desiredHealthy: 1,
    expectedPods: 1,
    conditions: [],
    ...more,
  });
  const namespace = (more: Partial<NamespaceInfo>): NamespaceInfo => ({
    ...meta('old', ''),
    phase: 'Terminating',
    conditions: [],
    ...more,
  });
  const rolling = (ago: number) =>
    cond('DisruptionAllowed', 'False', { reason: 'InsufficientPods', since: NOW - ago });
  const evicted = (name: string) => pod(name, { phase: 'Failed', reason: 'Evicted', statuses: [] });
  test.each<[string, Parameters<typeof cluster>[0], string[]]>([
    ['a budget that allows', { pdbs: table(pdb('web', { disruptionsAllowed: 1 })) }, []],
    [
      'a budget of zero by choice',
      { pdbs: table(pdb('web')) },
      ['info: disruption budget web blocks draining nodes (1 of 1 pods healthy, 1 required)'],
    ],
    [
      'a budget that is short',
      { pdbs: table(pdb('web', { currentHealthy: 0 })) },
      ['warning: disruption budget web blocks draining nodes (0 of 1 pods healthy, 1 required)'],
    ],
    ['a rollout uses it up', { pdbs: table(pdb('web', { conditions: [rolling(2 * MINUTE)] })) }, []],
    [
      'of no pods',
      { pdbs: table(pdb('web', { expectedPods: 0, currentHealthy: 0, desiredHealthy: 0 })) },
      [],
    ],
    [
      'used up for long',
      { pdbs: table(pdb('web', { currentHealthy: 0, conditions: [rolling(10 * MINUTE)] })) },
      ['warning: disruption budget web blocks draining nodes (0 of 1 pods healthy, 1 required)'],
    ],
    [
      'a budget that cannot be computed',
      {
        pdbs: table(
          pdb('web', {
            expectedPods: 0,
            conditions: [
              cond('DisruptionAllowed', 'False', { reason: 'SyncFailed', message: 'found no controllers' }),
            ],
          }),
        ),
      },
      ['warning: disruption budget web cannot be computed and blocks draining nodes (found no controllers)'],
    ],
    [
      'one of Rook',
      { pdbs: table(pdb('rook-ceph-osd-host-b', { currentHealthy: 0 })) },
      [
        'info: disruption budget rook-ceph-osd-host-b blocks draining nodes (Rook blocks drains on purpose until all placement groups are active+clean)',
      ],
    ],
    [
      'a namespace that does not go',
      {
        namespaces: table(
          namespace({
            deletedAt: NOW - HOUR,
            conditions: [cond('NamespaceFinalizersRemaining', 'True', { message: 'guard in 2 resources' })],
          }),
        ),
      },
      ['warning: namespace old stuck Terminating (guard in 2 resources)'],
    ],
    ['a namespace that goes', { namespaces: table(namespace({ deletedAt: NOW - 10 * SECOND })) }, []],
    ['evicted pods', { pods: table(evicted('a')) }, ['warning: a: 1 pod left behind (evicted)']],
    [
      'kubelets of two versions',
      { nodes: table(node('a'), node('b', { kubeletVersion: 'v1.32.5' })) },
      ['info: nodes run 2 kubelet versions: v1.32.5, v1.33.1'],
    ],
    [
      'a reboot',
      {
        nodes: table(node('a')),
        events: table(event('Rebooted', { kind: 'Node', name: 'a', uid: 'a' }, { lastAt: NOW - 5 * MINUTE })),
      },
      ['info: node a rebooted 5m ago'],
    ],
  ])('%s', (_name, parts, expected) => expect(told(parts)).toEqual(expected));
});

describe('areas of a one-shot check', () => {
  test('names and aliases', () => {
    expect(areasOf([])).toEqual({ areas: ['nodes', 'pods', 'storage', 'network'], unknown: [] });
    expect(areasOf(['k8s'])).toEqual({ areas: ['nodes', 'pods'], unknown: [] });
    expect(areasOf(['storage', 'pods', 'pods'])).toEqual({ areas: ['pods', 'storage'], unknown: [] });
    expect(areasOf(['disk'])).toEqual({ areas: [], unknown: ['disk'] });
    expect(sourcesOf(['storage'])).toEqual(['server', 'pvcs', 'pvs']);
  });

  const pendingPvc = { pvcs: table(pvc('data', { phase: 'Pending' })) };
  const noServices = {
    services: { status: 'failed', error: { kind: 'timeout', message: 'no answer' } },
  } as const;
  test('critical beats warning beats unknown beats healthy', () => {
    expect(exitCodeOf(assess({}), ['storage'])).toBe(0);
    expect(exitCodeOf(assess(pendingPvc), ['storage'])).toBe(1);
    expect(exitCodeOf(assess(pendingPvc), ['network'])).toBe(0);
    expect(exitCodeOf(assess({ ...pendingPvc, ...noServices }), ['storage', 'network'])).toBe(1);
    expect(exitCodeOf(assess(noServices), ['storage', 'network'])).toBe(3);
    expect(
      exitCodeOf(assess({ pvcs: table(pvc('d', { phase: 'Lost' })), ...noServices }), ['storage', 'network']),
    ).toBe(2);
  });

  test('a source that has not answered makes its area unknown', () => {
    const loading = assess({ services: { status: 'pending' } });
    expect(loading.findings).toEqual([]);
    expect(exitCodeOf(loading, ['network'])).toBe(3);
    expect(exitCodeOf(loading, ['storage'])).toBe(0);
  });
});

test('measures tell their denominator, or why they are unknown', () => {
  const measures = measuresOf(
    assess({
      nodes: table(node('a'), node('b', { unschedulable: true })),
      pods: table(pod('p', { statuses: [status('m', { restartCount: 3 })], nodeName: 'a' })),
      deployments: table(
        workload('w', {
          containers: [
            container('full', { requests: { cpu: 1, memory: GI }, limits: { cpu: 1, memory: GI } }),
            container('bare'),
          ],
        }),
      ),
    }),
  );
  expect(measures.get('nodes.ready')).toEqual({ name: 'nodes.ready', unit: 'nodes', value: 1, of: 2 });
  expect(measures.get('pods.problems')).toMatchObject({ value: 0, of: 1 });
  expect(measures.get('pods.restarts.max')).toMatchObject({ value: 3 });
  expect(measures.get('pods.restarts24h.max')).toMatchObject({ value: 0 });
  expect(measures.get('coverage.requestsLimits')).toMatchObject({ unit: 'ratio', value: 0.5, of: 2 });
  const unknown = measuresOf(assess({ pods: { status: 'pending' } }));
  expect(unknown.get('health.score')).toMatchObject({ value: undefined, why: 'not known: pods' });
  expect(unknown.get('pods.restarts.max')).toMatchObject({ value: undefined, why: 'loading' });
});
