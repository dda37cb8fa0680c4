/** A Deployment, StatefulSet, DaemonSet or ReplicaSet in words. */
import type { WorkloadInfo } from '../../domain/kinds.ts';
import { podsOf } from '../interaction/objects.ts';
import type { ScreenModel } from '../model.ts';
import { templateLines } from './containers.ts';
import { conditionLines, field, pairs, section, since, verdict } from './text.ts';

/** Why a workload has its verdict, in sentences. */
export function workloadReasons(model: ScreenModel, workload: WorkloadInfo): readonly string[] {
  const row = model.judge.workloadRow(workload);
  const { generation, observedGeneration, desired, updated, available } = workload;
  const unseen =
    generation !== undefined && observedGeneration !== undefined && observedGeneration < generation;
  return [
    `its state is ${row.status}: ${row.ready} pods are ready`,
    ...(unseen ? ['its controller has not seen the latest change yet'] : []),
    ...(updated !== undefined && updated < desired
      ? [`${updated} of ${desired} pods have the new template`]
      : []),
    ...(available !== undefined && available < desired
      ? [`${available} of ${desired} pods are available`]
      : []),
    ...(workload.paused === true ? ['its rollout is paused'] : []),
    ...conditionLines(workload.conditions.filter(isBad), model.now),
  ];
}

function isBad({ type, status }: { readonly type: string; readonly status: string }): boolean {
  return type === 'ReplicaFailure' ? status !== 'False' : status !== 'True';
}

/** All that is known of a workload. */
export function workloadDetails(model: ScreenModel, workload: WorkloadInfo): readonly string[] {
  const { now } = model;
  const row = model.judge.workloadRow(workload);
  const pods = podsOf(model, { ...workload, kind: workload.kind }).map((pod) => model.judge.podRow(pod));
  return [
    verdict(row.severity, row.note),
    '',
    ...field('status', row.status),
    ...field('ready', row.ready),
    ...field('updated', workload.updated),
    ...field('available', workload.available),
    ...field('strategy', workload.strategy),
    ...field('partition', workload.partition),
    ...field('revision', workload.updateRevision),
    ...field('created', since(workload.createdAt, now)),
    ...field(
      'owner',
      workload.owner === undefined ? undefined : `${workload.owner.kind} ${workload.owner.name}`,
    ),
    ...field('labels', pairs(workload.labels)),
    ...section(
      'Pods',
      pods.map(
        ({ pod, ready, status, severity, note }) =>
          `${pod.name}  ${ready} ${status}  ${verdict(severity, note)}`,
      ),
    ),
    ...section('Conditions', conditionLines(workload.conditions, now)),
    ...section('Containers', templateLines(workload)),
  ];
}
