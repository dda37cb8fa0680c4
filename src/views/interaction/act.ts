/** Commands on the selected object, or on the object a text is about. All of them only look. */

import { keyOf } from '../../domain/collection.ts';
import type { Finding, ObjectRef } from '../../domain/finding.ts';
import type { PodInfo } from '../../domain/kinds.ts';
import { severityRank } from '../../domain/severity.ts';
import type { ScreenModel, Viewer, ViewerKind } from '../model.ts';
import { containerNames, likelyContainer, noPreviousReason } from './containers.ts';
import { focusedList, topViewer } from './layers.ts';
import { FINDING_KIND, findingById, nameOf, podsOf, refOfFinding, subjectOf } from './objects.ts';
import { type Outcome, openViewer, order, refuse, type Step } from './outcome.ts';
import { noLogsReason, notInCluster } from './reasons.ts';
import { onSelected } from './selection.ts';

/** What a command acts on: the cluster object, and the finding when one is selected. */
interface Target {
  readonly ref: ObjectRef;
  readonly finding?: Finding;
}

/** Finds the target and runs the command on it, or says why there is none. */
function onTarget(step: Step, act: (target: Target) => Outcome): Outcome {
  const viewer = topViewer(step.model.ui);
  if (viewer === undefined) return onSelected(step, (row) => act(targetOfRow(step.model, row)));
  if (viewer.ref === undefined) return refuse(step.model.ui, step.clock, 'this text is about no object');
  const subject = subjectOf(step.model, viewer.ref);
  if (subject === undefined)
    return refuse(step.model.ui, step.clock, 'this finding is gone: its trouble has ended');
  return act(withFinding(subject, findingOf(step.model, viewer.ref)));
}

function targetOfRow(model: ScreenModel, row: { readonly id: string; readonly ref: ObjectRef }): Target {
  const isFinding = focusedList(model.ui) === 'triage/findings';
  return withFinding(row.ref, isFinding ? findingById(model.judge.assessment, row.id) : undefined);
}

function findingOf(model: ScreenModel, ref: ObjectRef): Finding | undefined {
  return ref.kind === FINDING_KIND ? findingById(model.judge.assessment, ref.name) : undefined;
}

function withFinding(ref: ObjectRef, finding: Finding | undefined): Target {
  return finding === undefined ? { ref } : { ref, finding };
}

/** Opens a text made from the model: of the finding when one is selected, else of the object. */
export function openText(step: Step, kind: 'details' | 'explain'): Outcome {
  return onTarget(step, ({ ref, finding }) => {
    const about = finding === undefined ? ref : refOfFinding(finding);
    return openViewer(step.model.ui, prose(kind, `${kind} ${nameOf(step.model, about)}`, about));
  });
}

/** Opens what the app reads from the cluster about the object, or what is known of its events. */
export function openObject(step: Step, kind: 'yaml' | 'describe' | 'events'): Outcome {
  return onTarget(step, ({ ref }) => {
    const reason = notInCluster(ref);
    return reason === undefined
      ? openViewer(step.model.ui, prose(kind, `${kind} ${ref.kind} ${keyOf(ref)}`, ref))
      : refuse(step.model.ui, step.clock, reason);
  });
}

/** A viewer at its top; YAML keeps its lines, sentences wrap. */
function prose(kind: ViewerKind, title: string, ref: ObjectRef): Viewer {
  return { kind, title, ref, top: 0, wrap: kind !== 'yaml' };
}

/** Copies the name of the object. */
export function copyName(step: Step): Outcome {
  return onTarget(step, ({ ref }) =>
    order(step, { type: 'copy', text: ref.name, label: `name of ${ref.kind} ${ref.name}` }),
  );
}

/** Opens logs of the pod, or of the pod of a workload that needs a look most. */
export function openLogs(step: Step, previous: boolean): Outcome {
  const { ui } = step.model;
  return onTarget(step, ({ ref }) => {
    const pod = worstPod(step.model, ref, previous);
    if (pod === undefined)
      return refuse(ui, step.clock, noLogsReason(ref) ?? `no pod of ${ref.kind} ${keyOf(ref)} is known`);
    const container = likelyContainer(pod, previous);
    if (container === undefined) return refuse(ui, step.clock, `pod ${keyOf(pod)} has no container`);
    const reason = previous ? noPreviousReason(pod, container) : undefined;
    return reason === undefined
      ? openViewer(ui, logViewer(pod, container, previous))
      : refuse(ui, step.clock, reason);
  });
}

/** The worst pod of an object; for previous logs one that restarted is worth more than any that did not. */
function worstPod(model: ScreenModel, ref: ObjectRef, previous: boolean): PodInfo | undefined {
  const rows = podsOf(model, ref).map((pod) => model.judge.podRow(pod));
  const weight = (row: (typeof rows)[number]) =>
    severityRank(row.severity) + (previous && row.restarts > 0 ? 100 : 0);
  return rows.toSorted((a, b) => weight(b) - weight(a) || b.restarts - a.restarts)[0]?.pod;
}

function logViewer(pod: PodInfo, container: string, previous: boolean): Viewer {
  return {
    kind: 'logs',
    title: `logs ${keyOf(pod)}`,
    ref: { kind: 'Pod', namespace: pod.namespace, name: pod.name, uid: pod.uid },
    container,
    containers: containerNames(pod),
    previous,
    // Of a finished log the end says why it ended.
    follow: true,
    top: 0,
    wrap: false,
  };
}
