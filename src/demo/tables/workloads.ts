import { dig, fields, list, num, text } from '../json.ts';
import type { KubeObject } from '../object.ts';
import { selectorText } from '../selectors.ts';
import {
  AGE,
  ageOf,
  type Cell,
  type Column,
  column,
  humanDuration,
  integer,
  joined,
  NAME,
  orNone,
  wide,
} from './table.ts';

function status(...path: readonly string[]): (object: KubeObject) => number {
  return (object) => num(dig(object, 'status', ...path));
}

function templateColumns(...template: readonly string[]): Column[] {
  const containers = (object: KubeObject) => list(dig(object, ...template, 'spec', 'containers'));
  return [
    wide(column('Containers', (object) => joined(containers(object).map((each) => dig(each, 'name'))))),
    wide(column('Images', (object) => joined(containers(object).map((each) => dig(each, 'image'))))),
  ];
}

function selectorColumn(...path: readonly string[]): Column {
  return wide(column('Selector', (object) => orNone(selectorText(dig(object, ...path)))));
}

const TEMPLATE = templateColumns('spec', 'template');
const SELECTOR = selectorColumn('spec', 'selector');
const WANTED = integer('Desired', (object) => num(dig(object, 'spec', 'replicas')));

function plainSelector(value: unknown): string {
  return orNone(
    Object.entries(fields(value))
      .map(([key, each]) => `${key}=${text(each)}`)
      .sort()
      .join(','),
  );
}

function readyOf(object: KubeObject): string {
  return `${num(dig(object, 'status', 'readyReplicas'))}/${num(dig(object, 'spec', 'replicas'))}`;
}

/** Columns of Deployments. */
export const DEPLOYMENT_COLUMNS: readonly Column[] = [
  NAME,
  column('Ready', readyOf),
  integer('Up-to-date', status('updatedReplicas')),
  integer('Available', status('availableReplicas')),
  AGE,
  ...TEMPLATE,
  SELECTOR,
];

/** Columns of StatefulSets. */
export const STATEFULSET_COLUMNS: readonly Column[] = [NAME, column('Ready', readyOf), AGE, ...TEMPLATE];

/** Columns of DaemonSets. */
export const DAEMONSET_COLUMNS: readonly Column[] = [
  NAME,
  integer('Desired', status('desiredNumberScheduled')),
  integer('Current', status('currentNumberScheduled')),
  integer('Ready', status('numberReady')),
  integer('Up-to-date', status('updatedNumberScheduled')),
  integer('Available', status('numberAvailable')),
  column('Node Selector', (object) => plainSelector(dig(object, 'spec', 'template', 'spec', 'nodeSelector'))),
  AGE,
  ...TEMPLATE,
  SELECTOR,
];

/** Columns of ReplicaSets. */
export const REPLICASET_COLUMNS: readonly Column[] = [
  NAME,
  WANTED,
  integer('Current', status('replicas')),
  integer('Ready', status('readyReplicas')),
  AGE,
  ...TEMPLATE,
  SELECTOR,
];

/** Columns of ReplicationControllers, whose selector is a plain map. */
export const REPLICATIONCONTROLLER_COLUMNS: readonly Column[] = [
  ...REPLICASET_COLUMNS.slice(0, -1),
  wide(column('Selector', (object) => plainSelector(dig(object, 'spec', 'selector')))),
];

function hasCondition(object: KubeObject, type: string): boolean {
  return list(dig(object, 'status', 'conditions')).some(
    (each) => dig(each, 'type') === type && dig(each, 'status') === 'True',
  );
}

function jobStatus(job: KubeObject): string {
  if (hasCondition(job, 'Complete')) return 'Complete';
  if (hasCondition(job, 'Failed')) return 'Failed';
  if (job.metadata.deletionTimestamp !== undefined) return 'Terminating';
  if (hasCondition(job, 'Suspended')) return 'Suspended';
  if (hasCondition(job, 'FailureTarget')) return 'FailureTarget';
  if (hasCondition(job, 'SuccessCriteriaMet')) return 'SuccessCriteriaMet';
  return 'Running';
}

function jobCompletions(job: KubeObject): string {
  const succeeded = num(dig(job, 'status', 'succeeded'));
  const wanted = dig(job, 'spec', 'completions');
  if (typeof wanted === 'number') return `${succeeded}/${wanted}`;
  const parallelism = num(dig(job, 'spec', 'parallelism'));
  return parallelism > 1 ? `${succeeded}/1 of ${parallelism}` : `${succeeded}/1`;
}

function jobDuration(job: KubeObject, now: number): string {
  const start = Date.parse(text(dig(job, 'status', 'startTime')));
  if (Number.isNaN(start)) return '';
  const end = Date.parse(text(dig(job, 'status', 'completionTime')));
  return humanDuration((Number.isNaN(end) ? now : end) - start);
}

/** Columns of Jobs. */
export const JOB_COLUMNS: readonly Column[] = [
  NAME,
  column('Status', jobStatus),
  column('Completions', jobCompletions),
  column('Duration', jobDuration),
  AGE,
  ...TEMPLATE,
  SELECTOR,
];

function suspended(object: KubeObject): Cell {
  return dig(object, 'spec', 'suspend') === true ? 'True' : 'False';
}

/** Columns of CronJobs. */
export const CRONJOB_COLUMNS: readonly Column[] = [
  NAME,
  column('Schedule', (object) => text(dig(object, 'spec', 'schedule'))),
  column('Timezone', (object) => orNone(dig(object, 'spec', 'timeZone'))),
  { ...column('Suspend', suspended), type: 'boolean' },
  integer('Active', (object) => list(dig(object, 'status', 'active')).length),
  column('Last Schedule', (object, now) => {
    const last = dig(object, 'status', 'lastScheduleTime');
    return last === undefined ? '<none>' : ageOf(last, now);
  }),
  AGE,
  ...templateColumns('spec', 'jobTemplate', 'spec', 'template'),
  selectorColumn('spec', 'jobTemplate', 'spec', 'selector'),
];

/** Columns of PodTemplates. */
export const PODTEMPLATE_COLUMNS: readonly Column[] = [
  NAME,
  ...templateColumns('template').map((each) => ({ ...each, priority: 0 as const })),
  column('Pod Labels', (object) => plainSelector(dig(object, 'template', 'metadata', 'labels'))),
];

/** Columns of ControllerRevisions. */
export const CONTROLLERREVISION_COLUMNS: readonly Column[] = [
  NAME,
  column('Controller', (object) => {
    const owner = object.metadata.ownerReferences?.find((each) => each.controller);
    const group = owner?.apiVersion.includes('/') ? `.${owner.apiVersion.split('/')[0]}` : '';
    return owner ? `${owner.kind.toLowerCase()}${group}/${owner.name}` : '<none>';
  }),
  integer('Revision', (object) => num(object.revision)),
  AGE,
];

function hpaTargets(hpa: KubeObject): string {
  const current = list(dig(hpa, 'status', 'currentMetrics'));
  const targets = list(dig(hpa, 'spec', 'metrics')).map((metric, index) => {
    const name = text(dig(metric, 'resource', 'name')) || text(dig(metric, 'type')).toLowerCase();
    const wanted = dig(metric, 'resource', 'target', 'averageUtilization');
    const seen = dig(current[index], 'resource', 'current', 'averageUtilization');
    return `${name}: ${seen === undefined ? '<unknown>' : `${seen}%`}/${orNone(wanted)}%`;
  });
  return orNone(targets.join(', '));
}

/** Columns of HorizontalPodAutoscalers. */
export const HPA_COLUMNS: readonly Column[] = [
  NAME,
  column('Reference', (object) => {
    const target = dig(object, 'spec', 'scaleTargetRef');
    return `${text(dig(target, 'kind'))}/${text(dig(target, 'name'))}`;
  }),
  column('Targets', hpaTargets),
  column('MinPods', (object) => String(dig(object, 'spec', 'minReplicas') ?? '<unset>')),
  integer('MaxPods', (object) => num(dig(object, 'spec', 'maxReplicas'))),
  integer('Replicas', status('currentReplicas')),
  AGE,
];

/** Columns of PodDisruptionBudgets. */
export const PDB_COLUMNS: readonly Column[] = [
  NAME,
  column('Min Available', (object) => String(dig(object, 'spec', 'minAvailable') ?? 'N/A')),
  column('Max Unavailable', (object) => String(dig(object, 'spec', 'maxUnavailable') ?? 'N/A')),
  integer('Allowed Disruptions', status('disruptionsAllowed')),
  AGE,
];
