/** Findings about Jobs and CronJobs. */
import { previousDue } from '../cron.ts';
import type { Evidence } from '../finding.ts';
import { age, dateTime, duration, plural } from '../format.ts';
import type { Condition, CronJobInfo, JobInfo } from '../kinds.ts';
import { refTo } from '../owners.ts';
import { dataOf } from '../snapshot.ts';
import type { Check, CheckContext } from './context.ts';
import { type Draft, draft, findingId } from './draft.ts';

const MINUTE = 60_000;
const DAY = 24 * 60 * MINUTE;
/** The controller may start a run this late without comment. */
const SCHEDULE_GRACE_MS = 5 * MINUTE;

/** Failed Jobs; CronJobs that are suspended, fail, never succeeded or missed a run. */
export const checkJobs: Check = (context) => {
  const jobs = [...(dataOf(context.state.jobs)?.values() ?? [])];
  const cronJobs = [...(dataOf(context.state.cronjobs)?.values() ?? [])];
  const byCronJob = Map.groupBy(jobs, ({ owner }) => (owner?.kind === 'CronJob' ? owner.uid : ''));
  return [
    ...jobs.filter(({ owner }) => owner?.kind !== 'CronJob').flatMap((job) => failedJob(context, job)),
    ...cronJobs.flatMap((cronJob) => cronJobFindings(context, cronJob, byCronJob.get(cronJob.uid) ?? [])),
  ];
};

/** The condition that says why a Job failed for good. */
export function jobFailure(job: JobInfo): Condition | undefined {
  return job.conditions.find(({ type, status }) => type === 'Failed' && status === 'True');
}

/** A Job that only just began has no active pod yet, so the counts do not tell. */
function isDone(job: JobInfo): boolean {
  return job.conditions.some(
    ({ type, status }) => (type === 'Complete' || type === 'Failed') && status === 'True',
  );
}

function failedJob(context: CheckContext, job: JobInfo): Draft[] {
  const failure = jobFailure(job);
  if (failure === undefined) return [];
  const subject = refTo('Job', job);
  return [
    draft({
      code: 'JOB_FAILED',
      severity: 'warning',
      area: 'pods',
      subject,
      title: `job ${job.name} failed: ${failure.reason ?? 'no reason given'}`,
      since: failure.since,
      cause: failure.message,
      evidence: [failureEvidence(job, failure)],
      advice: ['read the log of its pods; delete the Job when it is no longer needed'],
      causedBy: context.blame.ofOwner(subject),
    }),
  ];
}

function failureEvidence(job: JobInfo, failure: Condition): Evidence {
  const text = `Job ${job.name}: ${plural(job.failed, 'pod')} failed, ${job.succeeded} succeeded`;
  return failure.since === undefined ? { text } : { at: failure.since, text };
}

function cronJobFindings(context: CheckContext, cronJob: CronJobInfo, jobs: readonly JobInfo[]): Draft[] {
  if (cronJob.suspend) return [suspended(cronJob)];
  const newest = jobs.filter(isDone).sort((a, b) => (b.createdAt ?? 0) - (a.createdAt ?? 0))[0];
  const failure = newest && jobFailure(newest);
  return [
    ...(newest && failure
      ? [lastRunFailed(context, cronJob, newest, failure)]
      : neverSucceeded(context, cronJob)),
    ...missed(context, cronJob),
  ];
}

function suspended(cronJob: CronJobInfo): Draft {
  return draft({
    code: 'CRONJOB_SUSPENDED',
    severity: 'info',
    area: 'pods',
    subject: refTo('CronJob', cronJob),
    title: `cron job ${cronJob.name} is suspended`,
    ...lastRuns(cronJob),
    advice: ['resume it if the reason is gone'],
  });
}

function lastRunFailed(context: CheckContext, cronJob: CronJobInfo, job: JobInfo, failure: Condition): Draft {
  const subject = refTo('CronJob', cronJob);
  return draft({
    code: 'CRONJOB_FAILED',
    severity: 'warning',
    area: 'pods',
    subject,
    title: `cron job ${cronJob.name}: last run failed (${failure.reason ?? 'no reason given'})`,
    since: failure.since,
    cause: failure.message,
    evidence: [failureEvidence(job, failure), ...(lastRuns(cronJob).evidence ?? [])],
    advice: ['read the log of its pods'],
    causedBy: context.blame.ofOwner(subject),
  });
}

function neverSucceeded(context: CheckContext, cronJob: CronJobInfo): Draft[] {
  const { lastScheduleTime, lastSuccessfulTime } = cronJob;
  if (lastSuccessfulTime !== undefined || lastScheduleTime === undefined || cronJob.active > 0) return [];
  if (context.now - lastScheduleTime < SCHEDULE_GRACE_MS) return [];
  const subject = refTo('CronJob', cronJob);
  return [
    draft({
      code: 'CRONJOB_NEVER_SUCCEEDED',
      severity: 'warning',
      area: 'pods',
      subject,
      title: `cron job ${cronJob.name} never succeeded`,
      since: cronJob.createdAt,
      ...lastRuns(cronJob),
      advice: ['read the log of its pods'],
      causedBy: context.blame.ofOwner(subject),
    }),
  ];
}

function lastRuns({ schedule, lastScheduleTime, lastSuccessfulTime }: CronJobInfo): {
  evidence?: readonly Evidence[];
} {
  return {
    evidence: [
      { text: `schedule ${schedule}` },
      ...(lastScheduleTime === undefined ? [] : [{ at: lastScheduleTime, text: 'last started' }]),
      ...(lastSuccessfulTime === undefined ? [] : [{ at: lastSuccessfulTime, text: 'last succeeded' }]),
    ],
  };
}

/**
 * A schedule without time zone runs in the controller manager's, which is not ours to know. UTC is the rule, but
 * to be sure two due times must have passed; any other zone is left alone. A run that still lasts may keep the next
 * ones from starting (`concurrencyPolicy: Forbid`): that is normal for hours, but not for a day.
 */
function missed(context: CheckContext, cronJob: CronJobInfo): Draft[] {
  const { schedule, timeZone, lastScheduleTime, createdAt } = cronJob;
  const latest = previousDue(schedule, context.now - SCHEDULE_GRACE_MS);
  const explicit = timeZone === 'UTC' || timeZone === 'Etc/UTC';
  if (latest === undefined || (timeZone !== undefined && !explicit)) return [];
  const due = explicit ? latest : previousDue(schedule, latest - MINUTE);
  const last = lastScheduleTime ?? createdAt;
  const blocked = cronJob.active > 0;
  if (due === undefined || last === undefined || last >= due) return [];
  if (blocked && context.now - last < DAY) return [];
  const subject = refTo('CronJob', cronJob);
  return [
    draft({
      code: 'CRONJOB_MISSED',
      severity: 'warning',
      area: 'pods',
      subject,
      title: blocked
        ? `cron job ${cronJob.name}: the run of ${age(context.now - last)} ago still lasts, no other can start`
        : `cron job ${cronJob.name} missed its run, ${duration(context.now - latest)} overdue`,
      since: due,
      evidence: [{ at: due, text: `was due ${dateTime(due)}` }, ...(lastRuns(cronJob).evidence ?? [])],
      advice: [
        blocked
          ? 'read the log of its pod; give the Job an activeDeadlineSeconds, delete it if it hangs'
          : 'see its events: a deadline (startingDeadlineSeconds) or a forbidden overlap keeps runs from starting',
      ],
      causedBy: [findingId('CRONJOB_FAILED', subject)],
    }),
  ];
}
