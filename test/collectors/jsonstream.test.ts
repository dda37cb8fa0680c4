import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { LineSplitter, ListSplitter, parseObject } from '../../src/collectors/kubernetes/jsonstream.ts';

function splitList(chunks: readonly Buffer[]): { items: unknown[]; envelope: unknown } {
  const splitter = new ListSplitter();
  const items: unknown[] = [];
  for (const chunk of chunks) splitter.feed(chunk, (json) => items.push(JSON.parse(json.toString())));
  return { items, envelope: splitter.end() };
}

function splitLines(chunks: readonly Buffer[]): string[] {
  const splitter = new LineSplitter();
  const lines: string[] = [];
  for (const chunk of chunks) splitter.feed(chunk, (line) => lines.push(line.toString()));
  return lines;
}

const ITEMS = [
  { metadata: { name: 'a', labels: { 'k"]}': '\\"[{' } }, spec: { list: [[1, { x: [] }], []] } },
  { metadata: { name: 'zweite ü 日本 \u2028', annotations: { items: '[' } }, items: [{ items: [] }] },
  {},
];
const LIST = {
  kind: 'PodList',
  note: '"items":[{',
  metadata: { resourceVersion: '77', items: [{ not: 'an item' }] },
  items: ITEMS,
  after: [1],
};

describe('ListSplitter', () => {
  it('W24 finds the items wherever the bytes are cut', () => {
    for (const text of [JSON.stringify(LIST), JSON.stringify(LIST, undefined, 2)]) {
      const bytes = Buffer.from(text);
      for (let cut = 0; cut <= bytes.length; cut += 1) {
        const { items, envelope } = splitList([bytes.subarray(0, cut), bytes.subarray(cut)]);
        expect(items).toEqual(ITEMS);
        expect(envelope).toEqual({ ...LIST, items: [] });
      }
    }
  });

  it('W24 finds what JSON.parse finds, for any items in any chunks', () => {
    fc.assert(
      fc.property(
        fc.array(fc.dictionary(fc.string({ unit: 'binary' }), fc.jsonValue())),
        fc.integer({ min: 1, max: 9 }),
        (items, size) => {
          const bytes = Buffer.from(
            JSON.stringify({ metadata: { resourceVersion: '1' }, items, kind: 'XList' }),
          );
          const chunks = Array.from({ length: Math.ceil(bytes.length / size) }, (_, i) =>
            bytes.subarray(i * size, (i + 1) * size),
          );
          expect(splitList(chunks).items).toEqual(JSON.parse(JSON.stringify(items)));
        },
      ),
      { numRuns: 200 },
    );
  });

  it.each(['{"kind":"PodList","items":[{"a":1}', '<html>', '', '{"items":[{"a":"'])('refuses %j', (text) => {
    expect(() => splitList([Buffer.from(text)])).toThrow(SyntaxError);
  });
});

describe('LineSplitter', () => {
  it('W24 finds the lines wherever the bytes are cut, raw U+2028 included', () => {
    const lines = ['{"a":"\u2028ü"}', '{"b":2}', 'x'.repeat(50)];
    const bytes = Buffer.from(`${lines.join('\n')}\n\n`);
    for (let cut = 0; cut <= bytes.length; cut += 1) {
      expect(splitLines([bytes.subarray(0, cut), bytes.subarray(cut)])).toEqual(lines);
    }
  });

  it('W24 joins a line of 8 MiB in little time', () => {
    const chunk = Buffer.alloc(64 << 10, 0x61);
    const start = performance.now();
    const lines = splitLines([...Array<Buffer>(128).fill(chunk), Buffer.from('\n')]);
    expect(lines[0]).toHaveLength(8 << 20);
    expect(performance.now() - start).toBeLessThan(150);
  });
});

describe('parseObject', () => {
  const fields = [{ manager: 'k"]', fieldsV1: { 'f:x': { 'k:{"a":"]"}': {} } } }, []];

  it.each([
    ['first', { metadata: { managedFields: fields, name: 'x' } }, { metadata: { name: 'x' } }],
    ['last', { metadata: { name: 'x', managedFields: fields } }, { metadata: { name: 'x' } }],
    ['alone', { metadata: { managedFields: fields } }, { metadata: {} }],
    ['empty', { metadata: { managedFields: [], name: 'x' } }, { metadata: { name: 'x' } }],
    ['only mentioned in text', { note: '"managedFields":[' }, { note: '"managedFields":[' }],
    ['not there', { metadata: { name: 'ü' } }, { metadata: { name: 'ü' } }],
  ])('leaves out managedFields: %s', (_, object, parsed) => {
    expect(parseObject(Buffer.from(JSON.stringify(object)))).toEqual(parsed);
  });

  it('refuses broken JSON with them too', () => {
    expect(() => parseObject(Buffer.from('{"managedFields":[{"a":"]'))).toThrow(SyntaxError);
  });
});
