import { expect, test } from 'vitest';
import type { KubeObject } from '../../mesh/objects.ts';
import { createNode, createTestCluster } from '../nodes/fixtures/test-cluster.ts';
import type { PodTemplate } from './kinds.ts';

interface Workload {
  template?: PodTemplate;
  replicas?: number;
}

function workload(apiVersion: string, kind: string, spec: Record<string, unknown>, image = 'app:1'): KubeObject {
  const labels = { app: 'w' };
  const template = { metadata: { labels }, spec: { containers: [{ name: 'app', image }], ...(spec.pod as object) } };
  const { pod: _, ...rest } = spec;
  const selector = kind === 'Job' ? {} : { selector: { matchLabels: labels } };
  return { apiVersion, kind, metadata: { name: 'w', namespace: 'default' }, spec: { ...selector, template, ...rest } };
}

function setUp(resource: string, object: KubeObject) {
  const cluster = createTestCluster();
  cluster.models.set('task', ({ exit, clock }) => {
    clock.after(1_000, () => exit?.(0));
    return { ports: {} };
  });
  cluster.models.set('fail', ({ exit, clock }) => {
    clock.after(1_000, () => exit?.(1));
    return { ports: {} };
  });
  cluster.start();
  cluster.registry.create(resource, object);
  const stored = () => cluster.registry.get(resource, 'default', 'w');
  const status = () => stored()?.status as Record<string, unknown>;
  const edit = (change: (spec: Workload) => void) =>
    cluster.registry.edit(resource, 'default', 'w', (copy) => change(copy.spec as Workload));
  const setImage = (image: string) =>
    edit((spec) => {
      const [container] = spec.template?.spec.containers ?? [];
      if (container) container.image = image;
    });
  return { ...cluster, status, edit, setImage };
}

test('a StatefulSet starts its pods in order, each once the one before is ready', () => {
  const { clock, pods, status, events, pod } = setUp(
    'apps/statefulsets',
    workload('apps/v1', 'StatefulSet', { replicas: 2, serviceName: 'w' }),
  );
  clock.advance(100);
  expect(pods().map((p) => p.metadata.name)).toEqual(['w-0', 'w-1']);
  expect(pod('w-0').metadata.labels).toMatchObject({
    'apps.kubernetes.io/pod-index': '0',
    'statefulset.kubernetes.io/pod-name': 'w-0',
    'controller-revision-hash': expect.stringMatching(/^w-[b-z2-9]+$/),
  });
  expect(pod('w-0').spec).toMatchObject({ hostname: 'w-0', subdomain: 'w' });
  const revision = pod('w-0').metadata.labels?.['controller-revision-hash'];
  expect(status()).toEqual({
    observedGeneration: 1,
    replicas: 2,
    readyReplicas: 2,
    availableReplicas: 2,
    currentReplicas: 2,
    updatedReplicas: 2,
    currentRevision: revision,
    updateRevision: revision,
    collisionCount: 0,
  });
  expect(events('w').filter((e) => e.includes('StatefulSet'))).toEqual([
    'Normal SuccessfulCreate create Pod w-0 in StatefulSet w successful',
    'Normal SuccessfulCreate create Pod w-1 in StatefulSet w successful',
  ]);
});

test('a StatefulSet whose first pod is not ready has no second one', () => {
  const { clock, pods } = setUp('apps/statefulsets', workload('apps/v1', 'StatefulSet', { replicas: 3 }, 'nada:1'));
  clock.advance(1_000);
  expect(pods().map((p) => p.metadata.name)).toEqual(['w-0']);
});

test('a StatefulSet is updated from the last pod to the first, and scaled down the same way', () => {
  const { clock, pods, setImage, edit, registry } = setUp(
    'apps/statefulsets',
    workload('apps/v1', 'StatefulSet', { replicas: 3 }),
  );
  clock.advance(100);
  const gone: string[] = [];
  registry.watch('pods', ({ type, object }) => {
    if (type === 'DELETED') gone.push(object.metadata.name);
  });
  setImage('app:2');
  clock.advance(1_000);
  expect(gone).toEqual(['w-2', 'w-1', 'w-0']);
  expect(pods().map((p) => p.spec?.containers[0]?.image)).toEqual(['app:2', 'app:2', 'app:2']);
  edit((spec) => {
    spec.replicas = 1;
  });
  clock.advance(1_000);
  expect(gone.slice(3)).toEqual(['w-2', 'w-1']);
  expect(
    registry
      .list('apps/controllerrevisions', 'default')
      .map((r) => r.revision)
      .sort(),
  ).toEqual([1, 2]);
});

test('a DaemonSet has one pod on each node that it tolerates, new nodes included', () => {
  const { clock, pods, status, registry } = setUp('apps/daemonsets', workload('apps/v1', 'DaemonSet', {}));
  createNode(registry, 'nieve', { taints: [{ key: 'node-role.kubernetes.io/control-plane', effect: 'NoSchedule' }] });
  clock.advance(100);
  expect(
    pods()
      .map((p) => p.spec?.nodeName)
      .sort(),
  ).toEqual(['arya', 'sansa']);
  createNode(registry, 'bran');
  clock.advance(100);
  expect(
    pods()
      .map((p) => p.spec?.nodeName)
      .sort(),
  ).toEqual(['arya', 'bran', 'sansa']);
  expect(status()).toEqual({
    currentNumberScheduled: 3,
    desiredNumberScheduled: 3,
    numberAvailable: 3,
    numberMisscheduled: 0,
    numberReady: 3,
    updatedNumberScheduled: 3,
    observedGeneration: 1,
  });
});

test('a DaemonSet is updated one node at a time', () => {
  const { clock, pods, setImage, registry } = setUp('apps/daemonsets', workload('apps/v1', 'DaemonSet', {}));
  clock.advance(100);
  let fewest = 2;
  registry.watch('pods', () => {
    fewest = Math.min(fewest, pods().filter((p) => !p.metadata.deletionTimestamp).length);
  });
  setImage('app:2');
  clock.advance(1_000);
  expect(pods().map((p) => p.spec?.containers[0]?.image)).toEqual(['app:2', 'app:2']);
  expect(fewest).toBe(1);
});

test('a Job runs its pods one after the other until enough have succeeded', () => {
  const job = workload(
    'batch/v1',
    'Job',
    { completions: 2, parallelism: 1, backoffLimit: 6, pod: { restartPolicy: 'Never' } },
    'task:1',
  );
  const { clock, pods, status, events } = setUp('batch/jobs', job);
  clock.advance(500);
  expect(status()).toMatchObject({ active: 1, ready: 1 });
  clock.advance(5_000);
  expect(pods().map((p) => p.status?.phase)).toEqual(['Succeeded', 'Succeeded']);
  expect(status()).toMatchObject({
    succeeded: 2,
    conditions: [
      { type: 'SuccessCriteriaMet', status: 'True', reason: 'CompletionsReached' },
      { type: 'Complete', status: 'True', message: 'Reached expected number of succeeded pods' },
    ],
  });
  expect(status()).toHaveProperty('completionTime');
  expect(events('w').filter((e) => e.includes('Job'))).toEqual(['Normal Completed Job completed']);
});

test('a suspended Job has no pods and says so, and goes on when it is resumed', () => {
  const job = workload('batch/v1', 'Job', { suspend: true, pod: { restartPolicy: 'Never' } });
  const { clock, pods, status, events, registry } = setUp('batch/jobs', job);
  const suspend = (now: boolean) => {
    registry.edit('batch/jobs', 'default', 'w', (copy) => {
      (copy.spec as { suspend: boolean }).suspend = now;
    });
    clock.advance(100);
  };
  const told = () => (status() as { conditions?: { type: string; status: string; reason: string }[] }).conditions;
  clock.advance(100);
  expect(pods()).toEqual([]);
  expect(told()).toMatchObject([{ type: 'Suspended', status: 'True', reason: 'JobSuspended' }]);
  suspend(false);
  expect(pods()).toHaveLength(1);
  expect(told()).toMatchObject([{ type: 'Suspended', status: 'False', reason: 'JobResumed' }]);
  suspend(true);
  expect(pods().filter((p) => !p.metadata.deletionTimestamp)).toEqual([]);
  expect(events('w')).toEqual(expect.arrayContaining(['Normal Suspended Job suspended', 'Normal Resumed Job resumed']));
});

test('a Job gives up after its back-off limit', () => {
  const job = workload(
    'batch/v1',
    'Job',
    { completions: 1, parallelism: 1, backoffLimit: 1, pod: { restartPolicy: 'Never' } },
    'fail:1',
  );
  const { clock, pods, status, events } = setUp('batch/jobs', job);
  clock.advance(5_000);
  expect(pods()).toHaveLength(1);
  clock.advance(60_000);
  expect(pods()).toHaveLength(2);
  expect(status()).toMatchObject({
    failed: 2,
    conditions: [{ type: 'FailureTarget' }, { type: 'Failed', reason: 'BackoffLimitExceeded' }],
  });
  expect(events('w')).toContain('Warning BackoffLimitExceeded Job has reached the specified backoff limit');
});
