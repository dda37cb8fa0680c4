/** What the one-shot `check` can be asked for, and its exit codes. */
import type { Assessment } from '../assessment.ts';
import type { Area, Finding } from '../finding.ts';
import { type Severity, worst } from '../severity.ts';
import { SOURCE_NAMES, type SourceName } from '../state.ts';
import { sourceArea } from './sources.ts';

/** All areas, in the order in which they are told. */
export const AREAS: readonly Area[] = ['nodes', 'pods', 'storage', 'network'];

const ALIASES: Readonly<Record<string, readonly Area[]>> = { k8s: ['nodes', 'pods'] };

/** The areas behind the names on a command line; none means all. `unknown` lists names that mean nothing. */
export function areasOf(names: readonly string[]): {
  readonly areas: readonly Area[];
  readonly unknown: readonly string[];
} {
  const meanings = names.map((name) => ALIASES[name] ?? AREAS.filter((area) => area === name));
  const asked = new Set(meanings.flat());
  return {
    areas: names.length === 0 ? AREAS : AREAS.filter((area) => asked.has(area)),
    unknown: names.filter((_, index) => meanings[index]?.length === 0),
  };
}

/** The sources that these areas are judged from. */
export function sourcesOf(areas: readonly Area[]): readonly SourceName[] {
  return SOURCE_NAMES.filter((source) => source === 'server' || areas.includes(sourceArea(source)));
}

/**
 * 0 healthy, 1 warning, 2 critical, 3 unknown: a known problem says more than a gap in what is known. A source that
 * is not (or not yet) read makes its area unknown.
 */
export function exitCodeOf(assessment: Assessment, areas: readonly Area[]): 0 | 1 | 2 | 3 {
  const unread = assessment.score.unknown.some((source) => sourcesOf(areas).some((name) => name === source));
  const severity = worst([
    ...assessment.findings.flatMap((finding) => severities(finding, areas)),
    ...(unread ? (['unknown'] as const) : []),
  ]);
  switch (severity) {
    case 'critical':
      return 2;
    case 'warning':
      return 1;
    case 'unknown':
      return 3;
    default:
      return 0;
  }
}

/** A root is as severe as what it causes; asked for some areas, only what lies in them counts. */
function severities(finding: Finding, areas: readonly Area[]): Severity[] {
  const below = finding.consequences.flatMap((consequence) => severities(consequence, areas));
  return areas.includes(finding.area) ? [finding.severity, ...below] : below;
}
