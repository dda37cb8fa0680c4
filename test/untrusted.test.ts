/** From the wire to the terminal: whatever the cluster says, only printable text and our own styles come out. */
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { Interner } from '../src/collectors/kubernetes/intern.ts';
import { isRecord, type Raw } from '../src/collectors/kubernetes/raw.ts';
import { WATCHED, type WatchedName } from '../src/collectors/kubernetes/sources.ts';
import { ManualClock } from '../src/demo/clock.ts';
import { createHomelab } from '../src/demo/world/homelab.ts';
import { INCIDENT } from '../src/demo/world/scenarios/incident.ts';
import { type Keyed, ObjectTable } from '../src/domain/collection.ts';
import { ClusterJudge } from '../src/domain/judge.ts';
import { type ClusterState, pendingState } from '../src/domain/state.ts';
import { frame } from '../src/views/frame.ts';
import { VIEWS } from '../src/views/index.ts';
import { press } from '../src/views/interaction.ts';
import type { KeyPress, ScreenModel } from '../src/views/model.ts';
import { createTheme } from '../src/views/ui/theme.ts';
import { model } from './support/model.ts';

const NOW = Date.UTC(2026, 10, 23, 14, 32);

/** The incident as the API server would send it, per source. */
const WORLD = (() => {
  const { store } = createHomelab(INCIDENT, 1, new ManualClock(NOW));
  return (Object.keys(WATCHED) as WatchedName[]).map((source) => {
    const resource = WATCHED[source].path.split('/').at(-1) ?? '';
    return [source, store.list(resource) as unknown as Raw[]] as const;
  });
})();

/** Things that move cursors, set titles and clipboards, hide or reorder text, or end a line. */
const nasty = fc
  .array(
    fc.constantFrom(
      '\x1b[2J',
      '\x1b]52;c;ZXZpbA==\x07',
      '\x1b]0;title\x07',
      '\x1b]8;;https://example.org\x1b\\',
      '\x1bP+q544e\x1b\\',
      '\x9b31m',
      '\x9d52;c;eA==\x9c',
      '\r',
      '\n',
      '\b\b\b',
      '\0',
      '\x07',
      '\x7f',
      '\u202e',
      '\u2066',
      '\u200b',
      '\u2028',
      '\ufeff',
      '\x1b[8m',
      '漢字',
      'e\u0301',
    ),
    { minLength: 1, maxLength: 4 },
  )
  .map((parts) => parts.join('x'));

/** Appends `text` to every `step`-th string of an object. */
function poison(value: unknown, text: string, step: number): unknown {
  let count = 0;
  const walk = (part: unknown): unknown => {
    if (typeof part === 'string') {
      count += 1;
      return count % step === 0 ? part + text : part;
    }
    if (Array.isArray(part)) return part.map(walk);
    if (!isRecord(part)) return part;
    return Object.fromEntries(Object.entries(part).map(([key, each]) => [key, walk(each)]));
  };
  return walk(value);
}

function poisonedState(text: string, step: number): ClusterState {
  const intern = new Interner();
  const sources = WORLD.map(([source, objects]) => {
    const project = WATCHED[source].project(intern) as (raw: Raw) => Keyed | undefined;
    const table = new ObjectTable<Keyed>();
    for (const object of objects) {
      const projected = project(poison(object, text, step) as Raw);
      if (projected !== undefined) table.upsert(projected);
    }
    return [source, { status: 'live', data: table, observedAt: NOW }];
  });
  return { ...pendingState(), ...Object.fromEntries(sources) } as ClusterState;
}

const char = (text: string): KeyPress => ({ type: 'char', text });
const key = (name: 'enter' | 'escape' | 'tab' | 'down'): KeyPress => ({ type: 'key', name });

/** Everything that is made from data: both tabs, each list, details and explanations. */
const TOUR: readonly KeyPress[] = [
  key('down'),
  char('x'),
  key('escape'),
  key('enter'),
  key('escape'),
  char('2'),
  key('enter'),
  key('escape'),
  char('x'),
  key('escape'),
  key('tab'),
  key('enter'),
  key('escape'),
  key('tab'),
  key('enter'),
  key('escape'),
  char(':'),
  char('a'),
  key('escape'),
  char('n'),
  key('escape'),
];

const STYLES = /\x1b\[[0-9;]*m/g;
const FORBIDDEN = /[\x00-\x1f\x7f-\x9f\u200b\u200e\u200f\u2028\u2029\u202a-\u202e\u2066-\u2069\ufeff]/;

describe('untrusted text', () => {
  it('never reaches the terminal as anything but printable characters', () => {
    const theme = createTheme({ color: '16', theme: 'ansi16', unicode: true, screenReader: false });
    let revealed = 0;
    fc.assert(
      fc.property(nasty, fc.integer({ min: 1, max: 7 }), (text, step) => {
        const state = poisonedState(text, step);
        const judge = new ClusterJudge();
        const connection = { status: 'live', since: NOW } as const;
        judge.assess(state, connection, NOW);
        const first = model({}, { now: NOW, columns: 120, rows: 36 });
        let shown: ScreenModel = { ...first, state, judge, connection };
        for (const pressed of TOUR) {
          const { ui } = press(pressed, shown, VIEWS, NOW);
          shown = { ...shown, ui };
          const painted = frame(shown, theme).map((line) => theme.paint(line).replace(STYLES, ''));
          for (const row of painted) expect(row).not.toMatch(FORBIDDEN);
          if (painted.some((row) => row.includes('␛'))) revealed += 1;
        }
      }),
      { numRuns: 25, examples: [['\x1b[2J', 1]] },
    );
    expect(revealed, 'frames that show what was made harmless').toBeGreaterThan(0);
  });
});
