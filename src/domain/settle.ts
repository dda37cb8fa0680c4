/** Hysteresis: findings appear once they hold, stay a while after they vanished, and keep their beginning. */
import type { Draft } from './checks/draft.ts';
import type { ObjectRef } from './finding.ts';
import { refKey } from './owners.ts';
import { severityRank, worse } from './severity.ts';

const SECOND = 1000;

/** How long a finding must hold before it shows. */
const HOLD_MS = { critical: 5 * SECOND, unknown: 5 * SECOND, warning: 15 * SECOND, info: 15 * SECOND };
/** How long a finding that may come back at once stays after it vanished, and how long it keeps a worse severity. */
const LINGER_MS = 30 * SECOND;

/** Troubles that come and go by nature. All others are facts: when they are gone, they are mended. */
const FLAPPING = new Set([
  'NODE_NOT_READY',
  'NODE_PRESSURE',
  'NODE_HEARTBEAT_LATE',
  'POD_CRASH_LOOP',
  'POD_IMAGE_PULL',
  'POD_NOT_READY',
  'POD_OOM_KILLED',
  'POD_UNSCHEDULABLE',
  'SERVICE_NO_ENDPOINTS',
  'WORKLOAD_UNAVAILABLE',
]);

interface Memory {
  draft: Draft;
  readonly firstSeen: number;
  lastSeen: number;
  shown: boolean;
  since: number | undefined;
  peak: Draft['severity'];
  peakAt: number;
}

/** What decides beside the drafts. */
export interface SettleFacts {
  /** Data of a source came for the first time: what it tells is not new, so nothing is held back. */
  readonly fresh: boolean;
  /** False when an object is known to be gone. */
  exists(ref: ObjectRef): boolean;
}

/** Remembers findings from one look to the next. */
export class FindingMemory {
  private readonly memories = new Map<string, Memory>();

  /** The drafts to show at `now`: those that held long enough, and those that only just vanished. */
  settle(drafts: readonly Draft[], now: number, facts: SettleFacts): readonly Draft[] {
    const seen = new Set(drafts.map(({ id }) => id));
    const current = drafts.flatMap((draft) => this.remember(draft, now, facts.fresh));
    return [...current, ...this.lingering(drafts, seen, now, facts)];
  }

  private remember(draft: Draft, now: number, fresh: boolean): readonly Draft[] {
    const memory = this.memories.get(draft.id) ?? begin(draft, now, fresh);
    this.memories.set(draft.id, memory);
    memory.draft = draft;
    memory.lastSeen = now;
    if (draft.since !== undefined) memory.since = Math.min(memory.since ?? draft.since, draft.since);
    if (severityRank(draft.severity) >= severityRank(memory.peak) || now - memory.peakAt >= LINGER_MS) {
      memory.peak = draft.severity;
      memory.peakAt = now;
    }
    memory.shown ||= held(draft, memory, now, fresh);
    return memory.shown ? [asShown(memory)] : [];
  }

  private lingering(
    drafts: readonly Draft[],
    seen: ReadonlySet<string>,
    now: number,
    facts: SettleFacts,
  ): readonly Draft[] {
    const result: Draft[] = [];
    for (const [id, memory] of this.memories) {
      if (seen.has(id)) continue;
      const { draft } = memory;
      const stays =
        memory.shown &&
        FLAPPING.has(draft.code) &&
        now - memory.lastSeen < LINGER_MS &&
        facts.exists(draft.subject) &&
        !drafts.some((other) => replaces(other, draft));
      if (stays) result.push(asShown(memory));
      else this.memories.delete(id);
    }
    return result;
  }
}

function begin(draft: Draft, now: number, fresh: boolean): Memory {
  return {
    draft,
    firstSeen: now,
    lastSeen: now,
    shown: false,
    // What was there at the first look began at a time we do not know.
    since: draft.since ?? (fresh ? undefined : now),
    peak: draft.severity,
    peakAt: now,
  };
}

function held(draft: Draft, memory: Memory, now: number, fresh: boolean): boolean {
  if (draft.holdMs !== undefined) return now - memory.firstSeen >= draft.holdMs;
  const hold = HOLD_MS[draft.severity];
  return fresh || now - Math.min(memory.firstSeen, draft.since ?? memory.firstSeen) >= hold;
}

function asShown({ draft, since, peak }: Memory): Draft {
  const severity = worse(draft.severity, peak);
  return {
    ...draft,
    severity: severity === 'ok' ? draft.severity : severity,
    ...(since !== undefined && { since }),
  };
}

/** The same subject in a trouble of the same family that is no less severe: one state has become another. */
function replaces(other: Draft, gone: Draft): boolean {
  return (
    family(other.code) === family(gone.code) &&
    refKey(other.subject) === refKey(gone.subject) &&
    severityRank(other.severity) >= severityRank(gone.severity)
  );
}

function family(code: string): string {
  return code.slice(0, code.indexOf('_'));
}
