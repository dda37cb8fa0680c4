import { podFromTemplate } from '../build-pod.ts';
import { fromKey, keyOf, R } from '../cluster.ts';
import type { Condition, Job, JobStatus, Pod } from '../objects.ts';
import { isActive, isReady } from '../pod-index.ts';
import { type Change, QueueController, REACTION_MS } from './controller.ts';
import { ownerOf } from './replicaset.ts';

const COMPONENT = 'job-controller';
const RETRY_MS = 10_000;

/** Runs Jobs: pods until enough succeeded, or until the back-off limit is exceeded. */
export class JobController extends QueueController {
  override observe({ resource, type, object }: Change): void {
    if (resource === R.jobs && type !== 'DELETED') this.queue.add(keyOf(object), REACTION_MS);
    const owner = resource === R.pods ? ownerOf(object as Pod, 'Job') : undefined;
    if (owner !== undefined) this.queue.add(`${object.metadata.namespace}/${owner}`, REACTION_MS);
  }

  protected override reconcile(key: string): void {
    const job = this.cluster.store.get(R.jobs, ...fromKey(key)) as Job | undefined;
    if (!job || job.metadata.deletionTimestamp !== undefined) return;
    if (isFinished(job)) {
      this.expire(key, job);
      return;
    }
    const pods = [...this.cluster.pods.ownedBy(job.metadata.uid)];
    const active = pods.filter(isActive);
    const failed = pods.filter(({ status }) => status.phase === 'Failed').length;
    const succeeded = pods.filter(({ status }) => status.phase === 'Succeeded').length;
    const { completions = 1, parallelism = 1, backoffLimit = 6, suspend = false } = job.spec;
    const conditions = this.outcome(job, succeeded >= completions, failed > backoffLimit);
    const done = conditions !== job.status?.conditions;
    const wanted = done || suspend ? 0 : Math.min(parallelism, completions - succeeded) - active.length;
    if (wanted > 0 && failed > 0 && this.isTooSoon(pods)) this.queue.add(key, RETRY_MS);
    else for (let i = 0; i < wanted; i += 1) this.createPod(job);
    this.writeStatus(job, { conditions, succeeded, failed, isComplete: done && succeeded >= completions });
  }

  private isTooSoon(pods: readonly Pod[]): boolean {
    const newest = Math.max(...pods.map(({ metadata }) => Date.parse(metadata.creationTimestamp ?? '')));
    return this.cluster.clock.now() - newest < RETRY_MS;
  }

  private createPod(job: Job): void {
    const { name, uid = '' } = job.metadata;
    const labels = {
      'batch.kubernetes.io/controller-uid': uid,
      'batch.kubernetes.io/job-name': name,
      'controller-uid': uid,
      'job-name': name,
    };
    const pod = this.cluster.create(
      R.pods,
      podFromTemplate(job, job.spec.template, this.cluster.time(), { labels }),
    );
    this.say(job, 'Normal', 'SuccessfulCreate', `Created pod: ${pod.metadata.name}`);
  }

  private outcome(job: Job, complete: boolean, exceeded: boolean): readonly Condition[] | undefined {
    const before = job.status?.conditions;
    const lastProbeTime = this.cluster.time();
    if (complete) {
      this.say(job, 'Normal', 'Completed', 'Job completed');
      const why = { reason: 'CompletionsReached', message: 'Reached expected number of succeeded pods' };
      const met = this.cluster.withCondition(before, {
        type: 'SuccessCriteriaMet',
        status: 'True',
        lastProbeTime,
        ...why,
      });
      return this.cluster.withCondition(met, { type: 'Complete', status: 'True', lastProbeTime, ...why });
    }
    if (!exceeded) return before;
    const why = { reason: 'BackoffLimitExceeded', message: 'Job has reached the specified backoff limit' };
    this.say(job, 'Warning', why.reason, why.message);
    const target = this.cluster.withCondition(before, {
      type: 'FailureTarget',
      status: 'True',
      lastProbeTime,
      ...why,
    });
    return this.cluster.withCondition(target, { type: 'Failed', status: 'True', lastProbeTime, ...why });
  }

  private writeStatus(
    job: Job,
    now: {
      conditions: readonly Condition[] | undefined;
      succeeded: number;
      failed: number;
      isComplete: boolean;
    },
  ): void {
    const active = [...this.cluster.pods.ownedBy(job.metadata.uid)].filter(isActive);
    const status: JobStatus = {
      startTime: job.status?.startTime ?? this.cluster.time(),
      ...(active.length > 0 && { active: active.length }),
      ready: active.filter(isReady).length,
      terminating: 0,
      ...(now.succeeded > 0 && { succeeded: now.succeeded }),
      ...(now.failed > 0 && { failed: now.failed }),
      ...(now.conditions && { conditions: now.conditions }),
      ...(now.isComplete && { completionTime: this.cluster.time() }),
      uncountedTerminatedPods: {},
    };
    this.cluster.writeStatus(R.jobs, job, status);
  }

  private say(job: Job, type: 'Normal' | 'Warning', reason: string, message: string): void {
    this.cluster.events.record(job, { type, reason, message, component: COMPONENT });
  }

  private expire(key: string, job: Job): void {
    const { ttlSecondsAfterFinished: ttl } = job.spec;
    if (ttl === undefined) return;
    const end = job.status?.conditions?.find(isEnd)?.lastTransitionTime ?? '';
    const wait = Date.parse(end) + ttl * 1000 - this.cluster.clock.now();
    if (wait > 0) this.queue.add(key, wait);
    else this.cluster.store.delete(R.jobs, ...fromKey(key));
  }
}

function isEnd({ type, status }: Condition): boolean {
  return (type === 'Complete' || type === 'Failed') && status === 'True';
}

/** Whether a Job is over. */
export function isFinished(job: Job): boolean {
  return job.status?.conditions?.some(isEnd) ?? false;
}

/** Whether a Job ended well. */
export function isComplete(job: Job): boolean {
  return job.status?.conditions?.some((each) => each.type === 'Complete' && each.status === 'True') ?? false;
}
