import type { Assessment, Judge } from '../domain/assessment.ts';
import type { Severity } from '../domain/severity.ts';

type Severities = ReadonlyMap<string, Severity>;

const known = new WeakMap<Assessment, Severities>();
let last: Severities = new Map();

/**
 * Severities of the pods that are not ok, by id. Asked once for each assessment; the same map is given as long as
 * nothing in it changed, so that a hundred thousand rows are not arranged anew because a second went by.
 */
export function podProblems(judge: Judge): Severities {
  let current = known.get(judge.assessment);
  if (current === undefined) {
    current = new Map(judge.problemPods().map(({ id, severity }) => [id, severity]));
    if (equal(current, last)) current = last;
    known.set(judge.assessment, current);
    last = current;
  }
  return current;
}

function equal(a: Severities, b: Severities): boolean {
  if (a.size !== b.size) return false;
  for (const [id, severity] of a) if (b.get(id) !== severity) return false;
  return true;
}
