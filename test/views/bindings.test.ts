import { describe, expect, test } from 'vitest';
import { BINDINGS, footerKeys, GROUPS, helpGroups } from '../../src/views/bindings.ts';
import { HANDLERS } from '../../src/views/interaction/handlers.ts';
import type { ScreenModel } from '../../src/views/model.ts';
import { contentOf } from '../../src/views/viewer.ts';
import { NOW, onList, pressed, screen } from '../support/interaction.ts';

const list = onList(screen(), 'nodes/pods', 'airflow/web');
const SCREENS: Readonly<Record<string, ScreenModel>> = {
  triage: screen(),
  pods: list,
  yaml: pressed(list, ['y']).model,
  logs: pressed(list, ['l']).model,
  help: pressed(list, ['?']).model,
  filter: pressed(list, ['/']).model,
  palette: pressed(list, [':']).model,
  picker: pressed(list, ['n']).model,
  search: pressed(list, ['y', '/']).model,
};

test('every binding has a handler and every handler a binding', () => {
  expect(BINDINGS.map(({ id }) => id).toSorted()).toEqual(Object.keys(HANDLERS).toSorted());
});

test.each(Object.entries(SCREENS))('on %s no key has two meanings', (_name, model) => {
  const keys = BINDINGS.filter((binding) => binding.where.holds(model)).flatMap((binding) => binding.keys);
  expect(keys).toEqual([...new Set(keys)]);
});

test('keys kept for later, and those that elsewhere destroy, are free', () => {
  const bound = new Set(BINDINGS.filter(({ group }) => group !== 'Typing').flatMap(({ keys }) => keys));
  for (const key of ['ctrl-d', 'ctrl-k', 'delete', 'backspace', 'r', 'W', 'z', 'T', '[', ']']) {
    expect(bound).not.toContain(key);
  }
});

test('the help lists exactly the bindings, each once', () => {
  const labels = helpGroups(list).flatMap(({ entries }) => entries.map(({ label }) => label));
  expect(labels.toSorted()).toEqual(BINDINGS.map(({ about }) => about).toSorted());
  expect(helpGroups(list).map(({ group }) => group)).toEqual(GROUPS);
});

describe('footer', () => {
  const footer = (model: ScreenModel) => footerKeys(model).map(({ key, label }) => `${key} ${label}`);

  test.each([
    ['triage', ['↑↓ move', '⏎ open', 'l logs', 'x explain', '/ filter', ': palette', '? help', 'q quit']],
    ['pods', ['↑↓ move', '⏎ open', 'tab workloads', 'l logs', 'd describe', '/ filter', '? help', 'q quit']],
    ['yaml', ['↑↓ move', '/ search', 'x explain', 'l logs', 'w wrap', 'd describe', '? help', 'q back']],
    ['filter', ['⏎ accept', 'esc cancel', 'ctrl-u clear']],
    ['palette', ['⏎ accept', 'esc cancel', '↑↓ choose', 'ctrl-u clear']],
  ])('on %s', (name, expected) => {
    expect(footer(SCREENS[name] ?? screen()).toSorted()).toEqual(expected.toSorted());
  });

  test.each(Object.entries(SCREENS))(
    'on %s shows six keys at most, and only such as work',
    (_name, model) => {
      const shown = footerKeys(model).filter(({ key }) => key !== '?' && key !== 'q');
      expect(shown.length).toBeLessThanOrEqual(6);
      expect(shown.length).toBeGreaterThan(0);
    },
  );

  test('leaves out the text that is open already', () => {
    expect(footer(pressed(list, ['x']).model)).not.toContain('x explain');
    expect(footer(pressed(list, ['d']).model)).toContain('x explain');
  });

  test('offers nothing on an object where none is listed', () => {
    const keys = footer(pressed(onList(screen(), 'nodes/pods'), ['/', 'n', 'o', 'n', 'e', 'enter']).model);
    expect(keys).toContain('/ filter');
    expect(keys).not.toContain('⏎ open');
    expect(keys).not.toContain('d describe');
  });

  test('leaves out what cannot work on the selection', () => {
    expect(footer(onList(screen(), 'nodes/nodes', 'ms-01-a'))).not.toContain('l logs');
    expect(
      footer(
        onList(screen({}, {}, { state: { ...screen().state, pods: { status: 'pending' } } }), 'nodes/pods'),
      ),
    ).not.toContain('⏎ open');
  });

  test('offers the ways out while the cluster is lost', () => {
    const error = { kind: 'unreachable', message: 'refused' } as const;
    const lost = footer({ ...list, connection: { status: 'lost', since: NOW, error } });
    expect(lost).toEqual(expect.arrayContaining(['ctrl-r retry now', 'L collector log']));
  });
});

describe('help', () => {
  const lines = (model: ScreenModel) => contentOf(model)?.lines ?? [];

  test('says why a key does not work on the screen below', () => {
    const help = lines(pressed(onList(screen(), 'nodes/nodes', 'ms-01-a'), ['?']).model);
    expect(help).toContainEqual(
      expect.stringMatching(/^ {2}l +logs of the pod, following {2}– a Node has no logs/),
    );
    expect(help).toContainEqual(expect.stringMatching(/^ {2}w +wrap .* – only in text views$/));
    expect(help).toContainEqual(expect.stringMatching(/^ {2}d +the object in words, as kubectl describe$/));
  });

  test('typing in it keeps the matching keys', () => {
    const found = lines(pressed(list, ['?', '/', ...'names']).model);
    expect(found).toContain('View');
    expect(found).toContainEqual(expect.stringMatching(/^ {2}n +choose one namespace/));
    expect(found).not.toContainEqual(expect.stringMatching(/describe/));
    expect(lines(pressed(list, ['?', '/', ...'zzz']).model)).toEqual(['no key matches "zzz"']);
  });
});
