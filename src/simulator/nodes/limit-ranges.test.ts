import { expect, test } from 'vitest';
import type { KubeObject } from '../../mesh/objects.ts';
import type { Container } from '../controllers/kinds.ts';
import { podNamed } from './fixtures/test-cluster.ts';
import { applyLimitDefaults, checkLimits, type LimitRange } from './limit-ranges.ts';

const range = (...limits: object[]) => [{ spec: { limits } } as unknown as LimitRange];
const withResources = (resources: Container['resources']) => podNamed('p', resources ? { resources } : {});

test('a container without resources gets those of the range, and the pod says so', () => {
  const pod = podNamed('p');
  const item = { type: 'Container', default: { cpu: '500m', memory: '256Mi' }, defaultRequest: { cpu: '100m' } };
  applyLimitDefaults(pod, range(item));
  expect(pod.spec?.containers[0]?.resources).toEqual({
    limits: { cpu: '500m', memory: '256Mi' },
    requests: { cpu: '100m' },
  });
  expect(pod.metadata.annotations).toEqual({
    'kubernetes.io/limit-ranger':
      'LimitRanger plugin set: cpu request for container app; cpu, memory limit for container app',
  });
});

test('what a container says itself stays', () => {
  const pod = withResources({ limits: { cpu: '1' } });
  applyLimitDefaults(pod, range({ type: 'Container', default: { cpu: '500m' }, defaultRequest: { cpu: '100m' } }));
  expect(pod.spec?.containers[0]?.resources).toEqual({ limits: { cpu: '1' } });
  expect(pod.metadata.annotations).toBeUndefined();
});

test.each([
  [{ max: { cpu: '1' } }, { limits: { cpu: '2' } }, 'maximum cpu usage per Container is 1, but limit is 2'],
  [{ max: { cpu: '1' } }, {}, 'maximum cpu usage per Container is 1.  No limit is specified'],
  [
    { min: { memory: '64Mi' } },
    { requests: { memory: '32Mi' } },
    'minimum memory usage per Container is 64Mi, but request is 32Mi',
  ],
  [{ min: { memory: '64Mi' } }, {}, 'minimum memory usage per Container is 64Mi.  No request is specified'],
  [
    { maxLimitRequestRatio: { cpu: '2' } },
    { limits: { cpu: '1' }, requests: { cpu: '100m' } },
    'cpu max limit to request ratio per Container is 2, but provided ratio is 10.000000',
  ],
])('a range of %j refuses %j', (item, resources, why) => {
  expect(() => checkLimits(withResources(resources), range({ type: 'Container', ...item }))).toThrow(
    `pods "p" is forbidden: ${why}`,
  );
});

test('several faults are told together, and a pod within bounds passes', () => {
  const item = { type: 'Container', max: { cpu: '1', memory: '1Gi' } };
  expect(() => checkLimits(withResources({ limits: { cpu: '2', memory: '2Gi' } }), range(item))).toThrow(
    'pods "p" is forbidden: [maximum cpu usage per Container is 1, but limit is 2, maximum memory usage per Container is 1Gi, but limit is 2Gi]',
  );
  expect(() => checkLimits(withResources({ limits: { cpu: '1', memory: '1Gi' } }), range(item))).not.toThrow();
});

test('bounds of pods hold for their containers together, those of claims for what they ask', () => {
  const pod = podNamed('p', { resources: { limits: { cpu: '600m' } } });
  pod.spec?.containers.push({ name: 'other', image: 'app:1', resources: { limits: { cpu: '600m' } } });
  expect(() => checkLimits(pod, range({ type: 'Pod', max: { cpu: '1' } }))).toThrow(
    'maximum cpu usage per Pod is 1, but limit is 1200m',
  );
  const claim: KubeObject = {
    apiVersion: 'v1',
    kind: 'PersistentVolumeClaim',
    metadata: { name: 'c', namespace: 'default' },
    spec: { resources: { requests: { storage: '5Gi' } } },
  };
  expect(() => checkLimits(claim, range({ type: 'PersistentVolumeClaim', max: { storage: '2Gi' } }))).toThrow(
    'persistentvolumeclaims "c" is forbidden: maximum storage usage per PersistentVolumeClaim is 2Gi, but request is 5Gi',
  );
});
