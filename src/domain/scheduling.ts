/** The scheduler's "0/3 nodes are available: …" message, taken apart. */

/** One reason with the number of nodes it holds for; without one it holds for the pod whatever the node. */
export interface SchedulingClause {
  readonly nodes?: number;
  readonly why: string;
}

/** What the scheduler said: how many nodes there are, and for which reasons they were not taken. */
export interface SchedulingProblem {
  readonly nodes: number;
  readonly clauses: readonly SchedulingClause[];
}

/**
 * Splits the message; undefined for texts of another form. The part after `preemption:` repeats the reasons for
 * evicting others and is left out. Taints may contain commas and dots inside braces.
 */
export function schedulingProblem(message: string): SchedulingProblem | undefined {
  const match = /^\d+\/(\d+) nodes are available: (.*)$/s.exec(message);
  if (match === null) return undefined;
  const reasons = (match[2] ?? '').replace(/\.?\s*(preemption|no new claims to deallocate)[:,.].*$/s, '');
  const clauses = [...reasons.matchAll(/(?:^|,\s*)(?:(\d+) )?((?:\{[^}]*\}|[^,{])+)/g)].map(
    ([, nodes, why]): SchedulingClause => ({
      ...(nodes !== undefined && { nodes: Number(nodes) }),
      why: (why ?? '').trim().replace(/\.$/, ''),
    }),
  );
  const told = clauses.filter(({ why }) => why !== '');
  return { nodes: Number(match[1]), clauses: told.sort((a, b) => (b.nodes ?? 0) - (a.nodes ?? 0)) };
}

/** `2 of 3 nodes: Insufficient memory; 1 of 3 nodes: node(s) were unschedulable`. */
export function schedulingWords(problem: SchedulingProblem): string {
  return problem.clauses
    .map(({ nodes, why }) => (nodes === undefined ? why : `${nodes} of ${problem.nodes} nodes: ${why}`))
    .join('; ');
}
