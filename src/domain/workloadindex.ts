/** The workloads that are short of pods, and since when, kept up to date change by change. */
import type { Collection } from './collection.ts';
import { Follower } from './follow.ts';
import type { WorkloadInfo } from './kinds.ts';
import { dataOf } from './snapshot.ts';
import type { ClusterState } from './state.ts';
import {
  isRolling,
  isShort,
  judgeWorkload,
  type ShortageFacts,
  type WorkloadVerdict,
  workloadState,
} from './workloads.ts';

/** The sources whose objects are judged as workloads; ReplicaSets only serve owner chains. */
export const WORKLOAD_SOURCES = ['deployments', 'statefulsets', 'daemonsets'] as const;

interface Trouble {
  readonly workload: WorkloadInfo;
  readonly facts: ShortageFacts;
}

/** See the file's comment. */
export class WorkloadIndex {
  private readonly troubled = new Map<string, Trouble>();
  private readonly followers = WORKLOAD_SOURCES.map(
    () => new Follower<WorkloadInfo>((before, after) => this.changed(before, after)),
  );
  private now = 0;

  /** Follows the workloads of this state. */
  follow(state: ClusterState, now: number): void {
    this.now = now;
    WORKLOAD_SOURCES.forEach((source, index) => {
      this.followers[index]?.follow(dataOf<Collection<WorkloadInfo>>(state[source]));
    });
  }

  /** Our verdict on a workload. */
  verdictOn(workload: WorkloadInfo): WorkloadVerdict {
    return judgeWorkload(workload, this.troubled.get(workload.uid)?.facts ?? {}, this.now);
  }

  /** Workloads that are short of pods or failed, with their verdict. */
  *problems(): Generator<{ readonly workload: WorkloadInfo; readonly verdict: WorkloadVerdict }> {
    for (const { workload } of this.troubled.values()) {
      const verdict = this.verdictOn(workload);
      if (verdict.severity !== 'ok') yield { workload, verdict };
    }
  }

  private changed(before: WorkloadInfo | undefined, after: WorkloadInfo | undefined): void {
    if (after === undefined) {
      if (before !== undefined) this.troubled.delete(before.uid);
      return;
    }
    if (!isShort(after) && workloadState(after).status !== 'Failed') this.troubled.delete(after.uid);
    else {
      const known = this.troubled.get(after.uid)?.facts;
      const since = known?.since ?? firstShort(before, after, this.now);
      const progressAt = hasProgressed(before, after) ? this.now : known?.progressAt;
      this.troubled.set(after.uid, {
        workload: after,
        facts: { since, ...(progressAt !== undefined && { progressAt }) },
      });
    }
  }
}

/** More pods asked for, or a rollout that came further. */
function hasProgressed(before: WorkloadInfo | undefined, after: WorkloadInfo): boolean {
  if (before === undefined) return false;
  return (
    after.desired > before.desired || (isRolling(before) && (after.updated ?? 0) > (before.updated ?? 0))
  );
}

/** Pods that were never created are missing since the workload exists; others since we saw it. */
function firstShort(before: WorkloadInfo | undefined, after: WorkloadInfo, now: number): number {
  return before === undefined && after.replicas < after.desired ? (after.createdAt ?? now) : now;
}
