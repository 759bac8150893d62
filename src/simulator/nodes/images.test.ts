import { expect, test } from 'vitest';
import { defaultPullPolicy, fullImageName, imageId, notFoundError } from './images.ts';

test('names are completed as containerd does', () => {
  expect(fullImageName('nginx')).toBe('docker.io/library/nginx:latest');
  expect(fullImageName('istio/proxyv2:1.30.3')).toBe('docker.io/istio/proxyv2:1.30.3');
  expect(fullImageName('registry.k8s.io/pause:3.10')).toBe('registry.k8s.io/pause:3.10');
  expect(fullImageName('localhost:5000/a')).toBe('localhost:5000/a:latest');
  expect(fullImageName('a@sha256:0')).toBe('docker.io/library/a@sha256:0');
});

test('only latest is always pulled', () => {
  expect([defaultPullPolicy('nginx'), defaultPullPolicy('nginx:1')]).toEqual(['Always', 'IfNotPresent']);
});

test('an image has one id, whatever way it is named', () => {
  expect(imageId('nginx')).toBe(imageId('docker.io/library/nginx:latest'));
  expect(imageId('nginx')).toMatch(/^sha256:[0-9a-f]{64}$/);
});

test('an unknown image is not found', () => {
  expect(notFoundError('nada')).toMatch(/docker\.io\/library\/nada:latest: not found$/);
});
