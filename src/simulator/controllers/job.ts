import type { KubeObject } from '../../mesh/objects.ts';
import type { Clock, Registry } from '../contract.ts';
import { equal } from './equal.ts';
import { createEventRecorder } from './event-recorder.ts';
import type { Condition, LabelSelector, Pod, PodTemplate } from './kinds.ts';
import {
  conditionOf,
  createPod,
  deletePod,
  isActive,
  isControlledBy,
  isReady,
  podFromTemplate,
  setStatus,
  splitKey,
} from './pods.ts';
import { parseTime, timestamp } from './time.ts';
import { watchOwned } from './watch-owned.ts';
import { createWorkQueue } from './work-queue.ts';

const JOBS = 'batch/jobs';
const CONTROLLER_UID = 'batch.kubernetes.io/controller-uid';
/** After a failed pod the next one waits, twice as long each time. */
const FIRST_RETRY = 10_000;
const LAST_RETRY = 600_000;

interface JobSpec {
  parallelism?: number;
  completions?: number;
  backoffLimit?: number;
  activeDeadlineSeconds?: number;
  ttlSecondsAfterFinished?: number;
  suspend?: boolean;
  selector?: LabelSelector;
  template: PodTemplate;
}

interface JobStatus {
  startTime?: string;
  completionTime?: string;
  active?: number;
  ready?: number;
  succeeded?: number;
  failed?: number;
  terminating?: number;
  uncountedTerminatedPods?: object;
  conditions?: Condition[];
}

type Job = KubeObject<JobSpec, JobStatus>;

interface Counts {
  active: Pod[];
  succeeded: number;
  failed: Pod[];
}

/** Runs pods to their end, until as many have succeeded as the Job asks for or too many have failed. */
export function startJobs(registry: Registry, clock: Clock): () => void {
  const record = createEventRecorder(registry, clock, { component: 'job-controller' });
  const queue = createWorkQueue(clock, 'job', sync);
  const stop = watchOwned(registry, queue, { resource: JOBS, kind: 'Job' }, 'pods');
  return () => {
    stop();
    queue.stop();
  };

  function sync(key: string) {
    const [namespace, name] = splitKey(key);
    const job = registry.get(JOBS, namespace, name) as Job | undefined;
    if (!job?.spec || job.metadata.deletionTimestamp) return;
    if (endOf(job)) return expire(job, key);
    if (!job.spec.selector) return label(job);
    const counts = countPods(job);
    const verdict = judge(job, counts);
    if (verdict) {
      for (const pod of counts.active) deletePod(registry, record, job, pod);
      finish(job, verdict);
    } else {
      if (job.spec.suspend) for (const pod of counts.active) deletePod(registry, record, job, pod);
      else run(job, counts, key);
      writeStatus(job, suspension(job));
    }
  }

  /** A Job selects its pods by its own uid, which nobody knows before it exists. */
  function label(job: Job) {
    registry.edit(JOBS, job.metadata.namespace, job.metadata.name, (copy) => {
      const { spec } = copy as Job;
      if (!spec) return;
      const labels = labelsOf(job);
      spec.selector = { matchLabels: { [CONTROLLER_UID]: labels[CONTROLLER_UID] ?? '' } };
      const { metadata } = spec.template;
      spec.template.metadata = { ...metadata, labels: { ...metadata?.labels, ...labels } };
    });
  }

  function countPods(job: Job): Counts {
    const pods = (registry.list('pods', job.metadata.namespace) as Pod[]).filter((pod) => isControlledBy(pod, job));
    return {
      active: pods.filter(isActive),
      succeeded: pods.filter((pod) => pod.status?.phase === 'Succeeded').length,
      failed: pods.filter((pod) => pod.status?.phase === 'Failed'),
    };
  }

  function judge(job: Job, { succeeded, failed, active }: Counts): Condition | undefined {
    const { completions, backoffLimit = 6, activeDeadlineSeconds } = job.spec ?? {};
    const verdict = (type: string, reason: string, message: string): Condition => ({
      type,
      status: 'True',
      reason,
      message,
    });
    // Without completions, any success ends the Job once its other pods have ended.
    const done = completions === undefined ? succeeded > 0 && active.length === 0 : succeeded >= completions;
    if (done) return verdict('Complete', 'CompletionsReached', 'Reached expected number of succeeded pods');
    const restarts = active.reduce((n, pod) => n + restartsOf(pod), 0);
    if (failed.length + restarts > backoffLimit)
      return verdict('Failed', 'BackoffLimitExceeded', 'Job has reached the specified backoff limit');
    const started = parseTime(job.status?.startTime);
    if (activeDeadlineSeconds !== undefined && started > 0 && clock.now() >= started + activeDeadlineSeconds * 1000)
      return verdict('Failed', 'DeadlineExceeded', 'Job was active longer than specified deadline');
    return undefined;
  }

  function run(job: Job, { active, succeeded, failed }: Counts, key: string) {
    const { parallelism = 1, completions, activeDeadlineSeconds, template } = job.spec ?? {};
    const started = parseTime(job.status?.startTime) || clock.now();
    if (activeDeadlineSeconds !== undefined) queue.addAfter(key, started + activeDeadlineSeconds * 1000 - clock.now());
    const wanted = completions === undefined ? (succeeded > 0 ? 0 : parallelism) : completions - succeeded;
    const missing = Math.min(parallelism, wanted) - active.length;
    const wait = missing > 0 ? untilRetry(failed) : 0;
    if (wait > 0) return queue.addAfter(key, wait);
    if (!template) return;
    for (let i = 0; i < missing; i++)
      createPod(registry, record, job, podFromTemplate(template, job, `${job.metadata.name}-`));
    for (const pod of active.slice(0, Math.max(0, -missing))) deletePod(registry, record, job, pod);
  }

  function untilRetry(failed: Pod[]): number {
    if (failed.length === 0) return 0;
    const last = Math.max(
      ...failed.map((pod) => parseTime(conditionOf(pod.status?.conditions, 'Ready')?.lastTransitionTime)),
    );
    return last + Math.min(FIRST_RETRY * 2 ** (failed.length - 1), LAST_RETRY) - clock.now();
  }

  function finish(job: Job, verdict: Condition) {
    const now = timestamp(clock);
    const before = verdict.type === 'Complete' ? 'SuccessCriteriaMet' : 'FailureTarget';
    const conditions = [{ ...verdict, type: before }, verdict].map((condition) => ({
      ...condition,
      lastProbeTime: now,
      lastTransitionTime: now,
    }));
    writeStatus(job, [...(job.status?.conditions ?? []), ...conditions]);
    if (verdict.type === 'Complete') record(job, 'Normal', 'Completed', 'Job completed');
    else record(job, 'Warning', verdict.reason ?? '', verdict.message ?? '');
  }

  /** The conditions, with what `suspend` says now: `Suspended` is True from the first time, and then False. */
  function suspension(job: Job): Condition[] | undefined {
    const conditions = job.status?.conditions;
    const known = conditions?.find(({ type }) => type === 'Suspended');
    const suspended = job.spec?.suspend === true;
    if ((known?.status === 'True') === suspended) return conditions;
    const [reason, message] = suspended ? ['JobSuspended', 'Job suspended'] : ['JobResumed', 'Job resumed'];
    record(job, 'Normal', suspended ? 'Suspended' : 'Resumed', message);
    const now = timestamp(clock);
    const status = suspended ? ('True' as const) : ('False' as const);
    const next = { type: 'Suspended', status, reason, message, lastProbeTime: now, lastTransitionTime: now };
    return [...(conditions ?? []).filter(({ type }) => type !== 'Suspended'), next];
  }

  function writeStatus(job: Job, conditions: Condition[] | undefined) {
    const { active, succeeded, failed } = countPods(job);
    const complete = conditionOf(conditions, 'Complete');
    const status: JobStatus = {
      ...(!job.spec?.suspend && { startTime: job.status?.startTime ?? timestamp(clock) }),
      ...(active.length > 0 && { active: active.length }),
      ready: active.filter(isReady).length,
      ...(succeeded > 0 && { succeeded }),
      ...(failed.length > 0 && { failed: failed.length }),
      terminating: 0,
      uncountedTerminatedPods: {},
      ...(complete?.lastTransitionTime && { completionTime: complete.lastTransitionTime }),
      ...(conditions && conditions.length > 0 && { conditions }),
    };
    if (!equal(status, job.status)) setStatus(registry, JOBS, job, status);
  }

  function expire(job: Job, key: string) {
    const { ttlSecondsAfterFinished: ttl } = job.spec ?? {};
    if (ttl === undefined) return;
    const wait = parseTime(endOf(job)?.lastTransitionTime) + ttl * 1000 - clock.now();
    if (wait > 0) queue.addAfter(key, wait);
    else registry.remove(JOBS, job.metadata.namespace, job.metadata.name, { propagationPolicy: 'Background' });
  }
}

function labelsOf({ metadata: { name, uid = '' } }: Job): Record<string, string> {
  return { [CONTROLLER_UID]: uid, 'batch.kubernetes.io/job-name': name, 'controller-uid': uid, 'job-name': name };
}

function endOf(job: Job): Condition | undefined {
  const conditions = job.status?.conditions;
  return conditionOf(conditions, 'Complete') ?? conditionOf(conditions, 'Failed');
}

function restartsOf(pod: Pod): number {
  return (pod.status?.containerStatuses ?? []).reduce((n, c) => n + c.restartCount, 0);
}
