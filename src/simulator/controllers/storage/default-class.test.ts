import { expect, test } from 'vitest';
import type { KubeObject } from '../../../mesh/objects.ts';
import { chooseClass } from './default-class.ts';

const storageClass = (name: string, isDefault: boolean, creationTimestamp: string): KubeObject => ({
  apiVersion: 'storage.k8s.io/v1',
  kind: 'StorageClass',
  metadata: {
    name,
    creationTimestamp,
    annotations: { 'storageclass.kubernetes.io/is-default-class': String(isDefault) },
  },
});

const chosen = (spec: object, classes: KubeObject[]) => {
  const claim: KubeObject = { apiVersion: 'v1', kind: 'PersistentVolumeClaim', metadata: { name: 'c' }, spec };
  chooseClass(claim, classes);
  return (claim.spec as { storageClassName?: string }).storageClassName;
};

const classes = [
  storageClass('old', true, '2026-01-01T00:00:00Z'),
  storageClass('new', true, '2026-01-02T00:00:00Z'),
  storageClass('newest', false, '2026-01-03T00:00:00Z'),
];

test('a claim that names no class gets the newest default, and one that names one, even none, keeps it', () => {
  expect(chosen({}, classes)).toBe('new');
  expect(chosen({ storageClassName: 'old' }, classes)).toBe('old');
  expect(chosen({ storageClassName: '' }, classes)).toBe('');
  expect(chosen({}, classes.slice(2))).toBeUndefined();
});
