import type { Container, Labels } from '../objects.ts';

/** A persistent volume claim that an app mounts. StatefulSets get one for each replica. */
export interface ClaimSpec {
  readonly name: string;
  readonly size: string;
  readonly storageClass?: 'ceph-block' | 'ceph-filesystem';
}

/** One workload of the homelab as data. Everything else (ReplicaSets, pods, endpoints) is made by controllers. */
export interface App {
  readonly namespace: string;
  readonly name: string;
  readonly kind: 'Deployment' | 'StatefulSet' | 'DaemonSet' | 'Job' | 'CronJob';
  readonly containers: readonly Container[];
  readonly init?: readonly Container[];
  readonly replicas?: number;
  /** HelmRelease it comes from; without one it is applied by the namespace's Kustomization alone. */
  readonly release?: string;
  /** Custom resource that controls it, for what operators make (those carry no Flux labels). */
  readonly owner?: { readonly apiVersion: string; readonly kind: string; readonly name: string };
  /** Labels of the pods beside app.kubernetes.io/name. */
  readonly labels?: Labels;
  /** Node it is tied to, as Rook ties its OSDs. */
  readonly node?: string;
  readonly hostNetwork?: boolean;
  readonly priorityClass?: string;
  readonly claims?: readonly ClaimSpec[];
  /** Port of its Service; none for apps that nobody calls. */
  readonly port?: number;
  /** Cluster IP of its Service when it must be a certain one. */
  readonly clusterIP?: string;
  readonly budget?: {
    readonly name?: string;
    readonly minAvailable?: number;
    readonly maxUnavailable?: number;
  };
  /** CronJobs only. */
  readonly schedule?: string;
  /** Days ago it was installed. */
  readonly ageDays: number;
}

interface ContainerOptions {
  readonly port?: number;
  /** Path of HTTP probes; '' for TCP probes on the port. */
  readonly probe?: string;
  readonly args?: readonly string[];
  readonly command?: readonly string[];
}

function probe(port: number, path: string, delay: number): object {
  const check = path === '' ? { tcpSocket: { port } } : { httpGet: { path, port, scheme: 'HTTP' } };
  return {
    ...check,
    initialDelaySeconds: delay,
    timeoutSeconds: 5,
    periodSeconds: 10,
    successThreshold: 1,
    failureThreshold: 3,
  };
}

/** A container with `request/limit` pairs: `container('loki', 'grafana/loki:3.5.0', '200m/2', '1Gi/4Gi', …)`. */
export function container(
  name: string,
  image: string,
  cpu: string,
  memory: string,
  options: ContainerOptions = {},
): Container {
  const [cpuRequest = cpu, cpuLimit = cpu] = cpu.split('/');
  const [memoryRequest = memory, memoryLimit = memory] = memory.split('/');
  const { port, probe: path, args, command } = options;
  return {
    name,
    image,
    ...(command && { command }),
    ...(args && { args }),
    ...(port !== undefined && { ports: [{ name: 'http', containerPort: port, protocol: 'TCP' }] }),
    resources: {
      requests: { cpu: cpuRequest, memory: memoryRequest },
      limits: { cpu: cpuLimit, memory: memoryLimit },
    },
    ...(port !== undefined &&
      path !== undefined && {
        livenessProbe: probe(port, path, 30),
        readinessProbe: probe(port, path, 5),
      }),
    imagePullPolicy: 'IfNotPresent',
    terminationMessagePath: '/dev/termination-log',
    terminationMessagePolicy: 'File',
  };
}
