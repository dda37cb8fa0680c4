import { describe, expect, test } from 'vitest';
import { paletteEntries } from '../../src/views/palette.ts';
import { finding, onList, pod, pressed, screen, toast, WORLD } from '../support/interaction.ts';

const list = onList(screen(), 'nodes/pods', 'airflow/web');
const found = (text: string, from = list) => paletteEntries(pressed(from, [':', ...text]).model);
const labels = (text: string) => found(text).map(({ label }) => label);
const go = (text: string, from = list) => pressed(from, [':', ...text, 'enter']);

test('offers tabs, lists, commands, contexts and namespaces before anything is typed', () => {
  expect(labels('')).toEqual(
    expect.arrayContaining(['triage', 'nodes', 'pods', 'workloads', 'freeze', 'ctx lab', 'ns media']),
  );
});

test.each([
  ['pods', 'pods'],
  ['work', 'workloads'],
  ['ctx lab', 'ctx lab'],
  ['ns med', 'ns media'],
  ['jelly', 'media/jellyfin'],
  ['ms-01-b', 'ms-01-b'],
  ['frz', 'freeze'], // letters in order
  ['TRIAGE', 'triage'],
])('%j finds %s first', (text, label) => {
  expect(labels(text)[0]).toBe(label);
});

test('ranks whole names before beginnings, before beginnings of parts, before the rest', () => {
  const pods = ['a/xweb', 'a/web-1', 'web/x'].map((key) => pod(key));
  const from = onList(screen({ pods }), 'nodes/pods');
  const names = found('web', from).filter(({ detail }) => detail === 'pod');
  expect(names.map(({ label }) => label)).toEqual(['web/x', 'a/web-1', 'a/xweb']);
});

test('stays short however many objects match', () => {
  const pods = Array.from({ length: 2000 }, (_, index) => pod(`load/pod-${index}`));
  expect(found('pod', onList(screen({ pods }), 'nodes/pods')).length).toBeLessThanOrEqual(50);
});

describe('choosing', () => {
  test('a tab or list goes there', () => {
    expect(go('triage').ui.tab).toBe('triage');
    const workloads = go('workloads', screen());
    expect(workloads.ui.tab).toBe('nodes');
    expect(workloads.ui.focus.nodes).toBe('nodes/workloads');
    expect(workloads.ui.prompt).toBeUndefined();
  });

  test('an object selects it and takes away what hides it', () => {
    const hidden = onList(
      screen(WORLD, { filter: 'zzz', namespace: 'airflow', problemsOnly: true }),
      'nodes/pods',
    );
    const { ui } = go('jellyfin', hidden);
    expect(ui.lists['nodes/pods'].selected).toBe('media/jellyfin');
    expect(ui).toMatchObject({ tab: 'nodes', filter: '', namespace: '', problemsOnly: false });
  });

  test('an object that is visible leaves the filter alone', () => {
    expect(go('jellyfin', onList(screen(WORLD, { filter: 'jelly' }), 'nodes/pods')).ui.filter).toBe('jelly');
  });

  test('a finding whose id has colons is found', () => {
    const odd = screen({
      findings: [finding('PodOOM:airflow/web:c', { kind: 'Pod', name: 'web' }, { title: 'odd one' })],
    });
    expect(go('odd', odd).ui.lists['triage/findings'].selected).toBe('PodOOM:airflow/web:c');
  });

  test('a command runs as if its key were pressed', () => {
    expect(go('describe').effects).toMatchObject([{ type: 'load', kind: 'describe', ref: { name: 'web' } }]);
    expect(go('freeze').ui.frozenAt).toBeDefined();
    expect(go('quit').effects).toEqual([{ type: 'quit' }]);
  });

  test('a namespace or context goes there', () => {
    expect(go('ns media').ui.namespace).toBe('media');
    expect(go('ctx lab').effects).toEqual([{ type: 'context', name: 'lab' }]);
  });

  test('from within a text it closes that text', () => {
    const { ui, effects } = go('triage', pressed(list, ['y']).model);
    expect(ui.viewers).toEqual([]);
    expect(effects).toEqual([{ type: 'close-viewer' }]);
  });

  test('what is disabled says why and stays open', () => {
    const node = onList(screen(), 'nodes/nodes', 'ms-01-a');
    expect(found('logs', node)[0]).toMatchObject({
      disabled: 'a Node has no logs: choose a pod or workload',
    });
    const { ui, effects } = go('logs', node);
    expect(effects).toEqual([]);
    expect(ui.prompt?.text).toBe('logs');
    expect(toast(ui)).toBe('a Node has no logs: choose a pod or workload');
  });

  test('nothing found runs nothing', () => {
    const { ui, effects } = go('qqqq');
    expect(effects).toEqual([]);
    expect(toast(ui)).toBe('nothing matches: esc closes');
  });

  test('the cursor walks the entries', () => {
    const second = labels('ns')[1];
    const { ui } = pressed(list, [':', 'n', 's', 'down', 'enter']);
    expect(`ns ${ui.namespace}`).toBe(second);
  });

  test('escape leaves everything as it was', () => {
    expect(pressed(list, [':', ...'ctx lab', 'escape']).ui).toEqual(list.ui);
  });
});
