import { expect, test } from 'vitest';
import type { KubeObject } from '../../mesh/objects.ts';
import { createTestCluster, deploymentNamed, podNamed } from '../nodes/fixtures/test-cluster.ts';
import type { BudgetStatus } from './disruption-budget.ts';
import type { Node, Pod } from './kinds.ts';

type Cluster = ReturnType<typeof createTestCluster>;

function running(spec: object = {}): Cluster {
  const cluster = createTestCluster();
  cluster.start();
  cluster.registry.create('pods', podNamed('p', {}, { nodeSelector: { 'kubernetes.io/hostname': 'arya' }, ...spec }));
  cluster.clock.advance(100);
  return cluster;
}

function taint({ registry, clock }: Cluster, taints: object[]) {
  registry.edit('nodes', undefined, 'arya', (copy) => {
    copy.spec = { ...(copy.spec as object), taints };
  });
  clock.settle();
}

function report({ registry, clock }: Cluster, status: string) {
  const conditions = [{ type: 'Ready', status, reason: 'r', lastTransitionTime: '2026-03-01T10:00:00Z' }];
  const write = (copy: KubeObject) => {
    copy.status = { ...(copy.status as object), conditions };
  };
  registry.edit('nodes', undefined, 'arya', write, { subresource: 'status' });
  clock.settle();
}

const taintsOf = ({ registry }: Cluster) =>
  ((registry.get('nodes', undefined, 'arya') as Node).spec?.taints ?? []).map((t) => `${t.key}:${t.effect}`);

test('a NoExecute taint ends the pods that do not tolerate it, and no others', () => {
  const cluster = running();
  cluster.registry.create('pods', {
    ...podNamed('q', {}, { nodeName: 'arya', tolerations: [{ key: 'obras', operator: 'Exists' }] }),
  });
  cluster.clock.settle();
  taint(cluster, [{ key: 'obras', effect: 'NoSchedule' }]);
  expect(cluster.pods().map((p) => p.metadata.name)).toEqual(['p', 'q']);
  taint(cluster, [{ key: 'obras', effect: 'NoExecute' }]);
  cluster.clock.advance(1_000);
  expect(cluster.pods().map((p) => p.metadata.name)).toEqual(['q']);
  expect(cluster.events('p')).toContain('Normal TaintManagerEviction Marking for deletion Pod default/p');
});

test('tolerationSeconds is how long a pod stays, unless the taint goes first', () => {
  const tolerations = [{ key: 'obras', operator: 'Exists', effect: 'NoExecute', tolerationSeconds: 60 }];
  const cluster = running({ tolerations });
  taint(cluster, [{ key: 'obras', effect: 'NoExecute' }]);
  cluster.clock.advance(59_000);
  expect(cluster.pods()).toHaveLength(1);
  cluster.clock.advance(2_000);
  expect(cluster.pods()).toHaveLength(0);
  const spared = running({ tolerations });
  taint(spared, [{ key: 'obras', effect: 'NoExecute' }]);
  spared.clock.advance(30_000);
  taint(spared, []);
  spared.clock.advance(120_000);
  expect(spared.pods()).toHaveLength(1);
  expect(spared.events('p')).toContain('Normal TaintManagerEviction Cancelling deletion of Pod default/p');
});

test('a node that nobody hears of gets its taints, its pods stop being ready, and after five minutes they go', () => {
  const cluster = running();
  report(cluster, 'True');
  expect(taintsOf(cluster)).toEqual([]);
  report(cluster, 'Unknown');
  expect(taintsOf(cluster)).toEqual([
    'node.kubernetes.io/unreachable:NoSchedule',
    'node.kubernetes.io/unreachable:NoExecute',
  ]);
  const ready = () => (cluster.pod('p') as Pod).status?.conditions?.find((c) => c.type === 'Ready')?.status;
  expect(ready()).toBe('False');
  expect(cluster.events('arya')).toContain('Normal NodeNotReady Node arya status is now: NodeNotReady');
  cluster.clock.advance(299_000);
  expect(cluster.pods()).toHaveLength(1);
  cluster.clock.advance(3_000);
  expect(cluster.pods()).toHaveLength(0);
});

test('a node that comes back loses them, and its pods are ready again', () => {
  const cluster = running();
  report(cluster, 'Unknown');
  report(cluster, 'True');
  cluster.clock.settle();
  expect(taintsOf(cluster)).toEqual([]);
  const ready = cluster.pod('p').status?.conditions?.find((c) => c.type === 'Ready');
  expect(ready?.status).toBe('True');
  cluster.clock.advance(600_000);
  expect(cluster.pods()).toHaveLength(1);
});

test('a cordon is a taint too, beside those of others, and goes with it', () => {
  const cluster = running();
  taint(cluster, [{ key: 'disco', value: 'ssd', effect: 'PreferNoSchedule' }]);
  const cordon = (unschedulable: boolean) => {
    cluster.registry.edit('nodes', undefined, 'arya', (copy) => {
      copy.spec = { ...(copy.spec as object), unschedulable };
    });
    cluster.clock.settle();
  };
  cordon(true);
  expect(taintsOf(cluster)).toEqual(['disco:PreferNoSchedule', 'node.kubernetes.io/unschedulable:NoSchedule']);
  expect(cluster.events('arya')).toContain('Normal NodeNotSchedulable Node arya status is now: NodeNotSchedulable');
  cordon(false);
  expect(taintsOf(cluster)).toEqual(['disco:PreferNoSchedule']);
});

function budget(spec: object): KubeObject {
  return {
    apiVersion: 'policy/v1',
    kind: 'PodDisruptionBudget',
    metadata: { name: 'b', namespace: 'default' },
    spec: { selector: { matchLabels: { app: 'w' } }, ...spec },
  };
}

test.each([
  [{ minAvailable: 2 }, { disruptionsAllowed: 1, currentHealthy: 3, desiredHealthy: 2, expectedPods: 3 }],
  [{ minAvailable: '50%' }, { disruptionsAllowed: 1, currentHealthy: 3, desiredHealthy: 2, expectedPods: 3 }],
  [{ maxUnavailable: 1 }, { disruptionsAllowed: 1, currentHealthy: 3, desiredHealthy: 2, expectedPods: 3 }],
  [{ maxUnavailable: '100%' }, { disruptionsAllowed: 3, currentHealthy: 3, desiredHealthy: 0, expectedPods: 3 }],
  [{ minAvailable: 3 }, { disruptionsAllowed: 0, currentHealthy: 3, desiredHealthy: 3, expectedPods: 3 }],
])('a budget of %j over three healthy pods', (spec, expected) => {
  const cluster = createTestCluster();
  cluster.start();
  cluster.registry.create('apps/deployments', deploymentNamed('w', { replicas: 3 }));
  cluster.registry.create('policy/poddisruptionbudgets', budget(spec));
  cluster.clock.advance(200);
  const stored = cluster.registry.get('policy/poddisruptionbudgets', 'default', 'b');
  const enough = expected.disruptionsAllowed > 0;
  expect(stored?.status).toMatchObject({
    ...expected,
    conditions: [
      {
        type: 'DisruptionAllowed',
        status: enough ? 'True' : 'False',
        reason: enough ? 'SufficientPods' : 'InsufficientPods',
      },
    ],
  });
});

test('a pod whose eviction was allowed counts as gone until it is', () => {
  const cluster = createTestCluster();
  cluster.start();
  cluster.registry.create('apps/deployments', deploymentNamed('w', { replicas: 3 }));
  cluster.registry.create('policy/poddisruptionbudgets', budget({ minAvailable: 2 }));
  cluster.clock.advance(200);
  const name = cluster.pods()[0]?.metadata.name ?? '';
  const allowed = () =>
    (cluster.registry.get('policy/poddisruptionbudgets', 'default', 'b') as KubeObject<unknown, BudgetStatus>).status
      ?.disruptionsAllowed;
  const write = (copy: KubeObject) => {
    copy.status = {
      ...(copy.status as object),
      disruptionsAllowed: 0,
      disruptedPods: { [name]: '2026-03-01T10:00:00Z' },
    };
  };
  cluster.registry.edit('policy/poddisruptionbudgets', 'default', 'b', write, { subresource: 'status' });
  cluster.clock.advance(1_000);
  expect(allowed()).toBe(0);
  cluster.clock.advance(180_000);
  expect(allowed()).toBe(1);
});
