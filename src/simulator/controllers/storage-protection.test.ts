import { expect, test } from 'vitest';
import type { KubeObject } from '../../mesh/objects.ts';
import { createTestCluster, podNamed } from '../nodes/fixtures/test-cluster.ts';
import { startStorageProtection } from './storage-protection.ts';

const CLAIMS = 'persistentvolumeclaims';

test('a claim that a pod uses goes with the pod; one that nobody uses, at once', () => {
  const { registry, clock } = createTestCluster();
  const stop = startStorageProtection(registry, clock);
  const finalizers = ['kubernetes.io/pvc-protection'];
  for (const name of ['used', 'free'])
    registry.create(CLAIMS, {
      apiVersion: 'v1',
      kind: 'PersistentVolumeClaim',
      metadata: { name, namespace: 'default', finalizers },
    });
  const pod = podNamed('p');
  const volumes = [{ name: 'v', persistentVolumeClaim: { claimName: 'used' } }];
  registry.create('pods', { ...pod, spec: { ...(pod.spec as object), volumes } });
  for (const name of ['used', 'free']) registry.remove(CLAIMS, 'default', name);
  clock.settle();
  expect(registry.get(CLAIMS, 'default', 'free')).toBeUndefined();
  expect(registry.get(CLAIMS, 'default', 'used')?.metadata.deletionTimestamp).toBeDefined();
  const finish = (copy: KubeObject): void => {
    copy.status = { phase: 'Succeeded' };
  };
  registry.edit('pods', 'default', 'p', finish, { subresource: 'status' });
  clock.settle();
  expect(registry.get(CLAIMS, 'default', 'used')).toBeUndefined();
  stop();
});
