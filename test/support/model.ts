/** Screen models for tests of the views: cluster objects plus a verdict that the test states itself. */
import type { Assessment, Judge, NodeRow, PodRow, WorkloadRow } from '../../src/domain/assessment.ts';
import { keyOf } from '../../src/domain/collection.ts';
import type { Finding, ObjectRef } from '../../src/domain/finding.ts';
import type { NodeInfo, PodInfo, WorkloadInfo } from '../../src/domain/kinds.ts';
import { type ClusterState, pendingState } from '../../src/domain/state.ts';
import type { ListId, ScreenModel, Session, UiState } from '../../src/views/model.ts';
import { cluster, DAY, NOW, table } from '../domain/build.ts';

// Frames show local times; the tests' pictures are of a machine in UTC.
process.env.TZ = 'UTC';

const LISTS: readonly ListId[] = ['triage/findings', 'nodes/nodes', 'nodes/pods', 'nodes/workloads'];

export function ui(more: Partial<UiState> = {}): UiState {
  return {
    tab: 'triage',
    focus: { triage: 'triage/findings', nodes: 'nodes/pods' },
    lists: Object.fromEntries(LISTS.map((list) => [list, { index: 0 }])) as UiState['lists'],
    filter: '',
    problemsOnly: false,
    namespace: '',
    viewers: [],
    sortHeldUntil: 0,
    ...more,
  };
}

export const session: Session = {
  context: 'talos-home',
  contexts: ['talos-home'],
  server: 'https://10.0.0.10:6443',
  user: 'pete',
  insecure: false,
  demo: false,
  mode: 'READ-WRITE',
};

export function finding(title: string, more: Partial<Finding> = {}): Finding {
  return {
    id: title,
    code: 'TEST',
    severity: 'warning',
    area: 'pods',
    title,
    subject: { kind: 'Pod', namespace: 'default', name: 'main' },
    scope: 'default',
    evidence: [],
    advice: [],
    remediations: [],
    consequences: [],
    ...more,
  };
}

const ALL_WELL = { ok: 0, total: 0, severity: 'ok' } as const;

export function assessment(more: Partial<Assessment> = {}): Assessment {
  return {
    at: NOW,
    findings: [],
    counts: { critical: 0, warning: 0, unknown: 0, info: 0 },
    score: { value: 100, losses: [], unknown: [] },
    nodes: ALL_WELL,
    pods: ALL_WELL,
    workloads: ALL_WELL,
    volumes: ALL_WELL,
    services: ALL_WELL,
    coverage: undefined,
    topRestarts: [],
    restartWindowMs: DAY,
    capacity: undefined,
    ...more,
  };
}

/** An object and what the rules make of it. */
export interface Judged<T, R> {
  readonly object: T;
  readonly row?: Partial<R>;
}

export interface Cast {
  readonly nodes?: readonly Judged<NodeInfo, NodeRow>[];
  readonly pods?: readonly (Judged<PodInfo, PodRow> & {
    readonly history?: readonly (number | null)[];
    readonly owners?: readonly ObjectRef[];
  })[];
  readonly workloads?: readonly Judged<WorkloadInfo, WorkloadRow>[];
  readonly assessment?: Partial<Assessment>;
}

/** A judge that says what the cast says, and healthy defaults for the rest. */
export function judge(cast: Cast): Judge {
  const pods = new Map((cast.pods ?? []).map((entry) => [keyOf(entry.object), entry]));
  const nodes = new Map((cast.nodes ?? []).map((entry) => [entry.object.name, entry.row]));
  const workloads = new Map((cast.workloads ?? []).map((entry) => [entry.object.uid, entry.row]));
  const podRow = (pod: PodInfo): PodRow => ({
    id: keyOf(pod),
    pod,
    ready: '1/1',
    status: 'Running',
    restarts: 0,
    severity: 'ok',
    note: '',
    recentRestarts: 0,
    ...pods.get(keyOf(pod))?.row,
  });
  return {
    assessment: assessment(cast.assessment),
    podRow,
    nodeRow: (node) => ({
      id: node.name,
      node,
      status: 'Ready',
      severity: 'ok',
      note: '',
      pods: 0,
      requested: {},
      limits: {},
      ...nodes.get(node.name),
    }),
    workloadRow: (workload) => ({
      id: `${workload.kind}/${keyOf(workload)}`,
      workload,
      ready: `${workload.ready}/${workload.desired}`,
      status: 'Current',
      severity: 'ok',
      note: '',
      ...workloads.get(workload.uid),
    }),
    problemPods: () =>
      (cast.pods ?? []).map(({ object }) => podRow(object)).filter(({ severity }) => severity !== 'ok'),
    restartHistory: (pod, buckets) =>
      pods.get(keyOf(pod))?.history ?? Array.from({ length: buckets }, () => null),
    ownersOf: (pod) => pods.get(keyOf(pod))?.owners ?? [],
  };
}

/** Everything read, and exactly the objects of the cast in it; `state` replaces single sources. */
export function stateOf(cast: Cast, state: Partial<ClusterState> = {}): ClusterState {
  const workloads = (kind: WorkloadInfo['kind']) =>
    table(...(cast.workloads ?? []).map(({ object }) => object).filter((object) => object.kind === kind));
  return {
    ...cluster({
      nodes: table(...(cast.nodes ?? []).map(({ object }) => object)),
      pods: table(...(cast.pods ?? []).map(({ object }) => object)),
      deployments: workloads('Deployment'),
      statefulsets: workloads('StatefulSet'),
      daemonsets: workloads('DaemonSet'),
    }),
    ...state,
  };
}

export function model(
  cast: Cast = {},
  more: Partial<Omit<ScreenModel, 'judge' | 'state'>> & { readonly state?: Partial<ClusterState> } = {},
): ScreenModel {
  const { state, ...rest } = more;
  return {
    now: NOW,
    columns: 80,
    rows: 24,
    session,
    connection: { status: 'live', since: NOW - DAY },
    judge: judge(cast),
    ui: ui(),
    viewerContent: undefined,
    namespaces: [],
    log: [],
    ...rest,
    state: stateOf(cast, state),
  };
}

/** A console that was started two seconds ago and has read nothing yet. */
export function starting(more: Partial<ScreenModel> = {}): ScreenModel {
  const unknown = { ok: 0, total: 0, severity: 'unknown' } as const;
  return {
    ...model({
      assessment: {
        score: { value: undefined, losses: [], unknown: ['nodes', 'pods'] },
        nodes: unknown,
        pods: unknown,
        workloads: unknown,
        volumes: unknown,
        services: unknown,
      },
    }),
    connection: { status: 'connecting', since: NOW - 2000 },
    ...more,
    state: pendingState(),
  };
}
