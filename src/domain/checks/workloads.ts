/** Findings about Deployments, StatefulSets and DaemonSets, and the coverage of their requests and limits. */

import type { Coverage } from '../assessment.ts';
import { fullyCovered } from '../coverage.ts';
import { eventText } from '../events.ts';
import type { Evidence } from '../finding.ts';
import { count, percent } from '../format.ts';
import type { WorkloadInfo } from '../kinds.ts';
import { refTo } from '../owners.ts';
import { condition } from '../pods.ts';
import { servingPods, type WorkloadVerdict, workloadState } from '../workloads.ts';
import type { Check, CheckContext } from './context.ts';
import { type Draft, draft } from './draft.ts';

/** Workloads that are short of pods for longer than a rollout explains, or whose rollout failed. */
export const checkWorkloads: Check = (context) =>
  [...context.workloads.problems()]
    .filter(({ workload }) => !isSettling(context, workload))
    .map(({ workload, verdict }) => shortage(context, workload, verdict));

/** True if all that is missing are pods of nodes that only just became ready. */
function isSettling({ blame }: CheckContext, workload: WorkloadInfo): boolean {
  const settling = blame.settlingOf(refTo(workload.kind, workload));
  return settling > 0 && settling >= workload.desired - servingPods(workload);
}

function shortage(context: CheckContext, workload: WorkloadInfo, verdict: WorkloadVerdict): Draft {
  const subject = refTo(workload.kind, workload);
  const failed = workloadState(workload).status === 'Failed';
  const refused = condition(workload.conditions, 'ReplicaFailure');
  const cause = refused?.status === 'True' ? refused.message : failed ? verdict.note : undefined;
  return draft({
    code: failed ? 'WORKLOAD_ROLLOUT_FAILED' : 'WORKLOAD_UNAVAILABLE',
    severity: verdict.severity === 'critical' ? 'critical' : 'warning',
    area: 'pods',
    subject,
    title: `${workload.name} has ${workload.ready} of ${workload.desired} pods ready${failed ? ', rollout failed' : ''}`,
    since: verdict.since,
    cause,
    evidence: workloadEvidence(context, workload, verdict),
    advice: failed
      ? ['see why the new pods do not become ready, then correct or roll back the change']
      : ['see its events and pods'],
    remediations: ['rollout-restart'],
    causedBy: context.blame.ofOwner(subject),
  });
}

function workloadEvidence(
  context: CheckContext,
  workload: WorkloadInfo,
  verdict: WorkloadVerdict,
): Evidence[] {
  const events = context.events.of(refTo(workload.kind, workload)).filter(({ type }) => type === 'Warning');
  const { ready, desired } = workload;
  return [
    {
      ...(verdict.since !== undefined && { at: verdict.since }),
      text: `${workload.kind} ${ready}/${desired} ready${verdict.note ? `: ${verdict.note}` : ''}`,
    },
    ...events.slice(0, 2).map((event) => ({ at: event.lastAt, text: eventText(event) })),
  ];
}

/** How many containers are listed as evidence. */
const MAX_LISTED = 5;

/** Containers without requests or limits: worth knowing, never urgent. */
export function coverageFinding(coverage: Coverage): readonly Draft[] {
  const { missing, total } = coverage;
  if (missing.length === 0) return [];
  return [
    draft({
      code: 'COVERAGE_INCOMPLETE',
      severity: 'info',
      area: 'pods',
      subject: { kind: 'Console', name: 'coverage' },
      scope: 'workloads',
      title: `${count(missing.length)} of ${count(total)} containers lack requests or limits (${percent(fullyCovered(coverage) / total)} covered)`,
      evidence: missing.slice(0, MAX_LISTED).map(({ workload, container, lacks }) => ({
        text: `${workload.kind} ${workload.namespace ?? ''}/${workload.name} ${container}: no ${lacks.join(', ')}`,
      })),
      advice: ['add them where the workload is defined, in Git'],
    }),
  ];
}
