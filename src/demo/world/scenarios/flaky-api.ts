import { MILESTONE } from './milestone.ts';
import type { Scenario } from './scenario.ts';

/** The milestone's world behind an API server that is in trouble itself. */
export const FLAKY_API: Scenario = {
  ...MILESTONE,
  name: 'flaky-api',
  summary: 'the milestone scenario behind an API server that throttles, fails, stalls and drops watches',
  flaky: true,
};
