import { managedBy } from './build-pod.ts';
import { KUBERNETES_VERSION, type Machine, TALOS_VERSION } from './catalog/nodes.ts';
import { type Cluster, R } from './cluster.ts';
import { postStatus, renewLease } from './kubelet/heartbeats.ts';
import type { Container, Node } from './objects.ts';
import { hashOf, Random } from './random.ts';

const KIB_PER_GIB = 2 ** 20;
/** Memory that Talos keeps for itself. */
const RESERVED_KIB = 700 * 1024;

/** Registers a machine as a node that is ready. */
export function createNode(cluster: Cluster, machine: Machine): Node {
  const { name, address, cpu, memoryGi } = machine;
  const identity = new Random(hashOf(name));
  const memory = memoryGi * KIB_PER_GIB;
  const podCIDR = `10.42.${cluster.store.list(R.nodes).length % 256}.0/24`;
  const resources = {
    cpu: String(cpu),
    'ephemeral-storage': '487650804Ki',
    'hugepages-2Mi': '0',
    pods: '110',
  };
  const node = cluster.create(R.nodes, {
    apiVersion: 'v1',
    kind: 'Node',
    metadata: {
      name,
      labels: {
        'beta.kubernetes.io/arch': 'amd64',
        'kubernetes.io/arch': 'amd64',
        'kubernetes.io/hostname': name,
        'kubernetes.io/os': 'linux',
        ...(machine.controlPlane && { 'node-role.kubernetes.io/control-plane': '' }),
        'topology.kubernetes.io/zone': 'rack-1',
      },
      annotations: { 'volumes.kubernetes.io/controller-managed-attach-detach': 'true' },
      managedFields: [managedBy('kubelet', 'v1', cluster.time(), { 'f:status': { 'f:conditions': {} } })],
    },
    spec: { podCIDR, podCIDRs: [podCIDR] },
    status: {
      addresses: [
        { type: 'InternalIP', address },
        { type: 'Hostname', address: name },
      ],
      capacity: { ...resources, memory: `${memory}Ki` },
      allocatable: { ...resources, cpu: `${cpu * 1000 - 50}m`, memory: `${memory - RESERVED_KIB}Ki` },
      daemonEndpoints: { kubeletEndpoint: { Port: 10250 } },
      nodeInfo: {
        architecture: 'amd64',
        bootID: identity.uuid(),
        machineID: identity.hex(32),
        systemUUID: identity.uuid(),
        containerRuntimeVersion: 'containerd://2.0.5',
        kernelVersion: '6.12.28-talos',
        kubeProxyVersion: '',
        kubeletVersion: KUBERNETES_VERSION,
        operatingSystem: 'linux',
        osImage: `Talos (${TALOS_VERSION})`,
      },
    },
  }) as Node;
  postStatus(cluster, node);
  renewLease(cluster, node);
  return node;
}

/** A node came back from a reboot: its conditions hold since now. */
export function rebootNode(cluster: Cluster, name: string): void {
  const node = cluster.node(name);
  if (!node) return;
  const conditions = node.status?.conditions?.map((each) => ({
    ...each,
    lastTransitionTime: cluster.time(),
  }));
  cluster.writeStatus(R.nodes, node, { ...node.status, conditions });
}

/** Creates the mirror of a static pod on a control plane node. */
export function createStaticPod(cluster: Cluster, node: Node, container: Container): void {
  const { name, uid = '' } = node.metadata;
  const hash = new Random(hashOf(`${container.name}/${name}`)).hex(32);
  cluster.create(R.pods, {
    apiVersion: 'v1',
    kind: 'Pod',
    metadata: {
      name: `${container.name}-${name}`,
      namespace: 'kube-system',
      labels: { 'k8s-app': container.name, tier: 'control-plane' },
      annotations: {
        'kubernetes.io/config.hash': hash,
        'kubernetes.io/config.mirror': hash,
        'kubernetes.io/config.source': 'file',
      },
      ownerReferences: [{ apiVersion: 'v1', kind: 'Node', name, uid, controller: true }],
    },
    spec: {
      containers: [container],
      nodeName: name,
      hostNetwork: true,
      priorityClassName: 'system-cluster-critical',
      tolerations: [{ operator: 'Exists', effect: 'NoExecute' }],
    },
    status: { phase: 'Pending', qosClass: 'Burstable' },
  });
}
