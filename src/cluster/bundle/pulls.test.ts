import { expect, test } from 'vitest';
import type { KubeObject } from '../../mesh/objects.ts';
import { judgePulls } from './pulls.ts';

const pod = (name: string, containers = 1, namespace = 'default'): KubeObject => ({
  apiVersion: 'v1',
  kind: 'Pod',
  metadata: { name, namespace, uid: name },
  spec: { containers: Array.from({ length: containers }, () => ({})), initContainers: [] },
});

const event = (uid: string, reason: string, message: string): KubeObject => ({
  apiVersion: 'v1',
  kind: 'Event',
  metadata: { name: `${uid}.${reason}` },
  involvedObject: { kind: 'Pod', uid },
  reason,
  message,
});

const present = (uid: string) => event(uid, 'Pulled', 'Container image "nginx:1.28" already present on machine');
const pulling = (uid: string) => event(uid, 'Pulling', 'Pulling image "nginx:1.28"');

test('every container found its image on the node: nothing was pulled', () => {
  const { verdict, pods } = judgePulls([pod('a'), pod('b', 2)], [present('a'), present('b'), present('b')]);
  expect(verdict).toBe('nada descargado');
  expect(pods).toMatchObject([
    { pod: 'a', present: 1, pulled: [] },
    { pod: 'b', present: 2 },
  ]);
});

test('one pull is enough, and its image is named', () => {
  const { verdict, pods } = judgePulls(
    [pod('a'), pod('b')],
    [present('a'), pulling('b'), event('b', 'Pulled', 'Successfully pulled image "nginx:1.28" in 3s')],
  );
  expect(verdict).toBe('hubo descargas');
  expect(pods[1]?.pulled).toEqual(['nginx:1.28']);
});

test('a pull that failed was tried', () => {
  const failed = event('a', 'Failed', 'Failed to pull image "nada:1": not found');
  expect(judgePulls([pod('a')], [failed]).verdict).toBe('hubo descargas');
});

test('a pod whose events are gone proves nothing, nor does an empty cluster', () => {
  expect(judgePulls([pod('a'), pod('b')], [present('a')]).verdict).toBe('no consta');
  expect(judgePulls([], []).verdict).toBe('no consta');
});

test('events of a pod that is gone, and pods of the system, do not count', () => {
  const { verdict, pods } = judgePulls([pod('a'), pod('coredns', 1, 'kube-system')], [present('a'), pulling('otro')]);
  expect(verdict).toBe('nada descargado');
  expect(pods).toHaveLength(1);
});
