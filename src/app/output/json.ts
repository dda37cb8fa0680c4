import type { Finding } from '../../domain/finding.ts';
import { VERSION } from '../version.ts';
import type { Report } from './report.ts';

/**
 * The document of `-o json`. Times are ISO 8601 in UTC, ages are seconds, a number that is not known is null.
 * Keys may be added under the same schemaVersion; it grows when one changes its meaning or goes away.
 */
export const SCHEMA_VERSION = 1;

/** Formats a report as JSON, with a final newline. `redacted` lists what was masked, for `report`. */
export function formatJson(report: Report, redacted?: readonly string[]): string {
  const { at, context, server, serverVersion, areas, status, exitCode, counts, score } = report;
  const document = {
    schemaVersion: SCHEMA_VERSION,
    generator: `homelab-top ${VERSION}`,
    at: iso(at),
    context,
    server: { url: server, version: serverVersion ?? null },
    ...(redacted && { redacted }),
    areas,
    status,
    exitCode,
    counts,
    score: { value: score.value ?? null, losses: score.losses, unknown: score.unknown },
    tallies: report.tallies,
    findings: report.findings.map(findingJson),
    sources: report.sources.map(({ ageMs, ...source }) => ({
      ...source,
      ...(ageMs !== undefined && { ageSeconds: Math.round(ageMs / 1000) }),
    })),
    measures: report.measures.map(({ value, ...measure }) => ({ ...measure, value: value ?? null })),
  };
  return `${JSON.stringify(document, null, 2)}\n`;
}

function findingJson(finding: Finding): unknown {
  const { since, evidence, consequences, ...rest } = finding;
  return {
    ...rest,
    ...(since !== undefined && { since: iso(since) }),
    evidence: evidence.map(({ at, ...fact }) => ({ ...(at !== undefined && { at: iso(at) }), ...fact })),
    consequences: consequences.map(findingJson),
  };
}

/** A time out of range (a broken date in some object) must not break the whole document. */
function iso(at: number): string | null {
  return Number.isFinite(at) && Math.abs(at) <= 8.64e15 ? new Date(at).toISOString() : null;
}
