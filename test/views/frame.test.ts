import { describe, expect, it } from 'vitest';
import type { LeaseInfo } from '../../src/domain/kinds.ts';
import type { CollectError } from '../../src/domain/snapshot.ts';
import type { ScreenModel, UiState } from '../../src/views/model.ts';
import { live, MINUTE, NOW, node, pod, SECOND, table } from '../domain/build.ts';
import { finding, model, session, starting, ui } from '../support/model.ts';
import { ASCII, rowsOf, screen, UNICODE } from './draw.ts';
import { homelab, homelabSources } from './homelab.ts';

const onNodes = (more: Partial<UiState> = {}) => ui({ tab: 'nodes', ...more });

function lab(more: Partial<Omit<ScreenModel, 'judge' | 'state'>> = {}): ScreenModel {
  return model(homelab, { state: homelabSources, ...more });
}

const forbidden: CollectError = {
  kind: 'forbidden',
  message: 'cannot list pods at cluster scope',
  missing: 'pods, restarts and everything judged from them',
  fix: 'bind ClusterRole homelab-top-read, then ctrl-r',
  attempt: 4,
  nextTryAt: NOW + 28 * SECOND,
};

const unreachable: CollectError = {
  kind: 'unreachable',
  message: 'connect ETIMEDOUT 10.0.0.10:6443',
  nextTryAt: NOW + 8 * SECOND,
};

describe('whole frames', () => {
  const sizes = [
    [60, 20],
    [80, 24],
    [120, 36],
    [200, 60],
  ] as const;
  for (const [columns, rows] of sizes) {
    for (const tab of ['triage', 'nodes'] as const) {
      it(`${tab} at ${columns}x${rows}`, () => {
        const shown = lab({ columns, rows, ui: ui({ tab }) });
        expect(screen(shown)).toMatchSnapshot('unicode');
        expect(screen(shown, ASCII)).toMatchSnapshot('ascii');
      });
    }
  }

  it('has the same layout in ASCII as in Unicode', () => {
    const shown = lab({ columns: 120, rows: 36, ui: onNodes() });
    const widths = (caps: typeof ASCII) =>
      rowsOf(shown, caps)
        .slice(0, -1)
        .map((row) => row.length);
    expect(widths(ASCII)).toEqual(widths(UNICODE));
    expect(screen(shown, ASCII)).toMatch(/^[\x20-\x7e\n]*$/);
  });
});

describe('header', () => {
  it('marks what one must not overlook', () => {
    const shown = lab({
      columns: 120,
      session: { ...session, mode: 'READ-ONLY', insecure: true },
      ui: ui({ frozenAt: NOW }),
    });
    expect(rowsOf(shown)[0]).toMatch(/talos-home {2}READ-ONLY INSECURE TLS FROZEN /);
  });

  it('marks the embedded homelab, whose plain HTTP never leaves the machine', () => {
    const shown = lab({ session: { ...session, mode: 'READ-ONLY', demo: true, insecure: true } });
    expect(rowsOf(shown)[0]).toMatch(/talos-home {2}READ-ONLY DEMO {3}/);
  });

  it('says since when the API is lost and when it is tried again', () => {
    const lost = { status: 'lost', since: NOW - 42 * SECOND, error: unreachable } as const;
    const [head = ''] = rowsOf(lab({ columns: 120, connection: lost }));
    expect(head).toContain('API ✗ unreachable 42s, retry in 8s');
    expect(rowsOf(lab({ connection: lost })).at(-2)).toContain('▲ API lost 42s, retry in 8s');
  });

  it('shows no score while it is unknown', () => {
    expect(rowsOf(starting())[0]).toContain('score –');
  });

  it('cuts a long context name in the middle and keeps the counts', () => {
    const context = 'arn:aws:eks:eu-central-1:123456789012:cluster/homelab-production';
    const [head = ''] = rowsOf(lab({ session: { ...session, context } }));
    expect(head).toMatch(/^homelab-top {2}arn:.*….*duction {2}READ-WRITE {2,}✗ 1 {2}▲ 2/);
  });
});

describe('five states', () => {
  it('starting: says what is being read and since when', () => {
    const shown = starting({ ui: onNodes() });
    expect(screen(shown)).toMatchSnapshot();
    expect(screen(shown)).toContain('reading pods');
    expect(screen(starting())).toContain('reading nodes and pods');
    expect(screen(starting())).not.toContain('nothing wrong');
  });

  it('stale: keeps the rows, but none of them looks healthy', () => {
    const stale = {
      status: 'stale',
      observedAt: NOW - 6 * MINUTE - 12 * SECOND,
      error: unreachable,
    } as const;
    const shown = model(
      { nodes: [{ object: node('ms-01-a') }] },
      { ui: onNodes(), state: { nodes: { ...stale, data: table(node('ms-01-a')) } } },
    );
    const text = screen(shown);
    expect(text).toMatchSnapshot();
    expect(text).toContain('? stale 6m 12s');
    expect(text).toMatch(/^ \? ms-01-a/m);
    expect(text).not.toMatch(/✓ ms-01-a/);
  });

  it('failed: says what is missed, the fix and the next try', () => {
    const shown = lab({ ui: onNodes() });
    const text = screen({
      ...shown,
      state: { ...shown.state, pods: { status: 'failed', error: forbidden } },
    });
    expect(text).toMatchSnapshot();
    expect(text).toContain('─ ✗ forbidden ─');
    expect(text).toContain('fix: bind ClusterRole homelab-top-read, then ctrl-r');
    expect(text).toContain('next try in 28s (attempt 4)');
  });

  it('absent: says so once', () => {
    const shown = lab({ ui: onNodes({ focus: { triage: 'triage/findings', nodes: 'nodes/workloads' } }) });
    const absent = { status: 'absent', reason: 'no API apps/v1 found' } as const;
    const state = { ...shown.state, deployments: absent, statefulsets: absent, daemonsets: absent };
    const text = screen({ ...shown, state });
    expect(text).toMatchSnapshot();
    expect(text).toContain('not installed');
    expect(text).toContain('no API apps/v1 found; this panel stays out of the score');
  });

  it('empty: says that there is nothing, and only when that is known', () => {
    const text = screen(model({ nodes: [{ object: node('ms-01-a') }] }, { ui: onNodes() }));
    expect(text).toMatchSnapshot();
    expect(text).toContain('the cluster has no pods');
  });

  it('empty because of a setting: says which, and calls only current data well', () => {
    const healthy = { nodes: [{ object: node('ms-01-a') }], pods: [{ object: pod('fine') }] };
    const shown = model(healthy, { ui: onNodes({ problemsOnly: true }) });
    expect(screen(shown)).toContain('✓ no pods need a look');
    const { pods } = shown.state;
    if (pods.status !== 'live') throw new Error('pods are live here');
    const old = {
      ...shown,
      state: { ...shown.state, pods: { ...pods, status: 'stale', error: unreachable } },
    };
    expect(screen(old as ScreenModel)).toContain('? no pods needed a look when last read');
    const filtered = model(healthy, { ui: onNodes({ filter: 'zzz', namespace: 'default' }) });
    expect(screen(filtered)).toContain('no pods in default match /zzz; esc clears the filter');
  });

  it('shows the sources it has when another one of the same list fails', () => {
    const shown = lab({ ui: onNodes({ focus: { triage: 'triage/findings', nodes: 'nodes/workloads' } }) });
    const text = screen({
      ...shown,
      state: { ...shown.state, statefulsets: { status: 'failed', error: forbidden } },
    });
    expect(text).toContain('airflow/airflow-webserver');
    expect(text).toContain('✗ forbidden');
  });
});

describe('triage', () => {
  it('says why it knows nothing when the API was never reached', () => {
    const lost = { status: 'lost', since: NOW - 42 * SECOND, error: unreachable } as const;
    const text = screen(starting({ connection: lost }));
    expect(text).toContain('✗ unreachable: connect ETIMEDOUT 10.0.0.10:6443');
    expect(text).toContain('next try in 8s');
  });

  it('does not claim to be reading what it may not read', () => {
    const shown = starting({ connection: { status: 'live', since: NOW } });
    const text = screen({
      ...shown,
      state: { ...shown.state, pods: { status: 'failed', error: forbidden } },
    });
    expect(text).toContain('✗ forbidden: cannot list pods');
    expect(text).not.toContain('reading');
  });

  it('says how old the data is that the findings come from', () => {
    const shown = lab();
    const { pods } = shown.state;
    if (pods.status !== 'live') throw new Error('pods are live here');
    const stale = { ...pods, status: 'stale', observedAt: NOW - 6 * MINUTE, error: unreachable } as const;
    expect(screen({ ...shown, state: { ...shown.state, pods: stale } })).toMatch(/worst first · \? stale 6m/);
  });

  it('says that all is well only when everything was judged', () => {
    const well = model({ nodes: [{ object: node('a') }], pods: [{ object: pod('p') }] });
    expect(screen(well)).toContain('✓ nothing wrong: 1 node and 1 pod judged');
    const partly = model({
      nodes: [{ object: node('a') }],
      assessment: { score: { value: undefined, losses: [], unknown: ['pvcs'] } },
    });
    expect(screen(partly)).toContain('? nothing wrong found, but not everything could be read: pvcs');
    expect(screen(partly)).not.toContain('✓ nothing wrong');
  });

  it('explains the selected finding', () => {
    const findings = [finding('first', { cause: 'cause one' }), finding('second', { cause: 'cause two' })];
    const lists = { ...ui().lists, 'triage/findings': { selected: 'second', index: 1 } };
    const text = screen(model({ assessment: { findings } }, { ui: ui({ lists }) }));
    expect(text).toContain('likely cause  cause two');
    expect(text).not.toContain('cause one');
    expect(text).toMatch(/^▌▲ second/m);
  });

  it('counts what a finding causes beside its title', () => {
    expect(screen(lab())).toMatch(/tag not found \+2 /);
  });
});

describe('nodes', () => {
  it('says when a bar shows requests because nothing measures usage', () => {
    const row = { requested: { cpu: 10, memory: 47 * 2 ** 30 } };
    const text = screen(model({ nodes: [{ object: node('ms-01-a'), row }] }, { ui: onNodes() }));
    expect(text).toMatch(/ms-01-a .*50% req .*50% req/);
  });

  it('counts what is hidden', () => {
    const text = screen(lab({ ui: onNodes({ problemsOnly: true }) }));
    expect(text).toContain('─ 3 of 140 · ! all · live ─');
    expect(text).not.toContain('app-000');
  });

  it('keeps kubectl’s word whole and cuts the note', () => {
    expect(screen(lab({ ui: onNodes() }))).toContain('ImagePullBackOff, tag…');
  });

  it('shows the third list in place of pods, or below them on a tall screen', () => {
    const focus = { triage: 'triage/findings', nodes: 'nodes/workloads' } as const;
    const low = screen(lab({ ui: onNodes({ focus }) }));
    expect(low).toContain('─ Workloads 3 ─');
    expect(low).not.toContain('─ Pods 140 ─');
    const tall = screen(lab({ ui: onNodes(), columns: 120, rows: 60 }));
    expect(tall).toContain('─ Workloads 3 ─');
    expect(tall).toContain('─ Pods 140 ─');
  });
});

describe('screen reader', () => {
  it('reads words instead of shapes, in one column', () => {
    const reader = { ...UNICODE, screenReader: true };
    const text = screen(lab({ columns: 160, rows: 40 }), reader);
    expect(text).toMatchSnapshot();
    expect(text).toContain('selected critical  ImagePullBackOff');
    expect(text).not.toMatch(/[✗▲✓▌─│█░▁▂▃▄▅▆▇]/);
  });
});

describe('too small', () => {
  it('says what it needs, and the worst finding', () => {
    const shown = rowsOf(lab({ columns: 50, rows: 10 }));
    expect(shown[0]).toBe('too small, need 60x16, have 50x10');
    expect(shown[1]).toMatch(/^✗ ImagePullBackOff/);
    expect(shown).toHaveLength(9);
  });
});

describe('details of a pod', () => {
  const owner = { kind: 'Deployment', namespace: 'shop', name: 'web' };
  const world = (severity: 'warning' | 'ok') =>
    model(
      {
        pods: [{ object: pod('web-1', { namespace: 'shop' }), row: { severity }, owners: [owner] }],
        assessment: { findings: [finding('web is short', { subject: owner, advice: ['add memory'] })] },
      },
      { ui: onNodes() },
    );

  it('tell what is said of its workload when it is in trouble itself', () => {
    expect(screen(world('warning'))).toContain('to do      add memory');
    expect(screen(world('ok'))).not.toContain('add memory');
  });
});

describe('details of a node', () => {
  it('name the pods on it that need a look', () => {
    const on = (name: string, nodeName: string, severity: 'warning' | 'info') => ({
      object: pod(name, { nodeName }),
      row: { severity },
    });
    const shown = model(
      {
        nodes: [{ object: node('a') }],
        pods: [on('web', 'a', 'warning'), on('done', 'a', 'info'), on('db', 'b', 'warning')],
      },
      { ui: onNodes({ focus: { triage: 'triage/findings', nodes: 'nodes/nodes' } }), rows: 40 },
    );
    expect(screen(shown)).toMatch(/^ look at {4}web$/m);
  });
});

describe('data that may be old', () => {
  it('shows no node as healthy beside the findings either', () => {
    const shown = lab({ columns: 120, rows: 36 });
    const { nodes } = shown.state;
    if (nodes.status !== 'live') throw new Error('nodes are live here');
    const stale = { ...nodes, status: 'stale', error: unreachable } as const;
    const text = screen({ ...shown, state: { ...shown.state, nodes: stale } });
    expect(text).toMatch(/ms-01-a \? cpu/);
    expect(text).not.toMatch(/ms-01-. ✓ cpu/);
  });
});

describe('status row', () => {
  it('shows a toast until its time', () => {
    const toast = { text: 'sent to terminal', error: false, until: NOW + SECOND };
    expect(rowsOf(lab({ ui: ui({ toast }) })).at(-2)).toContain('✓ sent to terminal');
    expect(rowsOf(lab({ ui: ui({ toast }), now: NOW + 2 * SECOND })).at(-2)).not.toContain('sent');
  });

  it('leaves a message whole: ages give way', () => {
    const text = 'container main has not restarted: there are no previous logs of it';
    const rows = rowsOf(lab({ ui: ui({ toast: { text, error: true, until: NOW + SECOND } }) }));
    expect(rows.at(-2)).toBe(` ✗ ${text}`);
  });

  it('names a single source that is behind', () => {
    const shown = lab();
    const leases = {
      status: 'stale',
      data: table<LeaseInfo>(),
      observedAt: NOW - MINUTE,
      error: forbidden,
    } as const;
    expect(rowsOf({ ...shown, state: { ...shown.state, leases } }).at(-2)).toContain('leases ? 1m');
  });

  it('shows the age of the newest news, not of the oldest', () => {
    const shown = lab();
    const nodes = live(table(node('a')), NOW - 5 * MINUTE);
    expect(rowsOf({ ...shown, state: { ...shown.state, nodes } }).at(-2)).toContain('k8s live  ');
  });

  it('does not move while nothing happens, and counts once that is longer than usual', () => {
    const rows = (later: number) => rowsOf({ ...lab(), now: NOW + later }).join('\n');
    expect(rows(20 * SECOND)).toBe(rows(0));
    expect(rows(5 * MINUTE)).toContain('k8s live 5m');
  });
});
