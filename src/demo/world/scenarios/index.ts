import { FLAKY_API } from './flaky-api.ts';
import { HEALTHY } from './healthy.ts';
import { INCIDENT } from './incident.ts';
import { MILESTONE } from './milestone.ts';
import { NODE_DOWN } from './node-down.ts';
import type { Scenario } from './scenario.ts';

/** Every scenario, the default first. */
export const ALL_SCENARIOS: readonly Scenario[] = [MILESTONE, HEALTHY, NODE_DOWN, INCIDENT, FLAKY_API];
