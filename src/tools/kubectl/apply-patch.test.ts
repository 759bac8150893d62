import { expect, test } from 'vitest';
import type { KubeObject } from '../../mesh/objects.ts';
import { applyPatch, lastApplied, withLastApplied } from './apply-patch.ts';

const object = (rest: Record<string, unknown>): KubeObject => ({
  apiVersion: 'apps/v1',
  kind: 'Deployment',
  metadata: { name: 'd' },
  ...rest,
});
const container = (name: string, image: string, more = {}) => ({ name, image, ...more });
const spec = (...containers: object[]) => ({ spec: { template: { spec: { containers } } } });

test('what the cluster filled in is left alone', () => {
  const file = object(spec(container('a', 'x:1')));
  const stored = object({
    ...spec(container('a', 'x:1', { imagePullPolicy: 'IfNotPresent' })),
    status: { replicas: 1 },
  });
  expect(applyPatch(file, file, stored, true)).toBeUndefined();
});

test('a changed field of a container is patched by its name', () => {
  const before = object(spec(container('a', 'x:1'), container('b', 'y:1')));
  const after = object(spec(container('a', 'x:2'), container('b', 'y:1')));
  expect(applyPatch(before, after, before, true)).toEqual(spec({ name: 'a', image: 'x:2' }));
});

test('a container that left the file is deleted, and one that somebody else added stays', () => {
  const before = object(spec(container('a', 'x'), container('b', 'y')));
  const stored = object(spec(container('a', 'x'), container('b', 'y'), container('other', 'z')));
  const after = object(spec(container('a', 'x')));
  expect(applyPatch(before, after, stored, true)).toEqual(spec({ $patch: 'delete', name: 'b' }));
});

test('a field that left the file goes only if the file had brought it', () => {
  const before = object({ spec: { replicas: 3 } });
  const stored = object({ spec: { replicas: 3, paused: true } });
  expect(applyPatch(before, object({ spec: {} }), stored, true)).toEqual({ spec: { replicas: null } });
  expect(applyPatch(undefined, object({ spec: {} }), stored, true)).toBeUndefined();
});

test('in custom resources lists are replaced whole', () => {
  const stored = object({ spec: { http: [{ name: 'a', timeout: '1s' }] } });
  const file = object({ spec: { http: [{ name: 'a' }] } });
  expect(applyPatch(stored, file, stored, false)).toEqual({ spec: { http: [{ name: 'a' }] } });
});

test('the same quantity in other words is no change', () => {
  const limits = (cpu: unknown) => object({ spec: { resources: { limits: { cpu } } } });
  expect(applyPatch(limits(0.5), limits(0.5), limits('500m'), true)).toBeUndefined();
});

test('the annotation says what was applied, without itself', () => {
  const applied = withLastApplied(withLastApplied(object({ spec: { replicas: 1 } })));
  expect(lastApplied(applied)).toEqual({
    ...object({ spec: { replicas: 1 } }),
    metadata: { name: 'd', annotations: {} },
  });
});
