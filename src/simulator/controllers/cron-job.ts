import type { KubeObject } from '../../mesh/objects.ts';
import type { Clock, Registry } from '../contract.ts';
import { parseCron } from './cron-schedule.ts';
import { equal } from './equal.ts';
import { createEventRecorder } from './event-recorder.ts';
import type { Condition, Labels } from './kinds.ts';
import { conditionOf, isControlledBy, messageOf, ownerReferenceTo, setStatus, splitKey } from './pods.ts';
import { formatTime, parseTime } from './time.ts';
import { watchOwned } from './watch-owned.ts';
import { createWorkQueue } from './work-queue.ts';

const CRON_JOBS = 'batch/cronjobs';
const JOBS = 'batch/jobs';
const SCHEDULED = 'batch.kubernetes.io/cronjob-scheduled-timestamp';
/** After so many missed times the controller says so instead of counting on. */
const MANY = 100;

interface CronJobSpec {
  schedule: string;
  timeZone?: string;
  suspend?: boolean;
  concurrencyPolicy?: string;
  startingDeadlineSeconds?: number;
  successfulJobsHistoryLimit?: number;
  failedJobsHistoryLimit?: number;
  jobTemplate: { metadata?: { labels?: Labels; annotations?: Labels }; spec: object };
}

interface CronJobStatus {
  active?: {
    apiVersion: string;
    kind: string;
    name: string;
    namespace: string;
    uid: string;
    resourceVersion: string;
  }[];
  lastScheduleTime?: string;
  lastSuccessfulTime?: string;
}

type CronJob = KubeObject<CronJobSpec, CronJobStatus>;
type Job = KubeObject<object, { completionTime?: string; conditions?: Condition[] }>;

/** Makes a Job each time a CronJob is due, and clears away old ones. */
export function startCronJobs(registry: Registry, clock: Clock): () => void {
  const record = createEventRecorder(registry, clock, { component: 'cronjob-controller' });
  const queue = createWorkQueue(clock, 'cronjob', sync);
  const stop = watchOwned(registry, queue, { resource: CRON_JOBS, kind: 'CronJob', selectorOf: () => undefined }, JOBS);
  return () => {
    stop();
    queue.stop();
  };

  function sync(key: string) {
    const cron = registry.get(CRON_JOBS, ...splitKey(key)) as CronJob | undefined;
    if (!cron?.spec) return;
    const jobs = jobsOf(cron);
    const status = noteFinished(cron, jobs);
    clearHistory(cron, jobs);
    if (!cron.metadata.deletionTimestamp && !cron.spec.suspend) schedule(cron, jobs, status, key);
    if (!equal(status, cron.status ?? {})) setStatus(registry, CRON_JOBS, cron, status);
  }

  function jobsOf(cron: CronJob): Job[] {
    return (registry.list(JOBS, cron.metadata.namespace) as Job[]).filter((job) => isControlledBy(job, cron));
  }

  /** The status without the Jobs that have ended since. */
  function noteFinished(cron: CronJob, jobs: Job[]): CronJobStatus {
    const { active = [], lastSuccessfulTime, ...rest } = cron.status ?? {};
    const still = active.filter(({ uid, name }) => {
      const job = jobs.find((j) => j.metadata.uid === uid);
      const end = job && endOf(job);
      if (job && !end) return true;
      if (end) record(cron, 'Normal', 'SawCompletedJob', `Saw completed job: ${name}, condition: ${end.type}`);
      else record(cron, 'Normal', 'MissingJob', `Active job went missing: ${name}`);
      return false;
    });
    const successes = jobs.map((job) => job.status?.completionTime).filter((time) => time !== undefined);
    const latest = [lastSuccessfulTime, ...successes].filter((time) => time !== undefined).sort();
    const last = latest.at(-1);
    return { ...(still.length > 0 && { active: still }), ...rest, ...(last && { lastSuccessfulTime: last }) };
  }

  function clearHistory(cron: CronJob, jobs: Job[]) {
    const { successfulJobsHistoryLimit: successes = 3, failedJobsHistoryLimit: failures = 1 } = cron.spec ?? {};
    for (const [type, limit] of [
      ['Complete', successes],
      ['Failed', failures],
    ] as const) {
      const ended = jobs.filter((job) => endOf(job)?.type === type && !job.metadata.deletionTimestamp);
      ended.sort((a, b) => createdAt(a) - createdAt(b) || (a.metadata.name < b.metadata.name ? -1 : 1));
      for (const { metadata } of ended.slice(0, Math.max(0, ended.length - limit))) {
        registry.remove(JOBS, metadata.namespace, metadata.name, { propagationPolicy: 'Background' });
        record(cron, 'Normal', 'SuccessfulDelete', `Deleted job ${metadata.name}`);
      }
    }
  }

  /** Starts the Job of the latest time that has passed, and comes back for the next. */
  function schedule(cron: CronJob, jobs: Job[], status: CronJobStatus, key: string) {
    const { schedule: text = '', timeZone, startingDeadlineSeconds } = cron.spec ?? {};
    const plan = parseCron(text, timeZone);
    if (!plan) {
      const why = parseCron(text) ? `unknown time zone ${timeZone}` : `unparseable schedule: ${JSON.stringify(text)}`;
      record(cron, 'Warning', parseCron(text) ? 'UnknownTimeZone' : 'UnparseableSchedule', why);
      return;
    }
    const now = clock.now();
    const next = plan.after(now);
    if (next !== undefined) queue.addAfter(key, next - now);
    const known = parseTime(status.lastScheduleTime) || createdAt(cron);
    const earliest = Math.max(known, startingDeadlineSeconds === undefined ? 0 : now - startingDeadlineSeconds * 1000);
    let due: number | undefined;
    let missed = 0;
    for (let time = plan.after(earliest); time !== undefined && time <= now; time = plan.after(time)) {
      due = time;
      missed += 1;
      if (missed > MANY) {
        record(cron, 'Warning', 'TooManyMissedTimes', TOO_MANY);
        due = lastBefore(plan.after, now) ?? due;
        break;
      }
    }
    if (due !== undefined) start(cron, jobs, status, due);
  }

  function start(cron: CronJob, jobs: Job[], status: CronJobStatus, due: number) {
    const { concurrencyPolicy = 'Allow' } = cron.spec ?? {};
    const running = jobs.filter((job) => status.active?.some(({ uid }) => uid === job.metadata.uid));
    if (running.length > 0 && concurrencyPolicy === 'Forbid') {
      const why = 'Not starting job because prior execution is running and concurrency policy is Forbid';
      record(cron, 'Normal', 'JobAlreadyActive', why);
      return;
    }
    if (concurrencyPolicy === 'Replace') {
      for (const { metadata } of running) {
        registry.remove(JOBS, metadata.namespace, metadata.name, { propagationPolicy: 'Background' });
        record(cron, 'Normal', 'SuccessfulDelete', `Deleted job ${metadata.name}`);
      }
      delete status.active;
    }
    const wanted = jobFor(cron, due);
    const { namespace, name } = wanted.metadata;
    // Made before a restart that came between the Job and the note of it.
    let job = registry.get(JOBS, namespace, name);
    if (!job) {
      try {
        job = registry.create(JOBS, wanted);
      } catch (error) {
        record(cron, 'Warning', 'FailedCreate', `Error creating job: ${messageOf(error)}`);
        throw error;
      }
      record(cron, 'Normal', 'SuccessfulCreate', `Created job ${name}`);
    }
    const { uid = '', resourceVersion = '' } = job.metadata;
    const reference = { kind: 'Job', namespace: namespace ?? '', name, uid, apiVersion: 'batch/v1', resourceVersion };
    if (!endOf(job as Job)) status.active = [...(status.active ?? []), reference];
    status.lastScheduleTime = formatTime(due);
  }
}

const TOO_MANY = 'too many missed start times. Set or decrease .spec.startingDeadlineSeconds or check clock skew';

/** The Job's name is the minute it was due, so that no minute has two. */
function jobFor(cron: CronJob, due: number): KubeObject {
  const { metadata: { labels, annotations } = {}, spec } = cron.spec?.jobTemplate ?? { spec: {} };
  return {
    apiVersion: 'batch/v1',
    kind: 'Job',
    metadata: {
      name: `${cron.metadata.name}-${Math.floor(due / 60_000)}`,
      ...(cron.metadata.namespace && { namespace: cron.metadata.namespace }),
      ...(labels && { labels: { ...labels } }),
      annotations: { ...annotations, [SCHEDULED]: formatTime(due) },
      ownerReferences: [ownerReferenceTo(cron)],
    },
    spec: structuredClone(spec),
  };
}

/** The latest due time of the last day. */
function lastBefore(after: (time: number) => number | undefined, now: number): number | undefined {
  let last: number | undefined;
  let time = after(now - 3_600_000) ?? after(now - 24 * 3_600_000);
  while (time !== undefined && time <= now) {
    last = time;
    time = after(time);
  }
  return last;
}

function endOf(job: Job): Condition | undefined {
  const conditions = job.status?.conditions;
  return [conditionOf(conditions, 'Complete'), conditionOf(conditions, 'Failed')].find((c) => c?.status === 'True');
}

function createdAt(object: KubeObject): number {
  return parseTime(object.metadata.creationTimestamp);
}
