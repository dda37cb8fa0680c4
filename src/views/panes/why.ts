import type { Finding } from '../../domain/finding.ts';
import { moment } from '../../domain/format.ts';
import { telling } from '../../domain/telling.ts';
import { effectsOf } from '../explain/finding.ts';
import type { Line, ScreenModel } from '../model.ts';
import { findingRows, selectedRow } from '../rows.ts';
import { GLYPH, severityGlyph, severityToken } from '../ui/glyphs.ts';
import { cutEnd, line, seg, wrap } from '../ui/line.ts';
import { hanging } from '../ui/notice.ts';
import { rule } from '../ui/rule.ts';
import type { Pane } from '../ui/stack.ts';
import { withMore } from './more.ts';

/** What the selected finding rests on: facts with times, then cause, effect and what to do. */
export function whyPane(model: ScreenModel, width: number): Pane | undefined {
  const selected = selectedRow(model, 'triage/findings', findingRows(model));
  if (selected === undefined) return undefined;
  const finding = selected.item;
  const { facts, answer } = whyLines(finding, model.now, width);
  const lines = [...facts, ...answer];
  return {
    rule: rule('Why', [seg(subjectText(finding), 'muted')], width),
    min: Math.min(3, lines.length),
    want: lines.length,
    // Short of room the answer comes before what it rests on.
    draw: (height) =>
      withMore(height < SHORT && height < lines.length ? [...answer, ...facts] : lines, height),
  };
}

/** Rows below which a pane does not hold both facts and answer. */
const SHORT = 6;

/** `namespace/kind/name` of what a finding is about. */
function subjectText({ subject }: Pick<Finding, 'subject'>): string {
  const kind = subject.kind.toLowerCase();
  return subject.namespace ? `${subject.namespace}/${kind}/${subject.name}` : `${kind}/${subject.name}`;
}

/** A pod of the subject is told by what its name adds: `…6c8b-x2z9k on ms-01-a`. */
function withoutName(text: string, name: string): string {
  return name !== '' && text.startsWith(`${name}-`) ? GLYPH.ellipsis + text.slice(name.length + 1) : text;
}

const LABEL = 13;
/** Rows of text that one fact may fill; words do not break evenly, so it is somewhat less than two. */
const FACT_ROWS = 1.8;

/** The explanation of a finding as lines; what is said once is not said again. */
export function whyLines(
  finding: Finding,
  now: number,
  width: number,
): { readonly facts: readonly Line[]; readonly answer: readonly Line[] } {
  const { facts, cause } = withoutRepetition(finding);
  const add = (label: string, text: string) => hanging(` ${label.padEnd(LABEL)} `, text, width);
  return {
    facts: factLines(facts, finding.subject.name, now, width),
    answer: [
      ...(cause === undefined ? [] : add('likely cause', cause)),
      ...effectLines(finding, width),
      ...finding.advice.flatMap((advice, index) => add(index === 0 ? 'to do' : '', advice)),
      ...(finding.runbook === undefined ? [] : add('runbook', finding.runbook)),
    ],
  };
}

/** Facts behind their times, each in two rows at most. */
function factLines(facts: readonly Fact[], subject: string, now: number, width: number): readonly Line[] {
  const times = facts.map(({ at }) => (at === undefined ? '' : moment(at, now)));
  const timeWidth = Math.max(0, ...times.map((time) => time.length));
  return facts.flatMap(({ text }, index) => {
    const label = timeWidth === 0 ? ' ' : ` ${(times[index] ?? '').padEnd(timeWidth)}  `;
    const shown = cutEnd(withoutName(text, subject), Math.floor((width - label.length) * FACT_ROWS));
    return hanging(label, shown, width);
  });
}

/** Consequences listed at most. */
const MAX_EFFECTS = 3;

/** The effect in words, unless these only repeat the titles of what follows, and then what follows. */
function effectLines(finding: Finding, width: number): readonly Line[] {
  const { consequences } = finding;
  const rows = [
    ...effectsOf(finding).flatMap((words) => wrap(words, width - LABEL - 2).map((row) => [seg(row)])),
    ...consequences
      .slice(0, MAX_EFFECTS)
      .flatMap((consequence) => consequenceRows(consequence, width - LABEL - 2)),
    ...(consequences.length > MAX_EFFECTS
      ? [[seg(`  and ${consequences.length - MAX_EFFECTS} more`, 'muted')]]
      : []),
  ];
  return rows.map((row, index) =>
    line(seg(` ${(index === 0 ? 'effect' : '').padEnd(LABEL)} `, 'muted'), row),
  );
}

/** A title behind its glyph, wrapped under its first word. */
function consequenceRows({ severity, title }: Finding, width: number): readonly Line[] {
  const glyph = seg(severityGlyph(severity), severityToken(severity));
  return wrap(title, width - 2).map((row, index) => line(index === 0 ? glyph : ' ', ` ${row}`));
}

interface Fact {
  readonly at?: number;
  readonly text: string;
}

/** The facts and the cause in their telling words, each thing told once: a fact does not end in the cause. */
export function withoutRepetition(finding: Pick<Finding, 'evidence' | 'cause'>): {
  readonly facts: readonly Fact[];
  readonly cause: string | undefined;
} {
  const whole = finding.cause === undefined ? '' : telling(finding.cause);
  const facts: Fact[] = [];
  for (const { at, text } of finding.evidence) {
    const short = withoutEnd(telling(text), whole);
    if (short === '' || facts.some((fact) => fact.text.includes(short))) continue;
    facts.push({ ...(at !== undefined && { at }), text: short });
  }
  // `OOMKilled: the container used …`: its first words often name again what a fact says happened.
  const [head = '', ...rest] = whole.split(': ');
  const said = (words: string) => facts.some(({ text }) => text.includes(words));
  const cause = rest.length > 0 && said(head) ? rest.join(': ') : whole;
  return { facts, cause: cause === '' || said(cause) ? undefined : cause };
}

/** `Unhealthy ×311: <cause>` without the cause; nothing when it is all there is. */
function withoutEnd(text: string, end: string): string {
  if (end === '') return text;
  const tail = `: ${end}`;
  return text.endsWith(tail) ? text.slice(0, -tail.length) : text === end ? '' : text;
}
