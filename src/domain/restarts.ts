/** Container restarts over time. Kubernetes keeps only a counter and the last run, so we keep the dates ourselves. */
import type { ContainerState, ContainerStatus, PodInfo } from './kinds.ts';
import { allStatuses } from './pods.ts';

/** How far back restarts are counted: 24 h. */
export const RESTART_WINDOW_MS = 24 * 60 * 60 * 1000;

/** One or more restarts of one container at one time. */
export interface RestartRecord {
  /** When the run before ended, or when we saw the counter grow (epoch ms). */
  readonly at: number;
  readonly container: string;
  readonly count: number;
  /** How the run before ended; unknown for restarts that happened between two readings. */
  readonly ended?: ContainerState & { kind: 'terminated' };
}

/** Restarts of all containers of a pod since it was created, init containers and sidecars included. */
export function restartTotal(pod: PodInfo): number {
  let sum = 0;
  for (const status of pod.statuses) sum += status.restartCount;
  for (const status of pod.initStatuses) sum += status.restartCount;
  return sum;
}

/**
 * Dated restarts of the last 24 h by pod uid and container. Fed with every change of a pod: a grown counter is that
 * many restarts, and the previous run told by a pod seen for the first time is one more, because it has a date.
 */
export class RestartLedger {
  private readonly records = new Map<string, RestartRecord[]>();
  /** When counting began; restarts before are known only through `lastState`. */
  private startedAt: number | undefined;

  /** Notes what changed of a pod at `now` (cluster time, epoch ms). */
  observe(before: PodInfo | undefined, after: PodInfo, now: number): void {
    this.startedAt ??= now;
    for (const status of allStatuses(after)) {
      if (status.restartCount === 0) continue;
      const earlier = before && allStatuses(before).find(({ name }) => name === status.name);
      const added =
        before === undefined ? datedRestarts(status) : status.restartCount - (earlier?.restartCount ?? 0);
      if (added > 0) this.add(after.uid, status, added, now);
    }
  }

  /** Forgets a pod that no longer exists. */
  forget(uid: string): void {
    this.records.delete(uid);
  }

  /** Restarts of a pod within the window, oldest first. */
  recent(uid: string, now: number): readonly RestartRecord[] {
    const all = this.records.get(uid);
    if (all === undefined) return [];
    const kept = all.filter(({ at }) => at > now - RESTART_WINDOW_MS);
    if (kept.length === 0) this.records.delete(uid);
    else if (kept.length < all.length) this.records.set(uid, kept);
    return kept;
  }

  /** True if the pod has records, perhaps too old ones. */
  has(uid: string): boolean {
    return this.records.has(uid);
  }

  /** How far back the counts are complete: 24 h once we have watched that long. */
  windowMs(now: number): number {
    return this.startedAt === undefined ? 0 : Math.min(RESTART_WINDOW_MS, Math.max(0, now - this.startedAt));
  }

  /** Restarts per bucket of the last 24 h, oldest first; null for a time we did not watch and know nothing of. */
  history(uid: string, buckets: number, now: number): readonly (number | null)[] {
    const size = RESTART_WINDOW_MS / buckets;
    const start = now - RESTART_WINDOW_MS;
    const watchedFrom = now - this.windowMs(now);
    const result = Array.from({ length: buckets }, (_, index): number | null =>
      start + (index + 1) * size > watchedFrom ? 0 : null,
    );
    for (const { at, count } of this.recent(uid, now)) {
      const index = Math.min(buckets - 1, Math.floor((at - start) / size));
      result[index] = (result[index] ?? 0) + count;
    }
    return result;
  }

  private add(uid: string, status: ContainerStatus, added: number, now: number): void {
    const records = this.records.get(uid) ?? [];
    const ended = status.lastState?.kind === 'terminated' ? status.lastState : undefined;
    const fresh: RestartRecord[] = [];
    if (added > 1) fresh.push({ at: now, container: status.name, count: added - 1 });
    fresh.push({
      at: ended?.finishedAt ?? now,
      container: status.name,
      count: 1,
      ...(ended && { ended }),
    });
    const kept = fresh.filter(({ at }) => at > now - RESTART_WINDOW_MS);
    if (kept.length > 0)
      this.records.set(
        uid,
        [...records, ...kept].sort((a, b) => a.at - b.at),
      );
  }
}

function datedRestarts(status: ContainerStatus): number {
  return status.lastState?.kind === 'terminated' && status.lastState.finishedAt !== undefined ? 1 : 0;
}

/** Restarts in all records together. */
export function sumRestarts(records: readonly RestartRecord[]): number {
  return records.reduce((sum, { count }) => sum + count, 0);
}
