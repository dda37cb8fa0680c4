import { ManualClock } from '../../src/demo/clock.ts';
import type { KubeObject } from '../../src/demo/store.ts';
import { createHomelab } from '../../src/demo/world/homelab.ts';
import type { Pod } from '../../src/demo/world/objects.ts';
import { isReady } from '../../src/demo/world/pod-index.ts';
import { ALL_SCENARIOS } from '../../src/demo/world/scenarios/index.ts';
import type { Simulation } from '../../src/demo/world/simulation.ts';

/** Wednesday, so that daily checks have run on the days before. */
export const START = Date.UTC(2025, 5, 11, 14, 32, 7);

export interface World {
  readonly clock: ManualClock;
  readonly simulation: Simulation;
  pods(namespace: string, app: string): Pod[];
  seconds(count: number): void;
}

/** The homelab of a scenario on a clock that stands still. */
export function worldOf(name: string, seed = 1, start = START): World {
  const scenario = ALL_SCENARIOS.find((each) => each.name === name);
  if (!scenario) throw new Error(`no scenario ${name}`);
  const clock = new ManualClock(start);
  const simulation = createHomelab(scenario, seed, clock);
  return {
    clock,
    simulation,
    pods: (namespace, app) =>
      (simulation.store.list('pods', namespace) as Pod[]).filter(
        (pod) => pod.metadata.labels?.['app.kubernetes.io/name'] === app,
      ),
    seconds: (count) => clock.advance(count * 1000),
  };
}

/** Restarts over all containers of a pod. */
export function restartsOf(pod: Pod): number {
  return (pod.status.containerStatuses ?? []).reduce((sum, { restartCount }) => sum + restartCount, 0);
}

/** Pods that a person would look at: not ready, and not finished well. */
export function troubled(pods: readonly KubeObject[]): string[] {
  return (pods as readonly Pod[])
    .filter((pod) => !isReady(pod) && pod.status.phase !== 'Succeeded')
    .map(({ metadata }) => `${metadata.namespace}/${metadata.name}`);
}
