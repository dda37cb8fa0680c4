/** Findings about volumes and their claims. */
import { eventText } from '../events.ts';
import type { PvcInfo, PvInfo } from '../kinds.ts';
import { refTo } from '../owners.ts';
import { condition } from '../pods.ts';
import type { Severity } from '../severity.ts';
import { dataOf } from '../snapshot.ts';
import type { ClusterState } from '../state.ts';
import type { Check, CheckContext } from './context.ts';
import { type Draft, draft } from './draft.ts';

const PENDING_MS = 60_000;

const RESIZE_TROUBLE: Readonly<Record<string, string>> = {
  ControllerResizeError: 'cannot be resized',
  NodeResizeError: 'cannot be resized on its node',
};

/** Our verdict on a claim. */
export function pvcSeverity(claim: PvcInfo, now: number): Severity {
  if (claim.phase === 'Lost') return 'critical';
  if (claim.phase === 'Pending' && now - (claim.createdAt ?? now) > PENDING_MS) return 'warning';
  return claim.conditions.some(({ type, status }) => type in RESIZE_TROUBLE && status === 'True')
    ? 'warning'
    : 'ok';
}

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
  if (pvcSeverity(claim, context.now) === 'warning' && claim.phase === 'Pending')
    return [pending(context, claim)];
  return resize(claim);
}

function pending(context: CheckContext, claim: PvcInfo): Draft {
  const subject = refTo('PersistentVolumeClaim', claim);
  const events = context.events.of(subject);
  const newest = events[0];
  // A class with delayed binding waits for the first pod; that is no trouble.
  const unused = newest?.reason === 'WaitForFirstConsumer';
  return draft({
    code: 'PVC_PENDING',
    severity: unused ? 'info' : 'warning',
    area: 'storage',
    subject,
    title: unused
      ? `volume claim ${claim.name} waits for a pod to use it`
      : `volume claim ${claim.name} is Pending`,
    since: claim.createdAt,
    cause: newest?.message,
    evidence: events.slice(0, 3).map((event) => ({ at: event.lastAt, text: eventText(event) })),
    advice: unused ? [] : [`check storage class ${claim.storageClass ?? '(none)'} and its provisioner`],
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
