/** The text of `enter`: all that is known of an object or finding. */
import type { Finding, ObjectRef } from '../../domain/finding.ts';
import { FINDING_KIND, findingById, findingsOn } from '../interaction/objects.ts';
import { notInCluster } from '../interaction/reasons.ts';
import type { ScreenModel } from '../model.ts';
import { eventLines } from './events.ts';
import { findingLines } from './finding.ts';
import { ageWarning, objectDetails } from './object.ts';
import { refText, section, verdict } from './text.ts';

/** Newest events told among the details. */
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
  const findings = findingsOn(model, ref).filter((finding) => finding !== told);
  return [
    refText(ref),
    ...ageWarning(model, ref),
    ...objectDetails(model, ref),
    ...section(
      'Findings',
      findings.map((finding) => verdict(finding.severity, finding.title)),
    ),
    ...(notInCluster(ref) === undefined ? section('Events', eventLines(model, ref, MAX_EVENTS)) : []),
  ];
}
