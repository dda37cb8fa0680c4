import type { Finding } from '../../domain/finding.ts';
import { plural } from '../../domain/format.ts';
import { dataOf } from '../../domain/snapshot.ts';
import { cursorOf } from '../cursor.ts';
import type { Line, ScreenModel } from '../model.ts';
import { findingRows, type Row } from '../rows.ts';
import { ageText } from '../ui/age.ts';
import { GLYPH } from '../ui/glyphs.ts';
import { cutEnd, cutMiddle, line, seg } from '../ui/line.ts';
import { freshness, hasData, leastKnown, paragraph, problem } from '../ui/notice.ts';
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
    { head: 'FINDING', width: 44, least: 24, max: 100, cell: ({ item }, size) => titleCell(item, size) },
    {
      head: 'WHERE',
      width: width >= 100 ? 16 : 11,
      drop: 1,
      cell: ({ item }, size) => [seg(cutMiddle(item.scope, size), 'muted')],
    },
    {
      head: 'AGE',
      width: 6,
      align: 'right',
      cell: ({ item }) => [seg(item.since === undefined ? '' : ageText(item.since, model.now), 'muted')],
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
