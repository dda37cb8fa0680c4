import type { KubeObject } from '../object.ts';
import { type Cluster, R } from './cluster.ts';
import type { Container, Node, Pod } from './objects.ts';
import { isTerminal } from './pod-index.ts';
import { type Amount, quantity } from './quantity.ts';
import { hashOf } from './random.ts';

const MINUTE_MS = 60_000;
const GIB = 2 ** 30;
/** What the system itself uses on every node. */
const SYSTEM: Amount = { cpu: 0.6, memory: 5 * GIB };
const SCRAPE_MS = 15_000;

/** A slow wave in 0..1 of its own period and phase for each name. */
function wave(name: string, now: number): number {
  const hash = hashOf(name);
  const period = (10 + (hash % 50)) * MINUTE_MS;
  const phase = ((hash >>> 8) % 1000) / 1000;
  return 0.5 + 0.5 * Math.sin(2 * Math.PI * (now / period + phase));
}

/** Share of its limit that a container which is about to be OOM-killed uses: it grows with the wave. */
const NEAR_LIMIT = 0.85;

function usageOf(cluster: Cluster, pod: Pod, container: Container, now: number): Amount {
  const { requests, limits } = container.resources ?? {};
  const swing = wave(`${pod.metadata.uid}/${container.name}`, now);
  const cpu = quantity(requests?.cpu) * (0.15 + 0.6 * swing);
  const leaks = cluster.faults.of('oom', pod).some((fault) => fault.container === container.name);
  const memory = leaks
    ? quantity(limits?.memory) * (NEAR_LIMIT + 0.13 * swing)
    : quantity(requests?.memory) * (0.55 + 0.4 * swing);
  return { cpu, memory };
}

function quantities({ cpu, memory }: Amount): { cpu: string; memory: string } {
  return { cpu: `${Math.round(cpu * 1e9)}n`, memory: `${Math.round(memory / 1024)}Ki` };
}

/** Time of the newest scrape. */
function scrapeTime(cluster: Cluster): number {
  return Math.floor(cluster.clock.now() / SCRAPE_MS) * SCRAPE_MS;
}

function envelope(
  kind: string,
  metadata: KubeObject['metadata'],
  at: number,
): KubeObject & { timestamp: string; window: string } {
  const timestamp = `${new Date(at).toISOString().slice(0, 19)}Z`;
  return {
    apiVersion: 'metrics.k8s.io/v1beta1',
    kind,
    metadata: { ...metadata, creationTimestamp: timestamp },
    timestamp,
    window: '15.0s',
  };
}

function isMeasured(cluster: Cluster, pod: Pod): boolean {
  const { nodeName } = pod.spec;
  return (
    nodeName !== undefined &&
    !cluster.silentNodes.has(nodeName) &&
    !isTerminal(pod) &&
    pod.status.phase === 'Running'
  );
}

/** PodMetrics of all pods that run. */
export function podMetrics(cluster: Cluster): KubeObject[] {
  const at = scrapeTime(cluster);
  return (cluster.store.list(R.pods) as Pod[])
    .filter((pod) => isMeasured(cluster, pod))
    .map((pod) => {
      const { name, namespace = '', labels = {} } = pod.metadata;
      const containers = pod.spec.containers.map((each) => ({
        name: each.name,
        usage: quantities(usageOf(cluster, pod, each, at)),
      }));
      return { ...envelope('PodMetrics', { name, namespace, labels }, at), containers };
    });
}

/** NodeMetrics of all nodes whose kubelet answers: the sum of their pods and the system itself. */
export function nodeMetrics(cluster: Cluster): KubeObject[] {
  const at = scrapeTime(cluster);
  return (cluster.store.list(R.nodes) as Node[])
    .filter(({ metadata }) => !cluster.silentNodes.has(metadata.name))
    .map(({ metadata: { name, labels = {} } }) => {
      let { cpu, memory } = SYSTEM;
      for (const pod of cluster.pods.onNode(name)) {
        if (!isMeasured(cluster, pod)) continue;
        for (const container of pod.spec.containers) {
          const used = usageOf(cluster, pod, container, at);
          cpu += used.cpu;
          memory += used.memory;
        }
      }
      return { ...envelope('NodeMetrics', { name, labels }, at), usage: quantities({ cpu, memory }) };
    });
}
