/** The text of `x`: why an object or finding has its verdict, and what to do next. */
import type { ObjectRef } from '../domain/finding.ts';
import { findingLines } from './explain/finding.ts';
import { ageWarning, objectReasons } from './explain/object.ts';
import { refText, section } from './explain/text.ts';
import { FINDING_KIND, findingById, findingsOn } from './interaction/objects.ts';
import { noLogsReason, notInCluster } from './interaction/reasons.ts';
import type { ScreenModel } from './model.ts';

/** Lines of the explanation of an object or finding. */
export function explainLines(model: ScreenModel, ref: ObjectRef): readonly string[] {
  if (ref.kind !== FINDING_KIND) return explainObject(model, ref);
  const finding = findingById(model.judge.assessment, ref.name);
  if (finding === undefined) return ['this finding is gone: its trouble has ended'];
  return [
    ...ageWarning(model, finding.subject),
    ...findingLines(model, finding),
    ...nextSteps(finding.subject),
  ];
}

function explainObject(model: ScreenModel, ref: ObjectRef): readonly string[] {
  const findings = findingsOn(model, ref);
  return [
    refText(ref),
    ...ageWarning(model, ref),
    ...objectReasons(model, ref),
    ...findings.flatMap((finding) => ['', ...findingLines(model, finding)]),
    ...nextSteps(ref),
  ];
}

/** The keys that show more of an object. */
function nextSteps(ref: ObjectRef): readonly string[] {
  if (notInCluster(ref) !== undefined) return section('Next', ['L shows how each source is doing']);
  const logs =
    noLogsReason(ref) === undefined ? ['l shows its logs, p those from before the last restart'] : [];
  return section('Next', [...logs, 'e shows its events, d describes it, y shows its YAML']);
}
