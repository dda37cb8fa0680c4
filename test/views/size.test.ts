import fc from 'fast-check';
import stringWidth from 'string-width';
import { describe, expect, it } from 'vitest';
import { clean } from '../../src/domain/text.ts';
import type { ScreenModel } from '../../src/views/model.ts';
import { container, live, NOW, node, pod, status, table, workload } from '../domain/build.ts';
import { finding, model, session, starting, ui } from '../support/model.ts';
import { ASCII, rowsOf, UNICODE } from './draw.ts';
import { homelab, homelabSources } from './homelab.ts';

const CAPS = [UNICODE, ASCII, { ...UNICODE, screenReader: true }];

function expectToFit(model: ScreenModel): void {
  for (const caps of CAPS) {
    const rows = rowsOf(model, caps);
    expect(rows).toHaveLength(Math.max(0, model.rows - 1));
    for (const row of rows) expect(stringWidth(row), JSON.stringify(row)).toBeLessThanOrEqual(model.columns);
  }
}

/** Any text that can come out of the collectors, wide, joined and zero-width characters included. */
const anyText = fc
  .oneof(
    fc.string({ unit: 'grapheme', maxLength: 60 }),
    fc.string({ unit: 'binary', maxLength: 60 }),
    fc.stringMatching(/^[a-z0-9-]{1,253}$/),
    fc.constantFrom('日本語のポッド名', '👩‍👩‍👧‍👦👩‍👩‍👧‍👦', 'e\u0301\u0301\u0301', 'ﷺ', '🇩🇪🇫🇷'),
  )
  .map((text) => clean(text));

function hostile(name: string, text: string): Parameters<typeof model>[0] {
  return {
    nodes: [
      {
        object: node(name, { roles: [text], osImage: text }),
        row: { status: text, note: text, severity: 'warning' },
      },
    ],
    pods: [
      {
        object: pod(name, {
          namespace: text,
          nodeName: name,
          containers: [container(text)],
          statuses: [status(text, { state: { kind: 'waiting', reason: text, message: text } })],
        }),
        row: {
          status: text,
          note: text,
          ready: text,
          severity: 'critical',
          restarts: 1e6,
          recentRestarts: 9999,
        },
      },
    ],
    workloads: [{ object: workload(name, { namespace: text }), row: { note: text, status: text } }],
    assessment: {
      findings: [
        finding(text, {
          scope: text,
          subject: { kind: 'Pod', namespace: text, name },
          evidence: [{ at: NOW, text }, { text: name }],
          cause: text,
          effect: name,
          advice: [text, name],
          consequences: [finding(name)],
        }),
      ],
      counts: { critical: 1e6, warning: 1e6, unknown: 1e6, info: 0 },
      score: {
        value: 1,
        losses: [{ component: text, points: 99, why: text, bad: 1, total: 1 }],
        unknown: [text],
      },
      nodes: { ok: 1e6, total: 1e7, severity: 'warning', why: text },
      pods: { ok: 1e6, total: 1e7, severity: 'unknown', why: name },
      coverage: {
        total: 1,
        cpuRequest: 0,
        memoryRequest: 0,
        cpuLimit: 0,
        memoryLimit: 0,
        missing: [{ workload: { kind: text, namespace: text, name }, container: text, lacks: [text] }],
      },
      topRestarts: [{ ref: { kind: text, namespace: text, name }, recent: 1e6, total: 1e9 }],
      capacity: { allocatable: { cpu: 1e9, memory: 1 }, requested: { cpu: 1, memory: 1e12 }, limits: {} },
    },
  };
}

describe('every frame fits its terminal', () => {
  it('for every size from 1x1 to 250x80', () => {
    const size = fc.record({
      columns: fc.integer({ min: 1, max: 250 }),
      rows: fc.integer({ min: 1, max: 80 }),
    });
    fc.assert(
      fc.property(size, fc.constantFrom('triage', 'nodes'), ({ columns, rows }, tab) => {
        expectToFit(model(homelab, { columns, rows, ui: ui({ tab }), state: homelabSources }));
        expectToFit(starting({ columns, rows, ui: ui({ tab }) }));
      }),
      { numRuns: 60 },
    );
  });

  it('at the sizes where layouts change', () => {
    for (const columns of [0, 1, 5, 59, 60, 75, 76, 79, 80, 109, 110, 159, 160]) {
      for (const rows of [0, 1, 2, 15, 16, 17, 32, 33, 49, 50]) {
        for (const tab of ['triage', 'nodes'] as const) {
          expectToFit(model(homelab, { columns, rows, ui: ui({ tab }), state: homelabSources }));
        }
      }
    }
  });

  it('whatever names and messages the cluster sends', () => {
    const focus = fc.constantFrom('nodes/nodes', 'nodes/pods', 'nodes/workloads');
    const columns = fc.constantFrom(60, 80, 120, 200);
    fc.assert(
      fc.property(
        anyText,
        anyText,
        columns,
        fc.constantFrom('triage', 'nodes'),
        focus,
        (name, text, width, tab, list) => {
          expectToFit(
            model(hostile(name, text), {
              columns: width,
              rows: 30,
              session: { ...session, context: text, insecure: true, demo: true },
              ui: ui({
                tab,
                focus: { triage: 'triage/findings', nodes: list },
                toast: { text, error: true, until: NOW + 1 },
              }),
            }),
          );
        },
      ),
      { numRuns: 150 },
    );
  });

  it('whatever a viewer shows', () => {
    fc.assert(
      fc.property(fc.array(anyText), fc.boolean(), anyText, (lines, wrap, search) => {
        const viewer = { kind: 'logs', title: search, top: 0, wrap, search } as const;
        expectToFit(
          model(homelab, {
            ui: ui({ viewers: [viewer] }),
            viewerContent: { status: 'ready', lines, note: search, dropped: 3 },
          }),
        );
      }),
      { numRuns: 80 },
    );
  });

  it('whatever is typed into a prompt', () => {
    fc.assert(
      fc.property(anyText, fc.constantFrom('filter', 'palette'), (text, kind) => {
        expectToFit(model(homelab, { ui: ui({ prompt: { kind, text, index: 0 } }), state: homelabSources }));
      }),
      { numRuns: 60 },
    );
  });
});

describe('a large cluster', () => {
  it('formats only the pods that are visible', () => {
    const pods = Array.from({ length: 100_000 }, (_, index) => pod(`p${String(index).padStart(6, '0')}`));
    const big = model({}, { ui: ui({ tab: 'nodes' }), state: { pods: live(table(...pods)) } });
    let judged = 0;
    const judge = {
      ...big.judge,
      podRow: (item: (typeof pods)[number]) => {
        judged += 1;
        return big.judge.podRow(item);
      },
    };
    expect(rowsOf({ ...big, judge }).join('\n')).toContain('Pods 100,000');
    expect(judged).toBeLessThan(200);
  });
});
