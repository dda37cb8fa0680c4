/** What a node says of itself: readiness in three values, pressure, cordon, heartbeat. */
import { duration } from './format.ts';
import type { Condition, LeaseInfo, NodeInfo } from './kinds.ts';
import { condition } from './pods.ts';
import type { NodeOutlook } from './podverdict.ts';
import type { Severity } from './severity.ts';

const SECOND = 1000;
const MINUTE = 60 * SECOND;

/** Conditions that are bad when they are anything but False. */
const PRESSURES = ['MemoryPressure', 'DiskPressure', 'PIDPressure', 'NetworkUnavailable'];

/** A kubelet renews its lease every 10 s and is declared lost after 40-50 s. */
const LEASE_LATE_MS = 40 * SECOND;
/** Without leases the Ready condition tells, which a kubelet renews every 5 min at least. */
const CONDITION_LATE_MS = 6 * MINUTE;
/** A cordon younger than this is work in progress, an older one is easily forgotten. */
const FRESH_CORDON_MS = 60 * MINUTE;
/** A node needs a while to join. */
const YOUNG_MS = 2 * MINUTE;
/** A node that was cordoned before it went away is being worked on: a reboot takes this long at most. */
const PLANNED_MS = 15 * MINUTE;
/** Clocks that differ by more break certificates, etcd and storage. */
const CLOCK_MS = 30 * SECOND;

/** `NotReady` as kubectl prints it for False and Unknown alike, and `,SchedulingDisabled` when cordoned. */
export function nodeStatus(node: NodeInfo): string {
  const ready = condition(node.conditions, 'Ready')?.status;
  const word = ready === undefined ? 'Unknown' : ready === 'True' ? 'Ready' : 'NotReady';
  return node.unschedulable ? `${word},SchedulingDisabled` : word;
}

/** True when the node's Ready condition is True. */
export function isReady(node: NodeInfo): boolean {
  return condition(node.conditions, 'Ready')?.status === 'True';
}

/** True for a node that is not ready because it only just joins. */
export function isJoining(node: NodeInfo, now: number): boolean {
  return !isReady(node) && node.createdAt !== undefined && now - node.createdAt < YOUNG_MS;
}

/** What the node means for its pods. */
export function outlookOf(node: NodeInfo, now: number): NodeOutlook {
  // While a node joins, its first pods wait for it.
  const joining = isJoining(node, now);
  if (!isReady(node) && !joining) return { down: true };
  const since = joining ? node.createdAt : condition(node.conditions, 'Ready')?.since;
  return since === undefined ? { down: false } : { down: false, readySince: since };
}

/** The pressure conditions that are not False; those of a silent kubelet are Unknown and say nothing new. */
export function pressures(node: NodeInfo): readonly Condition[] {
  return node.conditions.filter(
    ({ type, status }) =>
      PRESSURES.includes(type) && status !== 'False' && (status === 'True' || isReady(node)),
  );
}

/** Last sign of life of the kubelet: the newer of its lease and the heartbeat of its Ready condition. */
export function heartbeatAt(node: NodeInfo, lease: LeaseInfo | undefined): number | undefined {
  const heartbeat = condition(node.conditions, 'Ready')?.heartbeat;
  const newest = Math.max(heartbeat ?? 0, lease?.renewTime ?? 0);
  return newest > 0 ? newest : undefined;
}

/** When the node was cordoned, if its taint tells. */
export function cordonedAt(node: NodeInfo): number | undefined {
  return node.taints.find(({ key }) => key === 'node.kubernetes.io/unschedulable')?.since;
}

/** What can be wrong with a node; part of the stable finding codes. */
export type NodeCode =
  | 'NODE_NOT_READY'
  | 'NODE_PRESSURE'
  | 'NODE_HEARTBEAT_LATE'
  | 'NODE_CLOCK_WRONG'
  | 'NODE_CORDONED'
  | 'NODE_OVERCOMMITTED';

/** One thing that is wrong with a node. */
export interface NodeIssue {
  readonly severity: Exclude<Severity, 'ok'>;
  readonly code: NodeCode;
  readonly note: string;
  readonly since?: number;
  readonly cause?: string;
}

/** Facts beside the node object that a verdict needs. */
export interface NodeFacts {
  /** Lease of the node; undefined when leases are not readable. */
  readonly lease: LeaseInfo | undefined;
  /** When we last saw the lease being renewed. */
  readonly renewalSeenAt?: number | undefined;
  /** When the newest renewal of any node's lease arrived. */
  readonly leasesArrivedAt?: number;
  readonly requested: { readonly cpu: number; readonly memory: number } | undefined;
}

/** Everything wrong with a node at `now` (cluster time), worst first. */
export function judgeNode(node: NodeInfo, facts: NodeFacts, now: number): readonly NodeIssue[] {
  const unready = notReady(node, now);
  return [
    ...(unready ? [unready] : heartbeat(node, facts, now)),
    ...pressures(node).map(pressureIssue),
    ...cordon(node, now),
    ...overcommit(node, facts.requested),
  ];
}

function notReady(node: NodeInfo, now: number): NodeIssue | undefined {
  const ready = condition(node.conditions, 'Ready');
  if (ready?.status === 'True') return undefined;
  const joining = isJoining(node, now);
  const planned = isPlanned(node, ready?.since, now);
  const silent = ready === undefined || ready.status === 'Unknown';
  const message = ready?.message ?? ready?.reason;
  return {
    severity: joining ? 'info' : planned ? 'warning' : 'critical',
    code: 'NODE_NOT_READY',
    note: joining
      ? 'joining'
      : `${silent ? 'kubelet stopped reporting' : 'kubelet says not ready'}${planned ? ', cordoned before' : ''}`,
    ...(ready?.since !== undefined && { since: ready.since }),
    ...(message !== undefined && { cause: message }),
  };
}

function isPlanned(node: NodeInfo, lostAt: number | undefined, now: number): boolean {
  const cordoned = node.unschedulable ? cordonedAt(node) : undefined;
  return cordoned !== undefined && lostAt !== undefined && cordoned <= lostAt && now - lostAt < PLANNED_MS;
}

function heartbeat(node: NodeInfo, facts: NodeFacts, now: number): NodeIssue[] {
  const { lease, renewalSeenAt, leasesArrivedAt = 0 } = facts;
  const renewed = lease?.renewTime;
  const alive = renewalSeenAt !== undefined && now - renewalSeenAt < LEASE_LATE_MS;
  const off = renewed === undefined ? 0 : renewed - (alive ? renewalSeenAt : now);
  if (off > CLOCK_MS || (alive && off < -CLOCK_MS)) return [clockIssue(off)];
  const at = heartbeatAt(node, lease);
  // When no lease at all is fresh, it is our watch that lags, and the slower condition tells.
  const leasesArrive = renewed !== undefined && now - leasesArrivedAt < LEASE_LATE_MS;
  if (at === undefined || now - at < (leasesArrive ? LEASE_LATE_MS : CONDITION_LATE_MS)) return [];
  return [{ severity: 'warning', code: 'NODE_HEARTBEAT_LATE', note: 'heartbeat late', since: at }];
}

/** Leases arrive with a delay of some seconds. */
function roughly(ms: number): number {
  return Math.round(ms / (10 * SECOND)) * 10 * SECOND;
}

function clockIssue(off: number): NodeIssue {
  return {
    severity: 'warning',
    code: 'NODE_CLOCK_WRONG',
    note: `clock ${duration(roughly(Math.abs(off)))} ${off > 0 ? 'ahead' : 'behind'}`,
    cause: 'its leases carry times that differ from the clock of the API server',
  };
}

function pressureIssue({ type, status, since, message }: Condition): NodeIssue {
  return {
    severity: type === 'NetworkUnavailable' && status === 'True' ? 'critical' : 'warning',
    code: 'NODE_PRESSURE',
    note: status === 'True' ? type : `${type} ${status}`,
    ...(since !== undefined && { since }),
    ...(message !== undefined && { cause: message }),
  };
}

function cordon(node: NodeInfo, now: number): NodeIssue[] {
  if (!node.unschedulable) return [];
  const since = cordonedAt(node);
  const fresh = since !== undefined && now - since < FRESH_CORDON_MS;
  return [
    {
      severity: fresh ? 'info' : 'warning',
      code: 'NODE_CORDONED',
      note: 'cordoned',
      ...(since !== undefined && { since }),
    },
  ];
}

function overcommit(node: NodeInfo, requested: NodeFacts['requested']): NodeIssue[] {
  const over = (['cpu', 'memory'] as const).filter(
    (resource) =>
      requested !== undefined &&
      requested[resource] > (node.allocatable[resource] ?? Number.POSITIVE_INFINITY),
  );
  if (over.length === 0) return [];
  const note = `${over.join(' and ')} requests exceed what the node has`;
  return [{ severity: 'warning', code: 'NODE_OVERCOMMITTED', note }];
}
