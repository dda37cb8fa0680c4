import { describe, expect, test } from 'vitest';
import { ApiError } from '../../src/demo/errors.ts';
import { jsonPatch, mergePatch, strategicMergePatch } from '../../src/demo/patch.ts';

describe('merge patch', () => {
  test('null removes, arrays are replaced, objects merge', () => {
    const target = { a: { b: 1, c: 2 }, list: [1, 2] };
    expect(mergePatch(target, { a: { b: null, d: 3 }, list: [9] })).toEqual({ a: { c: 2, d: 3 }, list: [9] });
  });
});

describe('strategic merge patch', () => {
  const target = {
    containers: [
      { name: 'a', image: 'a:1', env: [{ name: 'X', value: '1' }] },
      { name: 'b', image: 'b:1' },
    ],
    taints: [{ key: 'old', effect: 'NoSchedule' }],
    args: ['one'],
    finalizers: ['kept'],
  };

  test.each([
    [
      'merges elements by key',
      { containers: [{ name: 'b', image: 'b:2' }] },
      'containers',
      [target.containers[0], { name: 'b', image: 'b:2' }],
    ],
    ['appends what is new', { taints: [{ key: 'new' }] }, 'taints', [...target.taints, { key: 'new' }]],
    [
      'deletes elements on request',
      { containers: [{ name: 'a', $patch: 'delete' }] },
      'containers',
      [target.containers[1]],
    ],
    [
      'replaces a list on request',
      { taints: [{ $patch: 'replace' }, { key: 'only' }] },
      'taints',
      [{ key: 'only' }],
    ],
    ['replaces lists without a key', { args: ['two'] }, 'args', ['two']],
    ['unites sets', { finalizers: ['more'] }, 'finalizers', ['kept', 'more']],
    ['deletes from sets', { '$deleteFromPrimitiveList/finalizers': ['kept'] }, 'finalizers', []],
    ['removes with null', { args: null }, 'args', undefined],
    [
      'orders elements',
      {
        '$setElementOrder/containers': [{ name: 'c' }, { name: 'b' }, { name: 'a' }],
        containers: [{ name: 'c' }],
      },
      'containers',
      [{ name: 'c' }, target.containers[1], target.containers[0]],
    ],
  ])('%s', (_what, patch, field, expected) => {
    const patched = strategicMergePatch(target, patch) as Record<string, unknown>;
    expect(patched[field]).toEqual(expected);
  });

  test('keeps only the retained keys', () => {
    const strategy = { strategy: { type: 'RollingUpdate', rollingUpdate: { maxSurge: 1 } } };
    const patch = { strategy: { $retainKeys: ['type'], type: 'Recreate' } };
    expect(strategicMergePatch(strategy, patch)).toEqual({ strategy: { type: 'Recreate' } });
  });
});

describe('JSON patch', () => {
  const target = { a: { 'x/y': 1 }, list: ['p', 'q'] };

  test.each([
    ['add to a list', { op: 'add', path: '/list/1', value: 'n' }, { ...target, list: ['p', 'n', 'q'] }],
    ['add at the end', { op: 'add', path: '/list/-', value: 'n' }, { ...target, list: ['p', 'q', 'n'] }],
    ['replace', { op: 'replace', path: '/list/0', value: 'n' }, { ...target, list: ['n', 'q'] }],
    ['remove an escaped key', { op: 'remove', path: '/a/x~1y' }, { ...target, a: {} }],
    ['copy', { op: 'copy', from: '/list/0', path: '/b' }, { ...target, b: 'p' }],
    ['move', { op: 'move', from: '/list/0', path: '/b' }, { a: target.a, list: ['q'], b: 'p' }],
    ['pass a test', { op: 'test', path: '/a/x~1y', value: 1 }, target],
  ])('can %s', (_what, operation, expected) => {
    expect(jsonPatch(target, [operation])).toEqual(expected);
  });

  test.each([
    { op: 'test', path: '/list/0', value: 'other' },
    { op: 'remove', path: '/nowhere' },
    { op: 'replace', path: '/nowhere', value: 1 },
    { op: 'add', path: '/list/9', value: 1 },
    { op: 'conjure', path: '/a' },
  ])('refuses %o with 422', (operation) => {
    expect(() => jsonPatch(target, [operation])).toThrow(ApiError);
  });
});
