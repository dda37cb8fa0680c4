import { describe, expect, test } from 'vitest';
import { type Draft, draft } from '../../src/domain/checks/draft.ts';
import { groupFindings } from '../../src/domain/group.ts';
import { healthScore } from '../../src/domain/score.ts';
import { FindingMemory } from '../../src/domain/settle.ts';
import type { Severity } from '../../src/domain/severity.ts';
import { HOUR, MINUTE, NOW, SECOND } from './build.ts';

function trouble(
  code: string,
  severity: Exclude<Severity, 'ok'> = 'warning',
  more: Partial<Draft> = {},
): Draft {
  const subject = { kind: 'Deployment', namespace: 'ai', name: 'web' };
  return { ...draft({ code, severity, area: 'pods', subject, title: code }), ...more };
}

/** Looks at `drafts` at each given second; returns what is shown as `severity code`. */
function look(
  memory: FindingMemory,
  at: number,
  drafts: Draft[],
  facts: { fresh?: boolean; gone?: boolean } = {},
) {
  return memory
    .settle(drafts, NOW + at * SECOND, { fresh: facts.fresh ?? false, exists: () => !facts.gone })
    .map(({ severity, code }) => `${severity} ${code}`);
}

describe('findings do not flap', () => {
  test('what is there at the first look shows at once', () => {
    expect(look(new FindingMemory(), 0, [trouble('POD_NOT_READY')], { fresh: true })).toHaveLength(1);
  });

  test.each([
    ['warning', 15],
    ['critical', 5],
    ['unknown', 5],
  ] as const)('a new %s must hold for %d s', (severity, hold) => {
    const memory = new FindingMemory();
    expect(look(memory, 0, [trouble('X_Y', severity)])).toEqual([]);
    expect(look(memory, hold - 1, [trouble('X_Y', severity)])).toEqual([]);
    expect(look(memory, hold, [trouble('X_Y', severity)])).toEqual([`${severity} X_Y`]);
  });

  test('a trouble that demonstrably lasts shows at once', () => {
    const old = trouble('X_Y', 'warning', { since: NOW - HOUR });
    expect(look(new FindingMemory(), 0, [old])).toEqual(['warning X_Y']);
  });

  test('a trouble with its own patience waits even at the first look', () => {
    const memory = new FindingMemory();
    const patient = trouble('SERVICE_NO_ENDPOINTS', 'warning', { holdMs: MINUTE });
    expect(look(memory, 0, [patient], { fresh: true })).toEqual([]);
    expect(look(memory, 60, [patient])).toHaveLength(1);
  });

  test('what vanishes before it showed must hold anew', () => {
    const memory = new FindingMemory();
    look(memory, 0, [trouble('X_Y')]);
    look(memory, 10, []);
    expect(look(memory, 16, [trouble('X_Y')])).toEqual([]);
  });

  test('a trouble that comes and goes stays for 30 s and keeps its beginning', () => {
    const memory = new FindingMemory();
    const flapping = trouble('POD_NOT_READY', 'warning', { since: NOW - HOUR });
    look(memory, 0, [flapping], { fresh: true });
    expect(look(memory, 29, [])).toEqual(['warning POD_NOT_READY']);
    const again = memory.settle([trouble('POD_NOT_READY', 'warning', { since: NOW })], NOW + 29 * SECOND, {
      fresh: false,
      exists: () => true,
    });
    expect(again[0]?.since).toBe(NOW - HOUR);
    expect(look(memory, 60, [])).toEqual([]);
  });

  test('what is gone or mended leaves at once', () => {
    const memory = new FindingMemory();
    look(memory, 0, [trouble('POD_NOT_READY'), trouble('NODE_CORDONED')], { fresh: true });
    expect(look(memory, 1, [])).toEqual(['warning POD_NOT_READY']);
    expect(look(memory, 2, [], { gone: true })).toEqual([]);
  });

  test('one state that becomes another is told once', () => {
    const memory = new FindingMemory();
    look(memory, 0, [trouble('POD_NOT_READY', 'warning')], { fresh: true });
    expect(look(memory, 1, [trouble('POD_CRASH_LOOP', 'critical', { since: NOW - MINUTE })])).toEqual([
      'critical POD_CRASH_LOOP',
    ]);
  });

  test('a crash loop does not become a warning each time the container runs for a moment', () => {
    const memory = new FindingMemory();
    look(memory, 0, [trouble('POD_OOM_KILLED', 'critical')], { fresh: true });
    expect(look(memory, 20, [trouble('POD_OOM_KILLED', 'warning')])).toEqual(['critical POD_OOM_KILLED']);
    expect(look(memory, 31, [trouble('POD_OOM_KILLED', 'warning')])).toEqual(['warning POD_OOM_KILLED']);
  });
});

describe('ranking and grouping', () => {
  const named = (id: string, severity: Exclude<Severity, 'ok'>, more: Partial<Draft> = {}) =>
    trouble(id, severity, { id, title: `${id} title`, ...more });

  test('severity, then usual harm, then the newest, then the id', () => {
    const drafts = [
      named('b', 'warning', { since: 1 }),
      named('a', 'warning', { since: 1 }),
      named('newer', 'warning', { since: 2 }),
      named('harm', 'warning', { code: 'POD_OOM_KILLED' }),
      named('info', 'info', { code: 'NODE_NOT_READY' }),
      named('unknown', 'unknown'),
      named('worst', 'critical'),
    ];
    expect(groupFindings(drafts).map(({ id }) => id)).toEqual([
      'worst',
      'harm',
      'newer',
      'a',
      'b',
      'unknown',
      'info',
    ]);
  });

  test('among equals, what brings down more comes first', () => {
    const drafts = [
      named('recent', 'warning', { since: 9 }),
      named('root', 'warning', { since: 1 }),
      named('result', 'warning', { causedBy: ['root'] }),
    ];
    expect(groupFindings(drafts).map(({ id }) => id)).toEqual(['root', 'recent']);
  });

  test('a cause is at least as severe as what it causes, and names it', () => {
    const [root, ...more] = groupFindings([
      named('cause', 'warning'),
      named('middle', 'info', { causedBy: ['not there', 'cause'] }),
      named('end', 'critical', { causedBy: ['middle'] }),
    ]);
    expect(more).toEqual([]);
    expect(root).toMatchObject({
      id: 'cause',
      severity: 'critical',
      effect: 'middle title',
      consequences: [{ id: 'middle', severity: 'critical', consequences: [{ id: 'end' }] }],
    });
  });

  test('causes in a circle lose nothing', () => {
    const roots = groupFindings([
      named('a', 'warning', { causedBy: ['b'] }),
      named('b', 'warning', { causedBy: ['a'] }),
      named('self', 'warning', { causedBy: ['self'] }),
    ]);
    expect(roots.map(({ id, consequences }) => [id, ...consequences.map((below) => below.id)])).toEqual([
      ['b', 'a'],
      ['self'],
    ]);
  });
});

describe('health score', () => {
  const pods = (warning: number, critical = 0, total = 142) =>
    ({ component: 'pods', warning, critical, total }) as const;
  test.each([
    [0, 0, 100],
    [1, 0, 97],
    [5, 0, 93],
    [0, 5, 91],
    [142, 0, 65],
    [0, 142, 50],
  ])('%d warnings and %d criticals of 142 pods: %d', (warning, critical, value) => {
    expect(healthScore([pods(warning, critical)], []).value).toBe(value);
  });

  test('one bad pod of a huge cluster still shows', () => {
    expect(healthScore([pods(1, 0, 100_000)], []).value).toBe(99);
  });

  test('a lost node of three hurts, and it never falls below 0', () => {
    const node = { component: 'nodes', critical: 1, warning: 0, total: 3 } as const;
    expect(healthScore([node], []).value).toBe(65);
    const all = (['nodes', 'pods', 'workloads', 'volumes'] as const).map((component) => ({
      component,
      critical: 3,
      warning: 0,
      total: 3,
    }));
    expect(healthScore(all, []).value).toBe(0);
  });

  test('reasons carry their denominators, the largest first', () => {
    const { losses } = healthScore(
      [
        pods(2, 1),
        { component: 'volumes', critical: 0, warning: 1, total: 4 },
        { component: 'jobs', critical: 0, warning: 0, total: 0 },
      ],
      [],
    );
    expect(losses.map(({ why, points }) => `${points}: ${why}`)).toEqual([
      '10.6: 1 of 4 volumes have problems',
      '5.9: 3 of 142 pods have problems (1 critical)',
    ]);
  });

  test('without nodes or pods there is no score, without others it says so', () => {
    expect(healthScore([pods(0)], ['nodes'])).toMatchObject({ value: undefined, unknown: ['nodes'] });
    expect(healthScore([pods(0)], ['services'])).toMatchObject({ value: 100, unknown: ['services'] });
  });
});
