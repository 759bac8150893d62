import { expect, test } from 'vitest';
import type { KubeObject } from '../../mesh/objects.ts';
import { createTestCluster } from '../nodes/fixtures/test-cluster.ts';

// The fake clock begins at 10:00:00 UTC on 2026-03-01, a Sunday.
const CRON_JOBS = 'batch/cronjobs';

function cronJob(spec: Record<string, unknown> = {}, image = 'task:1'): KubeObject {
  const template = { spec: { containers: [{ name: 'task', image }], restartPolicy: 'Never' } };
  return {
    apiVersion: 'batch/v1',
    kind: 'CronJob',
    metadata: { name: 'c', namespace: 'default' },
    spec: { schedule: '*/5 * * * *', jobTemplate: { spec: { template } }, ...spec },
  };
}

function setUp(object: KubeObject, lasts = 1_000) {
  const cluster = createTestCluster();
  cluster.models.set('task', ({ exit, clock }) => {
    clock.after(lasts, () => exit?.(0));
    return { ports: {} };
  });
  cluster.start();
  cluster.registry.create(CRON_JOBS, object);
  const jobs = () => cluster.registry.list('batch/jobs').map((job) => job.metadata.name);
  const status = () => cluster.registry.get(CRON_JOBS, 'default', 'c')?.status as Record<string, unknown> | undefined;
  return { ...cluster, jobs, status };
}

const at = (time: string) => `c-${Date.parse(`2026-03-01T${time}:00Z`) / 60_000}`;

test('a Job is made each time it is due, named after that minute, and tells of the CronJob', () => {
  const { clock, jobs, registry, status, events } = setUp(cronJob());
  clock.advance(299_000);
  expect(jobs()).toEqual([]);
  clock.advance(1_500);
  expect(jobs()).toEqual([at('10:05')]);
  expect(status()).toMatchObject({ lastScheduleTime: '2026-03-01T10:05:00Z', active: [{ name: at('10:05') }] });
  expect(registry.list('batch/jobs')[0]?.metadata).toMatchObject({
    annotations: { 'batch.kubernetes.io/cronjob-scheduled-timestamp': '2026-03-01T10:05:00Z' },
    ownerReferences: [{ kind: 'CronJob', name: 'c', controller: true }],
  });
  clock.advance(10_000);
  expect(status()).toMatchObject({ lastSuccessfulTime: expect.stringContaining('2026-03-01T10:05:0') });
  expect(status()?.active).toBeUndefined();
  const own = events('c').filter((e) => / Created job | Saw completed /.test(e));
  expect(own).toEqual([
    `Normal SuccessfulCreate Created job ${at('10:05')}`,
    `Normal SawCompletedJob Saw completed job: ${at('10:05')}, condition: Complete`,
  ]);
});

test('three successful Jobs are kept, or as many as the history asks for', () => {
  const { clock, jobs } = setUp(cronJob());
  clock.advance(26 * 60_000);
  expect(jobs()).toEqual(['10:15', '10:20', '10:25'].map(at));
  const short = setUp(cronJob({ successfulJobsHistoryLimit: 1 }));
  short.clock.advance(26 * 60_000);
  expect(short.jobs()).toEqual([at('10:25')]);
});

test('Forbid waits for the Job that runs, Replace ends it, Allow lets them run together', () => {
  const forbid = setUp(cronJob({ concurrencyPolicy: 'Forbid' }), 3_600_000);
  forbid.clock.advance(11 * 60_000);
  expect(forbid.jobs()).toEqual([at('10:05')]);
  expect(forbid.events('c')).toContain(
    'Normal JobAlreadyActive Not starting job because prior execution is running and concurrency policy is Forbid',
  );
  const replace = setUp(cronJob({ concurrencyPolicy: 'Replace' }), 3_600_000);
  replace.clock.advance(11 * 60_000);
  expect(replace.jobs()).toEqual([at('10:10')]);
  const allow = setUp(cronJob(), 3_600_000);
  allow.clock.advance(11 * 60_000);
  expect(allow.jobs()).toEqual([at('10:05'), at('10:10')]);
});

test('nothing is made while it is suspended, and only what is not too late afterwards', () => {
  const { clock, jobs, registry } = setUp(cronJob({ suspend: true, startingDeadlineSeconds: 30 }));
  clock.advance(7 * 60_000);
  expect(jobs()).toEqual([]);
  registry.edit(CRON_JOBS, 'default', 'c', (copy) => {
    copy.spec = { ...(copy.spec as object), suspend: false };
  });
  clock.settle();
  expect(jobs()).toEqual([]);
  clock.advance(3 * 60_000 + 500);
  expect(jobs()).toEqual([at('10:10')]);
});

test('a schedule or a time zone that says nothing is told, not obeyed', () => {
  const { clock, jobs, events } = setUp(cronJob({ schedule: 'each day' }));
  clock.advance(600_000);
  expect(jobs()).toEqual([]);
  expect(events('c')).toContain('Warning UnparseableSchedule unparseable schedule: "each day"');
  const zone = setUp(cronJob({ timeZone: 'Luna/Base' }));
  zone.clock.settle();
  expect(zone.events('c')).toContain('Warning UnknownTimeZone unknown time zone Luna/Base');
});
