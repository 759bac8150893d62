import { expect, test } from 'vitest';
import type { KubeObject } from '../../mesh/objects.ts';
import type { Pod } from '../controllers/kinds.ts';
import { createTestCluster, podNamed } from './fixtures/test-cluster.ts';

test('a container to debug with runs beside the others, and its end is nobody else’s', () => {
  const cluster = createTestCluster();
  const ends: ((code: number) => void)[] = [];
  cluster.models.set('debug', ({ exit }) => {
    ends.push((code) => exit?.(code));
    return { ports: {} };
  });
  cluster.start({ controllers: false });
  cluster.registry.create('pods', podNamed('web'));
  cluster.clock.settle();
  cluster.registry.edit('pods', 'default', 'web', (copy: KubeObject) => {
    const { spec } = copy as Pod;
    if (spec) spec.ephemeralContainers = [{ name: 'look', image: 'debug:1' }];
  });
  cluster.clock.settle();
  const debuggers = () => cluster.pod('web').status?.ephemeralContainerStatuses;
  expect(debuggers()).toMatchObject([{ name: 'look', state: { running: {} } }]);
  expect(cluster.pod('web').status).toMatchObject({ phase: 'Running', containerStatuses: [{ ready: true }] });
  ends[0]?.(3);
  cluster.clock.advance(60_000);
  expect(debuggers()).toMatchObject([{ state: { terminated: { exitCode: 3 } }, restartCount: 0 }]);
  expect(cluster.pod('web').status).toMatchObject({ phase: 'Running', containerStatuses: [{ restartCount: 0 }] });
});

test('a program that knows no signals takes the time that its pod was given; who deletes it again may leave it less', () => {
  const cluster = createTestCluster();
  cluster.start({ controllers: false });
  for (const [name, command] of [
    ['deaf', ['sh', '-c', 'sleep 1h']],
    ['quick', ['/bin/server']],
  ] as const)
    cluster.registry.create('pods', podNamed(name, { command: [...command] }));
  cluster.clock.settle();
  const remove = (name: string, seconds: number) =>
    cluster.registry.edit('pods', 'default', name, ({ metadata }) => {
      metadata.deletionTimestamp = '2026-03-01T10:00:00Z';
      metadata.deletionGracePeriodSeconds = seconds;
    });
  const isThere = (name: string) => cluster.registry.get('pods', 'default', name) !== undefined;
  for (const name of ['deaf', 'quick']) remove(name, 60);
  cluster.clock.advance(30_000);
  expect([isThere('deaf'), isThere('quick')]).toEqual([true, false]);
  remove('deaf', 5);
  cluster.clock.advance(4_000);
  expect(isThere('deaf')).toBe(true);
  cluster.clock.advance(2_000);
  expect(isThere('deaf')).toBe(false);
});

test('nobody waits for the usual time', () => {
  const cluster = createTestCluster();
  cluster.start({ controllers: false });
  cluster.registry.create('pods', podNamed('deaf', { command: ['sleep', '3600'] }));
  cluster.clock.settle();
  cluster.registry.edit('pods', 'default', 'deaf', ({ metadata }) => {
    metadata.deletionTimestamp = '2026-03-01T10:00:00Z';
    metadata.deletionGracePeriodSeconds = 30;
  });
  cluster.clock.advance(2_000);
  expect(cluster.registry.get('pods', 'default', 'deaf')).toBeUndefined();
});

test('a command that ends before the kubelet looks is never said to run', () => {
  const cluster = createTestCluster();
  const ends = new Map<string, (code: number) => void>();
  cluster.models.set('command', ({ pod, exit }) => {
    ends.set(pod.metadata.name, (code) => exit?.(code));
    return { ports: {}, main: ['date'] };
  });
  cluster.start({ controllers: false, delays: { notice: 400 } });
  for (const name of ['short', 'long']) {
    cluster.registry.create('pods', podNamed(name, { image: 'command:1' }, { restartPolicy: 'Never' }));
  }
  cluster.clock.advance(300);
  expect([cluster.pod('short').status?.phase, cluster.pod('long').status?.phase]).toEqual(['Pending', 'Pending']);
  ends.get('short')?.(0);
  expect(cluster.pod('short').status?.phase).toBe('Succeeded');
  cluster.clock.advance(200);
  expect(cluster.pod('long').status).toMatchObject({ phase: 'Running', containerStatuses: [{ ready: true }] });
  ends.get('long')?.(2);
  expect(cluster.pod('long').status?.phase).toBe('Failed');
});
