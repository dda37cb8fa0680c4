/** The one place where all rules come together: from the cluster's state to an Assessment, again and again. */
import type { Assessment, Coverage, Judge, NodeRow, PodRow, RestartTop, WorkloadRow } from './assessment.ts';
import type { CheckContext } from './checks/context.ts';
import type { Draft } from './checks/draft.ts';
import { leaseOf, nodeIssues } from './checks/nodes.ts';
import { CheckRunner } from './checks/runner.ts';
import { checkSources } from './checks/sources.ts';
import { coverageFinding } from './checks/workloads.ts';
import { type Collection, keyOf } from './collection.ts';
import { COVERAGE_SOURCES, coverageOf } from './coverage.ts';
import { EventIndex } from './events.ts';
import type { ObjectRef } from './finding.ts';
import { age } from './format.ts';
import { groupFindings } from './group.ts';
import { HeartbeatLog } from './heartbeats.ts';
import type { EventInfo, NodeInfo, PodInfo, WorkloadInfo } from './kinds.ts';
import { inputsOf, Memo } from './memo.ts';
import { heartbeatAt, nodeStatus, outlookOf } from './nodes.ts';
import { exists, ownerChain, refKey, refTo } from './owners.ts';
import { PodIndex } from './podindex.ts';
import { podCells } from './pods.ts';
import { RebootLog } from './reboots.ts';
import { sumRestarts } from './restarts.ts';
import { healthScore } from './score.ts';
import { FindingMemory } from './settle.ts';
import { dataOf } from './snapshot.ts';
import { type ClusterState, type Connection, pendingState, SOURCE_NAMES, type SourceName } from './state.ts';
import { capacityOf, countBySeverity, topRestartsOf } from './summary.ts';
import { countAll, scoreInputs, tallyOf, unknownSources } from './tallies.ts';
import { WorkloadIndex } from './workloadindex.ts';
import { workloadState } from './workloads.ts';

/** Where the owners of pods are found that are not told by the pods themselves. */
const OWNER_SOURCES: readonly SourceName[] = ['replicasets', 'jobs'];

/** Restarts leave the window with time; a minute's delay is not noticed. */
const MINUTE = 60_000;

/**
 * Judges one cluster over time. Call `assess` when something changed and about once a second (some verdicts depend
 * on time alone); it follows the collections it finds in the state by itself, change by change. Rows are as of the
 * last assessment. Two connections never share a judge: it remembers restarts and findings.
 */
export class ClusterJudge implements Judge {
  private readonly pods = new PodIndex();
  private readonly workloads = new WorkloadIndex();
  private readonly events = new EventIndex();
  private readonly reboots = new RebootLog();
  private readonly heartbeats = new HeartbeatLog();
  private readonly memory = new FindingMemory();
  private readonly runner = new CheckRunner();
  private readonly coverageMemo = new Memo<Coverage | undefined>();
  private readonly restartsMemo = new Memo<readonly RestartTop[]>();
  private readonly seen = new Set<SourceName>();
  private state: ClusterState = pendingState();
  private now = 0;
  private current: Assessment = emptyAssessment(this.state);

  /** The newest assessment; before the first one everything in it is unknown. */
  get assessment(): Assessment {
    return this.current;
  }

  /**
   * Follows these tables from now on, so that the work of a long first list is spread over its pages. Optional:
   * `assess` follows whatever collections the state holds.
   */
  attach(
    tables: { readonly pods: Collection<PodInfo>; readonly events: Collection<EventInfo> },
    now: number,
  ): void {
    this.pods.follow(tables.pods, now);
    this.events.follow(tables.events);
  }

  /** Judges everything at `now` (local clock, epoch ms) and makes it the current assessment. */
  assess(state: ClusterState, connection: Connection, now: number): Assessment {
    this.state = state;
    // Times in objects are the server's.
    this.now = now + (dataOf(state.server)?.clockSkewMs ?? 0);
    this.follow();
    const drafts = this.runner.run(this.context());
    const counts = countAll(this.context(), drafts);
    const coverage = this.coverageMemo.get(inputsOf(state, COVERAGE_SOURCES), () => coverageOf(state));
    const all = [
      ...drafts,
      ...(coverage ? coverageFinding(coverage) : []),
      ...checkSources(state, connection),
    ];
    const findings = groupFindings(this.settle(all));
    this.current = {
      at: now,
      findings,
      counts: countBySeverity(findings),
      score: healthScore(scoreInputs(counts), unknownSources(state)),
      nodes: tallyOf(state, 'nodes', counts.nodes),
      pods: tallyOf(state, 'pods', counts.pods),
      workloads: tallyOf(state, 'workloads', counts.workloads),
      volumes: tallyOf(state, 'volumes', counts.volumes),
      services: tallyOf(state, 'services', counts.services),
      coverage,
      topRestarts: this.restartsMemo.get(
        [this.pods.restartsVersion, Math.floor(this.now / MINUTE), ...inputsOf(state, OWNER_SOURCES)],
        () => topRestartsOf(state, this.pods, this.now),
      ),
      restartWindowMs: this.pods.ledger.windowMs(this.now),
      capacity: capacityOf(state, this.pods),
    };
    return this.current;
  }

  podRow(pod: PodInfo): PodRow {
    const issue = this.pods.issueOf(pod);
    const recentRestarts = sumRestarts(this.pods.ledger.recent(pod.uid, this.now));
    const ago = issue?.noteAt === undefined ? '' : ` ${age(this.now - issue.noteAt)} ago`;
    return {
      id: keyOf(pod),
      pod,
      ...podCells(pod),
      severity: issue?.severity ?? 'ok',
      note: issue === undefined ? '' : `${issue.note}${ago}`,
      recentRestarts,
    };
  }

  nodeRow(node: NodeInfo): NodeRow {
    const issues = nodeIssues(this.context(), node);
    const { pods, requested, limits } = this.pods.demandOn(node.name);
    const usage = dataOf(this.state.nodeUsage)?.get(node.name);
    const heartbeat = heartbeatAt(node, leaseOf(this.state, node));
    return {
      id: node.name,
      node,
      status: nodeStatus(node),
      severity: issues[0]?.severity ?? 'ok',
      note: issues.map(({ note }) => note).join(', '),
      pods,
      requested,
      limits,
      ...(usage && { usage: { cpu: usage.cpu, memory: usage.memory, at: usage.at } }),
      ...(heartbeat !== undefined && { heartbeatAt: heartbeat }),
    };
  }

  workloadRow(workload: WorkloadInfo): WorkloadRow {
    const { severity, note } = this.workloads.verdictOn(workload);
    return {
      id: refKey(refTo(workload.kind, workload)),
      workload,
      ready: `${workload.ready}/${workload.desired}`,
      status: workloadState(workload).status,
      severity,
      note,
    };
  }

  problemPods(): readonly PodRow[] {
    return [...this.pods.problems()].map(({ pod }) => this.podRow(pod));
  }

  restartHistory(pod: PodInfo, buckets: number): readonly (number | null)[] {
    return this.pods.ledger.history(pod.uid, buckets, this.now);
  }

  ownersOf(pod: PodInfo): readonly ObjectRef[] {
    return ownerChain(this.state, pod);
  }

  /** Takes in what changed since the last time. */
  private follow(): void {
    const { state, now } = this;
    this.pods.follow(dataOf(state.pods), now);
    this.workloads.follow(state, now);
    this.events.follow(dataOf(state.events));
    this.reboots.follow(dataOf(state.nodes), now);
    this.heartbeats.follow(dataOf(state.leases), now);
    const nodes = [...(dataOf(state.nodes)?.values() ?? [])];
    this.pods.setNodes(new Map(nodes.map((node) => [node.name, outlookOf(node, now)])));
    this.pods.refresh(now);
  }

  private settle(drafts: readonly Draft[]): readonly Draft[] {
    const answered = SOURCE_NAMES.filter((source) => this.state[source].status !== 'pending');
    const fresh = answered.some((source) => !this.seen.has(source));
    for (const source of answered) this.seen.add(source);
    return this.memory.settle(drafts, this.now, { fresh, exists: (ref) => exists(this.state, ref) });
  }

  private context(): Omit<CheckContext, 'blame'> {
    const { state, now, pods, workloads, events, reboots, heartbeats } = this;
    return { state, now, pods, workloads, events, reboots, heartbeats };
  }
}

/** What is said before anything was judged. */
function emptyAssessment(state: ClusterState): Assessment {
  const tally = { ok: 0, total: 0, severity: 'unknown', why: 'loading' } as const;
  return {
    at: 0,
    findings: [],
    counts: { critical: 0, warning: 0, unknown: 0, info: 0 },
    score: healthScore([], unknownSources(state)),
    nodes: tally,
    pods: tally,
    workloads: tally,
    volumes: tally,
    services: tally,
    coverage: undefined,
    topRestarts: [],
    restartWindowMs: 0,
    capacity: undefined,
  };
}
