import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { keyOf, ObjectTable } from '../../src/domain/collection.ts';
import type { PodInfo } from '../../src/domain/kinds.ts';
import type { ScreenModel, UiState } from '../../src/views/model.ts';
import { inOrder } from '../../src/views/ordering.ts';
import { findingRows, nodeRows, podRows, workloadRows } from '../../src/views/rows.ts';
import { HOUR, NOW, node, pod, workload } from '../domain/build.ts';
import { type Cast, finding, model, ui } from '../support/model.ts';

const cast: Cast = {
  nodes: [{ object: node('b') }, { object: node('a') }],
  pods: [
    { object: pod('web', { namespace: 'shop', createdAt: NOW - HOUR }), row: { restarts: 3 } },
    { object: pod('db', { namespace: 'shop' }), row: { severity: 'warning', restarts: 12 } },
    { object: pod('api', { namespace: 'core' }), row: { severity: 'critical', status: 'CrashLoopBackOff' } },
    { object: pod('job', { namespace: 'core' }), row: { severity: 'info', status: 'Completed' } },
    { object: pod('cache', { namespace: 'core', nodeName: 'b' }) },
  ],
  workloads: [
    { object: workload('web', { namespace: 'shop' }) },
    { object: workload('db', { namespace: 'shop', kind: 'StatefulSet' }), row: { severity: 'warning' } },
  ],
};

const nodesUi = (more: Partial<UiState> = {}) => ui({ tab: 'nodes', ...more });
const podNames = (shown: ScreenModel) => podRows(shown).map(({ id }) => id);

function sortedBy(column: string, descending: boolean): UiState['lists'] {
  return { ...ui().lists, 'nodes/pods': { index: 0, sort: { column, descending } } };
}

describe('rows', () => {
  it('puts the worst first, then goes by namespace and name', () => {
    expect(podNames(model(cast, { ui: nodesUi() }))).toEqual([
      'core/api',
      'shop/db',
      'core/job',
      'core/cache',
      'shop/web',
    ]);
    expect(nodeRows(model(cast)).map(({ id }) => id)).toEqual(['a', 'b']);
    expect(workloadRows(model(cast)).map(({ id }) => id)).toEqual([
      'StatefulSet/shop/db',
      'Deployment/shop/web',
    ]);
  });

  it('names the object of each row', () => {
    expect(podRows(model(cast))[0]?.ref).toMatchObject({ kind: 'Pod', namespace: 'core', name: 'api' });
    expect(nodeRows(model(cast))[0]?.ref).toEqual({ kind: 'Node', name: 'a', uid: 'uid--a' });
    expect(workloadRows(model(cast))[0]?.ref.kind).toBe('StatefulSet');
  });

  it('sorts by any column in both directions', () => {
    const by = (column: string, descending: boolean) =>
      podNames(model(cast, { ui: nodesUi({ lists: sortedBy(column, descending) }) }));
    expect(by('restarts', true).slice(0, 2)).toEqual(['shop/db', 'shop/web']);
    expect(by('name', false)[0]).toBe('core/api');
    expect(by('age', false)[0]).toBe('shop/web');
    expect(by('severity', false).at(-1)).toBe('core/api');
  });

  it('hides what needs no look when asked, mere information included', () => {
    expect(podNames(model(cast, { ui: nodesUi({ problemsOnly: true }) }))).toEqual(['core/api', 'shop/db']);
  });

  it('keeps to a namespace, but never hides nodes by it', () => {
    const shown = model(cast, { ui: nodesUi({ namespace: 'shop' }) });
    expect(podNames(shown)).toEqual(['shop/db', 'shop/web']);
    expect(nodeRows(shown)).toHaveLength(2);
  });

  it('filters the focused list only', () => {
    const shown = model(cast, { ui: nodesUi({ filter: 'status:crash' }) });
    expect(podNames(shown)).toEqual(['core/api']);
    expect(nodeRows(shown)).toHaveLength(2);
    expect(workloadRows(shown)).toHaveLength(2);
  });

  it('hides nothing while a filter is not valid yet', () => {
    expect(podNames(model(cast, { ui: nodesUi({ filter: 'restarts>x' }) }))).toHaveLength(5);
  });

  it('keeps findings of cluster-wide objects when a namespace is chosen', () => {
    const findings = [
      finding('of a node', { subject: { kind: 'Node', name: 'a' } }),
      finding('elsewhere', { subject: { kind: 'Pod', namespace: 'core', name: 'api' } }),
    ];
    const shown = model({ assessment: { findings } }, { ui: ui({ namespace: 'shop' }) });
    expect(findingRows(shown).map(({ id }) => id)).toEqual(['of a node']);
  });
});

describe('stability', () => {
  it('gives the same array while nothing changes', () => {
    const shown = model(cast, { ui: nodesUi() });
    expect(podRows({ ...shown, now: NOW + 1000 })).toBe(podRows(shown));
  });

  it('is not arranged anew when a new verdict says the same', () => {
    const shown = model(cast, { ui: nodesUi() });
    const before = podRows(shown);
    const judge = Object.assign(shown.judge, { assessment: { ...shown.judge.assessment, at: NOW + 1000 } });
    expect(podRows({ ...shown, judge, now: NOW + 1000 })).toBe(before);
  });

  it('follows the verdict', () => {
    const shown = model(cast, { ui: nodesUi() });
    expect(podNames(shown)[0]).toBe('core/api');
    const problemPods = () =>
      [shown.judge.podRow(pod('cache', { namespace: 'core' }))].map((row) => ({
        ...row,
        severity: 'critical' as const,
      }));
    const judge = { ...shown.judge, problemPods, assessment: { ...shown.judge.assessment } };
    expect(podNames({ ...shown, judge })[0]).toBe('core/cache');
  });

  it('follows the data', () => {
    const shown = model(cast, { ui: nodesUi() });
    expect(podNames(shown)).toHaveLength(5);
    const { pods } = shown.state;
    if (pods.status !== 'live' || !(pods.data instanceof ObjectTable)) throw new Error('no table');
    pods.data.delete('core/api');
    expect(podNames(shown)).toHaveLength(4);
  });

  it('holds rows in place while the user moves, and appends what is new', () => {
    const names = ['x', 'y', 'z'];
    const state = model({ pods: names.map((name) => ({ object: pod(name) })) });
    const held = { ...state, ui: nodesUi({ sortHeldUntil: NOW + 2000 }) };
    expect(podNames(held)).toEqual(['default/x', 'default/y', 'default/z']);
    const worse = model({
      pods: [
        { object: pod('a') },
        ...names.map((name) => ({
          object: pod(name),
          row: { severity: name === 'z' ? 'critical' : 'ok' } as const,
        })),
      ],
    });
    const later = { ...held, judge: worse.judge, state: worse.state };
    expect(podNames(later)).toEqual(['default/x', 'default/y', 'default/z', 'default/a']);
    expect(podNames({ ...later, now: NOW + 3000 })[0]).toBe('default/z');
  });
});

describe('order of a collection', () => {
  /** A change: the name is added, changed, replaced by a new object, or deleted. */
  const change = fc.record({
    name: fc.constantFrom(...'abcdefgh'),
    kind: fc.constantFrom('upsert', 'replace', 'delete'),
    look: fc.boolean(),
  });

  it('equals a plain sort after any changes', () => {
    fc.assert(
      fc.property(fc.array(change, { maxLength: 40 }), (changes) => {
        const pods = new ObjectTable<PodInfo>();
        for (const [index, { name, kind, look }] of changes.entries()) {
          const next = pod(name, kind === 'replace' ? { uid: `uid-${index}` } : {});
          if (kind === 'delete') pods.delete(keyOf(next));
          else pods.upsert(next);
          if (!look) continue;
          const expected = [...pods.values()].sort((a, b) => (keyOf(a) < keyOf(b) ? -1 : 1));
          const placed = inOrder(pods, () => 'Pod');
          expect(placed.map(({ item }) => item)).toEqual(expected);
          expect(placed.map(({ ref }) => ref.uid)).toEqual(expected.map(({ uid }) => uid));
        }
      }),
    );
  });
});
