/** Why a command cannot act now, in words for the user; undefined when it can. They ask the model only. */
import type { ObjectRef } from '../../domain/finding.ts';
import { cursorOf } from '../cursor.ts';
import type { ListId, ListRow, ScreenModel } from '../model.ts';
import { findingRows, nodeRows, podRows, workloadRows } from '../rows.ts';
import { noPreviousReason } from './containers.ts';
import { focusedList, listsOf, topViewer } from './layers.ts';
import { emptyReason, FINDING_KIND, lookUp, subjectOf, unreadReason } from './objects.ts';

const LISTED: Readonly<Record<ListId, (model: ScreenModel) => readonly ListRow[]>> = {
  'triage/findings': findingRows,
  'nodes/nodes': nodeRows,
  'nodes/pods': podRows,
  'nodes/workloads': workloadRows,
};

/** The object that a command would act on. */
function target(model: ScreenModel): ObjectRef | undefined {
  const viewer = topViewer(model.ui);
  if (viewer !== undefined) return viewer.ref && subjectOf(model, viewer.ref);
  const list = focusedList(model.ui);
  const rows = LISTED[list](model);
  return rows[cursorOf(rows, model.ui.lists[list]).index]?.ref;
}

/** For commands on an object. */
export function objectReason(model: ScreenModel): string | undefined {
  const viewer = topViewer(model.ui);
  if (viewer !== undefined) return viewer.ref === undefined ? 'this text is about no object' : undefined;
  return target(model) === undefined ? emptyReason(model, focusedList(model.ui)) : undefined;
}

/** For what is read from the cluster about an object: some findings are about our own reading, or many objects. */
export function clusterReason(model: ScreenModel): string | undefined {
  const ref = target(model);
  return objectReason(model) ?? (ref && notInCluster(ref));
}

/** Why there is nothing in the cluster to read about this. */
export function notInCluster(ref: ObjectRef): string | undefined {
  return ref.kind === 'Console' ? 'this is about no single object of the cluster' : undefined;
}

const KINDS_WITH_PODS = new Set(['Pod', 'Deployment', 'StatefulSet', 'DaemonSet', 'ReplicaSet', 'Job']);

/** For logs: only pods and what owns pods has any. */
export function logsReason(model: ScreenModel): string | undefined {
  const reason = objectReason(model) ?? unreadReason(model.state, 'pods');
  if (reason !== undefined) return reason;
  const ref = target(model);
  return ref === undefined ? undefined : noLogsReason(ref);
}

/** Why an object of this kind has no logs. */
export function noLogsReason(ref: ObjectRef): string | undefined {
  if (KINDS_WITH_PODS.has(ref.kind) || ref.kind === FINDING_KIND) return undefined;
  return notInCluster(ref) ?? `a ${ref.kind} has no logs: choose a pod or workload`;
}

/** For the next list: tabs with one list have none. */
export function oneListReason(model: ScreenModel): string | undefined {
  return listsOf(model.ui, model.ui.tab).length < 2 ? 'this tab has one list' : undefined;
}

/** For the namespace picker. */
export function namespaceReason(model: ScreenModel): string | undefined {
  if (model.namespaces.length > 0) return undefined;
  return unreadReason(model.state, 'namespaces') ?? 'no namespace is known';
}

/** For n and N. */
export function searchReason(model: ScreenModel): string | undefined {
  return (topViewer(model.ui)?.search ?? '') === '' ? 'nothing is searched: / begins a search' : undefined;
}

/** For the choice of a container. */
export function oneContainerReason(model: ScreenModel): string | undefined {
  const containers = topViewer(model.ui)?.containers ?? [];
  return containers.length < 2 ? 'this pod has one container' : undefined;
}

/** For the switch to previous logs; the way back is always open. */
export function previousReason(model: ScreenModel): string | undefined {
  const viewer = topViewer(model.ui);
  if (viewer?.ref === undefined || viewer.container === undefined || viewer.previous === true)
    return undefined;
  return noPreviousReason(lookUp(model.state.pods, viewer.ref), viewer.container);
}
