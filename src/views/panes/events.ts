import type { Collection } from '../../domain/collection.ts';
import type { ObjectRef } from '../../domain/finding.ts';
import { age } from '../../domain/format.ts';
import type { EventInfo } from '../../domain/kinds.ts';
import { dataOf } from '../../domain/snapshot.ts';
import type { Line, ScreenModel } from '../model.ts';
import { cutEnd, line, seg } from '../ui/line.ts';
import { freshness, hanging, hasData, notice } from '../ui/notice.ts';
import { rule } from '../ui/rule.ts';
import type { Pane } from '../ui/stack.ts';

const MOST = 20;

/** The newest events about one object. */
export function eventsPane(model: ScreenModel, ref: ObjectRef, width: number): Pane {
  const { events } = model.state;
  const about = eventsAbout(dataOf(events), ref);
  const lines = hasData(events) ? eventLines(about, model, width) : notice(events, 'events', model, width);
  return {
    rule: rule('Events', freshness(events, model), width),
    min: 1,
    want: lines.length,
    draw: (height) => lines.slice(0, height),
  };
}

/** The three newest events as fields of a details pane; nothing when there are none or they are unknown. */
export function eventFields(model: ScreenModel, ref: ObjectRef, width: number): readonly Line[] {
  return eventsAbout(dataOf(model.state.events), ref)
    .slice(0, 3)
    .flatMap((event, index) =>
      hanging(
        ` ${(index === 0 ? 'events' : '').padEnd(11)}`,
        `${age(model.now - event.lastAt)} ${reasonOf(event)} ${event.message}`,
        width,
      ).slice(0, 2),
    );
}

/** `BackOff ×311`. */
function reasonOf(event: EventInfo): string {
  return event.count > 1 ? `${event.reason} ×${event.count}` : event.reason;
}

function eventLines(events: readonly EventInfo[], model: ScreenModel, width: number): readonly Line[] {
  if (events.length === 0) return [[seg(' · no recent events about it', 'muted')]];
  return events.map((event) => {
    const warns = event.type === 'Warning';
    const head = ` ${age(model.now - event.lastAt).padStart(5)} `;
    const reason = reasonOf(event);
    return line(
      seg(head, 'muted'),
      seg(cutEnd(reason, width - head.length), warns ? 'warning' : 'text'),
      ` ${cutEnd(event.message, Math.max(0, width - head.length - reason.length - 1))}`,
    );
  });
}

interface Found {
  readonly version: number;
  readonly key: string;
  readonly events: readonly EventInfo[];
}

let last: (Found & { readonly source: Collection<EventInfo> }) | undefined;

/** Newest first. The last answer is kept, because a frame is drawn far more often than events come. */
function eventsAbout(source: Collection<EventInfo> | undefined, ref: ObjectRef): readonly EventInfo[] {
  if (source === undefined) return [];
  const key = `${ref.kind}/${ref.namespace ?? ''}/${ref.name}/${ref.uid ?? ''}`;
  if (last?.source === source && last.version === source.version && last.key === key) return last.events;
  const events = [...source.values()]
    .filter(({ regarding }) => isAbout(regarding, ref))
    .sort((a, b) => b.lastAt - a.lastAt)
    .slice(0, MOST);
  last = { source, version: source.version, key, events };
  return events;
}

function isAbout(regarding: EventInfo['regarding'], ref: ObjectRef): boolean {
  if (regarding.kind !== ref.kind || regarding.name !== ref.name) return false;
  if ((regarding.namespace ?? '') !== (ref.namespace ?? '')) return false;
  // Kubelets report node events with the node's name in place of its uid.
  return ref.kind === 'Node' || !regarding.uid || !ref.uid || regarding.uid === ref.uid;
}
