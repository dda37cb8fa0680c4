import type { PodSpec } from './objects.ts';

const UNITS: Readonly<Record<string, number>> = {
  '': 1,
  n: 1e-9,
  u: 1e-6,
  m: 1e-3,
  k: 1e3,
  M: 1e6,
  G: 1e9,
  T: 1e12,
  Ki: 2 ** 10,
  Mi: 2 ** 20,
  Gi: 2 ** 30,
  Ti: 2 ** 40,
};

/** Value of a Kubernetes quantity such as `250m` or `2Gi`; 0 for anything else. */
export function quantity(text: string | undefined): number {
  const match = /^([0-9.]+)([a-zA-Z]*)$/.exec(text ?? '');
  return Number(match?.[1] ?? 0) * (UNITS[match?.[2] ?? ''] ?? 0);
}

/** CPU in cores and memory in bytes. */
export interface Amount {
  readonly cpu: number;
  readonly memory: number;
}

/** By container list, which all pods of one template share. */
const requestCache = new WeakMap<PodSpec['containers'], Amount>();

/** What the scheduler reserves for a pod: the larger of the containers' sum and the biggest init container. */
export function requestsOf(spec: PodSpec): Amount {
  const known = requestCache.get(spec.containers);
  if (known) return known;
  let cpu = 0;
  let memory = 0;
  for (const { resources } of spec.containers) {
    cpu += quantity(resources?.requests?.cpu);
    memory += quantity(resources?.requests?.memory);
  }
  for (const { resources } of spec.initContainers ?? []) {
    cpu = Math.max(cpu, quantity(resources?.requests?.cpu));
    memory = Math.max(memory, quantity(resources?.requests?.memory));
  }
  const amount = { cpu, memory };
  requestCache.set(spec.containers, amount);
  return amount;
}

/** QoS class from requests and limits. */
export function qosClass(spec: PodSpec): 'Guaranteed' | 'Burstable' | 'BestEffort' {
  const all = [...spec.containers, ...(spec.initContainers ?? [])].map(({ resources }) => resources ?? {});
  if (all.every(({ requests, limits }) => !requests && !limits)) return 'BestEffort';
  const guaranteed = all.every(({ requests, limits }) =>
    ['cpu', 'memory'].every(
      (key) => limits?.[key] !== undefined && (requests?.[key] ?? limits[key]) === limits[key],
    ),
  );
  return guaranteed ? 'Guaranteed' : 'Burstable';
}
