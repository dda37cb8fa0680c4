import { count } from '../../domain/format.ts';
import { type Severity, worse } from '../../domain/severity.ts';
import type { Snapshot } from '../../domain/snapshot.ts';
import { cursorOf } from '../cursor.ts';
import type { Line, ListId, ScreenModel } from '../model.ts';
import { isProblem, type Row } from '../rows.ts';
import { cells, cutEnd, line, seg } from '../ui/line.ts';
import { freshness, hasData, notice, paragraph } from '../ui/notice.ts';
import { rule } from '../ui/rule.ts';
import type { Pane } from '../ui/stack.ts';
import { type Column, table } from '../ui/table.ts';

/** Everything a list pane needs to be drawn in all five states of its source. */
export interface ListPane<T> {
  readonly list: ListId;
  /** Plural and capitalised, as in the rule: `Pods`. */
  readonly title: string;
  readonly source: Snapshot<unknown>;
  /** Objects there are before namespace, filter and problems-only. */
  readonly total: number;
  /** How many of them need a look. */
  readonly problems: number;
  readonly rows: readonly Row<T>[];
  readonly columns: readonly Column<Row<T>>[];
  /** Rows shown even when others press for room. */
  readonly min: number;
}

/** The row of column heads. */
const HEADS = 1;

/** A titled list: rows while there is data, otherwise what is known of the source. */
export function listPane<T>(model: ScreenModel, pane: ListPane<T>, width: number): Pane {
  const focused = model.ui.focus[model.ui.tab] === pane.list;
  const stale = pane.source.status === 'stale';
  const message = messageInstead(model, pane, focused, width);
  const want = message?.length ?? pane.rows.length + HEADS;
  return {
    rule: rule(title(model, pane), subtitle(model, pane, focused), width),
    min: Math.min(want, pane.min + HEADS),
    want,
    draw: (height) =>
      message ??
      table(
        {
          columns: pane.columns,
          count: pane.rows.length,
          row: (index) => pane.rows[index],
          // Data that may be old never looks healthy.
          severity: (row): Severity => (stale ? worse(row.severity, 'unknown') : row.severity),
          selected: cursorOf(pane.rows, model.ui.lists[pane.list]).index,
          focused,
          heads: true,
          muted: stale,
        },
        width,
        height,
      ),
  };
}

/** A list made from several sources shows what it has even when one of them is missing; its rule says so. */
function hasRows<T>(pane: ListPane<T>): boolean {
  return hasData(pane.source) || pane.total > 0;
}

function title<T>(model: ScreenModel, pane: ListPane<T>): Line {
  const name = seg(pane.title, 'text', { bold: true });
  return hasRows(pane) ? line(name, seg(` ${count(pane.total)}${scopeOf(model, pane)}`, 'text')) : [name];
}

/** Right end of the rule: what is hidden and why, then how fresh the data is. */
function subtitle<T>(model: ScreenModel, pane: ListPane<T>, focused: boolean): Line {
  const state = freshness(pane.source, model);
  if (!hasRows(pane)) return state;
  const { ui } = model;
  const sort = ui.lists[pane.list].sort;
  const shown = pane.rows.length;
  const parts: Line[] = [];
  if (sort !== undefined) parts.push([seg(`by ${sort.column}${sort.descending ? ' ↓' : ' ↑'}`, 'muted')]);
  if (shown < pane.total) parts.push([seg(`${count(shown)} of ${count(pane.total)}`, 'muted')]);
  else if (pane.problems > 0)
    parts.push([seg(`${count(pane.problems)} ${pane.problems === 1 ? 'needs' : 'need'} a look`, 'muted')]);
  if (focused && (ui.problemsOnly || pane.problems > 0)) {
    parts.push([seg(ui.problemsOnly ? '! all' : '! problems', 'muted')]);
  }
  if (focused && ui.filter !== '') parts.push([seg(`/${ui.filter}`, 'accent')]);
  parts.push(state);
  return parts.flatMap((part, index) => (index === 0 ? part : [seg(' · ', 'muted'), ...part]));
}

/** What stands in place of rows; undefined when there are rows. */
function messageInstead<T>(
  model: ScreenModel,
  pane: ListPane<T>,
  focused: boolean,
  width: number,
): readonly Line[] | undefined {
  if (!hasRows(pane)) return notice(pane.source, pane.title.toLowerCase(), model, width);
  if (pane.rows.length > 0) return undefined;
  const [severity, text] = emptiness(model, pane, focused);
  return paragraph(severity, text, width);
}

/** Why there are no rows although there is data; only current data can be called well. */
function emptiness<T>(model: ScreenModel, pane: ListPane<T>, focused: boolean): readonly [Severity, string] {
  const { filter, problemsOnly } = model.ui;
  const what = `${pane.title.toLowerCase()}${scopeOf(model, pane)}`;
  if (pane.total === 0) return ['info', `the cluster has no ${pane.title.toLowerCase()}`];
  if (focused && filter !== '') return ['info', `no ${what} match /${filter}; esc clears the filter`];
  if (!problemsOnly) return ['info', `no ${what}`];
  return pane.source.status === 'live'
    ? ['ok', `no ${what} need a look`]
    : ['unknown', `no ${what} needed a look when last read`];
}

/** The namespace that the list is limited to; nodes belong to none. */
function scopeOf<T>(model: ScreenModel, pane: ListPane<T>): string {
  const { namespace } = model.ui;
  return namespace === '' || pane.list === 'nodes/nodes' ? '' : ` in ${namespace}`;
}

/**
 * kubectl's word, because that is what one searches for, and behind it what we know beyond it; short of room the
 * note gives way, not the word.
 */
export function statusText(
  row: { readonly status: string; readonly note: string },
  width = Number.POSITIVE_INFINITY,
): string {
  const separator = ', ';
  const whole = withoutWord(row.note, row.status);
  const room = width - cells(row.status) - separator.length;
  // Among ages `2h` is understood.
  const note = cells(whole) <= room ? whole : whole.replace(/ ago$/, '');
  if (note === '' || room < Math.min(4, cells(note))) return cutEnd(row.status, width);
  return row.status + separator + cutEnd(note, room);
}

/** A note is complete in itself; behind the status word its own first word may say the same again. */
function withoutWord(note: string, status: string): string {
  const [first = '', ...rest] = note.split(', ');
  return first.toLowerCase() === status.toLowerCase() ? rest.join(', ') : note;
}

/** Counts rows that need a look. */
export function problemCount(rows: Iterable<{ readonly severity: Severity }>): number {
  let count = 0;
  for (const row of rows) if (isProblem(row.severity)) count += 1;
  return count;
}
