import { expect, it } from 'vitest';
import { memoryPane } from '../../src/views/panes/memory.ts';
import { textOf } from '../../src/views/ui/line.ts';
import { container, GI, live, NOW, pod, table } from '../domain/build.ts';
import { model } from '../support/model.ts';

const usage = (name: string, memory: number) => ({
  namespace: 'shop',
  name,
  at: NOW,
  cpu: 0,
  memory,
  containers: [],
});

const limited = (name: string, memory: number | undefined) =>
  pod(name, {
    namespace: 'shop',
    containers: [container('main', { limits: memory === undefined ? {} : { memory } })],
  });

it('lists pods by how near they are to their memory limit, and leaves out those without one', () => {
  const pods = live(table(limited('idle', 4 * GI), limited('full', GI), limited('free', undefined)));
  const used = [usage('idle', GI), usage('full', 0.95 * GI), usage('free', 9 * GI), usage('gone', GI)];
  const podUsage = live(new Map(used.map((item) => [`shop/${item.name}`, item])));
  const shown = memoryPane(model({}, { state: { pods, podUsage } }), 39);
  expect(shown?.draw(5).map((row) => textOf(row).trimEnd())).toEqual([
    ' shop/full                 95% of 1Gi',
    ' shop/idle                 25% of 4Gi',
  ]);
  expect(memoryPane(model({}, { state: { pods } }), 39)).toBeUndefined();
});
