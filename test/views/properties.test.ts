/** What holds for the reducer whatever is pressed. */
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { footerKeys, helpGroups } from '../../src/views/bindings.ts';
import { layerOf, listsOf, withUi } from '../../src/views/interaction/layers.ts';
import { press } from '../../src/views/interaction.ts';
import type { KeyPress, ScreenModel, ViewerContent } from '../../src/views/model.ts';
import { paletteEntries } from '../../src/views/palette.ts';
import { pickerEntries } from '../../src/views/pickers.ts';
import { contentOf, rangeOf, viewerSize, visibleLines } from '../../src/views/viewer.ts';
import { KEY_NAMES, keyOfWord, NOW, screen, VIEWS, WORLD } from '../support/interaction.ts';

const char = fc.constantFrom(...'123456790abcdefghijklmnopqrstuvwxyzCGLNSY/:!?~(<>[] é世');
const anyChunked = fc.constantFrom({}, {}, {}, { chunked: true });
const key: fc.Arbitrary<KeyPress> = fc.oneof(
  {
    weight: 4,
    arbitrary: fc.tuple(char, anyChunked).map(([text, more]) => ({ type: 'char' as const, text, ...more })),
  },
  {
    weight: 3,
    arbitrary: fc
      .tuple(fc.constantFrom(...KEY_NAMES), anyChunked, fc.boolean())
      .map(([name, more, shift]) => ({ type: 'key' as const, name, ...more, ...(shift ? { shift } : {}) })),
  },
  { weight: 1, arbitrary: fc.string().map((text) => ({ type: 'paste' as const, text })) },
);

const error = { kind: 'forbidden', message: 'no' } as const;
const lines = Array.from({ length: 60 }, (_, index) => `line ${index} ${'x'.repeat(index * 3)}`);
const contents: readonly (ViewerContent | undefined)[] = [
  undefined,
  { status: 'loading', lines: [] },
  { status: 'ready', lines, dropped: 1000 },
  { status: 'failed', lines: [], error },
];
const worlds: readonly ScreenModel[] = [
  screen(),
  screen({}),
  screen({ ...WORLD, state: { pods: { status: 'pending' }, nodes: { status: 'failed', error } } }),
  screen(
    { pods: WORLD.pods.slice(1) },
    {},
    { connection: { status: 'lost', since: NOW, error }, rows: 2, columns: 1 },
  ),
];

/** The cluster and the loaded text change between keys, as they do in life. */
const scene = fc.record({
  key,
  world: fc.constantFrom(...worlds),
  viewerContent: fc.constantFrom(...contents),
});

function expectValid(model: ScreenModel): void {
  const { ui } = model;
  for (const [tab, list] of Object.entries(ui.focus)) expect(listsOf(ui, tab as 'triage')).toContain(list);
  for (const state of Object.values(ui.lists)) expect(state.index).toBeGreaterThanOrEqual(0);
  expect(ui.viewers.length).toBeLessThanOrEqual(8);
  expect(ui.prompt !== undefined && ui.picker !== undefined).toBe(false);
  if (ui.prompt !== undefined)
    expect(ui.prompt.index).toBeLessThanOrEqual(Math.max(0, paletteEntries(model).length));
  if (ui.picker !== undefined)
    expect(ui.picker.index).toBeLessThanOrEqual(Math.max(0, pickerEntries(model).length));
  const viewer = ui.viewers.at(-1);
  const content = contentOf(model);
  if (viewer === undefined || content === undefined) return;
  const size = viewerSize(model);
  const range = rangeOf(viewer, content, size);
  const part = visibleLines(viewer, content, size.height, size.width);
  expect(part.lines.length).toBeLessThanOrEqual(size.height);
  expect(part.top).toBeGreaterThanOrEqual(range.min);
  expect(part.top).toBeLessThanOrEqual(range.max);
}

/** Every id that a list has in any of the worlds. */
const allIds = new Set(
  worlds.flatMap((model) =>
    VIEWS.flatMap((view) => view.lists.flatMap((list) => view.rows(model, list).map(({ id }) => id))),
  ),
);

test('any keys on any screen keep a valid screen and never throw', () => {
  fc.assert(
    fc.property(fc.array(scene, { maxLength: 60 }), (scenes) => {
      let ui = screen().ui;
      for (const { key: pressedKey, world, viewerContent } of scenes) {
        const model = { ...world, ui, viewerContent };
        const outcome = press(pressedKey, model, VIEWS, NOW);
        ui = outcome.ui;
        const next = { ...model, ui };
        expectValid(next);
        for (const { selected } of Object.values(ui.lists)) {
          if (selected !== undefined) expect(allIds).toContain(selected);
        }
        expect(footerKeys(next).length).toBeLessThanOrEqual(8);
        expect(helpGroups(next).length).toBeGreaterThan(0);
      }
    }),
    { numRuns: 300 },
  );
});

/** Any screen that keys can lead to, from a short walk. */
const reached = fc.array(key, { maxLength: 12 }).map((keys) => {
  let model = screen();
  for (const walked of keys) model = withUi(model, press(walked, model, VIEWS, NOW).ui);
  return model;
});

test('pasted text never has an effect, and changes nothing but an open field', () => {
  fc.assert(
    fc.property(reached, fc.string({ unit: 'binary' }), (model, text) => {
      const { ui, effects } = press({ type: 'paste', text }, model, VIEWS, NOW);
      expect(effects).toEqual([]);
      if (layerOf(model.ui) !== 'field') expect({ ...ui, toast: 0 }).toEqual({ ...model.ui, toast: 0 });
      expect(layerOf(ui)).toBe(layerOf(model.ui));
      expect(ui.viewers.length).toBe(model.ui.viewers.length);
    }),
    { numRuns: 300 },
  );
});

test('a chunked character never has an effect, opens nothing and closes nothing', () => {
  fc.assert(
    fc.property(reached, char, (model, text) => {
      const { ui, effects } = press({ type: 'char', text, chunked: true }, model, VIEWS, NOW);
      expect(effects).toEqual([]);
      expect(layerOf(ui)).toBe(layerOf(model.ui));
      expect(ui.viewers.map(({ kind }) => kind)).toEqual(model.ui.viewers.map(({ kind }) => kind));
      expect([ui.tab, ui.namespace, ui.problemsOnly]).toEqual([
        model.ui.tab,
        model.ui.namespace,
        model.ui.problemsOnly,
      ]);
    }),
    { numRuns: 300 },
  );
});

test('enough escapes lead back to the bare list, and never out', () => {
  fc.assert(
    fc.property(reached, (start) => {
      let model = start;
      for (let count = 0; count < 30; count += 1) {
        const { ui, effects } = press(keyOfWord('escape'), model, VIEWS, NOW);
        expect(effects).not.toContainEqual({ type: 'quit' });
        model = { ...model, ui };
      }
      expect(layerOf(model.ui)).toBe('list');
      expect(model.ui.filter).toBe('');
    }),
    { numRuns: 200 },
  );
});
