import type { Score, ScoreLoss } from './finding.ts';

/** Counts of one part of the cluster. */
export interface ScoreInput {
  readonly component: 'nodes' | 'pods' | 'workloads' | 'volumes' | 'services' | 'jobs';
  readonly critical: number;
  readonly warning: number;
  readonly total: number;
}

/** Points a component loses when all of it is critical. They add up to more than 100: no two can fail completely. */
const WEIGHTS: Readonly<Record<ScoreInput['component'], number>> = {
  nodes: 60,
  pods: 50,
  workloads: 30,
  volumes: 30,
  services: 20,
  jobs: 10,
};

/** Without these no number is told. */
const ESSENTIAL = ['nodes', 'pods'];

/**
 * Health score 0-100. For each component with objects
 *
 *     badness = (critical + warning / 2) / total          loss = weight × √badness, to one decimal
 *
 * and the score is 100 less all losses, rounded, at least 0, and at most 99 when anything was lost. The square root
 * makes the first bad objects count: one warning of 140 pods costs 3 points, five cost 7, a lost node of three 35.
 * `info` costs nothing. Sources that could not be read are listed in `unknown` and cost nothing, but without current
 * knowledge of nodes and pods there is no score.
 */
export function healthScore(inputs: readonly ScoreInput[], unknown: readonly string[]): Score {
  const losses = inputs.flatMap(loss).sort((a, b) => b.points - a.points);
  const lost = losses.reduce((sum, { points }) => sum + points, 0);
  const value = losses.length === 0 ? 100 : Math.max(0, Math.min(99, Math.round(100 - lost)));
  const known = !ESSENTIAL.some((component) => unknown.includes(component));
  return { value: known ? value : undefined, losses, unknown };
}

function loss({ component, critical, warning, total }: ScoreInput): ScoreLoss[] {
  const bad = critical + warning;
  if (bad === 0 || total === 0) return [];
  const badness = Math.min(1, (critical + warning / 2) / total);
  const points = Math.round(WEIGHTS[component] * Math.sqrt(badness) * 10) / 10;
  const how = critical > 0 ? ` (${critical} critical)` : '';
  return [{ component, points, why: `${bad} of ${total} ${component} have problems${how}`, bad, total }];
}
