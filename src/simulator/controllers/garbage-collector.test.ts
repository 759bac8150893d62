import { expect, test } from 'vitest';
import type { KubeObject, OwnerReference } from '../../mesh/objects.ts';
import type { DeleteOptions } from '../contract.ts';
import { createTestCluster, deploymentNamed, namespaceNamed, podNamed } from '../nodes/fixtures/test-cluster.ts';

function setUp() {
  const cluster = createTestCluster();
  cluster.start();
  cluster.registry.create('apps/deployments', deploymentNamed('web', { replicas: 2 }));
  cluster.clock.advance(100);
  const remove = (propagationPolicy: DeleteOptions['propagationPolicy']) =>
    cluster.registry.remove('apps/deployments', 'default', 'web', propagationPolicy ? { propagationPolicy } : {});
  const counts = () =>
    ['apps/deployments', 'apps/replicasets', 'pods'].map((r) => cluster.registry.list(r, 'default').length);
  return { ...cluster, remove, counts };
}

test('a deleted Deployment takes its ReplicaSets and pods along in the background', () => {
  const { remove, counts, clock } = setUp();
  remove('Background');
  expect(counts()).toEqual([0, 1, 2]);
  clock.advance(100);
  expect(counts()).toEqual([0, 0, 0]);
});

test('in the foreground the Deployment stays until its pods are gone', () => {
  const { remove, counts, clock, registry } = setUp();
  const order: string[] = [];
  registry.watch('*', ({ type, resource }) => {
    if (type === 'DELETED' && resource !== 'events') order.push(resource);
  });
  remove('Foreground');
  clock.settle();
  expect(counts()[0]).toBe(1);
  clock.advance(200);
  expect(counts()).toEqual([0, 0, 0]);
  expect(order).toEqual(['pods', 'pods', 'apps/replicasets', 'apps/deployments']);
});

test('orphaned ReplicaSets stay without an owner, and a new Deployment adopts them', () => {
  const { remove, counts, clock, registry } = setUp();
  const [set] = registry.list('apps/replicasets', 'default');
  remove('Orphan');
  clock.advance(100);
  expect(counts()).toEqual([0, 1, 2]);
  expect(registry.list('apps/replicasets', 'default')[0]?.metadata.ownerReferences).toBeUndefined();
  registry.create('apps/deployments', deploymentNamed('web', { replicas: 2 }));
  clock.advance(100);
  expect(counts()).toEqual([1, 1, 2]);
  expect(registry.list('apps/replicasets', 'default')[0]?.metadata.uid).toBe(set?.metadata.uid);
});

test('an object whose owners never were is deleted; with one living owner it stays and forgets the dead', () => {
  const { clock, registry } = setUp();
  const owner = registry.create('configmaps', {
    apiVersion: 'v1',
    kind: 'ConfigMap',
    metadata: { name: 'o', namespace: 'default' },
  });
  const reference = (name: string, uid = 'gone') => ({ apiVersion: 'v1', kind: 'ConfigMap', name, uid });
  const dependent = (name: string, ownerReferences: ReturnType<typeof reference>[]) =>
    registry.create('configmaps', {
      apiVersion: 'v1',
      kind: 'ConfigMap',
      metadata: { name, namespace: 'default', ownerReferences },
    });
  dependent('lost', [reference('x')]);
  dependent('kept', [reference('x'), reference('o', owner.metadata.uid)]);
  clock.advance(10);
  expect(registry.get('configmaps', 'default', 'lost')).toBeUndefined();
  expect(registry.get('configmaps', 'default', 'kept')?.metadata.ownerReferences).toEqual([
    reference('o', owner.metadata.uid),
  ]);
});

test('what has another owner survives a deletion in the foreground, and forgets the one that goes', () => {
  const { clock, registry } = setUp();
  const map = (name: string, ownerReferences?: OwnerReference[]) =>
    registry.create('configmaps', {
      apiVersion: 'v1',
      kind: 'ConfigMap',
      metadata: { name, namespace: 'default', ...(ownerReferences && { ownerReferences }) },
    });
  const owned = (owner: KubeObject): OwnerReference => ({
    apiVersion: 'v1',
    kind: 'ConfigMap',
    name: owner.metadata.name,
    uid: owner.metadata.uid ?? '',
    blockOwnerDeletion: true,
  });
  const [going, staying] = [map('going'), map('staying')];
  map('of-one', [owned(going)]);
  map('of-both', [owned(going), owned(staying)]);
  clock.advance(10);
  registry.remove('configmaps', 'default', 'going', { propagationPolicy: 'Foreground' });
  clock.advance(100);
  expect(registry.list('configmaps', 'default').map((o) => o.metadata.name)).toEqual([
    'kube-root-ca.crt',
    'of-both',
    'staying',
  ]);
  expect(registry.get('configmaps', 'default', 'of-both')?.metadata.ownerReferences).toEqual([owned(staying)]);
  expect(registry.get('configmaps', 'default', 'of-both')?.metadata.deletionTimestamp).toBeUndefined();
});

test('objects that own each other in a circle go all the same', () => {
  const { clock, registry } = setUp();
  const names = ['a', 'b', 'c'];
  const uids = names.map(
    (name) =>
      registry.create('configmaps', { apiVersion: 'v1', kind: 'ConfigMap', metadata: { name, namespace: 'default' } })
        .metadata.uid ?? '',
  );
  for (const [i, name] of names.entries()) {
    const owner = (i + 2) % 3;
    registry.edit('configmaps', 'default', name, (copy) => {
      copy.metadata.ownerReferences = [
        {
          apiVersion: 'v1',
          kind: 'ConfigMap',
          name: names[owner] ?? '',
          uid: uids[owner] ?? '',
          blockOwnerDeletion: true,
        },
      ];
    });
  }
  clock.advance(10);
  registry.remove('configmaps', 'default', 'a', { propagationPolicy: 'Foreground' });
  clock.advance(1_000);
  expect(registry.list('configmaps', 'default').map((o) => o.metadata.name)).toEqual(['kube-root-ca.crt']);
});

test('the pods of a namespace go before anything else in it', () => {
  const { clock, registry } = setUp();
  registry.create('namespaces', namespaceNamed('lab'));
  clock.advance(10);
  const pod = podNamed('web');
  registry.create('pods', {
    ...pod,
    metadata: { ...pod.metadata, namespace: 'lab', finalizers: ['example.com/hold'] },
  });
  clock.advance(10);
  registry.remove('namespaces', undefined, 'lab');
  clock.advance(60_000);
  expect(registry.get('pods', 'lab', 'web')?.metadata.deletionTimestamp).toBeDefined();
  expect(registry.get('configmaps', 'lab', 'kube-root-ca.crt')).toBeDefined();
  expect(registry.get('namespaces', undefined, 'lab')?.status).toMatchObject({
    conditions: expect.arrayContaining([expect.objectContaining({ type: 'NamespaceDeletionContentFailure' })]),
  });
  registry.edit('pods', 'lab', 'web', (copy) => {
    copy.metadata.finalizers = [];
  });
  clock.advance(100);
  expect(registry.get('namespaces', undefined, 'lab')).toBeUndefined();
});

test('a deleted namespace goes with all it holds, and what has a finalizer holds it up', () => {
  const { clock, registry } = setUp();
  registry.create('namespaces', namespaceNamed('lab'));
  clock.advance(10);
  const metadata = { name: 'held', namespace: 'lab', finalizers: ['example.com/hold'] };
  registry.create('example.com/things', { apiVersion: 'example.com/v1', kind: 'Thing', metadata });
  const pod = podNamed('web');
  registry.create('pods', { ...pod, metadata: { ...pod.metadata, namespace: 'lab' } });
  clock.advance(10);
  registry.remove('namespaces', undefined, 'lab');
  clock.advance(1_000);
  expect(registry.list('pods', 'lab')).toEqual([]);
  expect(registry.list('serviceaccounts', 'lab')).toEqual([]);
  const status = registry.get('namespaces', undefined, 'lab')?.status as {
    conditions: { type: string; message: string }[];
  };
  expect(status.conditions.find((c) => c.type === 'NamespaceContentRemaining')?.message).toBe(
    'Some resources are remaining: things.example.com has 1 resource instances',
  );
  expect(status.conditions.find((c) => c.type === 'NamespaceFinalizersRemaining')?.message).toBe(
    'Some content in the namespace has finalizers remaining: example.com/hold in 1 resource instances',
  );
  registry.edit('example.com/things', 'lab', 'held', (copy) => {
    copy.metadata.finalizers = [];
  });
  clock.advance(10);
  expect(registry.get('namespaces', undefined, 'lab')).toBeUndefined();
});

test('each namespace gets a ServiceAccount and the CA certificate, again when they are taken away', () => {
  const { clock, registry } = setUp();
  registry.create('namespaces', namespaceNamed('lab'));
  clock.advance(10);
  const content = () => [
    registry.get('serviceaccounts', 'lab', 'default')?.kind,
    registry.get('configmaps', 'lab', 'kube-root-ca.crt')?.data,
  ];
  expect(content()).toEqual(['ServiceAccount', { 'ca.crt': 'certificate' }]);
  registry.remove('serviceaccounts', 'lab', 'default');
  registry.remove('configmaps', 'lab', 'kube-root-ca.crt');
  clock.advance(10);
  expect(content()).toEqual(['ServiceAccount', { 'ca.crt': 'certificate' }]);
});

test('events older than an hour are forgotten when new ones come', () => {
  const { clock, registry } = setUp();
  expect(registry.list('events').length).toBeGreaterThan(5);
  clock.advance(3_700_000);
  registry.create('pods', podNamed('late'));
  clock.advance(10);
  const about = registry.list('events').map((e) => (e.involvedObject as { name: string }).name);
  expect(new Set(about)).toEqual(new Set(['late']));
});
