/**
 * The fields the domain reads of each Kubernetes kind. Collectors cut API objects down to these projections,
 * with every string sanitised. Times are epoch milliseconds, CPU is in cores, memory and storage in bytes.
 */
import type { Keyed } from './collection.ts';

/** The controlling owner (`ownerReferences[controller=true]`). */
export interface OwnerRef {
  readonly apiVersion: string;
  readonly kind: string;
  readonly name: string;
  readonly uid: string;
}

/** Common metadata. */
export interface Meta extends Keyed {
  readonly createdAt?: number;
  /** deletionTimestamp: the time by which the object should be gone (it includes the grace period). */
  readonly deletedAt?: number;
  readonly graceSeconds?: number;
  readonly generation?: number;
  readonly owner?: OwnerRef;
  readonly finalizers?: readonly string[];
  /** All labels for nodes, namespaces, services and workloads; for pods too (values are interned). */
  readonly labels: Readonly<Record<string, string>>;
  /** Only annotations that a rule reads (see the projections). */
  readonly annotations?: Readonly<Record<string, string>>;
}

/** One entry of `status.conditions`. */
export interface Condition {
  readonly type: string;
  readonly status: 'True' | 'False' | 'Unknown' | string;
  readonly reason?: string;
  readonly message?: string;
  /** lastTransitionTime. */
  readonly since?: number;
  /** lastHeartbeatTime (nodes) or lastUpdateTime (deployments). */
  readonly heartbeat?: number;
}

/** CPU in cores and memory in bytes; absent means not set. */
export interface Resources {
  readonly cpu?: number;
  readonly memory?: number;
}

/** A container as specified. */
export interface ContainerSpec {
  readonly name: string;
  readonly image: string;
  readonly requests: Resources;
  readonly limits: Resources;
  /** Only for init containers: restartPolicy Always makes it a sidecar. */
  readonly sidecar?: boolean;
  readonly hasLivenessProbe?: boolean;
  readonly hasReadinessProbe?: boolean;
}

/** `state` or `lastState` of a container status. */
export type ContainerState =
  | { readonly kind: 'waiting'; readonly reason?: string; readonly message?: string }
  | { readonly kind: 'running'; readonly startedAt?: number }
  | {
      readonly kind: 'terminated';
      readonly reason?: string;
      readonly message?: string;
      readonly exitCode: number;
      readonly signal?: number;
      readonly startedAt?: number;
      readonly finishedAt?: number;
    };

/** One entry of containerStatuses or initContainerStatuses. */
export interface ContainerStatus {
  readonly name: string;
  readonly image: string;
  readonly ready: boolean;
  readonly started?: boolean;
  readonly restartCount: number;
  readonly state?: ContainerState;
  readonly lastState?: ContainerState;
}

/** Pod (`v1`). */
export interface PodInfo extends Meta {
  readonly phase: string;
  /** `status.reason`, e.g. Evicted, NodeLost. */
  readonly reason?: string;
  readonly message?: string;
  readonly nodeName?: string;
  readonly podIP?: string;
  readonly startTime?: number;
  readonly qosClass?: string;
  readonly priorityClass?: string;
  readonly restartPolicy: string;
  readonly hostNetwork?: boolean;
  /** Static pod (annotation kubernetes.io/config.mirror): cannot be evicted or deleted usefully. */
  readonly mirror?: boolean;
  readonly conditions: readonly Condition[];
  readonly containers: readonly ContainerSpec[];
  readonly initContainers: readonly ContainerSpec[];
  readonly statuses: readonly ContainerStatus[];
  readonly initStatuses: readonly ContainerStatus[];
  /** Pod-level `spec.resources` (beta in 1.34). */
  readonly podRequests?: Resources;
  readonly podLimits?: Resources;
  readonly overhead?: Resources;
  /** Names of PersistentVolumeClaims it mounts. */
  readonly claims?: readonly string[];
}

/** Taint of a node. */
export interface Taint {
  readonly key: string;
  readonly value?: string;
  readonly effect: string;
  readonly since?: number;
}

/** Node (`v1`). */
export interface NodeInfo extends Meta {
  readonly unschedulable: boolean;
  readonly roles: readonly string[];
  readonly taints: readonly Taint[];
  readonly conditions: readonly Condition[];
  readonly allocatable: Resources & { readonly pods?: number; readonly ephemeralStorage?: number };
  readonly capacity: Resources & { readonly pods?: number; readonly ephemeralStorage?: number };
  readonly internalIP?: string;
  readonly kubeletVersion: string;
  readonly osImage: string;
  readonly kernelVersion: string;
  readonly containerRuntime: string;
  readonly bootID: string;
}

/** Namespace (`v1`). */
export interface NamespaceInfo extends Meta {
  readonly phase: string;
  readonly conditions: readonly Condition[];
}

/** The replica-managing kinds of `apps/v1`. */
export type WorkloadKind = 'Deployment' | 'StatefulSet' | 'DaemonSet' | 'ReplicaSet';

/** Deployment, StatefulSet, DaemonSet or ReplicaSet (`apps/v1`). Counts a kind does not have are undefined. */
export interface WorkloadInfo extends Meta {
  readonly kind: WorkloadKind;
  /** spec.replicas (1 when unset); desiredNumberScheduled for a DaemonSet. */
  readonly desired: number;
  readonly replicas: number;
  readonly updated?: number;
  readonly ready: number;
  readonly available?: number;
  readonly observedGeneration?: number;
  readonly conditions: readonly Condition[];
  readonly paused?: boolean;
  /** Deployment strategy or StatefulSet/DaemonSet updateStrategy type. */
  readonly strategy?: string;
  readonly partition?: number;
  readonly currentReplicas?: number;
  readonly currentRevision?: string;
  readonly updateRevision?: string;
  readonly containers: readonly ContainerSpec[];
  readonly initContainers: readonly ContainerSpec[];
  readonly podRequests?: Resources;
  readonly podLimits?: Resources;
}

/** Job (`batch/v1`). */
export interface JobInfo extends Meta {
  readonly active: number;
  readonly succeeded: number;
  readonly failed: number;
  readonly suspend?: boolean;
  readonly startTime?: number;
  readonly completionTime?: number;
  readonly conditions: readonly Condition[];
  readonly containers: readonly ContainerSpec[];
  readonly initContainers: readonly ContainerSpec[];
}

/** CronJob (`batch/v1`). */
export interface CronJobInfo extends Meta {
  readonly schedule: string;
  readonly timeZone?: string;
  readonly suspend: boolean;
  readonly lastScheduleTime?: number;
  readonly lastSuccessfulTime?: number;
  readonly active: number;
  readonly containers: readonly ContainerSpec[];
  readonly initContainers: readonly ContainerSpec[];
}

/** PersistentVolumeClaim (`v1`). */
export interface PvcInfo extends Meta {
  readonly phase: string;
  readonly volumeName?: string;
  readonly storageClass?: string;
  readonly accessModes: readonly string[];
  /** Requested bytes. */
  readonly requested?: number;
  /** Bytes of the bound volume. */
  readonly capacity?: number;
  readonly conditions: readonly Condition[];
}

/** PersistentVolume (`v1`). */
export interface PvInfo extends Meta {
  readonly phase: string;
  readonly reason?: string;
  readonly message?: string;
  readonly capacity?: number;
  readonly storageClass?: string;
  readonly reclaimPolicy?: string;
  /** `namespace/name` of the claim. */
  readonly claim?: string;
}

/** PodDisruptionBudget (`policy/v1`). */
export interface PdbInfo extends Meta {
  readonly disruptionsAllowed: number;
  readonly currentHealthy: number;
  readonly desiredHealthy: number;
  readonly expectedPods: number;
  readonly observedGeneration?: number;
  readonly conditions: readonly Condition[];
  readonly matchLabels?: Readonly<Record<string, string>>;
  readonly unhealthyPodEvictionPolicy?: string;
}

/** Service (`v1`). */
export interface ServiceInfo extends Meta {
  readonly type: string;
  readonly clusterIP?: string;
  /** undefined: no selector, endpoints are managed by somebody else. */
  readonly selector?: Readonly<Record<string, string>>;
  readonly ports: readonly string[];
  readonly loadBalancerPending?: boolean;
}

/** EndpointSlice (`discovery.k8s.io/v1`), counts only. */
export interface EndpointSliceInfo extends Meta {
  /** Name of the Service (label kubernetes.io/service-name). */
  readonly service?: string;
  readonly ready: number;
  readonly notReady: number;
}

/** Event, from `v1` or `events.k8s.io/v1`, normalised (domain rules of section "Events"). */
export interface EventInfo extends Meta {
  readonly type: string;
  readonly reason: string;
  readonly message: string;
  readonly count: number;
  readonly firstAt?: number;
  readonly lastAt: number;
  readonly component?: string;
  readonly regarding: {
    readonly kind: string;
    readonly namespace?: string;
    readonly name: string;
    readonly uid?: string;
  };
}

/** Lease in kube-node-lease: the kubelet's heartbeat. */
export interface LeaseInfo extends Meta {
  readonly renewTime?: number;
}

/** metrics.k8s.io NodeMetrics. */
export interface NodeUsage {
  readonly name: string;
  readonly at: number;
  readonly cpu: number;
  readonly memory: number;
}

/** metrics.k8s.io PodMetrics, summed over containers, with the single containers kept. */
export interface PodUsage {
  readonly namespace: string;
  readonly name: string;
  readonly at: number;
  readonly cpu: number;
  readonly memory: number;
  readonly containers: readonly { readonly name: string; readonly cpu: number; readonly memory: number }[];
}
