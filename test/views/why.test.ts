import { expect, it } from 'vitest';
import type { Finding } from '../../src/domain/finding.ts';
import { whyLines, whyPane, withoutRepetition } from '../../src/views/panes/why.ts';
import { textOf } from '../../src/views/ui/line.ts';
import { HOUR, NOW } from '../domain/build.ts';
import { finding, model } from '../support/model.ts';

const why = (more: Partial<Finding>) => {
  const { facts, answer } = whyLines(finding('web', more), NOW, 78);
  return [...facts, ...answer].map(textOf);
};

it('tells facts with times, then cause, effect and what to do', () => {
  const lines = why({
    subject: { kind: 'Deployment', namespace: 'shop', name: 'web' },
    evidence: [
      { at: NOW - 2 * HOUR, text: 'web-6c8b-x2z9k on ms-01-a: web OOMKilled after 3h' },
      { text: 'and 2 more pods' },
    ],
    cause: 'OOMKilled: the container used more memory than its limit',
    effect: 'service web has no ready endpoints',
    consequences: [finding('service web has no ready endpoints', { severity: 'critical' })],
    advice: ['raise the limit', 'read the log'],
  });
  expect(lines).toEqual([
    ' 12:32  …6c8b-x2z9k on ms-01-a: web OOMKilled after 3h',
    '        and 2 more pods',
    ' likely cause  the container used more memory than its limit',
    ' effect        ✗ service web has no ready endpoints',
    ' to do         raise the limit',
    '               read the log',
  ]);
});

it('says an effect of its own before what follows, of which it lists three', () => {
  const titles = ['first', 'second', 'third', 'fourth', 'fifth'];
  const lines = why({ effect: 'all is old', consequences: titles.map((title) => finding(title)) });
  expect(lines).toEqual([
    ' effect        all is old',
    '               ▲ first',
    '               ▲ second',
    '               ▲ third',
    '                 and 2 more',
  ]);
});

const PROBE = 'Readiness probe failed: HTTP probe failed with statuscode: 503';

it.each([
  [
    'a fact does not end in the cause',
    [`Unhealthy ×311: ${PROBE}`],
    PROBE,
    ['Unhealthy ×311'],
    'Readiness probe failed: answered 503',
  ],
  ['a fact stands once', ['node is gone', 'node is gone', 'node'], 'no power', ['node is gone'], 'no power'],
  [
    'a cause that a fact says is not told again',
    ['web ended with exit 1'],
    'exit 1',
    ['web ended with exit 1'],
    undefined,
  ],
  ['without a cause nothing is cut', ['a: b'], undefined, ['a: b'], undefined],
])('%s', (_name, texts, cause, facts, shown) => {
  const told = withoutRepetition({
    evidence: texts.map((text) => ({ text })),
    ...(cause !== undefined && { cause }),
  });
  expect(told.facts.map(({ text }) => text)).toEqual(facts);
  expect(told.cause).toBe(shown);
});

it('gives the answer first where facts and answer do not fit', () => {
  const trouble = finding('web', {
    evidence: ['one', 'two', 'three'].map((text) => ({ text })),
    cause: 'no power',
    advice: ['switch it on'],
  });
  const pane = whyPane(model({ assessment: { findings: [trouble] } }), 60);
  expect(pane?.draw(5).map(textOf)[0]).toBe(' one');
  expect(pane?.draw(3).map(textOf)).toEqual([
    ' likely cause  no power',
    ' to do         switch it on',
    ' … 3 more lines, enter opens',
  ]);
});
