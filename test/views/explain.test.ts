import { describe, expect, test } from 'vitest';
import { type Keyed, ObjectTable } from '../../src/domain/collection.ts';
import type { ObjectRef } from '../../src/domain/finding.ts';
import type { EventInfo, PvcInfo, ServiceInfo } from '../../src/domain/kinds.ts';
import { collectorLines } from '../../src/views/collectors.ts';
import { detailLines } from '../../src/views/explain/details.ts';
import { explainLines } from '../../src/views/explain.ts';
import { finding, live, NOW, node, pod, running, screen, spec, type World } from '../support/interaction.ts';

const HOUR = 3_600_000;
const meta = { resourceVersion: '1', labels: {}, createdAt: NOW - HOUR };
const WEB: ObjectRef = { kind: 'Pod', namespace: 'airflow', name: 'web' };

function tableOf<T extends Keyed>(...objects: T[]): ObjectTable<T> {
  const table = new ObjectTable<T>();
  for (const object of objects) table.upsert(object);
  return table;
}

const web = pod('airflow/web', {
  nodeName: 'ms-01-b',
  podIP: '10.42.0.7',
  qosClass: 'Burstable',
  labels: { app: 'web' },
  containers: [
    spec('main', { limits: { memory: 2 ** 30 }, hasReadinessProbe: true }),
    spec('proxy', { image: 'registry/proxy:v1.31.3' }),
  ],
  statuses: [
    running('main', {
      ready: false,
      restartCount: 98,
      lastState: {
        kind: 'terminated',
        reason: 'OOMKilled',
        exitCode: 137,
        startedAt: NOW - 3 * HOUR,
        finishedAt: NOW - 2 * HOUR,
      },
    }),
    running('proxy', {
      ready: false,
      state: { kind: 'waiting', reason: 'ImagePullBackOff', message: 'tag not found' },
    }),
  ],
  conditions: [{ type: 'Ready', status: 'False', reason: 'ContainersNotReady', since: NOW - HOUR }],
  claims: ['data'],
});

const claim: PvcInfo = {
  ...meta,
  uid: 'claim',
  namespace: 'airflow',
  name: 'data',
  phase: 'Bound',
  volumeName: 'pvc-1',
  storageClass: 'ceph-block',
  accessModes: ['ReadWriteOnce'],
  requested: 10 * 2 ** 30,
  conditions: [],
};

const service: ServiceInfo = {
  ...meta,
  uid: 'svc',
  namespace: 'airflow',
  name: 'web',
  type: 'ClusterIP',
  selector: { app: 'web' },
  ports: ['8080/TCP'],
};

const event = (name: string, minutes: number, more: Partial<EventInfo> = {}): EventInfo => ({
  ...meta,
  uid: name,
  namespace: 'airflow',
  name,
  type: 'Warning',
  reason: 'BackOff',
  message: `message ${name}`,
  count: 1,
  lastAt: NOW - minutes * 60_000,
  regarding: { kind: 'Pod', namespace: 'airflow', name: 'web' },
  ...more,
});

const OOM = finding('oom', WEB, {
  severity: 'critical',
  title: 'web OOMKilled 4× in 6h',
  since: NOW - 2 * HOUR,
  evidence: [{ at: NOW - 2 * HOUR, text: 'main was killed at its limit of 1Gi' }, { text: 'limit is 1Gi' }],
  cause: 'the memory limit is too small',
  effect: 'the web interface is away',
  advice: ['raise the limit', 'find the leak'],
  consequences: [
    finding('svc', { kind: 'Service', namespace: 'airflow', name: 'web' }, { title: 'no endpoints' }),
  ],
});

const WORLD: World = {
  pods: [web, pod('media/jellyfin')],
  nodes: [
    node('ms-01-b', {
      unschedulable: true,
      conditions: [{ type: 'MemoryPressure', status: 'True', message: 'low' }],
    }),
  ],
  findings: [OOM],
  state: {
    events: live(
      tableOf(
        event('old', 60),
        event('new', 3, { count: 311 }),
        event('other', 1, { regarding: { kind: 'Pod', namespace: 'airflow', name: 'x' } }),
      ),
    ),
    pvcs: live(tableOf(claim)),
    services: live(tableOf(service)),
    endpointslices: live(
      tableOf({
        ...meta,
        uid: 's',
        namespace: 'airflow',
        name: 'web-1',
        service: 'web',
        ready: 0,
        notReady: 1,
      }),
    ),
  },
};

const text = (lines: readonly string[]) => lines.map((line) => line.trim());
const explain = (ref: ObjectRef, world = WORLD) => text(explainLines(screen(world), ref));
const details = (ref: ObjectRef, world = WORLD) => text(detailLines(screen(world), ref));

describe('explain', () => {
  test('a pod says what its containers do and how they ended, then its findings, then what to press', () => {
    const lines = explain(WEB);
    expect(lines).toEqual(
      expect.arrayContaining([
        'Pod airflow/web',
        'container main runs but is not ready: its readiness probe fails',
        'container main restarted 98 times; its last run ended 2h ago: OOMKilled, exit code 137, after 1h; its memory limit is 1Gi',
        'container proxy waits: ImagePullBackOff (tag not found)',
        '✗ critical: web OOMKilled 4× in 6h',
        'limit is 1Gi',
        'the memory limit is too small',
        'the web interface is away',
        '▲ warning: no endpoints',
        '1. raise the limit',
        '2. find the leak',
        'l shows its logs, p those from before the last restart',
      ]),
    );
  });

  test('a healthy pod says so', () => {
    const lines = explain({ kind: 'Pod', namespace: 'media', name: 'jellyfin' });
    expect(lines).toContain('✓ ok: nothing is known to be wrong');
    expect(lines).toContain('no container waits, has failed or has restarted');
  });

  test('a node says what is bad about it, and offers no logs', () => {
    const lines = explain({ kind: 'Node', name: 'ms-01-b' });
    expect(lines).toContain('it is cordoned: no new pods are placed on it');
    expect(lines).toContain('MemoryPressure True  low');
    expect(lines).not.toContainEqual(expect.stringMatching(/logs/));
  });

  test('a finding says why, and that it is gone when it is', () => {
    expect(explain({ kind: 'Finding', name: 'oom' })).toContain('1. raise the limit');
    expect(explain({ kind: 'Finding', name: 'over' })).toEqual([
      'this finding is gone: its trouble has ended',
    ]);
  });
});

describe('details', () => {
  test('a pod tells all that is known', () => {
    expect(details(WEB)).toEqual(
      expect.arrayContaining([
        'node         ms-01-b',
        'ip           10.42.0.7',
        'qos          Burstable',
        'labels       app=web',
        'last run     ended 2h ago: OOMKilled, exit code 137, after 1h',
        'limits       memory 1Gi',
        'requests     not set',
        'probes       readiness',
        'image        registry/proxy:v1.31.3',
        'Ready False for 1h  ContainersNotReady',
        'data: Bound, volume pvc-1, class ceph-block',
        'web: 0 endpoints ready, 1 not ready',
        '✗ critical: web OOMKilled 4× in 6h',
      ]),
    );
  });

  test('events are those of the object, newest first', () => {
    const lines = details(WEB);
    const from = lines.indexOf('Events');
    expect(lines.slice(from + 1)).toEqual([
      '3m  Warning  BackOff ×311  message new',
      '1h  Warning  BackOff       message old',
    ]);
  });

  test('no events is only said when events were read', () => {
    const jellyfin = { kind: 'Pod', namespace: 'media', name: 'jellyfin' };
    expect(details(jellyfin).at(-1)).toMatch(/^no events/);
    expect(details(jellyfin, { pods: WORLD.pods ?? [] }).at(-1)).toBe('events are still being read');
  });

  test('a claim names the pods that use it', () => {
    const lines = details({ kind: 'PersistentVolumeClaim', namespace: 'airflow', name: 'data' });
    expect(lines).toEqual(
      expect.arrayContaining(['phase        Bound', 'requested    10Gi', 'Pod airflow/web']),
    );
  });

  test('an object that left is gone, one that was never read is not', () => {
    const gone = { kind: 'Pod', namespace: 'airflow', name: 'gone' };
    expect(details(gone)).toContain('it is no longer in the cluster');
    expect(details(gone, { state: { pods: { status: 'pending' } } })).toContain('pods are still being read');
    const error = { kind: 'forbidden', message: 'no right to list' } as const;
    expect(details(gone, { state: { pods: { status: 'failed', error } } })).toContain(
      'pods could not be read: no right to list',
    );
  });

  test('a finding about our own reading shows how that source is doing', () => {
    const error = { kind: 'forbidden', message: 'no right to list', fix: 'bind a role' } as const;
    const unread = finding('unread', { kind: 'Console', name: 'pods' });
    const world = { findings: [unread], state: { pods: { status: 'failed', error } } } as const;
    const lines = details({ kind: 'Finding', name: 'unread' }, world);
    expect(lines).toEqual(
      expect.arrayContaining(['pods            failed', 'forbidden: no right to list', 'fix: bind a role']),
    );
    expect(lines).not.toContain('Events');
  });

  test('old knowledge says how old it is', () => {
    const error = { kind: 'unreachable', message: 'refused' } as const;
    const pods = { status: 'stale', data: tableOf(web), observedAt: NOW - 6 * 60_000, error } as const;
    expect(details(WEB, { state: { pods } })).toContain('? last known state, read 6m ago: refused');
    expect(explain(WEB, { state: { pods } })).toContain('? last known state, read 6m ago: refused');
  });
});

test('the collector log says how each source is doing, and what to do about a failure', () => {
  const error = {
    kind: 'forbidden',
    message: 'cannot list pods',
    missing: 'the pod list',
    fix: 'bind ClusterRole view',
    attempt: 4,
    nextTryAt: NOW + 28_000,
  } as const;
  const model = screen(
    { state: { pods: { status: 'failed', error } } },
    {},
    { log: [{ at: NOW, text: 'began' }] },
  );
  expect(text(collectorLines(model))).toEqual(
    expect.arrayContaining([
      'nodes           live 1s',
      'events          starting',
      'pods            failed',
      'forbidden: cannot list pods',
      'what you miss: the pod list',
      'fix: bind ClusterRole view',
      'next try in 28s (attempt 4)',
      expect.stringMatching(/^\d\d:\d\d:\d\d {2}began$/),
    ]),
  );
});
