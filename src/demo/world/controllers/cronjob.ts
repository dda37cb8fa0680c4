import { nextRun, parseCron } from '../../cron.ts';
import { kubeTime } from '../../object.ts';
import { ownedBy } from '../build-pod.ts';
import { type Cluster, controllerUid, fromKey, keyOf, R } from '../cluster.ts';
import type { CronJob, Job } from '../objects.ts';
import { type Change, QueueController, REACTION_MS } from './controller.ts';
import { isComplete, isFinished } from './job.ts';

const COMPONENT = 'cronjob-controller';
const MINUTE_MS = 60_000;
/** A run that is missed by more than this (the cluster was off) is not made up for. */
const LATE_MS = 10 * MINUTE_MS;

/** Starts a Job whenever a CronJob's schedule says so, and clears old ones away. */
export class CronJobController extends QueueController {
  override observe({ resource, type, object }: Change): void {
    if (resource === R.cronJobs && type !== 'DELETED') this.queue.add(keyOf(object), REACTION_MS);
    const owner = resource === R.jobs ? object.metadata.ownerReferences?.[0] : undefined;
    if (owner?.kind === 'CronJob') this.queue.add(`${object.metadata.namespace}/${owner.name}`, REACTION_MS);
  }

  protected override reconcile(key: string): void {
    const cronJob = this.cluster.store.get(R.cronJobs, ...fromKey(key)) as CronJob | undefined;
    if (!cronJob || cronJob.metadata.deletionTimestamp !== undefined) return;
    const cron = parseCron(cronJob.spec.schedule);
    const now = this.cluster.clock.now();
    const last = Date.parse(cronJob.status?.lastScheduleTime ?? cronJob.metadata.creationTimestamp ?? '');
    let lastScheduleTime = cronJob.status?.lastScheduleTime;
    if (cron && !cronJob.spec.suspend) {
      const due = nextRun(cron, Math.max(last, now - LATE_MS));
      if (due !== undefined && due <= now) {
        lastScheduleTime = kubeTime(due);
        if (!this.isBlocked(cronJob)) startJob(this.cluster, cronJob, due);
      }
      const next = nextRun(cron, now);
      if (next !== undefined) this.queue.add(key, next - now);
    }
    this.prune(cronJob);
    this.writeStatus(cronJob, lastScheduleTime);
  }

  private jobs(cronJob: CronJob): Job[] {
    const jobs = this.cluster.store.list(R.jobs, cronJob.metadata.namespace ?? '') as Job[];
    return jobs.filter((job) => controllerUid(job) === cronJob.metadata.uid);
  }

  private isBlocked(cronJob: CronJob): boolean {
    return cronJob.spec.concurrencyPolicy === 'Forbid' && this.jobs(cronJob).some((job) => !isFinished(job));
  }

  private prune(cronJob: CronJob): void {
    const { successfulJobsHistoryLimit = 3, failedJobsHistoryLimit = 1 } = cronJob.spec;
    const ended = this.jobs(cronJob)
      .filter(isFinished)
      .sort((a, b) => (a.status?.startTime ?? '').localeCompare(b.status?.startTime ?? ''));
    for (const [jobs, limit] of [
      [ended.filter(isComplete), successfulJobsHistoryLimit],
      [ended.filter((job) => !isComplete(job)), failedJobsHistoryLimit],
    ] as const) {
      for (const { metadata } of jobs.slice(0, Math.max(0, jobs.length - limit))) {
        this.cluster.store.delete(R.jobs, metadata.namespace ?? '', metadata.name);
      }
    }
  }

  private writeStatus(cronJob: CronJob, lastScheduleTime: string | undefined): void {
    const jobs = this.jobs(cronJob);
    const active = jobs
      .filter((job) => !isFinished(job))
      .map(({ metadata }) => ({
        apiVersion: 'batch/v1',
        kind: 'Job',
        name: metadata.name,
        namespace: metadata.namespace,
        uid: metadata.uid,
      }));
    const ends = jobs.filter(isComplete).map(({ status }) => status?.completionTime ?? '');
    const lastSuccessfulTime = [...ends, cronJob.status?.lastSuccessfulTime ?? ''].sort().at(-1);
    const status = {
      ...(lastScheduleTime !== undefined && { lastScheduleTime }),
      ...(lastSuccessfulTime && { lastSuccessfulTime }),
      ...(active.length > 0 && { active }),
    };
    this.cluster.writeStatus(R.cronJobs, cronJob, status);
  }
}

/** Creates the Job of one scheduled time (epoch ms). */
export function startJob(cluster: Cluster, cronJob: CronJob, scheduledAt: number): void {
  const { name, namespace = 'default' } = cronJob.metadata;
  const jobName = `${name}-${Math.floor(scheduledAt / MINUTE_MS)}`;
  if (cluster.store.get(R.jobs, namespace, jobName)) return;
  const { jobTemplate } = cronJob.spec;
  cluster.create(R.jobs, {
    apiVersion: 'batch/v1',
    kind: 'Job',
    metadata: {
      name: jobName,
      namespace,
      ...(jobTemplate.metadata?.labels && { labels: jobTemplate.metadata.labels }),
      annotations: { 'batch.kubernetes.io/cronjob-scheduled-timestamp': kubeTime(scheduledAt) },
      ownerReferences: [ownedBy(cronJob)],
    },
    spec: jobTemplate.spec,
    status: {},
  });
  cluster.events.record(cronJob, {
    type: 'Normal',
    reason: 'SuccessfulCreate',
    message: `Created job ${jobName}`,
    component: COMPONENT,
  });
}
