import { keyOf } from '../../domain/collection.ts';
import type { ObjectRef } from '../../domain/finding.ts';
import type { EventInfo } from '../../domain/kinds.ts';
import { telling } from '../../domain/telling.ts';
import { eventsAbout, isEcho, reasonOf, warnings } from '../events.ts';
import type { Line, ScreenModel } from '../model.ts';
import { ageText } from '../ui/age.ts';
import { cells, clip, cutEnd, cutName, fit, line, lineCells, seg, wrap } from '../ui/line.ts';
import { freshness, hanging, hasData, notice } from '../ui/notice.ts';
import { rule } from '../ui/rule.ts';
import type { Pane } from '../ui/stack.ts';

const MOST = 20;

/** The newest events about an object and the pods it owns. */
export function eventsPane(model: ScreenModel, ref: ObjectRef, width: number): Pane {
  const events = told(eventsAbout(model, ref)).map((event) => ({ event }));
  return listOf('Events', events, 'no recent events about it', model, width);
}

/** The newest warnings of the cluster or the chosen namespace, each object and reason once; nothing before they are read. */
export function warningsPane(model: ScreenModel, width: number): Pane | undefined {
  if (!hasData(model.state.events)) return undefined;
  const where = model.ui.namespace === '' ? '' : ` in ${model.ui.namespace}`;
  const nothing = `no warning${where}: the API server keeps them for about an hour`;
  const rows = warnings(model)
    .slice(0, MOST)
    .map(({ event, others }) => ({ event, subject: objectText(event), others }));
  return listOf(`Warning events${where}`, rows, nothing, model, width);
}

/** An event as a row; `subject` when the pane is about many objects, `others` that have the same. */
interface EventRow {
  readonly event: EventInfo;
  readonly subject?: string;
  readonly others?: number;
}

function listOf(
  title: string,
  rows: readonly EventRow[],
  nothing: string,
  model: ScreenModel,
  width: number,
): Pane {
  const source = model.state.events;
  const lines = hasData(source)
    ? eventLines(rows, nothing, model.now, width)
    : notice(source, 'events', model, width);
  return {
    rule: rule(title, freshness(source, model), width),
    min: 1,
    want: lines.length,
    draw: (height) => lines.slice(0, height),
  };
}

/** The three newest events as fields of a details pane; nothing when there are none or they are unknown. */
export function eventFields(model: ScreenModel, ref: ObjectRef, width: number): readonly Line[] {
  return told(eventsAbout(model, ref))
    .slice(0, 3)
    .flatMap((event, index) =>
      hanging(
        ` ${(index === 0 ? 'events' : '').padEnd(11)}`,
        `${ageText(event.lastAt, model.now)} ${reasonOf(event)} ${telling(event.message)}`,
        width,
      ).slice(0, 2),
    );
}

function told(events: readonly EventInfo[]): readonly EventInfo[] {
  return events.filter((event) => !isEcho(event)).slice(0, MOST);
}

function objectText({ regarding }: EventInfo): string {
  return keyOf({ namespace: regarding.namespace ?? '', name: regarding.name });
}

/** What columns of text take at most of the width; the message has the rest. */
const REASON_SHARE = 0.4;
const REASON_BESIDE_SUBJECT = 0.2;
const SUBJECT_SHARE = 0.28;

function eventLines(rows: readonly EventRow[], nothing: string, now: number, width: number): readonly Line[] {
  if (rows.length === 0) return [[seg(` · ${cutEnd(nothing, width - 3)}`, 'muted')]];
  const column = (share: number, size: (row: EventRow) => number) =>
    Math.min(Math.floor(width * share), Math.max(...rows.map(size)));
  const subjects = column(SUBJECT_SHARE, (row) => cells(`${row.subject ?? ''}${moreText(row)}`));
  const reasonShare = subjects === 0 ? REASON_SHARE : REASON_BESIDE_SUBJECT;
  const reasons = column(reasonShare, ({ event }) => cells(reasonOf(event)));
  return rows.flatMap((row): Line[] => {
    const { event } = row;
    const message = telling(event.message);
    const reason = seg(reasonOf(event), event.type === 'Warning' ? 'warning' : 'text');
    const when = seg(` ${ageText(event.lastAt, now).padStart(5)} `, 'muted');
    if (width < NARROW) return [clip([when, reason], width), ...below(message, width)];
    const head = line(
      when,
      subjects === 0 ? '' : line(fit(subjectCell(row, subjects), subjects), ' '),
      fit(clip([reason], reasons), reasons),
      ' ',
    );
    return [line(head, cutEnd(message, Math.max(0, width - lineCells(head))))];
  });
}

/** In a narrow pane a message stands under its reason, in two rows at most. */
const NARROW = 50;

function below(message: string, width: number): Line[] {
  const indent = ' '.repeat(7);
  return wrap(cutEnd(message, Math.floor((width - 7) * 1.8)), width - 7)
    .slice(0, 2)
    .map((row) => [seg(`${indent}${row}`)]);
}

function moreText({ others = 0 }: EventRow): string {
  return others === 0 ? '' : ` +${others}`;
}

function subjectCell(row: EventRow, width: number): Line {
  const more = moreText(row);
  return line(cutName(row.subject ?? '', width - more.length), seg(more, 'accent'));
}
