/** A hand-made verdict for the printers, with text chosen to break careless ones. */
import { type Report, reportOf } from '../../src/app/output/report.ts';
import type { Assessment } from '../../src/domain/assessment.ts';
import { ObjectTable } from '../../src/domain/collection.ts';
import type { Finding } from '../../src/domain/finding.ts';
import type { CollectError } from '../../src/domain/snapshot.ts';
import { type ClusterState, pendingState } from '../../src/domain/state.ts';

export const NOW = Date.UTC(2025, 5, 11, 12, 0, 0);
const HOUR = 3_600_000;

export const HOSTILE = 'a|b `c` <img src=x onerror=1> "q" \\ @team #12 [x](http://evil) **b** & ]]> {y}';

export function finding(overrides: Partial<Finding> = {}): Finding {
  return {
    id: 'pod-oom/Pod/airflow/webserver-0',
    code: 'pod-oom',
    severity: 'warning',
    area: 'pods',
    title: 'airflow-webserver OOMKilled, 98 restarts',
    subject: { kind: 'Pod', namespace: 'airflow', name: 'webserver-0' },
    scope: 'airflow',
    since: NOW - 2 * HOUR,
    evidence: [{ at: NOW - HOUR, text: 'last state: terminated, OOMKilled, exit code 137' }],
    cause: 'memory limit 2Gi is too small',
    effect: 'the web UI restarts',
    advice: ['raise the memory limit'],
    remediations: [],
    consequences: [],
    ...overrides,
  };
}

export function assessment(overrides: Partial<Assessment> = {}): Assessment {
  const tally = { ok: 3, total: 3, severity: 'ok' } as const;
  return {
    at: NOW,
    findings: [
      finding({
        id: 'node-down',
        code: 'node-down',
        severity: 'critical',
        area: 'nodes',
        title: 'node ms-01-b stopped reporting',
        subject: { kind: 'Node', name: 'ms-01-b' },
        consequences: [finding({ id: 'nested', code: 'pod-lost', title: 'pod lost its node' })],
      }),
      finding(),
      finding({
        id: 'hostile',
        code: 'event',
        severity: 'unknown',
        area: 'storage',
        title: HOSTILE,
        subject: { kind: 'Pvc', namespace: 'x', name: HOSTILE },
        evidence: [{ text: HOSTILE }],
        cause: HOSTILE,
        advice: [HOSTILE],
      }),
    ],
    counts: { critical: 1, warning: 2, unknown: 1, info: 0 },
    score: {
      value: 93,
      losses: [{ component: 'pods', points: 7, why: '3 of 57 pods have problems', bad: 3, total: 57 }],
      unknown: ['podUsage'],
    },
    nodes: tally,
    pods: { ok: 54, total: 57, severity: 'warning' },
    workloads: tally,
    volumes: { ok: 0, total: 0, severity: 'unknown', why: 'not permitted' },
    services: tally,
    coverage: { total: 60, cpuRequest: 60, memoryRequest: 59, cpuLimit: 40, memoryLimit: 58, missing: [] },
    topRestarts: [
      { ref: { kind: 'Deployment', namespace: 'airflow', name: 'web"server\\' }, recent: 4, total: 98 },
    ],
    restartWindowMs: 24 * HOUR,
    capacity: { allocatable: { cpu: 60, memory: 288 * 2 ** 30 }, requested: { cpu: 20 }, limits: {} },
    ...overrides,
  };
}

const refused: CollectError = {
  kind: 'forbidden',
  message: 'persistentvolumeclaims is forbidden',
  fix: 'grant list and watch on persistentvolumeclaims',
};

export function clusterState(): ClusterState {
  const live = <T>(data: T) => ({ status: 'live', data, observedAt: NOW - 1_000 }) as const;
  return {
    ...pendingState(),
    server: live({ version: 'v1.33.1', clockSkewMs: 0 }),
    nodes: live(new ObjectTable()),
    pods: {
      status: 'stale',
      data: new ObjectTable(),
      observedAt: NOW - 60_000,
      error: { kind: 'timeout', message: 'no answer' },
    },
    pvcs: { status: 'failed', error: refused },
    pvs: { status: 'failed', error: refused },
    nodeUsage: { status: 'absent', reason: 'metrics.k8s.io is not installed' },
  };
}

export const TARGET = { context: 'talos-home', server: 'https://kube.home.example:6443' };

export function report(overrides: Partial<Assessment> = {}): Report {
  return reportOf({
    target: TARGET,
    state: clusterState(),
    assessment: assessment(overrides),
    areas: ['nodes', 'pods', 'storage', 'network'],
    sources: ['server', 'nodes', 'pods', 'pvcs', 'pvs', 'nodeUsage'],
    exitCode: 2,
  });
}

/** Fails on any control byte but newline; every printer's output must pass. */
export const CONTROL_BYTES = /[\0-\x09\x0b-\x1f\x7f-\x9f]/;
