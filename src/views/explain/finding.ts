/** A finding in words: evidence, cause, effect, what to do. */
import type { Evidence, Finding } from '../../domain/finding.ts';
import { moment, relative } from '../../domain/format.ts';
import { allFindings } from '../interaction/objects.ts';
import type { ScreenModel } from '../model.ts';
import { field, refText, section, verdict } from './text.ts';

/** All that a finding says. */
export function findingLines(model: ScreenModel, finding: Finding): readonly string[] {
  const { now } = model;
  return [
    verdict(finding.severity, finding.title),
    '',
    ...field('about', refText(finding.subject)),
    ...field(
      'since',
      finding.since === undefined
        ? undefined
        : `${relative(finding.since, now)}, ${moment(finding.since, now)}`,
    ),
    ...field('code', finding.code),
    ...section('Why', evidenceLines(finding.evidence, now)),
    ...section('Likely cause', finding.cause === undefined ? [] : [finding.cause]),
    ...section('Effect', effectsOf(finding)),
    ...section(
      'Follows from it',
      allFindings(finding.consequences).map((other) => verdict(other.severity, other.title)),
    ),
    ...section(
      'What to do',
      finding.advice.map((advice, index) => `${index + 1}. ${advice}`),
    ),
    ...section('Runbook', finding.runbook === undefined ? [] : [finding.runbook]),
  ];
}

/** The effect, unless it only repeats the titles of what follows. */
export function effectsOf({ effect, consequences }: Finding): readonly string[] {
  return effect === undefined || consequences.some(({ title }) => effect.includes(title)) ? [] : [effect];
}

/** Facts below each other behind their times. */
function evidenceLines(evidence: readonly Evidence[], now: number): readonly string[] {
  const times = evidence.map(({ at }) => (at === undefined ? '' : moment(at, now)));
  const width = Math.max(0, ...times.map((time) => time.length));
  return evidence.map(({ text }, index) =>
    width === 0 ? text : `${(times[index] ?? '').padEnd(width)}  ${text}`,
  );
}
