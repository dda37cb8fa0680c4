/**
 * Everything the rules want to know of pods, kept up to date change by change, so that no verdict walks all pods.
 * Only pods with a problem, and pods whose verdict depends on time, take room here.
 */
import type { Collection } from './collection.ts';
import { keyOf } from './collection.ts';
import { Follower } from './follow.ts';
import type { PodInfo } from './kinds.ts';
import type { PodIssue } from './podissue.ts';
import { isFinished } from './pods.ts';
import { isQuiet, judgePod, type NodeOutlook, type PodVerdict, settledAt } from './podverdict.ts';
import { type Amount, podDemand } from './requests.ts';
import { RestartLedger, restartTotal } from './restarts.ts';
import type { Severity } from './severity.ts';

/** A pod with what is wrong with it. */
export interface PodProblem {
  readonly pod: PodInfo;
  readonly issue: PodIssue;
}

/** Sums over the pods of a node that are not finished. */
export interface NodeDemand {
  pods: number;
  readonly requested: Amount;
  readonly limits: Amount;
}

const NO_OUTLOOK: NodeOutlook = { down: false };

interface Entry {
  readonly pod: PodInfo;
  readonly verdict: PodVerdict;
}

/** See the file's comment. Feed it with `follow` and `refresh`; two clusters never share one. */
export class PodIndex {
  readonly ledger = new RestartLedger();
  private readonly follower = new Follower<PodInfo>((before, after) => this.changed(before, after));
  private readonly entries = new Map<string, Entry>();
  private readonly touched = new Set<string>();
  private readonly demand = new Map<string, NodeDemand>();
  /** Pods that ever restarted a container. */
  private readonly restartedPods = new Map<string, PodInfo>();
  private nodes: ReadonlyMap<string, NodeOutlook> = new Map();
  private collection: Collection<PodInfo> | undefined;
  private now = 0;
  /** Grows whenever a verdict may have changed. */
  version = 0;
  /** Grows whenever a counter of restarts changed, or a pod that has one came or went. */
  restartsVersion = 0;
  /** Pods that ended, well or badly, and are kept. */
  finished = 0;

  /** Follows this collection. `now` dates the restarts that its pods tell of. */
  follow(pods: Collection<PodInfo> | undefined, now: number): void {
    this.now = now;
    if (pods !== undefined) this.collection = pods;
    this.follower.follow(pods);
  }

  /** Says what the nodes mean for their pods. Only when a node comes or goes are all pods looked at. */
  setNodes(nodes: ReadonlyMap<string, NodeOutlook>): void {
    const before = this.nodes;
    this.nodes = nodes;
    const changed = new Set<string>();
    for (const name of new Set([...nodes.keys(), ...before.keys()])) {
      const [old, now] = [before.get(name) ?? NO_OUTLOOK, nodes.get(name) ?? NO_OUTLOOK];
      if (old.down !== now.down || old.readySince !== now.readySince) changed.add(name);
    }
    if (changed.size === 0) return;
    for (const pod of this.collection?.values() ?? [])
      if (changed.has(pod.nodeName ?? '') && !this.isStillQuiet(pod)) this.touched.add(keyOf(pod));
  }

  /** True for a node that is not ready. */
  isDown(node: string): boolean {
    return this.outlookOf(node).down;
  }

  /** Pods without a present problem on a node that only just became ready. */
  *settling(): Generator<PodInfo> {
    for (const { pod, verdict } of this.entries.values()) {
      const calm = (verdict.issue?.severity ?? 'info') === 'info';
      if (calm && this.now < settledAt(this.outlookOf(pod.nodeName))) yield pod;
    }
  }

  /** Judges again what changed or came due. */
  refresh(now: number): void {
    this.now = now;
    for (const [key, entry] of this.entries) if (entry.verdict.dueAt <= now) this.touched.add(key);
    if (this.touched.size === 0) return;
    for (const key of this.touched) this.judge(key);
    this.touched.clear();
    this.version += 1;
  }

  /** Pods with an issue, in no particular order. */
  *problems(): Generator<PodProblem> {
    for (const { pod, verdict } of this.entries.values())
      if (verdict.issue !== undefined) yield { pod, issue: verdict.issue };
  }

  /** What is wrong with this very pod, if anything. */
  issueOf(pod: PodInfo): PodIssue | undefined {
    const entry = this.entries.get(keyOf(pod));
    // The other case is an older reading (a frozen screen) or a change that was not judged yet.
    return entry?.pod === pod ? entry.verdict.issue : this.verdictOn(pod).issue;
  }

  /** How many pods have an issue of each severity. */
  counts(): Readonly<Record<Severity, number>> {
    const counts = { critical: 0, warning: 0, unknown: 0, info: 0, ok: 0 };
    for (const { issue } of this.problems()) counts[issue.severity] += 1;
    return counts;
  }

  /** Demand of the pods on a node, or waiting for a node (''). */
  demandOn(node: string): NodeDemand {
    return this.demand.get(node) ?? emptyDemand();
  }

  /** Pods that ever restarted a container. */
  restarted(): Iterable<PodInfo> {
    return this.restartedPods.values();
  }

  private changed(before: PodInfo | undefined, after: PodInfo | undefined): void {
    if (before !== undefined) this.account(before, -1);
    if (after !== undefined) this.account(after, 1);
    if (after === undefined) {
      if (before !== undefined) this.forget(before);
      return;
    }
    const key = keyOf(after);
    const total = restartTotal(after);
    if (total !== (before === undefined ? 0 : restartTotal(before))) this.restartsVersion += 1;
    if (total > 0) {
      this.ledger.observe(before, after, this.now);
      this.restartedPods.set(key, after);
    } else if (before !== undefined) this.restartedPods.delete(key);
    if (!this.isStillQuiet(after)) this.touched.add(key);
  }

  /** True for a pod that needs no verdict and has none. */
  private isStillQuiet(pod: PodInfo): boolean {
    return isQuiet(pod) && !this.isDown(pod.nodeName ?? '') && !this.entries.has(keyOf(pod));
  }

  private outlookOf(node: string | undefined): NodeOutlook {
    return this.nodes.get(node ?? '') ?? NO_OUTLOOK;
  }

  private forget(pod: PodInfo): void {
    this.ledger.forget(pod.uid);
    if (this.restartedPods.delete(keyOf(pod))) this.restartsVersion += 1;
    this.touched.add(keyOf(pod));
  }

  private judge(key: string): void {
    const pod = this.collection?.get(key);
    const verdict = pod && this.verdictOn(pod);
    if (pod === undefined || verdict === undefined || isSettled(verdict)) this.entries.delete(key);
    else this.entries.set(key, { pod, verdict });
  }

  private verdictOn(pod: PodInfo): PodVerdict {
    return judgePod(pod, this.now, {
      restarts: this.ledger.recent(pod.uid, this.now),
      node: this.outlookOf(pod.nodeName),
    });
  }

  private account(pod: PodInfo, sign: 1 | -1): void {
    if (isFinished(pod)) {
      this.finished += sign;
      return;
    }
    const node = pod.nodeName ?? '';
    const sum = this.demand.get(node) ?? emptyDemand();
    const { requested, limits } = podDemand(pod);
    sum.pods += sign;
    add(sum.requested, requested, sign);
    add(sum.limits, limits, sign);
    // Dropping an empty sum also drops what rounding left in it.
    if (sum.pods === 0) this.demand.delete(node);
    else this.demand.set(node, sum);
  }
}

function isSettled({ issue, dueAt }: PodVerdict): boolean {
  return issue === undefined && dueAt === Number.POSITIVE_INFINITY;
}

function emptyDemand(): NodeDemand {
  return { pods: 0, requested: { cpu: 0, memory: 0 }, limits: { cpu: 0, memory: 0 } };
}

function add(sum: Amount, amount: Readonly<Amount>, sign: 1 | -1): void {
  // Whole millicores, so that many additions and subtractions leave no crumbs.
  sum.cpu = Math.round((sum.cpu + sign * amount.cpu) * 1000) / 1000;
  sum.memory += sign * amount.memory;
}
