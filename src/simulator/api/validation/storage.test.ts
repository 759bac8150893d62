import { expect, test } from 'vitest';
import type { KubeObject } from '../../../mesh/objects.ts';
import { validateObject } from './validate-object.ts';

const said = (resource: string, kind: string, spec: object, before?: object, status?: object) => {
  const made = (given: object): KubeObject => ({
    apiVersion: 'v1',
    kind,
    metadata: { name: 'x', namespace: 'default', uid: 'u' },
    spec: given,
    ...(status && { status }),
  });
  const causes = validateObject(made(spec), before && made(before), resource);
  return causes.map(({ field, message }) => `${field}: ${message}`);
};

const volume = { accessModes: ['ReadWriteOnce'], capacity: { storage: '1Gi' }, hostPath: { path: '/mnt' } };
const claim = { accessModes: ['ReadWriteOnce'], resources: { requests: { storage: '2Gi' } } };

test('a volume has modes, a size and a place', () => {
  expect(said('persistentvolumes', 'PersistentVolume', volume)).toEqual([]);
  expect(said('persistentvolumes', 'PersistentVolume', {})).toEqual([
    'spec.accessModes: Required value',
    'spec.capacity: Required value',
    'spec.capacity: Unsupported value: null: supported values: "storage"',
    'spec: Required value: must specify a volume type',
  ]);
  expect(
    said('persistentvolumes', 'PersistentVolume', {
      ...volume,
      accessModes: ['ReadWriteOncePod', 'ReadWriteMany', 'Any'],
      capacity: { storage: '0' },
      persistentVolumeReclaimPolicy: 'Burn',
      local: { path: '/mnt' },
    }),
  ).toEqual([
    'spec.accessModes: Unsupported value: "Any": supported values: "ReadOnlyMany", "ReadWriteMany", "ReadWriteOnce", "ReadWriteOncePod"',
    'spec.accessModes: Forbidden: may not use ReadWriteOncePod with other access modes',
    'spec.capacity[storage]: Invalid value: "0": must be greater than zero',
    'spec.persistentVolumeReclaimPolicy: Unsupported value: "Burn": supported values: "Delete", "Recycle", "Retain"',
    'spec.local: Forbidden: may not specify more than 1 volume type',
    'spec.nodeAffinity: Required value: Local volume requires node affinity',
  ]);
});

test('where a volume lies cannot be changed, what it is for can', () => {
  const moved = { ...volume, hostPath: { path: '/other' } };
  expect(said('persistentvolumes', 'PersistentVolume', moved, volume)).toEqual([
    'spec.persistentvolumesource: Forbidden: spec.persistentvolumesource is immutable after creation',
  ]);
  const kept = { ...volume, persistentVolumeReclaimPolicy: 'Retain', claimRef: { name: 'c' } };
  expect(said('persistentvolumes', 'PersistentVolume', kept, volume)).toEqual([]);
});

test('a bound claim may ask for more, not for less than it has; one without a class may get one', () => {
  const bound = { phase: 'Bound', capacity: { storage: '2Gi' } };
  const asking = (storage: string) => ({ ...claim, resources: { requests: { storage } } });
  const update = (after: object, status: object) =>
    said('persistentvolumeclaims', 'PersistentVolumeClaim', after, claim, status);
  expect(update(asking('5Gi'), bound)).toEqual([]);
  expect(update(asking('1Gi'), bound)).toEqual([
    'spec.resources.requests.storage: Forbidden: field can not be less than status.capacity',
  ]);
  expect(update(asking('5Gi'), { phase: 'Pending' })).toHaveLength(1);
  expect(update({ ...claim, storageClassName: 'standard' }, { phase: 'Pending' })).toEqual([]);
});

test('the containers of a StatefulSet may mount its claims, whose templates are looked at', () => {
  const labels = { app: 'x' };
  const set = (claims: object[], mount = 'data') => ({
    podManagementPolicy: 'OrderedReady',
    selector: { matchLabels: labels },
    template: {
      metadata: { labels },
      spec: { containers: [{ name: 'c', image: 'i', volumeMounts: [{ name: mount, mountPath: '/data' }] }] },
    },
    volumeClaimTemplates: claims,
    persistentVolumeClaimRetentionPolicy: { whenDeleted: 'Retain', whenScaled: 'Retain' },
  });
  const problems = (spec: object) =>
    said('apps/statefulsets', 'StatefulSet', spec).filter((text) => /olume/.test(text));
  expect(problems(set([{ metadata: { name: 'data' }, spec: claim }]))).toEqual([]);
  expect(problems(set([{ metadata: { name: 'data' }, spec: claim }], 'other'))).toEqual([
    'spec.template.spec.containers[0].volumeMounts[0].name: Not found: "other"',
  ]);
  expect(problems(set([{ metadata: { name: 'data' }, spec: {} }]))).toEqual([
    'spec.volumeClaimTemplates[0].spec.accessModes: Required value: at least 1 access mode is required',
    'spec.volumeClaimTemplates[0].spec.resources[storage]: Required value',
  ]);
});
