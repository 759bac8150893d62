import { expect, test } from 'vitest';
import type { KubeObject } from '../../../mesh/objects.ts';
import { storageCluster } from './fixtures/storage-cluster.ts';

function stateful(policy: object = {}): KubeObject {
  const labels = { app: 'db' };
  return {
    apiVersion: 'apps/v1',
    kind: 'StatefulSet',
    metadata: { name: 'db', namespace: 'default' },
    spec: {
      replicas: 2,
      serviceName: 'db',
      selector: { matchLabels: labels },
      template: {
        metadata: { labels },
        spec: {
          containers: [{ name: 'app', image: 'app:1', volumeMounts: [{ name: 'data', mountPath: '/data' }] }],
          restartPolicy: 'Always',
        },
      },
      volumeClaimTemplates: [
        {
          metadata: { name: 'data' },
          spec: {
            accessModes: ['ReadWriteOnce'],
            storageClassName: 'standard',
            resources: { requests: { storage: '1Gi' } },
          },
        },
      ],
      persistentVolumeClaimRetentionPolicy: { whenDeleted: 'Retain', whenScaled: 'Retain', ...policy },
    },
  };
}

test('each pod of a StatefulSet has a claim of its own, which outlives it and the set', () => {
  const { storageClass, registry, clock, pod, theClaim, events, drop } = storageCluster();
  storageClass('standard');
  registry.create('apps/statefulsets', stateful());
  clock.settle();
  expect(pod('db-1').spec?.volumes?.[0]).toEqual({ name: 'data', persistentVolumeClaim: { claimName: 'data-db-1' } });
  expect([theClaim('data-db-0'), theClaim('data-db-1')].map((c) => c.status?.phase)).toEqual(['Bound', 'Bound']);
  expect(theClaim('data-db-0').metadata).toMatchObject({ labels: { app: 'db' } });
  expect(events('db').filter((text) => text.includes('Claim'))).toEqual([
    'Normal SuccessfulCreate create Claim data-db-0 Pod db-0 in StatefulSet db success',
    'Normal SuccessfulCreate create Claim data-db-1 Pod db-1 in StatefulSet db success',
  ]);
  const { uid } = theClaim('data-db-0').metadata;
  drop('apps/statefulsets', 'db');
  clock.advance(1_000);
  expect(theClaim('data-db-0').metadata.uid).toBe(uid);
  registry.create('apps/statefulsets', stateful());
  clock.advance(1_000);
  expect(theClaim('data-db-0').metadata.uid).toBe(uid);
  expect(pod('db-0').status?.phase).toBe('Running');
});

test('claims of a StatefulSet go with what its policy says', () => {
  const { storageClass, registry, clock, theClaim, drop } = storageCluster();
  storageClass('standard');
  registry.create('apps/statefulsets', stateful({ whenDeleted: 'Delete', whenScaled: 'Delete' }));
  clock.settle();
  registry.edit('apps/statefulsets', 'default', 'db', (copy) => {
    copy.spec = { ...(copy.spec as object), replicas: 1 };
  });
  clock.advance(1_000);
  expect(theClaim('data-db-1')).toBeUndefined();
  expect(theClaim('data-db-0').status?.phase).toBe('Bound');
  drop('apps/statefulsets', 'db');
  clock.advance(1_000);
  expect(theClaim('data-db-0')).toBeUndefined();
});
