/** Findings about volumes and their claims. */
import { eventText } from '../events.ts';
import type { PvcInfo, PvInfo } from '../kinds.ts';
import { refTo } from '../owners.ts';
import { condition } from '../pods.ts';
import { dataOf } from '../snapshot.ts';
import type { ClusterState } from '../state.ts';
import type { Check, CheckContext } from './context.ts';
import { type Draft, draft } from './draft.ts';

const PENDING_MS = 60_000;

const RESIZE_TROUBLE: Readonly<Record<string, string>> = {
  ControllerResizeError: 'cannot be resized',
  NodeResizeError: 'cannot be resized on its node',
};

/** Findings about claims and volumes. */
export const checkStorage: Check = (context) => [
  ...values(context.state, 'pvcs').flatMap((claim) => claimFindings(context, claim)),
  ...values(context.state, 'pvs').flatMap((volume) => volumeFindings(volume)),
];

function values(state: ClusterState, source: 'pvcs'): PvcInfo[];
function values(state: ClusterState, source: 'pvs'): PvInfo[];
function values(state: ClusterState, source: 'pvcs' | 'pvs'): (PvcInfo | PvInfo)[] {
  return [...(dataOf<{ values(): Iterable<PvcInfo | PvInfo> }>(state[source])?.values() ?? [])];
}

function claimFindings(context: CheckContext, claim: PvcInfo): Draft[] {
  const subject = refTo('PersistentVolumeClaim', claim);
  const base = { area: 'storage', subject } as const;
  if (claim.phase === 'Lost')
    return [
      draft({
        ...base,
        code: 'PVC_LOST',
        severity: 'critical',
        title: `volume claim ${claim.name} lost its volume`,
        cause: `PersistentVolume ${claim.volumeName ?? ''} no longer exists`,
        advice: ['restore the volume or the data from a backup'],
      }),
    ];
  if (claim.phase !== 'Pending') return resize(claim);
  const old = context.now - (claim.createdAt ?? context.now) > PENDING_MS;
  return old ? [pending(context, claim)] : [];
}

/**
 * A class with delayed binding waits for the first pod to be placed: without one that is no trouble, and with one
 * that cannot be placed the pod is the trouble.
 */
const DELAYED_BINDING = new Set(['WaitForFirstConsumer', 'WaitForPodScheduled']);

/** True for a claim that waits for a pod and not for its storage; without events only when no pod wants it. */
export function waitsForPod(context: CheckContext, claim: PvcInfo): boolean {
  const newest = context.events.of(refTo('PersistentVolumeClaim', claim))[0];
  if (newest !== undefined) return DELAYED_BINDING.has(newest.reason);
  return context.state.events.status !== 'live' && context.blame.ofClaim(claim).length === 0;
}

function pending(context: CheckContext, claim: PvcInfo): Draft {
  const subject = refTo('PersistentVolumeClaim', claim);
  const events = context.events.of(subject);
  const unplaced = waitsForPod(context, claim);
  return draft({
    code: 'PVC_PENDING',
    severity: unplaced ? 'info' : 'warning',
    area: 'storage',
    subject,
    title: unplaced
      ? `volume claim ${claim.name} waits for a pod to use it`
      : `volume claim ${claim.name} is Pending`,
    since: claim.createdAt,
    cause: events[0]?.message,
    evidence: events.slice(0, 3).map((event) => ({ at: event.lastAt, text: eventText(event) })),
    advice: unplaced ? [] : [`check storage class ${claim.storageClass ?? '(none)'} and its provisioner`],
    causedBy: unplaced ? context.blame.ofClaim(claim) : [],
  });
}

function resize(claim: PvcInfo): Draft[] {
  const subject = refTo('PersistentVolumeClaim', claim);
  const failed = claim.conditions.find(({ type, status }) => type in RESIZE_TROUBLE && status === 'True');
  const waiting = condition(claim.conditions, 'FileSystemResizePending');
  const told = failed ?? (waiting?.status === 'True' ? waiting : undefined);
  if (told === undefined) return [];
  return [
    draft({
      code: failed ? 'PVC_RESIZE_FAILED' : 'PVC_RESIZE_PENDING',
      severity: failed ? 'warning' : 'info',
      area: 'storage',
      subject,
      title: failed
        ? `volume claim ${claim.name} ${RESIZE_TROUBLE[told.type]}`
        : `volume claim ${claim.name}: its file system grows at the next mount`,
      since: told.since,
      cause: told.message,
      advice: failed ? [] : ['restart the pod that uses it'],
    }),
  ];
}

function volumeFindings(volume: PvInfo): Draft[] {
  if (volume.phase !== 'Failed' && volume.phase !== 'Released') return [];
  const failed = volume.phase === 'Failed';
  return [
    draft({
      code: failed ? 'PV_FAILED' : 'PV_RELEASED',
      severity: failed ? 'warning' : 'info',
      area: 'storage',
      subject: refTo('PersistentVolume', volume),
      scope: volume.storageClass ?? 'volumes',
      title: failed
        ? `volume ${volume.name} cannot be reclaimed`
        : `volume ${volume.name} is kept though its claim ${volume.claim ?? ''} is gone`,
      cause: volume.message ?? volume.reason,
      advice: failed ? ['see the provisioner’s log'] : ['delete it, or bind a new claim to it'],
    }),
  ];
}
