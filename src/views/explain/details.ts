/** The text of `enter`: all that is known of an object or finding. */
import type { Finding, ObjectRef } from '../../domain/finding.ts';
import { relative } from '../../domain/format.ts';
import type { EventInfo } from '../../domain/kinds.ts';
import { dataOf } from '../../domain/snapshot.ts';
import { FINDING_KIND, findingById, findingsAbout, unreadReason } from '../interaction/objects.ts';
import { notInCluster } from '../interaction/reasons.ts';
import type { ScreenModel } from '../model.ts';
import { findingLines } from './finding.ts';
import { ageWarning, objectDetails } from './object.ts';
import { refText, section, verdict } from './text.ts';

const MAX_EVENTS = 20;

/** Lines of the details of an object or finding. */
export function detailLines(model: ScreenModel, ref: ObjectRef): readonly string[] {
  if (ref.kind !== FINDING_KIND) return aboutObject(model, ref);
  const finding = findingById(model.judge.assessment, ref.name);
  if (finding === undefined) return ['this finding is gone: its trouble has ended'];
  return [...findingLines(model, finding), '', ...aboutObject(model, finding.subject, finding)];
}

/** `told` is a finding that stands above already. */
function aboutObject(model: ScreenModel, ref: ObjectRef, told?: Finding): readonly string[] {
  const findings = findingsAbout(model.judge.assessment, ref).filter((finding) => finding !== told);
  return [
    refText(ref),
    ...ageWarning(model, ref),
    ...objectDetails(model, ref),
    ...section(
      'Findings',
      findings.map((finding) => verdict(finding.severity, finding.title)),
    ),
    ...(notInCluster(ref) === undefined ? section('Events', eventLines(model, ref)) : []),
  ];
}

/** Events about an object, newest first; that there are none is said only when they were read. */
export function eventLines(model: ScreenModel, ref: ObjectRef): readonly string[] {
  const events = dataOf(model.state.events);
  if (events === undefined) return [unreadReason(model.state, 'events') ?? 'events are not known'];
  const own = [...events.values()]
    .filter((event) => isAbout(event, ref))
    .toSorted((a, b) => b.lastAt - a.lastAt);
  if (own.length === 0) return ['no events: Kubernetes keeps them for an hour by default'];
  return own.slice(0, MAX_EVENTS).map((event) => {
    const times = event.count > 1 ? ` ×${event.count}` : '';
    return `${relative(event.lastAt, model.now)}  ${event.type} ${event.reason}${times}  ${event.message}`;
  });
}

function isAbout({ regarding }: EventInfo, ref: ObjectRef): boolean {
  return (
    regarding.kind === ref.kind &&
    regarding.name === ref.name &&
    // Events about cluster-scoped objects are kept in a namespace but name none.
    (ref.namespace === undefined || regarding.namespace === ref.namespace)
  );
}
