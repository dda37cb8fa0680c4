import { describe, expect, test } from 'vitest';
import type { KeyPress, ScreenModel, ViewerContent } from '../../src/views/model.ts';
import { pickerEntries } from '../../src/views/pickers.ts';
import {
  finding,
  NOW,
  node,
  onList,
  pod,
  pressed,
  running,
  screen,
  toast,
  WORLD,
} from '../support/interaction.ts';

const pods = (selected?: string, index = 0): ScreenModel => onList(screen(), 'nodes/pods', selected, index);
const selectedPod = (model: ScreenModel) => model.ui.lists['nodes/pods'].selected;

describe('moving', () => {
  test.each([
    [['down'], 'media/jellyfin'],
    [['j', 'j'], 'velero/upgrade'],
    [['j', 'j', 'j', 'j'], 'velero/upgrade'],
    [['down', 'up', 'k'], 'airflow/web'],
    [['G'], 'velero/upgrade'],
    [['end', 'home'], 'airflow/web'],
    [['G', 'g'], 'airflow/web'],
    [['pagedown'], 'velero/upgrade'],
    [['G', 'pageup'], 'airflow/web'],
  ])('%j leads to %s', (keys, expected) => {
    expect(selectedPod(pressed(pods(), keys).model)).toBe(expected);
  });

  test('holds the order for two seconds', () => {
    expect(pressed(pods(), ['down'], NOW + 500).ui.sortHeldUntil).toBe(NOW + 2500);
  });

  test('stays on the object when rows change their places', () => {
    const reordered = screen({ ...WORLD, pods: [...WORLD.pods].reverse() }, pods('airflow/web', 0).ui);
    expect(selectedPod(pressed(reordered, ['up']).model)).toBe('media/jellyfin');
  });

  test('goes on from the old place when the object is gone', () => {
    expect(selectedPod(pressed(pods('media/gone', 1), ['down']).model)).toBe('velero/upgrade');
  });

  test('in an empty list selects nothing', () => {
    const empty = onList(screen({}), 'nodes/pods', 'a/b', 3);
    expect(pressed(empty, ['down']).ui.lists['nodes/pods']).toEqual({ index: 0 });
  });
});

describe('tabs and lists', () => {
  test('a digit shows that tab', () => {
    expect(pressed(screen(), ['2']).ui.tab).toBe('nodes');
    const none = pressed(screen(), ['7']);
    expect(none.ui.tab).toBe('triage');
    expect(toast(none.ui)).toBe('there is no tab 7');
  });

  test('tab walks the lists of the tab in a ring', () => {
    const focus = (keys: string[]) => pressed(pods(), keys).ui.focus.nodes;
    expect(focus(['tab'])).toBe('nodes/workloads');
    expect(focus(['tab', 'tab'])).toBe('nodes/nodes');
    expect(focus(['shift-tab'])).toBe('nodes/nodes');
    expect(toast(pressed(screen(), ['tab']).ui)).toBe('this tab has one list');
  });
});

describe('commands on the selected object', () => {
  const web = { kind: 'Pod', namespace: 'airflow', name: 'web', uid: 'uid-airflow/web' };

  test.each([
    ['d', 'describe'],
    ['y', 'yaml'],
    ['Y', 'yaml'],
  ] as const)('%s loads %s of it', (key, kind) => {
    const { effects, ui } = pressed(pods('airflow/web'), [key]);
    expect(effects).toEqual([{ type: 'load', kind, ref: web }]);
    expect(ui.viewers).toMatchObject([{ kind, ref: web, top: 0 }]);
  });

  test('e opens the events that were read already', () => {
    const { effects, ui } = pressed(pods('airflow/web'), ['e']);
    expect(effects).toEqual([]);
    expect(ui.viewers).toMatchObject([{ kind: 'events', ref: web, top: 0 }]);
  });

  test('l opens the container in trouble and follows it', () => {
    const { effects, ui } = pressed(pods('airflow/web'), ['l']);
    expect(effects).toEqual([{ type: 'logs', ref: web, container: 'proxy', previous: false }]);
    expect(ui.viewers).toMatchObject([{ kind: 'logs', follow: true, containers: ['main', 'proxy'] }]);
  });

  test('p opens the run before the last restart, at its end', () => {
    const { effects, ui } = pressed(pods('airflow/web'), ['p']);
    expect(effects).toEqual([{ type: 'logs', ref: web, container: 'proxy', previous: true }]);
    expect(ui.viewers).toMatchObject([{ kind: 'logs', follow: true, previous: true }]);
  });

  test('p says that nothing restarted', () => {
    const { effects, ui } = pressed(pods('media/jellyfin', 1), ['p']);
    expect(effects).toEqual([]);
    expect(toast(ui)).toBe('container main has not restarted: there are no previous logs');
  });

  test('logs of a workload are those of its worst pod, of a finding those of its subject', () => {
    const workload = pressed(onList(screen(), 'nodes/workloads', 'Deployment/airflow/web'), ['l']);
    expect(workload.effects).toMatchObject([{ type: 'logs', ref: { name: 'web' }, container: 'proxy' }]);
    const trouble = pressed(onList(screen(), 'triage/findings', 'oom'), ['l']);
    expect(trouble.effects).toMatchObject([{ type: 'logs', ref: { name: 'web' }, container: 'proxy' }]);
  });

  test('a node has no logs', () => {
    const { effects, ui } = pressed(onList(screen(), 'nodes/nodes', 'ms-01-a'), ['l']);
    expect(effects).toEqual([]);
    expect(toast(ui)).toBe('a Node has no logs: choose a pod or workload');
  });

  test('a finding about our own reading has nothing to read in the cluster', () => {
    const unread = screen({ findings: [finding('unread', { kind: 'Console', name: 'pods' })] });
    for (const key of ['d', 'y', 'e', 'l', 'p']) {
      const { effects, ui } = pressed(unread, [key]);
      expect(effects).toEqual([]);
      expect(toast(ui)).toBe('this is about no single object of the cluster');
    }
    expect(pressed(unread, ['enter']).ui.viewers).toMatchObject([{ kind: 'details' }]);
  });

  test('enter and x open texts that need no cluster', () => {
    const { effects, ui } = pressed(pods('airflow/web'), ['enter', 'x']);
    expect(effects).toEqual([]);
    expect(ui.viewers.map(({ kind, ref }) => [kind, ref?.name])).toEqual([
      ['details', 'web'],
      ['explain', 'web'],
    ]);
  });

  test('c copies the name', () => {
    const { effects } = pressed(pods('airflow/web'), ['c']);
    expect(effects).toEqual([{ type: 'copy', text: 'web', label: 'name of Pod web' }]);
  });

  test.each(['enter', 'x', 'l', 'p', 'd', 'y', 'e', 'c'])(
    '%s never runs on another object than the one selected',
    (key) => {
      const { effects, ui } = pressed(pods('media/gone', 1), [key]);
      expect(effects).toEqual([]);
      expect(ui.viewers).toEqual([]);
      expect(toast(ui)).toBe('the selected object is gone: the cursor is now on another one');
      expect(ui.lists['nodes/pods']).toEqual({ selected: 'media/jellyfin', index: 1 });
    },
  );

  test('a second press runs on the row the cursor fell to', () => {
    expect(pressed(pods('media/gone', 1), ['d', 'd']).effects).toMatchObject([{ ref: { name: 'jellyfin' } }]);
  });

  test('the object is that of the screen given with the key, however fast keys come', () => {
    expect(pressed(pods('airflow/web'), ['down', 'd']).effects).toMatchObject([
      { ref: { name: 'jellyfin' } },
    ]);
  });

  test('in a text, commands act on the object of that text', () => {
    const { effects } = pressed(pods('airflow/web'), ['d', 'y']);
    expect(effects).toMatchObject([
      { kind: 'describe', ref: web },
      { kind: 'yaml', ref: web },
    ]);
  });

  test('a text about a finding acts on its subject', () => {
    const { effects } = pressed(onList(screen(), 'triage/findings', 'oom'), ['enter', 'd']);
    expect(effects).toMatchObject([{ kind: 'describe', ref: { kind: 'Pod', name: 'web' } }]);
  });
});

describe('text views', () => {
  const content = (count: number, more: Partial<ViewerContent> = {}): ViewerContent => ({
    status: 'ready',
    lines: Array.from({ length: count }, (_, index) => `line ${index}`),
    ...more,
  });
  /** 24 rows leave 18 for text. */
  const logs = (text: ViewerContent) => ({
    ...pressed(pods('airflow/web'), ['l']).model,
    viewerContent: text,
  });
  const yaml = (text: ViewerContent) => ({
    ...pressed(pods('airflow/web'), ['y']).model,
    viewerContent: text,
  });
  const top = (model: ScreenModel) => model.ui.viewers.at(-1)?.top;

  test.each([
    [['down'], 1],
    [['up'], 0],
    [['pagedown'], 17],
    [['G'], 82],
    [['G', 'down'], 82],
    [['G', 'k'], 81],
    [['G', 'g'], 0],
  ])('%j scrolls to line %i', (keys, expected) => {
    expect(top(pressed(yaml(content(100)), keys).model)).toBe(expected);
  });

  test('a text that fits does not scroll', () => {
    expect(top(pressed(yaml(content(5)), ['down', 'G', 'pagedown']).model)).toBe(0);
  });

  test('logs stop following when scrolled up and follow again at the end', () => {
    const up = pressed(logs(content(100)), ['up']);
    expect(up.ui.viewers.at(-1)).toMatchObject({ follow: false, top: 81 });
    expect(pressed(up.model, ['G']).ui.viewers.at(-1)).toMatchObject({ follow: true });
    expect(pressed(up.model, ['f']).ui.viewers.at(-1)).toMatchObject({ follow: true });
    expect(pressed(logs(content(100)), ['f']).ui.viewers.at(-1)).toMatchObject({ follow: false, top: 82 });
  });

  test('lines that drop out of the buffer do not move the reader', () => {
    const still = pressed(logs(content(100)), ['f']).model;
    const later = { ...still, viewerContent: content(100, { dropped: 40 }) };
    expect(top(pressed(later, ['down']).model)).toBe(83);
    expect(top(pressed(later, ['g']).model)).toBe(40);
  });

  test('search jumps to matches, around the end and back', () => {
    const found = pressed(yaml(content(100)), ['/', '9', '9', 'enter']);
    expect(found.ui.viewers.at(-1)).toMatchObject({ search: '99', match: 99, top: 82 });
    const two = pressed(yaml(content(100)), ['/', ...'~line .1$', 'enter']);
    expect(two.ui.viewers.at(-1)?.match).toBe(11);
    expect(pressed(two.model, ['n']).ui.viewers.at(-1)?.match).toBe(21);
    expect(pressed(two.model, ['N']).ui.viewers.at(-1)?.match).toBe(91);
    expect(pressed(two.model, ['N', 'n']).ui.viewers.at(-1)?.match).toBe(11);
  });

  test('search says when nothing matches and when the pattern is broken', () => {
    expect(toast(pressed(yaml(content(3)), ['/', 'z', 'enter']).ui)).toBe('no line matches "z"');
    const broken = pressed(yaml(content(3)), ['/', '~', '(', 'enter']);
    expect(toast(broken.ui)).toMatch(/missing/);
    expect(broken.ui.viewers.at(-1)?.searching).toBe(true);
    expect(toast(pressed(yaml(content(3)), ['n']).ui)).toBe('nothing is searched: / begins a search');
  });

  test('escape leaves the search first, then the text', () => {
    const found = pressed(yaml(content(100)), ['/', '9', 'enter', 'escape']);
    expect(found.ui.viewers).toHaveLength(1);
    expect(found.ui.viewers[0]).not.toHaveProperty('search');
    expect(pressed(found.model, ['escape']).ui.viewers).toEqual([]);
  });

  test('letters typed into the search are no commands', () => {
    const { effects, ui } = pressed(yaml(content(3)), ['/', 'q', 'd', '?', '1']);
    expect(effects).toEqual([]);
    expect(ui.viewers.at(-1)?.search).toBe('qd?1');
  });

  test('p switches to previous logs and back', () => {
    const { effects } = pressed(logs(content(3)), ['p', 'p']);
    expect(effects).toMatchObject([
      { type: 'logs', previous: true },
      { type: 'logs', previous: false },
    ]);
  });

  test('p in logs refuses for a container that never restarted', () => {
    const { effects, ui } = pressed(logs(content(3)), ['left', 'p']);
    expect(effects).toMatchObject([{ container: 'main' }]);
    expect(toast(ui)).toBe('container main has not restarted: there are no previous logs');
  });

  test('o chooses a container, arrows go round them', () => {
    expect(pressed(logs(content(3)), ['o', 'm', 'enter']).effects).toMatchObject([{ container: 'main' }]);
    expect(pressed(logs(content(3)), ['right', 'right']).effects).toMatchObject([
      { container: 'main' },
      { container: 'proxy' },
    ]);
  });

  test('one container leaves no choice', () => {
    const jellyfin = pressed(pods('media/jellyfin', 1), ['l', 'o']);
    expect(jellyfin.ui.picker).toBeUndefined();
    expect(toast(jellyfin.ui)).toBe('this pod has one container');
  });

  test('c copies all of a short text and the visible part of a long one', () => {
    expect(pressed(yaml(content(2)), ['c']).effects).toMatchObject([
      { type: 'copy', text: 'line 0\nline 1' },
    ]);
    const [copy] = pressed(yaml(content(20_000)), ['c']).effects;
    expect(copy).toMatchObject({ text: content(18).lines.join('\n') });
    expect(toast(pressed(yaml(content(0)), ['c']).ui)).toBe('there is no text to copy yet');
  });

  test('ctrl-s saves the text', () => {
    expect(pressed(yaml(content(2)), ['ctrl-s']).effects).toEqual([
      { type: 'save', label: 'yaml Pod airflow/web' },
    ]);
  });

  test('q closes a text, and only then quits', () => {
    const closed = pressed(yaml(content(2)), ['q']);
    expect(closed.effects).toEqual([{ type: 'close-viewer' }]);
    expect(pressed(closed.model, ['q']).effects).toEqual([{ type: 'quit' }]);
  });

  test('closing a text over another brings that one back', () => {
    const stacked = pressed(logs(content(2)), ['y']).model;
    expect(pressed(stacked, ['q']).effects).toMatchObject([{ type: 'logs', container: 'proxy' }]);
  });

  test('help over logs lets them run on', () => {
    const { effects, ui } = pressed(logs(content(2)), ['?', '?']);
    expect(effects).toEqual([]);
    expect(ui.viewers).toMatchObject([{ kind: 'logs' }]);
  });

  test('keys of the list do not leak through a text', () => {
    const before = yaml(content(2));
    for (const key of ['1', '2', 'tab', '!', 's', 'S', '0', 'enter', 'C']) {
      const { effects, ui } = pressed(before, [key]);
      expect({ key, effects, ui }).toEqual({ key, effects: [], ui: before.ui });
    }
  });
});

describe('filter', () => {
  test('works while it is typed, and enter keeps it', () => {
    const typed = pressed(pods(), ['/', 'v', 'e', 'l']);
    expect(typed.ui.filter).toBe('vel');
    const kept = pressed(typed.model, ['enter']);
    expect(kept.ui).toMatchObject({ filter: 'vel' });
    expect(kept.ui.prompt).toBeUndefined();
  });

  test('escape while typing brings the filter back that was there', () => {
    const model = onList(screen(WORLD, { filter: 'web' }), 'nodes/pods');
    const { ui } = pressed(model, ['/', 'x', 'escape']);
    expect(ui.filter).toBe('web');
    expect(ui.prompt).toBeUndefined();
  });

  test('escape on the list clears it; at the end it does nothing', () => {
    const model = onList(screen(WORLD, { filter: 'web' }), 'nodes/pods');
    const { ui, effects } = pressed(model, ['escape', 'escape', 'escape']);
    expect(ui.filter).toBe('');
    expect(effects).toEqual([]);
  });

  test('moves the cursor to what is left, so the next command acts on what is seen', () => {
    const { effects } = pressed(pods('airflow/web'), ['/', ...'vel', 'enter', 'd']);
    expect(effects).toMatchObject([{ ref: { name: 'upgrade' } }]);
  });

  test('keeps the cursor on its object when that is left', () => {
    const { ui } = pressed(pods('velero/upgrade', 2), ['/', ...'e', 'enter', 'escape']);
    expect(ui.lists['nodes/pods'].selected).toBe('velero/upgrade');
  });

  test('says that nothing matches', () => {
    const { ui, effects } = pressed(pods(), ['/', ...'zzz', 'enter', 'd']);
    expect(effects).toEqual([]);
    expect(toast(ui)).toBe('no pod matches the filter "zzz" (esc clears it)');
  });

  test('a broken regex stays open and says why', () => {
    const { ui } = pressed(pods(), ['/', '~', '(', 'enter']);
    expect(ui.prompt?.kind).toBe('filter');
    expect(toast(ui)).toMatch(/missing/);
  });

  test.each([
    [['/', ...['a', 'e\u0301'], 'backspace'], 'a'],
    [['/', ...'one two', 'ctrl-w'], 'one '],
    [['/', ...'one two ', 'ctrl-w'], 'one '],
    [['/', ...'one two', 'ctrl-u'], ''],
    [['/', 'backspace'], ''],
    [['/', 'a', 'delete', 'left', 'tab', 'ctrl-a'], 'a'],
  ])('%j leaves %j', (keys, expected) => {
    expect(pressed(pods(), keys).ui.prompt?.text).toBe(expected);
  });
});

describe('pickers', () => {
  test('n shows one namespace, 0 all', () => {
    const one = pressed(pods(), ['n', ...'med', 'enter']);
    expect(one.ui.namespace).toBe('media');
    expect(pressed(one.model, ['d']).effects).toMatchObject([{ ref: { name: 'jellyfin' } }]);
    expect(pressed(one.model, ['0']).ui.namespace).toBe('');
    expect(pressed(one.model, ['n', 'home', 'enter']).ui.namespace).toBe('');
  });

  test('n says why it knows no namespace', () => {
    const { ui } = pressed({ ...pods(), namespaces: [] }, ['n']);
    expect(ui.picker).toBeUndefined();
    expect(toast(ui)).toBe('namespaces are still being read');
  });

  test('C changes the context and leaves nothing of the old cluster on the screen', () => {
    const dirty = onList(screen(WORLD, { filter: 'x', namespace: 'media' }), 'nodes/pods', 'media/jellyfin');
    const { effects, ui } = pressed(dirty, ['C', ...'lab', 'enter']);
    expect(effects).toEqual([{ type: 'context', name: 'lab' }]);
    expect(ui).toMatchObject({ tab: 'nodes', filter: '', namespace: '' });
    expect(ui.lists['nodes/pods'].selected).toBeUndefined();
  });

  test('C works while the cluster is dead', () => {
    const error = { kind: 'unreachable', message: 'connect ECONNREFUSED' } as const;
    const dead = screen(
      { state: { pods: { status: 'failed', error }, nodes: { status: 'failed', error } } },
      {},
      { connection: { status: 'lost', since: NOW, error } },
    );
    expect(pressed(dead, ['C', 'down', 'enter']).effects).toEqual([{ type: 'context', name: 'lab' }]);
  });

  test('C begins on the context in use, and choosing it changes nothing', () => {
    const { effects, ui } = pressed(screen(), ['C', 'enter']);
    expect(effects).toEqual([]);
    expect(toast(ui)).toBe('context talos-home is in use already');
  });

  test('s chooses the column, S turns it round', () => {
    const sorted = pressed(pods(), ['s', ...'rest', 'enter']);
    expect(sorted.ui.lists['nodes/pods'].sort).toEqual({ column: 'restarts', descending: true });
    expect(pressed(sorted.model, ['S']).ui.lists['nodes/pods'].sort).toEqual({
      column: 'restarts',
      descending: false,
    });
    expect(pressed(pods(), ['S']).ui.lists['nodes/pods'].sort).toEqual({
      column: 'severity',
      descending: false,
    });
  });

  test('the sort picker says which way each column sorts', () => {
    const entries = pickerEntries(pressed(pods(), ['S', 's']).model);
    expect(entries.slice(0, 2)).toEqual([
      { id: 'severity', label: 'severity', detail: 'best first', current: true },
      { id: 'namespace', label: 'namespace', detail: 'a to z', current: false },
    ]);
  });

  test('sorting shows at once, also right after a motion', () => {
    expect(pressed(pods(), ['down', 'S']).ui.sortHeldUntil).toBe(NOW);
  });

  test('a choice that matches nothing stays open', () => {
    const { ui } = pressed(pods(), ['n', 'z', 'enter']);
    expect(ui.picker?.kind).toBe('namespace');
    expect(toast(ui)).toBe('nothing matches: esc closes');
  });
});

describe('screen', () => {
  test('! hides what is healthy and shows it again', () => {
    expect(pressed(pods(), ['!']).ui.problemsOnly).toBe(true);
    expect(pressed(pods(), ['!', '!']).ui.problemsOnly).toBe(false);
  });

  test('f freezes the moment on the screen', () => {
    expect(pressed(pods(), ['f'], NOW + 5000).ui.frozenAt).toBe(NOW);
    expect(pressed(pods(), ['f', 'f']).ui.frozenAt).toBeUndefined();
  });

  test('toasts run on the real clock: 2 s, errors 4 s', () => {
    const at = NOW + 60_000;
    expect(pressed(pods(), ['f'], at).ui.toast).toMatchObject({ error: false, until: at + 2000 });
    expect(pressed(pods(), ['9'], at).ui.toast).toMatchObject({ error: true, until: at + 4000 });
  });

  test.each([
    ['ctrl-r', [{ type: 'retry' }]],
    ['ctrl-l', [{ type: 'repaint' }]],
    ['ctrl-z', [{ type: 'suspend' }]],
    ['ctrl-c', [{ type: 'quit' }]],
    ['q', [{ type: 'quit' }]],
  ])('%s', (key, effects) => {
    expect(pressed(pods(), [key]).effects).toEqual(effects);
  });

  test.each([['/'], [':'], ['n'], ['d'], ['?'], ['d', '/']])('ctrl-c quits from %s', (...opening) => {
    expect(pressed(pods(), [...opening, 'ctrl-c']).effects.at(-1)).toEqual({ type: 'quit' });
  });

  test.each([
    '[',
    ']',
    'r',
    'R',
    'W',
    'z',
    'Z',
    'T',
    'm',
    'A',
    'h',
    ' ',
    'delete',
    'backspace',
    'ctrl-u',
    'ctrl-a',
  ])('%j does nothing', (key) => {
    const before = pods('airflow/web');
    expect(pressed(before, [key])).toMatchObject({ ui: before.ui, effects: [] });
  });

  test('an unbound combination does nothing', () => {
    const before = pods('airflow/web');
    expect(pressed(before, [{ type: 'key', name: 'down', ctrl: true }]).ui).toEqual(before.ui);
  });
});

describe('pasted and chunked keys', () => {
  const paste: KeyPress = { type: 'paste', text: 'q\nd\u001b[2J' };
  const chunk = (text: string): KeyPress => ({ type: 'char', text, chunked: true });

  test('pasted text goes into an open field, as one line without control characters', () => {
    const { effects, ui } = pressed(pods(), ['/', paste]);
    expect(effects).toEqual([]);
    expect(ui.prompt?.text).toBe('q d [2J');
  });

  test('elsewhere it is dropped and said so', () => {
    for (const opening of [[], ['d'], ['?']]) {
      const before = pressed(pods('airflow/web'), opening);
      const { effects, ui } = pressed(before.model, [paste]);
      expect(effects).toEqual([]);
      expect(ui.viewers).toEqual(before.ui.viewers);
      expect(toast(ui)).toMatch(/pasted text is ignored/);
    }
  });

  test('a huge paste is cut', () => {
    expect(pressed(pods(), ['/', { type: 'paste', text: 'x'.repeat(2 ** 20) }]).ui.prompt?.text).toHaveLength(
      200,
    );
  });

  test('keys that came together move the cursor', () => {
    expect(selectedPod(pressed(pods(), [chunk('j'), chunk('j')]).model)).toBe('velero/upgrade');
  });

  test.each(['q', 'd', 'y', 'l', 'f', '!', '/', ':', '?', '1', 'C'])('%s in a chunk is no command', (key) => {
    const { effects, ui } = pressed(pods('airflow/web'), [chunk(key)]);
    expect(effects).toEqual([]);
    expect({ ...ui, toast: undefined }).toEqual({ ...pods('airflow/web').ui, toast: undefined });
    expect(toast(ui)).toMatch(/several keys came at once/);
  });

  test('enter and escape in a chunk neither run nor close anything', () => {
    for (const name of ['enter', 'escape'] as const) {
      const { effects, ui } = pressed(pods(), [':', ...'ctx lab', { type: 'key', name, chunked: true }]);
      expect(effects).toEqual([]);
      expect(ui.prompt?.text).toBe('ctx lab');
    }
  });

  test('keys in a chunk type into a field', () => {
    expect(pressed(pods(), ['/', chunk('q'), chunk('d')]).ui.filter).toBe('qd');
  });
});

describe('in every state of a source', () => {
  const error = { kind: 'forbidden', message: 'pods is forbidden' } as const;
  const data = { ...screen().state.pods };
  test.each([
    ['pending', { status: 'pending' }, 'pods are still being read'],
    ['failed', { status: 'failed', error }, 'pods could not be read: pods is forbidden'],
    ['absent', { status: 'absent', reason: 'no such API' }, 'pods are not available: no such API'],
  ] as const)('%s: each command says why it cannot', (_name, snapshot, reason) => {
    const model = onList(screen({ ...WORLD, state: { pods: snapshot } }), 'nodes/pods', 'airflow/web');
    for (const key of ['enter', 'x', 'l', 'p', 'd', 'y', 'e', 'c']) {
      const { effects, ui } = pressed(model, [key]);
      expect({ key, effects, text: toast(ui) }).toEqual({ key, effects: [], text: reason });
    }
  });

  test('stale: commands go on with the last known data', () => {
    if (data.status !== 'live') throw new Error('the test world is live');
    const stale = { status: 'stale', data: data.data, observedAt: NOW - 60_000, error } as const;
    const model = onList(screen({ ...WORLD, state: { pods: stale } }), 'nodes/pods', 'airflow/web');
    expect(pressed(model, ['d']).effects).toMatchObject([{ kind: 'describe', ref: { name: 'web' } }]);
    expect(pressed(model, ['l']).effects).toMatchObject([{ type: 'logs', container: 'proxy' }]);
  });

  test('an empty list says that it is empty', () => {
    expect(toast(pressed(onList(screen({}), 'nodes/pods'), ['d']).ui)).toBe('no pod here');
    expect(toast(pressed(screen({}), ['x']).ui)).toBe('no finding here');
  });
});

test('a container that is still starting is the one to read', () => {
  const starting = pod('a/starting', {
    initContainers: [{ name: 'migrate', image: 'i', requests: {}, limits: {} }],
    initStatuses: [running('migrate', { ready: false })],
    statuses: [running('main', { ready: false, state: { kind: 'waiting', reason: 'PodInitializing' } })],
  });
  const model = onList(
    screen({ pods: [starting], nodes: [node('n')], findings: [finding('f', { kind: 'Node', name: 'n' })] }),
    'nodes/pods',
  );
  expect(pressed(model, ['l']).effects).toMatchObject([{ container: 'migrate' }]);
});
