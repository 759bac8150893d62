// Containers whose program is a command, from the kubelet to the log.
import { expect, test, vi } from 'vitest';
import type { RunningContainer } from '../contract.ts';
import { createTestCluster, podNamed } from '../nodes/fixtures/test-cluster.ts';
import { createLogBook } from '../telemetry/log-book.ts';
import { idle, shell } from '../workloads/idle.ts';
import { createContainers } from './containers.ts';
import { createByteQueue } from './queue.ts';

function setUp() {
  const cluster = createTestCluster();
  const logs = createLogBook(cluster.clock);
  const containers = createContainers({ logs, network: cluster.network });
  const models = containers.watched((image) => ({ busybox: shell, curl: idle })[image.split(':')[0] ?? '']);
  for (const image of ['busybox', 'curl']) {
    const model = models(image);
    if (model)
      cluster.models.set(image, (context) =>
        model({ ...context, log: (line) => logs.append(context.pod.metadata.uid ?? '', context.containerName, line) }),
      );
  }
  const { attach } = cluster.network;
  // Before the network that tests have, stands the one that runs commands.
  let direct = false;
  cluster.network.attach = (pod, running: Map<string, RunningContainer>) => {
    if (direct) return attach(pod, running);
    direct = true;
    containers.network.attach(pod, running);
    direct = false;
  };
  cluster.start();
  const run = (name: string, command: string[], spec: object = { restartPolicy: 'Never' }) => {
    cluster.registry.create('pods', podNamed(name, { image: 'busybox:1.36', command }, spec));
    cluster.clock.advance(100);
  };
  const phase = (name: string) => {
    cluster.clock.advance(10);
    return cluster.pod(name).status?.phase;
  };
  const log = (name: string) => logs.read(cluster.pod(name).metadata.uid ?? '', 'app').map(({ text }) => text);
  return { ...cluster, containers, run, phase, log };
}

test('what a command writes is the log, and its exit code is how the pod ends', async () => {
  const { run, phase, log, pod } = setUp();
  run('bien', ['sh', '-c', 'for i in 1 2; do echo "vuelta $i"; done; echo fin >&2']);
  await vi.waitFor(() => expect(phase('bien')).toBe('Succeeded'), 20_000);
  expect(log('bien')).toEqual(['vuelta 1', 'vuelta 2', 'fin']);
  run('mal', ['sh', '-c', 'exit 3']);
  await vi.waitFor(() => expect(phase('mal')).toBe('Failed'), 20_000);
  expect(pod('mal').status?.containerStatuses?.[0]?.state.terminated).toMatchObject({ exitCode: 3, reason: 'Error' });
});

test('an init container with a command holds the others back until it has ended', async () => {
  const { registry, clock, pod, phase } = setUp();
  const init = { name: 'antes', image: 'busybox:1.36', command: ['sh', '-c', 'echo listo'] };
  registry.create('pods', podNamed('p', {}, { initContainers: [init] }));
  clock.settle();
  expect(pod('p').status?.phase).toBe('Pending');
  await vi.waitFor(() => expect(phase('p')).toBe('Running'), 20_000);
});

test('a command that never ends is ended with its pod', async () => {
  const { run, phase, registry, clock, pods } = setUp();
  run('bucle', ['sh', '-c', 'while true; do :; done']);
  expect(phase('bucle')).toBe('Running');
  registry.remove('pods', 'default', 'bucle', { gracePeriodSeconds: 0 });
  clock.advance(1_000);
  expect(pods()).toEqual([]);
});

test('a program that the image does not have is told in the log, and the container fails', async () => {
  const { run, phase, log } = setUp();
  run('p', ['no-existe']);
  await vi.waitFor(() => expect(phase('p')).toBe('Failed'), 20_000);
  expect(log('p')[0]).toContain('executable file not found in $PATH');
});

test('a shell that is kept open for somebody to attach stays', async () => {
  const { registry, clock, phase } = setUp();
  registry.create('pods', podNamed('p', { image: 'busybox:1.36', args: ['sh'], stdin: true, tty: true }));
  clock.advance(100);
  await new Promise((resolve) => setImmediate(resolve));
  expect(phase('p')).toBe('Running');
});

test('who attaches to such a shell talks to it, and its end is the end of the container', async () => {
  const { registry, clock, containers, pod, phase } = setUp();
  registry.create('pods', podNamed('p', { image: 'busybox:1.36', stdin: true }, { restartPolicy: 'Never' }));
  clock.advance(100);
  expect(phase('p')).toBe('Running');
  const written: string[] = [];
  const stdin = createByteQueue();
  stdin.push(Buffer.from('echo dentro de $(hostname)\nexit 4\n'));
  stdin.end();
  const code = await containers.attach(pod('p'), 'app', {
    interactive: true,
    tty: false,
    stdin,
    stdout: (chunk) => void written.push(Buffer.from(chunk).toString()),
    stderr: () => {},
    drained: async () => {},
    signal: new AbortController().signal,
  });
  expect([code, written.join('')]).toEqual([0, 'dentro de p\n']);
  await vi.waitFor(() => expect(phase('p')).toBe('Failed'), 20_000);
  expect(pod('p').status?.containerStatuses?.[0]?.state.terminated?.exitCode).toBe(4);
});
