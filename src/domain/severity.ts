/** How bad something is. `unknown` means "could not be read or decided": it never counts as healthy. */
export type Severity = 'critical' | 'warning' | 'unknown' | 'info' | 'ok';

const ORDER: readonly Severity[] = ['ok', 'info', 'unknown', 'warning', 'critical'];

/** Rank of a severity; a larger number is worse. */
export function severityRank(severity: Severity): number {
  return ORDER.indexOf(severity);
}

/** The worse of two severities. */
export function worse(a: Severity, b: Severity): Severity {
  return severityRank(a) >= severityRank(b) ? a : b;
}

/** The worst of many severities; `ok` for none. */
export function worst(all: Iterable<Severity>): Severity {
  let result: Severity = 'ok';
  for (const severity of all) result = worse(result, severity);
  return result;
}
