import { describe, expect, test } from 'vitest';
import type { KubeObject } from '../../mesh/objects.ts';
import { createTestCluster, deploymentNamed } from '../nodes/fixtures/test-cluster.ts';
import { startAutoscalers } from './autoscaler.ts';
import { paced, stabilized } from './autoscaler-limits.ts';
import { propose } from './autoscaler-target.ts';
import type { Deployment, Pod } from './kinds.ts';

function autoscaler(spec: object = {}): KubeObject {
  const target = { type: 'Utilization', averageUtilization: 50 };
  return {
    apiVersion: 'autoscaling/v2',
    kind: 'HorizontalPodAutoscaler',
    metadata: { name: 'w', namespace: 'default' },
    spec: {
      scaleTargetRef: { apiVersion: 'apps/v1', kind: 'Deployment', name: 'w' },
      minReplicas: 1,
      maxReplicas: 10,
      metrics: [{ type: 'Resource', resource: { name: 'cpu', target } }],
      ...spec,
    },
  };
}

function setUp(spec: object = {}, requests: object = { cpu: '100m' }) {
  const cluster = createTestCluster();
  cluster.start();
  const deployment = deploymentNamed('w') as Deployment;
  const [container] = deployment.spec?.template.spec.containers ?? [];
  if (container) container.resources = { requests: requests as Record<string, string> };
  let cores = 0;
  const usage = {
    pods: () =>
      cluster.pods().map((pod) => ({
        pod,
        time: cluster.clock.now(),
        containers: [{ name: 'app', cpu: cores / Math.max(1, cluster.pods().length), memory: 1 }],
      })),
  };
  cluster.registry.create('apps/deployments', deployment);
  cluster.clock.settle();
  startAutoscalers(cluster.registry, cluster.clock, usage);
  cluster.registry.create('autoscaling/horizontalpodautoscalers', autoscaler(spec));
  cluster.clock.settle();
  return {
    ...cluster,
    /** All pods together use that many cores from now on. */
    use: (total: number) => {
      cores = total;
    },
    replicas: () => (cluster.registry.get('apps/deployments', 'default', 'w') as Deployment).spec?.replicas,
    status: () =>
      cluster.registry.get('autoscaling/horizontalpodautoscalers', 'default', 'w')?.status as {
        conditions: { type: string; status: string; reason: string; message: string }[];
        [field: string]: unknown;
      },
  };
}

test('pods that work above the target are joined by others, and go again after five quiet minutes', () => {
  const { clock, use, replicas, events, status } = setUp();
  expect(replicas()).toBe(1);
  use(0.2);
  clock.advance(16_000);
  expect(replicas()).toBe(4);
  expect(events('w')).toContain(
    'Normal SuccessfulRescale New size: 4; reason: cpu resource utilization (percentage of request) above target',
  );
  clock.advance(16_000);
  expect(status()).toMatchObject({
    currentReplicas: 4,
    desiredReplicas: 4,
    currentMetrics: [
      { type: 'Resource', resource: { name: 'cpu', current: { averageUtilization: 50, averageValue: '50m' } } },
    ],
  });
  use(0);
  clock.advance(280_000);
  expect(replicas()).toBe(4);
  expect(status().conditions).toContainEqual(
    expect.objectContaining({ type: 'AbleToScale', reason: 'ScaleDownStabilized' }),
  );
  clock.advance(60_000);
  expect(replicas()).toBe(1);
  expect(events('w')).toContain('Normal SuccessfulRescale New size: 1; reason: All metrics below target');
});

test('never more than the most, and it says so', () => {
  const { clock, use, replicas, status } = setUp({ maxReplicas: 3 });
  use(5);
  clock.advance(60_000);
  expect(replicas()).toBe(3);
  expect(status().conditions).toContainEqual(
    expect.objectContaining({ type: 'ScalingLimited', status: 'True', reason: 'TooManyReplicas' }),
  );
});

test('without requests nothing can be reckoned, and the container to mend is named', () => {
  const { clock, use, replicas, status, events } = setUp({}, {});
  use(1);
  clock.advance(20_000);
  expect(replicas()).toBe(1);
  expect(status().conditions).toContainEqual(
    expect.objectContaining({ type: 'ScalingActive', status: 'False', reason: 'FailedGetResourceMetric' }),
  );
  expect(events('w').some((e) => e.includes('missing request for cpu in container app of Pod w-'))).toBe(true);
});

test('a target that is not there is told', () => {
  const { status } = setUp({ scaleTargetRef: { apiVersion: 'apps/v1', kind: 'Deployment', name: 'nadie' } });
  expect(status().conditions).toContainEqual(
    expect.objectContaining({ type: 'AbleToScale', status: 'False', reason: 'FailedGetScale' }),
  );
});

describe('what is called for', () => {
  const pod = {
    metadata: { name: 'p' },
    spec: { containers: [{ name: 'app', image: 'a', resources: { requests: { cpu: '100m' } } }] },
    status: { conditions: [{ type: 'Ready', status: 'True' }] },
  } as unknown as Pod;
  const using = (...cores: number[]) =>
    cores.map((cpu) => ({ pod, containers: [{ name: 'app', cpu, memory: 2 ** 20 }] }));
  const cpu = (averageUtilization: number) => ({ name: 'cpu', target: { averageUtilization } });

  test('as many as bring the average to the target', () => {
    expect(propose(cpu(50), 2, using(0.1, 0.1))).toMatchObject({ replicas: 4, averageUtilization: 100 });
    expect(propose(cpu(50), 4, using(0.01, 0.01, 0.01, 0.01))).toMatchObject({ replicas: 1, averageUtilization: 10 });
  });

  test('nothing when it is near', () => {
    expect(propose(cpu(50), 3, using(0.054, 0.054, 0.054)).replicas).toBe(3);
  });

  test('an average value does without requests', () => {
    const memory = { name: 'memory', target: { averageValue: '512Ki' } };
    expect(propose(memory, 1, using(0)).replicas).toBe(2);
  });
});

describe('bounds of speed', () => {
  const now = 1_000_000;

  test('up: at most four pods or as many again in fifteen seconds, whichever is more', () => {
    expect(paced(1, 50, [], { behavior: {}, now })).toBe(5);
    expect(paced(10, 50, [], { behavior: {}, now })).toBe(20);
    expect(paced(5, 50, [{ time: now - 5_000, by: 4 }], { behavior: {}, now })).toBe(5);
  });

  test('a policy of the autoscaler replaces them, and may forbid', () => {
    const slow = { scaleDown: { policies: [{ type: 'Pods', value: 1, periodSeconds: 60 }] } };
    expect(paced(10, 2, [], { behavior: slow, now })).toBe(9);
    expect(paced(10, 2, [], { behavior: { scaleDown: { selectPolicy: 'Disabled' } }, now })).toBe(10);
  });

  test('down: not below the highest recommendation of the window', () => {
    const past = [{ time: now - 100_000, replicas: 6 }];
    expect(stabilized(8, 2, past, { behavior: {}, now })).toBe(6);
    expect(stabilized(8, 2, past, { behavior: { scaleDown: { stabilizationWindowSeconds: 60 } }, now })).toBe(2);
    expect(stabilized(2, 8, past, { behavior: {}, now })).toBe(8);
  });
});
