/** What the rules make of the cluster state: the only thing views and one-shot commands judge by. */
import type { Finding, ObjectRef, Score } from './finding.ts';
import type { NodeInfo, PodInfo, Resources, WorkloadInfo } from './kinds.ts';
import type { Severity } from './severity.ts';

/** A pod as the console lists it: kubectl's own cells plus our verdict. */
export interface PodRow {
  /** `namespace/name`. */
  readonly id: string;
  readonly pod: PodInfo;
  /** READY as kubectl prints it, e.g. `1/2`. */
  readonly ready: string;
  /** STATUS as kubectl prints it. */
  readonly status: string;
  /** RESTARTS as kubectl counts it. */
  readonly restarts: number;
  /** When the newest counted restart happened (epoch ms). */
  readonly lastRestartAt?: number;
  /** Our verdict over every container. */
  readonly severity: Severity;
  /** Short words behind the verdict ("OOMKilled 2h ago", "image tag not found"); empty when ok. */
  readonly note: string;
  /** Restarts seen in the last 24 h (or since the console started, see `windowMs`), over all containers. */
  readonly recentRestarts: number;
}

/** A node as the console lists it. */
export interface NodeRow {
  readonly id: string;
  readonly node: NodeInfo;
  /** As kubectl: Ready | NotReady | Unknown, plus `,SchedulingDisabled`. */
  readonly status: string;
  readonly severity: Severity;
  readonly note: string;
  readonly pods: number;
  /** Sum of requests and limits of its non-terminal pods. */
  readonly requested: Resources;
  readonly limits: Resources;
  /** Usage from metrics.k8s.io, undefined when unknown. */
  readonly usage?: { readonly cpu: number; readonly memory: number; readonly at: number };
  /** Last kubelet heartbeat: the newer of Lease renewTime and Ready heartbeat. */
  readonly heartbeatAt?: number;
}

/** A Deployment, StatefulSet or DaemonSet as the console lists it (kstatus rules). */
export interface WorkloadRow {
  /** `Kind/namespace/name`. */
  readonly id: string;
  readonly workload: WorkloadInfo;
  /** `ready/desired`. */
  readonly ready: string;
  /** Current | InProgress | Failed | Terminating | Unknown, in kstatus' words. */
  readonly status: string;
  readonly severity: Severity;
  readonly note: string;
}

/** `ok` and `total` of something; severity unknown with `why` when it cannot be counted. */
export interface Tally {
  readonly ok: number;
  readonly total: number;
  readonly severity: Severity;
  readonly why?: string;
}

/** Requests/limits coverage over the pod templates of all workloads. Numbers are containers. */
export interface Coverage {
  readonly total: number;
  readonly cpuRequest: number;
  readonly memoryRequest: number;
  readonly cpuLimit: number;
  readonly memoryLimit: number;
  /** Containers that lack any of the required cells: `Kind/ns/name container: what`. */
  readonly missing: readonly {
    readonly workload: ObjectRef;
    readonly container: string;
    readonly lacks: readonly string[];
  }[];
}

/** Restarts for the "top restarts" panel: of each owning workload the numbers of its worst pod. */
export interface RestartTop {
  readonly ref: ObjectRef;
  readonly recent: number;
  readonly total: number;
}

/** The verdict at one moment. Recomputed at most a few times a second, on change. */
export interface Assessment {
  readonly at: number;
  /** Root findings, worst first; consequences are nested. */
  readonly findings: readonly Finding[];
  readonly counts: Readonly<Record<'critical' | 'warning' | 'unknown' | 'info', number>>;
  readonly score: Score;
  readonly nodes: Tally;
  readonly pods: Tally;
  readonly workloads: Tally;
  readonly volumes: Tally;
  readonly services: Tally;
  readonly coverage: Coverage | undefined;
  readonly topRestarts: readonly RestartTop[];
  /** How far back `recentRestarts` reaches, ms: 24 h once known for that long. */
  readonly restartWindowMs: number;
  /** Sums over all nodes; undefined while nodes or pods are unknown. */
  readonly capacity:
    | {
        readonly allocatable: Resources;
        readonly requested: Resources;
        readonly limits: Resources;
        readonly usage?: Resources;
      }
    | undefined;
}

/** What every row and rule function of the domain may ask beside the raw state. */
export interface Judge {
  readonly assessment: Assessment;
  podRow(pod: PodInfo): PodRow;
  nodeRow(node: NodeInfo): NodeRow;
  workloadRow(workload: WorkloadInfo): WorkloadRow;
  /** Pods whose severity is not ok, without walking all pods. */
  problemPods(): readonly PodRow[];
  /** Restarts per hour-bucket of the last 24 h, oldest first; null where unknown. 6 or more buckets. */
  restartHistory(pod: PodInfo, buckets: number): readonly (number | null)[];
  /** Owner chain from direct owner upward, e.g. ReplicaSet, Deployment; stops where objects are unknown. */
  ownersOf(pod: PodInfo): readonly ObjectRef[];
}
