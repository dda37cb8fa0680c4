import type { Finding } from '../../domain/finding.ts';
import { age, moment, plural } from '../../domain/format.ts';
import { dataOf } from '../../domain/snapshot.ts';
import { cursorOf } from '../cursor.ts';
import type { Line, ScreenModel } from '../model.ts';
import { findingRows, isProblem, type Row, selectedRow } from '../rows.ts';
import { GLYPH, severityGlyph, severityToken } from '../ui/glyphs.ts';
import { cutEnd, cutMiddle, line, seg } from '../ui/line.ts';
import { freshness, hanging, hasData, leastKnown, paragraph, problem } from '../ui/notice.ts';
import { rule } from '../ui/rule.ts';
import type { Pane } from '../ui/stack.ts';
import { type Column, table } from '../ui/table.ts';

/** Sources without which nothing can be said at all. */
const BASIS = ['nodes', 'pods'] as const;

/** The list of findings, worst first. */
export function findingsPane(model: ScreenModel, width: number): Pane {
  const rows = findingRows(model);
  const message = rows.length === 0 ? nothingFound(model, width) : undefined;
  return {
    rule: rule(findingsTitle(model), findingsSubtitle(model, rows.length), width),
    min: Math.min(4, message?.length ?? rows.length),
    want: message?.length ?? rows.length,
    draw: (height) =>
      message ??
      table(
        {
          columns: findingColumns(model, width),
          count: rows.length,
          row: (index) => rows[index],
          severity: (row) => row.severity,
          selected: cursorOf(rows, model.ui.lists['triage/findings']).index,
          focused: true,
          heads: false,
          muted: false,
        },
        width,
        height,
      ),
  };
}

function findingsTitle(model: ScreenModel): Line {
  const { findings } = model.judge.assessment;
  const name = seg('Findings', 'text', { bold: true });
  return findings.length === 0 ? [name] : [name, seg(` ${findings.length}`)];
}

function findingsSubtitle(model: ScreenModel, shown: number): Line {
  const { ui, judge } = model;
  const sort = ui.lists['triage/findings'].sort;
  const total = judge.assessment.findings.length;
  const basis = leastKnown([model.state.nodes, model.state.pods]);
  const words = [
    sort === undefined ? 'worst first' : `by ${sort.column}`,
    shown < total ? `${shown} of ${total}` : undefined,
    ui.problemsOnly ? '! all' : undefined,
    ui.namespace === '' ? undefined : `in ${ui.namespace}`,
  ].filter((word) => word !== undefined);
  return line(
    seg(words.join(' · '), 'muted'),
    ui.filter === '' ? '' : line(seg(' · ', 'muted'), seg(`/${ui.filter}`, 'accent')),
    basis.status === 'live' ? '' : line(seg(' · ', 'muted'), freshness(basis, model)),
  );
}

function findingColumns(model: ScreenModel, width: number): readonly Column<Row<Finding>>[] {
  return [
    { head: 'FINDING', width: 24, max: 100, cell: ({ item }, size) => titleCell(item, size) },
    {
      head: 'WHERE',
      width: width >= 100 ? 16 : 11,
      drop: 1,
      cell: ({ item }, size) => [seg(cutMiddle(item.scope, size), 'muted')],
    },
    {
      head: 'AGE',
      width: 5,
      align: 'right',
      cell: ({ item }) => [seg(item.since === undefined ? '' : age(model.now - item.since), 'muted')],
    },
  ];
}

/** The title, cut to leave room for the number of findings that this one causes. */
function titleCell(finding: Finding, width: number): Line {
  const count = finding.consequences.length;
  const more = count === 0 ? '' : ` +${count}`;
  return line(cutEnd(finding.title, width - more.length), seg(more, 'accent'));
}

/** Why the list is empty: healthy, filtered, or simply not known yet. Never "none" while something is unread. */
function nothingFound(model: ScreenModel, width: number): readonly Line[] {
  const { judge, state, connection } = model;
  if (judge.assessment.findings.length > 0) {
    return paragraph('info', 'no finding matches the filter, namespace or ! setting', width);
  }
  if (connection.status === 'lost' && !hasData(state.pods)) return problem(connection.error, model, width);
  const failed = BASIS.map((name) => state[name]).find(({ status }) => status === 'failed');
  if (failed?.status === 'failed') return problem(failed.error, model, width);
  const unread = BASIS.filter((name) => !hasData(state[name]));
  if (unread.length > 0) return [line(` ${GLYPH.spinner} reading ${unread.join(' and ')}`)];
  const { unknown } = judge.assessment.score;
  if (unknown.length > 0) {
    const missing = `nothing wrong found, but not everything could be read: ${unknown.join(', ')}`;
    return paragraph('unknown', missing, width);
  }
  const nodes = plural(dataOf(state.nodes)?.size ?? 0, 'node');
  const pods = plural(dataOf(state.pods)?.size ?? 0, 'pod');
  return paragraph('ok', `nothing wrong: ${nodes} and ${pods} judged`, width);
}

/** What the selected finding rests on: evidence with times, cause, effect, advice, and what it brings with it. */
export function whyPane(model: ScreenModel, width: number): Pane | undefined {
  const selected = selectedRow(model, 'triage/findings', findingRows(model));
  if (selected === undefined) return undefined;
  const finding = selected.item;
  const lines = whyLines(finding, model, width);
  return {
    rule: rule('Why', [seg(subjectText(finding), 'muted')], width),
    min: Math.min(3, lines.length),
    want: lines.length,
    draw: (height) => withMore(lines, height),
  };
}

/** `namespace/kind/name` of what a finding is about. */
export function subjectText({ subject }: Pick<Finding, 'subject'>): string {
  const kind = subject.kind.toLowerCase();
  return subject.namespace ? `${subject.namespace}/${kind}/${subject.name}` : `${kind}/${subject.name}`;
}

/** The explanation of a finding as lines. */
export function whyLines(finding: Finding, model: ScreenModel, width: number): readonly Line[] {
  const facts = finding.evidence.map(({ at, text }) => ({
    when: at === undefined ? '' : moment(at, model.now),
    text,
  }));
  const whenWidth = facts.reduce((max, { when }) => Math.max(max, when.length), 0);
  const lines: Line[] = facts.flatMap(({ when, text }) =>
    hanging(whenWidth === 0 ? ' ' : ` ${when.padEnd(whenWidth)}  `, text, width),
  );
  const add = (label: string, text: string | undefined) => {
    if (text !== undefined && text !== '') lines.push(...hanging(` ${label.padEnd(13)} `, text, width));
  };
  add('likely cause', finding.cause);
  add('effect', finding.effect);
  for (const [index, advice] of finding.advice.entries()) add(index === 0 ? 'to do' : '', advice);
  add('runbook', finding.runbook);
  for (const consequence of finding.consequences.filter(({ severity }) => isProblem(severity))) {
    lines.push(
      line(
        seg(' brings ', 'muted'),
        seg(severityGlyph(consequence.severity), severityToken(consequence.severity)),
        ` ${cutEnd(consequence.title, width - 10)}`,
      ),
    );
  }
  return lines;
}

/** Cuts lines at `height`; the last one then says how many are missing. */
export function withMore(lines: readonly Line[], height: number): readonly Line[] {
  if (lines.length <= height || height < 1) return lines.slice(0, Math.max(0, height));
  const hidden = lines.length - height + 1;
  return [...lines.slice(0, height - 1), [seg(` … ${hidden} more lines, enter opens`, 'muted')]];
}
