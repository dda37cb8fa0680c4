/** What to do about a troubled pod, in words, and which remediations may apply. */
import type { ObjectRef } from '../finding.ts';
import { bytes } from '../format.ts';
import { pullAdvice } from '../images.ts';
import type { PodInfo } from '../kinds.ts';
import type { PodProblem } from '../podindex.ts';
import type { PodCode } from '../podissue.ts';

/** Advice in the order in which to try it; `cause` is what the finding names as such. */
export function podAdvice(
  code: PodCode,
  { pod, issue }: PodProblem,
  cause: string | undefined,
): readonly string[] {
  const name = issue.container?.name;
  switch (code) {
    case 'POD_OOM_KILLED': {
      const spec = [...pod.containers, ...pod.initContainers].find((container) => container.name === name);
      const limit = spec?.limits.memory ?? pod.podLimits?.memory;
      const now = limit === undefined ? '' : ` (now ${bytes(limit)})`;
      return [
        `raise the memory limit of container ${name ?? '?'}${now}, or make it use less: fewer workers, smaller caches`,
        'read the log of the previous run',
      ];
    }
    case 'POD_CRASH_LOOP':
      return [
        'read the log of the previous run',
        'compare with the last change of its image or configuration',
      ];
    case 'POD_IMAGE_PULL':
      return pullAdvice(issue.container?.image ?? '', cause);
    case 'POD_CONTAINER_CONFIG':
      return issue.note === 'CreateContainerConfigError'
        ? ['create the Secret or ConfigMap it names, or correct the reference']
        : ['read its message: command, mounts and devices of the container are the usual reasons'];
    case 'POD_UNSCHEDULABLE':
      return [
        'free or add what the scheduler misses, or relax the constraint; uncordon nodes that are ready again',
      ];
    case 'POD_GATED':
      return ['find the controller that set the scheduling gate'];
    case 'POD_PENDING':
      return ['read its events: volumes and network are the usual reasons'];
    case 'POD_NOT_READY':
      return ['read the log and the readiness probe; a dependency may be missing'];
    case 'POD_STUCK_TERMINATING':
      return [
        'find the controller of the finalizer, or bring the node back',
        'delete by force only if the node is verified off: two writers on one volume destroy data',
      ];
    case 'POD_RESTARTING':
      return [
        'read the log of the previous run',
        'compare the times with events of the node and the API server',
      ];
    case 'POD_LEFTOVER':
      return ['delete the empty pods; fix what the node was short of'];
    case 'POD_FAILED':
      return ['read the log of the failed container'];
    case 'POD_UNKNOWN':
    case 'POD_NODE_DOWN':
      return ['bring the node back; its pods follow'];
  }
}

/** Restarting helps against states, not against wrong images, missing configuration or full nodes. */
const BY_RESTART: ReadonlySet<PodCode> = new Set([
  'POD_OOM_KILLED',
  'POD_CRASH_LOOP',
  'POD_NOT_READY',
  'POD_RESTARTING',
]);
const BY_DELETION: ReadonlySet<PodCode> = new Set([
  'POD_LEFTOVER',
  'POD_FAILED',
  'POD_STUCK_TERMINATING',
  'POD_CRASH_LOOP',
]);
const ROLLING_KINDS = new Set(['Deployment', 'StatefulSet', 'DaemonSet']);

/** Ids of remediations that may apply. */
export function podRemediations(code: PodCode, owner: ObjectRef, pod: PodInfo): readonly string[] {
  return [
    ...(BY_RESTART.has(code) && ROLLING_KINDS.has(owner.kind) ? ['rollout-restart'] : []),
    // Deleting the mirror of a static pod changes nothing.
    ...(BY_DELETION.has(code) && !pod.mirror ? ['delete-pod'] : []),
    ...(code === 'POD_OOM_KILLED' ? ['raise-memory-limit'] : []),
  ];
}
