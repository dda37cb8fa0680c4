import { keyOf } from '../../domain/collection.ts';
import type { ObjectRef } from '../../domain/finding.ts';
import type { EventInfo } from '../../domain/kinds.ts';
import { telling } from '../../domain/telling.ts';
import { eventsAbout, isEcho, reasonOf, warnings } from '../events.ts';
import type { Line, ScreenModel } from '../model.ts';
import { ageText } from '../ui/age.ts';
import { cells, cutEnd, cutName, fit, line, seg } from '../ui/line.ts';
import { freshness, hanging, hasData, notice } from '../ui/notice.ts';
import { rule } from '../ui/rule.ts';
import type { Pane } from '../ui/stack.ts';

const MOST = 20;

/** The newest events about an object and the pods it owns. */
export function eventsPane(model: ScreenModel, ref: ObjectRef, width: number): Pane {
  return listOf('Events', told(eventsAbout(model, ref)), 'no recent events about it', model, width);
}

/** The newest warnings of the cluster or the chosen namespace, each object and reason once; nothing before they are read. */
export function warningsPane(model: ScreenModel, width: number): Pane | undefined {
  if (!hasData(model.state.events)) return undefined;
  const where = model.ui.namespace === '' ? '' : ` in ${model.ui.namespace}`;
  const nothing = `no warning${where}: the API server keeps them for about an hour`;
  return listOf(`Warning events${where}`, warnings(model).slice(0, MOST), nothing, model, width, objectText);
}

function listOf(
  title: string,
  events: readonly EventInfo[],
  nothing: string,
  model: ScreenModel,
  width: number,
  subject?: (event: EventInfo) => string,
): Pane {
  const source = model.state.events;
  const lines = hasData(source)
    ? eventLines(events, nothing, model.now, width, subject)
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
const REASON_BESIDE_SUBJECT = 0.25;
const SUBJECT_SHARE = 0.3;

function eventLines(
  events: readonly EventInfo[],
  nothing: string,
  now: number,
  width: number,
  subject: ((event: EventInfo) => string) | undefined,
): readonly Line[] {
  if (events.length === 0) return [[seg(` · ${cutEnd(nothing, width - 3)}`, 'muted')]];
  const column = (text: (event: EventInfo) => string, share: number) =>
    Math.min(Math.floor(width * share), Math.max(...events.map((event) => cells(text(event)))));
  const reasons = column(reasonOf, subject === undefined ? REASON_SHARE : REASON_BESIDE_SUBJECT);
  const subjects = subject === undefined ? 0 : column(subject, SUBJECT_SHARE);
  return events.map((event) => {
    const head = line(
      seg(` ${ageText(event.lastAt, now).padStart(5)} `, 'muted'),
      subject === undefined ? '' : line(fit([seg(cutName(subject(event), subjects))], subjects), ' '),
      fit([seg(cutEnd(reasonOf(event), reasons), event.type === 'Warning' ? 'warning' : 'text')], reasons),
    );
    const used = 7 + (subject === undefined ? 0 : subjects + 1) + reasons;
    return line(head, ` ${cutEnd(telling(event.message), Math.max(0, width - used - 1))}`);
  });
}
