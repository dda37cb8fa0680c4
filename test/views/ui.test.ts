import { describe, expect, it } from 'vitest';
import { bar } from '../../src/views/ui/bar.ts';
import { columnWidths } from '../../src/views/ui/columns.ts';
import { footer, keyLabel } from '../../src/views/ui/footer.ts';
import {
  cutEnd,
  cutMiddle,
  cutName,
  fit as exactly,
  seg,
  spread,
  textOf,
  trimEnd,
  wrap,
} from '../../src/views/ui/line.ts';
import { rule } from '../../src/views/ui/rule.ts';
import { spark } from '../../src/views/ui/spark.ts';
import { type Pane, shareRows, sideBySide } from '../../src/views/ui/stack.ts';
import { type Column, layout, windowTop } from '../../src/views/ui/table.ts';
import { ASCII, UNICODE } from './draw.ts';

describe('text', () => {
  it.each([
    ['rook-ceph-rgw-objectstore-a-7d9f', 16, 'rook-ce…e-a-7d9f'],
    ['short', 16, 'short'],
    ['x', 0, ''],
    ['日本語のポッド', 7, '日…ッド'],
  ])('cuts the name %s in its middle', (text, width, expected) => {
    expect(cutMiddle(text, width)).toBe(expected);
  });

  it('cuts a sentence at its end, without a blank before the ellipsis', () => {
    expect(cutEnd('connection refused', 12)).toBe('connection…');
  });

  it('keeps the namespace of a name readable as long as it leaves half the room', () => {
    expect(cutName('airflow/airflow-webserver-6c8b9d5f7-x2x4q', 24)).toMatch(/^airflow\/air.*…/);
    expect(cutName('a-very-long-namespace-name/pod-1', 24)).toMatch(/…/);
  });

  it('wraps at blanks, and inside words that are too long', () => {
    expect(wrap('one two three', 8)).toEqual(['one two', 'three']);
    expect(wrap('abcdefghij', 4)).toEqual(['abcd', 'efgh', 'ij']);
    expect(wrap('', 4)).toEqual(['']);
  });

  it('ends even when nothing fits', () => {
    expect(wrap('日本', 1)).toEqual([]);
  });

  it('pads and cuts to an exact width', () => {
    expect(textOf(exactly([seg('ab')], 4, 'right'))).toBe('  ab');
    expect(textOf(exactly([seg('abc'), seg('def')], 4))).toBe('abc…');
    expect(textOf(spread([seg('left side')], [seg('right')], 10))).toBe('left…right');
  });

  it('drops trailing blanks, but not those of an inverse row', () => {
    expect(trimEnd([seg('a  '), seg('   ')])).toEqual([seg('a')]);
    const inverse = [seg('a  ', 'text', { inverse: true })];
    expect(trimEnd(inverse)).toEqual(inverse);
  });
});

describe('rule', () => {
  it('puts title and right side on one line of exact width', () => {
    expect(textOf(rule('Pods 142', [seg('live 1s')], 30))).toBe('─ Pods 142 ───────── live 1s ─');
    expect(textOf(rule('Pods 142', [], 20))).toBe('─ Pods 142 ─────────');
  });

  it('cuts the right side before the title', () => {
    expect(textOf(rule('Pods 142', [seg('a very long explanation')], 24))).toMatch(/^─ Pods 142 ─.*… ─$/);
  });
});

describe('bar and sparkline', () => {
  const text = (value: number, mark?: number) =>
    textOf(bar({ value, max: 1, width: 10, ...(mark === undefined ? {} : { mark }) }));

  it('shows a little as one cell and nothing as none', () => {
    expect(text(0.001)).toBe('█░░░░░░░░░');
    expect(text(0)).toBe('░░░░░░░░░░');
    expect(text(0.5)).toBe('█████░░░░░');
    expect(text(7)).toBe('██████████');
  });

  it('draws the limit inside the scale', () => {
    expect(text(0.3, 0.8)).toBe('███░░░░░│░');
    expect(text(0.95, 0.8)).toBe('████████│█');
  });

  it('shows a missing sample as a dot, never as zero', () => {
    expect(spark([null, 0, 1, 4, 100], 4)).toBe('·▁▃██');
  });
});

describe('layout', () => {
  it('has one column below 110, two below 160, then three that are never stretched', () => {
    expect(columnWidths(80)).toEqual([80]);
    expect(columnWidths(109)).toEqual([109]);
    expect(columnWidths(120)).toEqual([78, 39]);
    expect(columnWidths(200)).toEqual([100, 55, 39]);
    expect(Math.max(...columnWidths(400))).toBe(100);
  });

  const pane = (min: number, want: number): Pane => ({ rule: [], min, want, draw: () => [] });

  it('leaves no hole in a rule without a right end', () => {
    expect(textOf(rule('Sort by', [seg('')], 20))).toBe(`─ Sort by ${'─'.repeat(10)}`);
  });

  it('shares rows so that a long list does not starve the pane below', () => {
    expect(shareRows([pane(3, 100), pane(2, 6)], 20)).toEqual([12, 6]);
    expect(shareRows([pane(1, 2), pane(1, 2)], 20)).toEqual([2, 2]);
  });

  it('leaves out the last panes when not even their least fits', () => {
    expect(shareRows([pane(3, 5), pane(3, 5), pane(3, 5)], 9)).toEqual([4, 3, undefined]);
  });

  it('gives spare panes only the rows that no other wants', () => {
    const [list, extra] = [pane(3, 10), { ...pane(1, 10), spare: true as const }];
    expect(shareRows([list, extra], 11)).toEqual([10, undefined]);
    expect(shareRows([extra, list], 20)).toEqual([8, 10]);
  });

  const column = (head: string, width: number, more: Partial<Column<null>> = {}): Column<null> => ({
    head,
    width,
    cell: () => [],
    ...more,
  });

  it('drops columns in their declared order and lets the rest grow evenly', () => {
    const columns = [column('A', 10, { max: 20 }), column('B', 10, { max: 20 }), column('C', 8, { drop: 1 })];
    const shown = (width: number) => layout(columns, width).map((entry) => [entry.column.head, entry.width]);
    expect(shown(33)).toEqual([
      ['A', 10],
      ['B', 10],
      ['C', 8],
    ]);
    expect(shown(31)).toEqual([
      ['A', 14],
      ['B', 13],
    ]);
    expect(shown(100)).toEqual([
      ['A', 20],
      ['B', 20],
      ['C', 8],
    ]);
  });

  it('takes from flexing columns what dropping the others cannot give', () => {
    const columns = [column('A', 10, { least: 6 }), column('B', 10), column('C', 5, { drop: 1 })];
    const shown = (width: number) => layout(columns, width).map((entry) => entry.width);
    expect(shown(30)).toEqual([10, 10, 5]);
    expect(shown(22)).toEqual([8, 10]);
    expect(shown(15)).toEqual([6, 10]);
  });

  it('always shows the selection, and moves the window by half pages only', () => {
    const tops = [...Array(50).keys()].map((selected) => windowTop(selected, 50, 10));
    for (const [selected, top] of tops.entries()) {
      expect(selected).toBeGreaterThanOrEqual(top);
      expect(selected).toBeLessThan(top + 10);
    }
    expect(new Set(tops).size).toBeLessThanOrEqual(10);
    expect(windowTop(0, 3, 10)).toBe(0);
  });

  it('puts columns beside each other with a gutter', () => {
    const columns = [
      { width: 4, lines: [[seg('abcdef')]] },
      { width: 3, lines: [[], [seg('z')]] },
    ];
    expect(sideBySide(columns, 2).map(textOf)).toEqual(['abc… │', '     │ z']);
  });
});

describe('footer', () => {
  const keys = [
    { key: '↑↓', label: 'move' },
    { key: '⏎', label: 'open' },
    { key: '/', label: 'filter' },
    { key: '?', label: 'help' },
    { key: 'q', label: 'quit' },
  ];

  it('keeps help and quit at the right and lets others give way', () => {
    expect(textOf(footer(keys, UNICODE, 50))).toBe(' ↑↓ move  ⏎ open  / filter         ? help  q quit ');
    expect(textOf(footer(keys, UNICODE, 36))).toBe(' ↑↓ move  ⏎ open     ? help  q quit ');
  });

  it('writes keys as words where symbols do not work', () => {
    expect(keyLabel('↑↓', ASCII)).toBe('up/dn');
    expect(keyLabel('⏎', { ...UNICODE, screenReader: true })).toBe('enter');
    expect(keyLabel('j k', ASCII)).toBe('j k');
  });
});
