import { AREAS, areasOf, exitCodeOf, sourcesOf } from '../../domain/checks/areas.ts';
import type { Area } from '../../domain/finding.ts';
import { SOURCE_NAMES } from '../../domain/state.ts';
import type { Caps } from '../../views/ui/theme.ts';
import { didYouMean, EXIT, UsageError } from '../errors.ts';
import { formatJson } from '../output/json.ts';
import { formatJunit } from '../output/junit.ts';
import { formatPrometheus } from '../output/prometheus.ts';
import { type Report, reportOf } from '../output/report.ts';
import { formatText } from '../output/text.ts';
import type { LiveSession } from '../session.ts';
import { type Command, looks, print, withSession } from './command.ts';

/** Sources that no asked area needs still complete the score, if they are quick. */
const GRACE_MS = 2_000;

const FORMATTERS: Readonly<Record<string, (report: Report, caps: Caps) => string>> = {
  text: formatText,
  json: (report) => formatJson(report),
  prometheus: formatPrometheus,
  junit: formatJunit,
};

/** `check [AREA...]`: judges the cluster once. Exit code 0 healthy, 1 warning, 2 critical, 3 unknown. */
export const check: Command = (invocation, io) => {
  const areas = parseAreas(invocation.operands);
  return withSession(invocation, io, sourcesOf(areas), async (session, settings) => {
    await session.settled(SOURCE_NAMES, GRACE_MS);
    const report = assessAreas(session, areas, io.now());
    const format = FORMATTERS[invocation.options.output ?? 'text'] ?? formatText;
    await print(io.stdout, format(report, looks(io.stdout, io.env, settings)));
    return report.exitCode;
  });
};

function parseAreas(words: readonly string[]): readonly Area[] {
  const { areas, unknown } = areasOf(words);
  const [wrong] = unknown;
  if (wrong === undefined) return areas;
  const near = didYouMean(wrong, [...AREAS, 'k8s']);
  throw new UsageError(`unknown area ${wrong}`, {
    fix: near ? `did you mean ${near}?` : `areas: ${AREAS.join(', ')}, k8s`,
  });
}

/** The report of some areas as of now. */
export function assessAreas(session: LiveSession, areas: readonly Area[], now: number): Report {
  const assessment = session.assess(now);
  const state = session.state();
  const sources = sourcesOf(areas);
  const exitCode = exitCodeOf(assessment, areas);
  const isPartial = sources.some((name) => state[name].status === 'pending');
  return reportOf({
    target: session.target,
    state,
    assessment,
    areas,
    sources,
    // What did not answer in time could hold anything: that is not "healthy".
    exitCode: exitCode === EXIT.healthy && isPartial ? EXIT.unknown : exitCode,
  });
}
