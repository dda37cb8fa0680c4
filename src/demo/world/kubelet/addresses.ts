import type { Cluster } from '../cluster.ts';
import type { Pod } from '../objects.ts';

/** Usable addresses of a node's /24; the first is the node's own. */
const FIRST_HOST = 2;
const HOSTS = 253;

/** Address of a node in the local network. */
export function addressOf(cluster: Cluster, node: string): string {
  const addresses = cluster.node(node)?.status?.addresses ?? [];
  return addresses.find(({ type }) => type === 'InternalIP')?.address ?? '127.0.0.1';
}

/** A pod's address: the one it has, that of its node in the host's network, else a free one of its node's range. */
export function podAddress(
  cluster: Cluster,
  { metadata, spec, status }: Pod,
): { podIP: string; podIPs: readonly { ip: string }[] } {
  const { nodeName = '', hostNetwork } = spec;
  const known = status.podIP ?? (hostNetwork ? status.hostIP : undefined);
  const podIP = known ?? freeAddress(cluster, nodeName, metadata.uid ?? '');
  return { podIP, podIPs: [{ ip: podIP }] };
}

/** Begins to look at a place that depends on the pod, so that addresses are not used again at once. */
function freeAddress(cluster: Cluster, nodeName: string, uid: string): string {
  const range = String(cluster.node(nodeName)?.spec?.podCIDR ?? '10.42.0.0/24');
  const prefix = range.slice(0, range.lastIndexOf('.') + 1);
  const taken = new Set([...cluster.pods.onNode(nodeName)].map(({ status }) => status.podIP));
  const start = Number.parseInt(uid.slice(0, 6), 16) || 0;
  const address = (step: number) => `${prefix}${((start + step) % HOSTS) + FIRST_HOST}`;
  let step = 0;
  while (step < HOSTS && taken.has(address(step))) step += 1;
  return address(step);
}
