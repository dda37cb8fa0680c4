/** Events in words: about an object and what it owns, with their whole messages. */
import type { ObjectRef } from '../../domain/finding.ts';
import type { EventInfo } from '../../domain/kinds.ts';
import { eventsAbout, reasonOf } from '../events.ts';
import { unreadReason } from '../interaction/objects.ts';
import type { ScreenModel } from '../model.ts';
import { ageText } from '../ui/age.ts';

/** One line for each event, newest first; that there are none is said only when they were read. */
export function eventLines(
  model: ScreenModel,
  ref: ObjectRef,
  most = Number.POSITIVE_INFINITY,
): readonly string[] {
  const unread = unreadReason(model.state, 'events');
  if (unread !== undefined) return [unread];
  const events = eventsAbout(model, ref).slice(0, most);
  if (events.length === 0) return ['no events: Kubernetes keeps them for an hour by default'];
  const about = (event: EventInfo) => {
    const { kind, name } = event.regarding;
    return kind === ref.kind && name === ref.name ? '' : `${kind} ${name}`;
  };
  const cells = events.map((event) => [
    ageText(event.lastAt, model.now).padStart(4),
    event.type,
    reasonOf(event),
    about(event),
  ]);
  const widths = [0, 1, 2, 3].map((column) => Math.max(...cells.map((row) => row[column]?.length ?? 0)));
  return events.map((event, index) =>
    [
      ...(cells[index] ?? [])
        .map((cell, column) => cell.padEnd(widths[column] ?? 0))
        .filter((cell) => cell !== ''),
      event.message,
    ].join('  '),
  );
}
