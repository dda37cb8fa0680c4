import { describe, expect, it } from 'vitest';
import { ClusterJudge } from '../../src/domain/judge.ts';
import { type ClusterState, pendingState } from '../../src/domain/state.ts';
import type { ScreenModel, TabId } from '../../src/views/model.ts';
import {
  cluster,
  DAY,
  HOUR,
  MINUTE,
  NOW,
  node,
  pod,
  status,
  table,
  terminated,
  waiting,
} from '../domain/build.ts';
import { session, ui } from '../support/model.ts';
import { screen } from './draw.ts';

/** The screen of a state as the real rules judge it. */
function judged(state: ClusterState, tab: TabId = 'triage'): ScreenModel {
  const connection = { status: 'live', since: NOW - DAY } as const;
  const judge = new ClusterJudge();
  // Twice, because young trouble is not reported at once.
  judge.assess(state, connection, NOW - 10 * MINUTE);
  judge.assess(state, connection, NOW);
  return {
    now: NOW,
    columns: 120,
    rows: 36,
    session,
    connection,
    state,
    judge,
    ui: ui({ tab }),
    viewerContent: undefined,
    namespaces: [],
    log: [],
  };
}

const oom = pod('airflow-webserver-0', {
  namespace: 'airflow',
  statuses: [
    status('webserver', {
      restartCount: 98,
      state: { kind: 'running', startedAt: NOW - 2 * HOUR },
      lastState: terminated(137, { reason: 'OOMKilled', finishedAt: NOW - 2 * HOUR }),
    }),
  ],
});
const noImage = pod('velero-upgrade-crds', {
  namespace: 'velero',
  phase: 'Pending',
  statuses: [
    status('kubectl', {
      ready: false,
      started: false,
      state: waiting('ImagePullBackOff', 'Back-off pulling image "bitnami/kubectl:v1.31.3": not found'),
    }),
  ],
});
const sick = cluster({
  nodes: table(node('ms-01-a'), node('ms-01-b')),
  pods: table(oom, noImage, pod('fine')),
});

describe('with the real rules', () => {
  it('lists what they find and explains the worst of it', () => {
    const text = screen(judged(sick));
    expect(text).toMatch(/^[▌ ][✗▲] .*airflow-webserver.*98/m);
    expect(text).toMatch(/^[▌ ][✗▲] .*(velero-upgrade-crds|ImagePullBackOff|image)/im);
    expect(text).toMatch(/─ Why ─/);
    expect(text).not.toContain('nothing wrong');
  });

  it('shows pods as kubectl does, the worst first', () => {
    const rows = screen(judged(sick, 'nodes')).split('\n');
    const pods = rows.filter((row) => /(airflow|velero|default)\//.test(row.slice(0, 40)));
    expect(pods[0]).toMatch(/velero-upgrade-crds +0\/1 ImagePullBackOff/);
    expect(pods[1]).toMatch(/airflow-webserver-0 +1\/1 Running, .*98/);
    expect(pods[2]).toMatch(/^ ✓ default\/fine +1\/1 Running/);
  });

  it('shows nothing as healthy before anything was read', () => {
    for (const tab of ['triage', 'nodes'] as const) {
      const text = screen(judged(pendingState(), tab));
      expect(text).toContain('score –');
      expect(text).not.toContain('✓');
    }
  });
});
