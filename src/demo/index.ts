import { type Clock, realClock } from './clock.ts';
import type { Faults } from './faults.ts';
import { startServer } from './server/index.ts';
import type { ObjectStore } from './store.ts';
import { KUBERNETES_VERSION } from './world/catalog/nodes.ts';
import { createGenerated, nodesFor } from './world/generated.ts';
import { createHomelab } from './world/homelab.ts';
import { podLog } from './world/logs/logs.ts';
import { nodeMetrics, podMetrics } from './world/metrics.ts';
import { ALL_SCENARIOS } from './world/scenarios/index.ts';
import type { Scenario } from './world/scenarios/scenario.ts';
import type { Simulation } from './world/simulation.ts';

export type { Clock } from './clock.ts';

/** The states that the embedded homelab can be started in, the default first. */
export const SCENARIOS: readonly { name: string; summary: string }[] = ALL_SCENARIOS.map(
  ({ name, summary }) => ({
    name,
    summary,
  }),
);

export interface DemoOptions {
  /** One of {@link SCENARIOS}; 'milestone' when absent. */
  readonly scenario?: string;
  /** Worlds of one seed are equal. */
  readonly seed?: number;
  /** With `nodes` or `pods` a cluster of that size is generated instead of the homelab. */
  readonly nodes?: number;
  readonly pods?: number;
  /** Port on loopback; any free one when absent. */
  readonly port?: number;
  readonly clock?: Clock;
}

/** A running embedded homelab. */
export interface Demo {
  readonly url: string;
  readonly port: number;
  /** YAML text of a kubeconfig that leads to it. */
  readonly kubeconfig: string;
  readonly store: ObjectStore;
  stop(): Promise<void>;
}

const DEFAULT_SCENARIO = 'milestone';
const DEFAULT_PODS = 1_000;
const MAX_PODS = 100_000;

/** Starts the embedded homelab and its API server. Rejects for an unknown scenario, a bad size or a port in use. */
export async function startDemo(options: DemoOptions): Promise<Demo> {
  const scenario = findScenario(options.scenario ?? DEFAULT_SCENARIO);
  const simulation = createWorld(options, scenario);
  const { store, cluster, clock } = simulation;
  const faults: Faults = {};
  if (scenario.flaky) misbehave(faults, simulation);
  simulation.stopCollecting();
  const server = await startServer(store, {
    ...(options.port !== undefined && { port: options.port }),
    clock,
    version: KUBERNETES_VERSION,
    faults,
    hooks: {
      podLogs: (pod, container, logOptions) => podLog(cluster, pod, container, logOptions),
      nodeMetrics: () => nodeMetrics(cluster),
      podMetrics: () => podMetrics(cluster),
    },
  }).catch((error: unknown) => {
    simulation.stop();
    throw error;
  });
  return {
    url: server.url,
    port: server.port,
    kubeconfig: kubeconfigFor(server.url),
    store,
    async stop() {
      simulation.stop();
      await server.close();
    },
  };
}

function findScenario(name: string): Scenario {
  const found = ALL_SCENARIOS.find((scenario) => scenario.name === name);
  if (found) return found;
  const names = ALL_SCENARIOS.map((scenario) => scenario.name).join(', ');
  throw new Error(`unknown scenario "${name}"; there are: ${names}`);
}

function createWorld(
  { nodes, pods, seed = 1, clock = realClock }: DemoOptions,
  scenario: Scenario,
): Simulation {
  if (nodes === undefined && pods === undefined) return createHomelab(scenario, seed, clock);
  const size = { pods: pods ?? DEFAULT_PODS, nodes: nodes ?? nodesFor(pods ?? DEFAULT_PODS) };
  for (const [what, count] of Object.entries(size)) {
    if (!Number.isInteger(count) || count < 1 || count > MAX_PODS) {
      throw new Error(`${what} must be a whole number from 1 to ${MAX_PODS}, not ${count}`);
    }
  }
  return createGenerated(size, seed, clock);
}

const MOOD_MS = 20_000;

/** Makes an API server slow and unreliable: it throttles for a while, then it fails for a while, and so on. */
function misbehave(faults: Faults, { clock }: Simulation): void {
  Object.assign(faults, {
    failEvery: 7,
    retryAfterSeconds: 1,
    resetEvery: 31,
    delayMs: 120,
    closeWatchesAfterMs: 15_000,
  });
  const turn = (failWith: 429 | 500) => {
    faults.failWith = failWith;
    clock.setTimeout(() => turn(failWith === 429 ? 500 : 429), MOOD_MS);
  };
  turn(429);
}

function kubeconfigFor(url: string): string {
  return `apiVersion: v1
kind: Config
current-context: homelab-demo
clusters:
  - name: homelab-demo
    cluster:
      server: ${url}
contexts:
  - name: homelab-demo
    context:
      cluster: homelab-demo
      user: demo-admin
users:
  - name: demo-admin
    user: {}
`;
}
