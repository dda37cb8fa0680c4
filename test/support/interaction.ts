/** Screens for tests of the key reducer: fake tabs over plain rows, and presses in words. */
import type { Judge } from '../../src/domain/assessment.ts';
import { keyOf, ObjectTable } from '../../src/domain/collection.ts';
import type { Finding, ObjectRef } from '../../src/domain/finding.ts';
import type {
  ContainerSpec,
  ContainerStatus,
  NodeInfo,
  PodInfo,
  WorkloadInfo,
} from '../../src/domain/kinds.ts';
import type { Snapshot } from '../../src/domain/snapshot.ts';
import { type ClusterState, pendingState } from '../../src/domain/state.ts';
import { compileFilter } from '../../src/views/filter.ts';
import { initialUi, press } from '../../src/views/interaction.ts';
import type {
  Effect,
  KeyName,
  KeyPress,
  ListId,
  ListRow,
  ScreenModel,
  UiState,
  View,
} from '../../src/views/model.ts';

export const NOW = Date.UTC(2026, 10, 23, 14, 32, 7);

const meta = { resourceVersion: '1', labels: {}, createdAt: NOW - 86_400_000 };

export function spec(name: string, more: Partial<ContainerSpec> = {}): ContainerSpec {
  return { name, image: `registry/${name}:1`, requests: {}, limits: {}, ...more };
}

export function running(name: string, more: Partial<ContainerStatus> = {}): ContainerStatus {
  return {
    name,
    image: `registry/${name}:1`,
    ready: true,
    restartCount: 0,
    state: { kind: 'running', startedAt: NOW - 3_600_000 },
    ...more,
  };
}

export function pod(key: string, more: Partial<PodInfo> = {}): PodInfo {
  const [namespace = '', name = ''] = key.split('/');
  return {
    ...meta,
    uid: `uid-${key}`,
    namespace,
    name,
    phase: 'Running',
    restartPolicy: 'Always',
    conditions: [],
    containers: [spec('main')],
    initContainers: [],
    statuses: [running('main')],
    initStatuses: [],
    ...more,
  };
}

export function node(name: string, more: Partial<NodeInfo> = {}): NodeInfo {
  return {
    ...meta,
    uid: `uid-${name}`,
    namespace: '',
    name,
    unschedulable: false,
    roles: [],
    taints: [],
    conditions: [{ type: 'Ready', status: 'True' }],
    allocatable: { cpu: 20, memory: 96 * 2 ** 30 },
    capacity: { cpu: 20, memory: 96 * 2 ** 30 },
    kubeletVersion: 'v1.33.1',
    osImage: 'Talos',
    kernelVersion: '6.12',
    containerRuntime: 'containerd://2.0',
    bootID: 'boot',
    ...more,
  };
}

export function deployment(key: string, more: Partial<WorkloadInfo> = {}): WorkloadInfo {
  const [namespace = '', name = ''] = key.split('/');
  return {
    ...meta,
    uid: `uid-${key}`,
    kind: 'Deployment',
    namespace,
    name,
    desired: 1,
    replicas: 1,
    ready: 1,
    conditions: [],
    containers: [spec('main')],
    initContainers: [],
    ...more,
  };
}

export function finding(id: string, subject: ObjectRef, more: Partial<Finding> = {}): Finding {
  return {
    id,
    code: 'TEST',
    severity: 'warning',
    area: 'pods',
    title: `trouble ${id}`,
    subject,
    scope: subject.namespace ?? subject.kind,
    evidence: [],
    advice: [],
    remediations: [],
    consequences: [],
    ...more,
  };
}

/** What a test cluster holds. */
export interface World {
  readonly pods?: readonly PodInfo[];
  readonly nodes?: readonly NodeInfo[];
  readonly deployments?: readonly WorkloadInfo[];
  readonly findings?: readonly Finding[];
  readonly state?: Partial<ClusterState>;
}

export const WORLD = {
  pods: [
    pod('airflow/web', {
      containers: [spec('main'), spec('proxy')],
      statuses: [
        running('main'),
        running('proxy', {
          restartCount: 98,
          lastState: { kind: 'terminated', reason: 'OOMKilled', exitCode: 137, finishedAt: NOW - 7_200_000 },
        }),
      ],
      owner: { apiVersion: 'apps/v1', kind: 'Deployment', name: 'web', uid: 'uid-airflow/web' },
    }),
    pod('media/jellyfin'),
    pod('velero/upgrade'),
  ],
  nodes: [node('ms-01-a'), node('ms-01-b')],
  deployments: [deployment('airflow/web')],
  findings: [
    finding('oom', { kind: 'Pod', namespace: 'airflow', name: 'web' }, { severity: 'critical' }),
    finding('node', { kind: 'Node', name: 'ms-01-b' }),
  ],
} as const satisfies World;

/** A source that was read just now. */
export function live<T>(data: T): Snapshot<T> {
  return { status: 'live', data, observedAt: NOW - 1000 };
}

export function table<T extends PodInfo | NodeInfo | WorkloadInfo>(objects: readonly T[]): ObjectTable<T> {
  const all = new ObjectTable<T>();
  for (const object of objects) all.upsert(object);
  return all;
}

function judgeOf(world: World): Judge {
  const findings = world.findings ?? [];
  const tally = { ok: 0, total: 0, severity: 'ok' } as const;
  const podRow: Judge['podRow'] = (object) => ({
    id: keyOf(object),
    pod: object,
    ready: '1/1',
    status: object.phase,
    restarts: object.statuses.reduce((sum, status) => sum + status.restartCount, 0),
    severity: object.statuses.some((status) => status.restartCount > 0) ? 'warning' : 'ok',
    note: '',
    recentRestarts: 0,
  });
  return {
    assessment: {
      at: NOW,
      findings,
      counts: { critical: 0, warning: 0, unknown: 0, info: 0 },
      score: { value: 100, losses: [], unknown: [] },
      nodes: tally,
      pods: tally,
      workloads: tally,
      volumes: tally,
      services: tally,
      coverage: undefined,
      topRestarts: [],
      restartWindowMs: 0,
      capacity: undefined,
    },
    podRow,
    nodeRow: (object) => ({
      id: object.name,
      node: object,
      status: 'Ready',
      severity: 'ok',
      note: '',
      pods: 0,
      requested: {},
      limits: {},
    }),
    workloadRow: (object) => ({
      id: `${object.kind}/${keyOf(object)}`,
      workload: object,
      ready: `${object.ready}/${object.desired}`,
      status: 'Current',
      severity: 'ok',
      note: '',
    }),
    problemPods: () => (world.pods ?? []).map(podRow).filter((row) => row.severity !== 'ok'),
    restartHistory: () => [],
    ownersOf: (object) =>
      object.owner === undefined
        ? []
        : [
            {
              kind: object.owner.kind,
              namespace: object.namespace,
              name: object.owner.name,
              uid: object.owner.uid,
            },
          ],
  };
}

/** A connected console on a world; `more` overrides parts of the model. */
export function screen(
  world: World = WORLD,
  ui: Partial<UiState> = {},
  more: Partial<ScreenModel> = {},
): ScreenModel {
  return {
    now: NOW,
    columns: 80,
    rows: 24,
    session: {
      context: 'talos-home',
      contexts: ['talos-home', 'lab'],
      server: 'https://10.0.0.10:6443',
      user: 'pete',
      insecure: false,
      demo: false,
      mode: 'READ-ONLY',
    },
    connection: { status: 'live', since: NOW },
    state: {
      ...pendingState(),
      pods: live(table(world.pods ?? [])),
      nodes: live(table(world.nodes ?? [])),
      deployments: live(table(world.deployments ?? [])),
      ...world.state,
    },
    judge: judgeOf(world),
    ui: { ...initialUi(), ...ui },
    viewerContent: undefined,
    namespaces: ['airflow', 'media', 'velero'],
    log: [],
    ...more,
  };
}

function listed(model: ScreenModel, list: ListId): readonly ListRow[] {
  const { state, judge } = model;
  const objects = <T>(snapshot: Snapshot<{ values(): Iterable<T> }>) =>
    snapshot.status === 'live' || snapshot.status === 'stale' ? [...snapshot.data.values()] : [];
  switch (list) {
    case 'triage/findings':
      return judge.assessment.findings.map(({ id, subject }) => ({ id, ref: subject }));
    case 'nodes/nodes':
      return objects(state.nodes).map(({ name }) => ({ id: name, ref: { kind: 'Node', name } }));
    case 'nodes/pods':
      return objects(state.pods).map((object) => {
        const { namespace, name, uid } = object;
        return { id: keyOf(object), ref: { kind: 'Pod', namespace, name, uid } };
      });
    case 'nodes/workloads':
      return objects(state.deployments).map((object) => {
        const { kind, namespace, name } = object;
        return { id: `${kind}/${keyOf(object)}`, ref: { kind, namespace, name } };
      });
  }
}

/** Rows by filter and namespace, in the order of the world. */
function rows(model: ScreenModel, list: ListId): readonly ListRow[] {
  const { test } = compileFilter(model.ui.filter);
  const { namespace } = model.ui;
  return listed(model, list).filter(
    ({ id, ref }) => test({ name: id }) && (namespace === '' || ref.namespace === namespace),
  );
}

const tab = (id: View['id'], key: string, lists: readonly ListId[]): View => ({
  id,
  key,
  title: id,
  lists,
  rows,
  render: () => [],
  badge: () => 'ok',
});

export const VIEWS: readonly View[] = [
  tab('triage', '1', ['triage/findings']),
  tab('nodes', '2', ['nodes/nodes', 'nodes/pods', 'nodes/workloads']),
];

/** Every key that has a name. */
export const KEY_NAMES: readonly KeyName[] = [
  'up',
  'down',
  'left',
  'right',
  'pageup',
  'pagedown',
  'home',
  'end',
  'enter',
  'escape',
  'tab',
  'backspace',
  'delete',
  'ctrl-a',
  'ctrl-c',
  'ctrl-e',
  'ctrl-l',
  'ctrl-r',
  'ctrl-s',
  'ctrl-u',
  'ctrl-w',
  'ctrl-z',
  'f1',
];

/** `down`, `shift-tab`, `ctrl-r`, or the character itself. */
export function keyOfWord(word: string): KeyPress {
  if (word === 'shift-tab') return { type: 'key', name: 'tab', shift: true };
  const name = KEY_NAMES.find((known) => known === word);
  return name === undefined ? { type: 'char', text: word } : { type: 'key', name };
}

/** The screen after some keys, each pressed on the screen that the one before left, with all effects in order. */
export function pressed(
  model: ScreenModel,
  keys: readonly (string | KeyPress)[],
  clock = NOW,
): { readonly model: ScreenModel; readonly ui: UiState; readonly effects: readonly Effect[] } {
  let current = model;
  const effects: Effect[] = [];
  for (const key of keys) {
    const outcome = press(typeof key === 'string' ? keyOfWord(key) : key, current, VIEWS, clock);
    current = { ...current, ui: outcome.ui };
    effects.push(...outcome.effects);
  }
  return { model: current, ui: current.ui, effects };
}

/** The same model on the Nodes tab with one list in focus. */
export function onList(model: ScreenModel, list: ListId, selected?: string, index = 0): ScreenModel {
  const tabId = list.startsWith('nodes') ? 'nodes' : 'triage';
  const state = selected === undefined ? { index } : { index, selected };
  return {
    ...model,
    ui: {
      ...model.ui,
      tab: tabId,
      focus: { ...model.ui.focus, [tabId]: list },
      lists: { ...model.ui.lists, [list]: state },
    },
  };
}

/** The text of the toast, '' without one. */
export function toast(ui: UiState): string {
  return ui.toast?.text ?? '';
}
