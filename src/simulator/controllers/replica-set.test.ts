import { expect, test } from 'vitest';
import { createTestCluster, podNamed } from '../nodes/fixtures/test-cluster.ts';
import type { ReplicaSet } from './kinds.ts';

function replicaSet(replicas: number): ReplicaSet {
  const labels = { app: 'web' };
  return {
    apiVersion: 'apps/v1',
    kind: 'ReplicaSet',
    metadata: { name: 'web', namespace: 'default' },
    spec: {
      replicas,
      selector: { matchLabels: labels },
      template: { metadata: { labels }, spec: { containers: [{ name: 'app', image: 'app:1' }] } },
    },
  };
}

test('orphans that it selects are adopted before pods are made', () => {
  const cluster = createTestCluster();
  cluster.start();
  const pod = podNamed('alone');
  cluster.registry.create('pods', { ...pod, metadata: { ...pod.metadata, labels: { app: 'web' } } });
  cluster.registry.create('apps/replicasets', replicaSet(2));
  cluster.clock.advance(100);
  expect(cluster.pods()).toHaveLength(2);
  expect(cluster.pod('alone').metadata.ownerReferences).toMatchObject([{ kind: 'ReplicaSet', name: 'web' }]);
});

test('a pod whose label is taken away is released and replaced', () => {
  const cluster = createTestCluster();
  cluster.start();
  cluster.registry.create('apps/replicasets', replicaSet(1));
  cluster.clock.advance(100);
  const name = cluster.pods()[0]?.metadata.name ?? '';
  cluster.registry.edit('pods', 'default', name, (copy) => {
    copy.metadata.labels = { app: 'debug' };
  });
  cluster.clock.advance(100);
  expect(cluster.pod(name).metadata.ownerReferences).toBeUndefined();
  expect(cluster.pods().filter((p) => p.metadata.labels?.app === 'web')).toHaveLength(1);
});

test('scaling down takes pods that are not ready first, then the youngest of the node with most siblings', () => {
  const cluster = createTestCluster();
  cluster.start();
  cluster.registry.create('apps/replicasets', replicaSet(1));
  cluster.clock.advance(5_000);
  const oldest = cluster.pods()[0]?.metadata.name ?? '';
  const resize = (replicas: number) =>
    cluster.registry.edit('apps/replicasets', 'default', 'web', (copy) => {
      const { spec } = copy as ReplicaSet;
      if (spec) spec.replicas = replicas;
    });
  resize(3);
  cluster.clock.advance(5_000);
  cluster.models.delete('app');
  resize(4);
  cluster.clock.advance(1_000);
  expect(cluster.events('web').filter((e) => e.includes('SuccessfulCreate'))).toHaveLength(4);
  resize(3);
  cluster.clock.advance(1_000);
  expect(cluster.pods().every((p) => p.status?.phase === 'Running')).toBe(true);
  const second = cluster.pods().filter((p) => p.spec?.nodeName !== cluster.pod(oldest).spec?.nodeName);
  resize(2);
  cluster.clock.advance(1_000);
  expect(cluster.pods().map((p) => p.metadata.name)).toEqual([oldest, second[0]?.metadata.name]);
});

test('minReadySeconds keeps a ready pod from counting as available', () => {
  const cluster = createTestCluster();
  cluster.start();
  const set = replicaSet(1);
  cluster.registry.create('apps/replicasets', { ...set, spec: { ...set.spec, minReadySeconds: 10 } });
  const counts = () => {
    const { readyReplicas, availableReplicas } =
      (cluster.registry.get('apps/replicasets', 'default', 'web') as ReplicaSet).status ?? {};
    return [readyReplicas, availableReplicas];
  };
  cluster.clock.advance(9_000);
  expect(counts()).toEqual([1, undefined]);
  cluster.clock.advance(2_000);
  expect(counts()).toEqual([1, 1]);
});

test('a selector that does not select its own template makes no pods', () => {
  const cluster = createTestCluster();
  cluster.start();
  const set = replicaSet(1);
  cluster.registry.create('apps/replicasets', {
    ...set,
    spec: { ...set.spec, selector: { matchLabels: { app: 'x' } } },
  });
  cluster.clock.advance(1_000);
  expect(cluster.pods()).toEqual([]);
});
