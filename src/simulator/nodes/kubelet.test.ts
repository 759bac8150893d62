import { expect, test } from 'vitest';
import type { Node } from '../controllers/kinds.ts';
import { conditionOf } from '../controllers/pods.ts';
import { createTestCluster, podNamed } from './fixtures/test-cluster.ts';

test('a pod goes from Pending over ContainerCreating to Running and Ready, with the delays of the cluster', () => {
  const cluster = createTestCluster();
  cluster.start({ delays: { schedule: 10, pull: 200, start: 50, ready: 30 }, controllers: false });
  const readinessProbe = { httpGet: { path: '/', port: 8080 } };
  cluster.registry.create('pods', podNamed('web', { readinessProbe }));
  const seen = () => {
    const { phase, containerStatuses } = cluster.pod('web').status ?? {};
    return [phase, Object.values(containerStatuses?.[0]?.state ?? {})[0]?.reason, containerStatuses?.[0]?.ready];
  };
  cluster.clock.advance(9);
  expect(seen()).toEqual(['Pending', undefined, undefined]);
  cluster.clock.advance(2);
  expect(seen()).toEqual(['Pending', 'ContainerCreating', false]);
  cluster.clock.advance(250);
  expect(seen()).toEqual(['Running', undefined, false]);
  cluster.clock.advance(30);
  expect(seen()).toEqual(['Running', undefined, true]);
  expect(cluster.events('web')).toEqual([
    expect.stringMatching(/^Normal Scheduled Successfully assigned default\/web to (arya|sansa)$/),
    'Normal Pulling Pulling image "app:1"',
    expect.stringMatching(
      /^Normal Pulled Successfully pulled image "app:1" in 200ms \(200ms including waiting\)\. Image size: \d+ bytes\.$/,
    ),
    'Normal Created Created container: app',
    'Normal Started Started container app',
  ]);
});

test('a running pod has an address of its node, all conditions true and its programs on the network', () => {
  const cluster = createTestCluster();
  cluster.start({ controllers: false });
  cluster.registry.create('pods', podNamed('web'));
  cluster.clock.settle();
  const { status, metadata, spec } = cluster.pod('web');
  const node = cluster.registry.get('nodes', undefined, spec?.nodeName ?? '') as Node | undefined;
  const subnet = node?.spec?.podCIDR?.replace('0/24', '');
  expect(status).toMatchObject({
    phase: 'Running',
    podIP: `${subnet}2`,
    podIPs: [{ ip: `${subnet}2` }],
    qosClass: 'BestEffort',
  });
  expect(status?.conditions?.map((c) => [c.type, c.status])).toEqual([
    ['PodReadyToStartContainers', 'True'],
    ['Initialized', 'True'],
    ['Ready', 'True'],
    ['ContainersReady', 'True'],
    ['PodScheduled', 'True'],
  ]);
  const entry = cluster.attached.get(metadata.uid ?? '');
  expect(entry?.pod.status?.podIP).toBe(`${subnet}2`);
  expect([...(entry?.programs.keys() ?? [])]).toEqual(['app']);
});

test('without delays a pod is bound, said to run and ready in one status write', () => {
  const cluster = createTestCluster();
  cluster.start({ controllers: false });
  cluster.registry.create('pods', podNamed('web'));
  cluster.clock.settle();
  expect(cluster.registry.writes('pods')).toBe(3);
});

test('init containers run in order and end; a sidecar starts before the containers and stays', () => {
  const cluster = createTestCluster();
  const order: string[] = [];
  cluster.models.set('init', ({ containerName }) => {
    order.push(containerName);
    return { ports: {} };
  });
  cluster.start({ delays: { start: 10 }, controllers: false });
  const probe = { httpGet: { path: '/healthz/ready', port: 15021 }, periodSeconds: 1 };
  const initContainers = [
    { name: 'istio-init', image: 'init:1' },
    { name: 'istio-proxy', image: 'sidecar:1', restartPolicy: 'Always', startupProbe: probe, readinessProbe: probe },
  ];
  cluster.registry.create('pods', podNamed('web', {}, { initContainers }));
  cluster.clock.settle();
  const before = cluster.pod('web').status;
  expect(before?.phase).toBe('Pending');
  expect(before?.containerStatuses?.[0]?.state.waiting?.reason).toBe('PodInitializing');
  expect(conditionOf(before?.conditions, 'Initialized')).toMatchObject({
    status: 'False',
    reason: 'ContainersNotInitialized',
    message: 'containers with incomplete status: [istio-init istio-proxy]',
  });
  cluster.clock.advance(100);
  const { status, metadata } = cluster.pod('web');
  expect(status?.phase).toBe('Running');
  expect(order).toEqual(['istio-init']);
  expect(status?.initContainerStatuses?.map((c) => [c.name, Object.keys(c.state)[0], c.ready, c.started])).toEqual([
    ['istio-init', 'terminated', true, false],
    ['istio-proxy', 'running', true, true],
  ]);
  expect([...(cluster.attached.get(metadata.uid ?? '')?.programs.keys() ?? [])]).toEqual(['istio-proxy', 'app']);
});

test('an unknown image is ErrImagePull, then ImagePullBackOff, and is tried again', () => {
  const cluster = createTestCluster();
  cluster.start({ delays: { pull: 100 }, controllers: false });
  cluster.registry.create('pods', podNamed('web', { image: 'noexiste/nada:v9' }));
  const waiting = () => cluster.pod('web').status?.containerStatuses?.[0]?.state.waiting;
  const cause =
    'rpc error: code = NotFound desc = failed to pull and unpack image "docker.io/noexiste/nada:v9": failed to resolve reference "docker.io/noexiste/nada:v9": docker.io/noexiste/nada:v9: not found';
  cluster.clock.advance(150);
  expect(waiting()).toEqual({ reason: 'ErrImagePull', message: cause });
  cluster.clock.advance(1_000);
  expect(waiting()).toEqual({
    reason: 'ImagePullBackOff',
    message: `Back-off pulling image "noexiste/nada:v9": ErrImagePull: ${cause}`,
  });
  expect(cluster.events('web').slice(1)).toEqual([
    'Normal Pulling Pulling image "noexiste/nada:v9"',
    `Warning Failed Failed to pull image "noexiste/nada:v9": ${cause}`,
    'Warning Failed Error: ErrImagePull',
    'Normal BackOff Back-off pulling image "noexiste/nada:v9"',
    'Warning Failed Error: ImagePullBackOff',
  ]);
  cluster.models.set('noexiste/nada', () => ({ ports: {} }));
  cluster.clock.advance(10_000);
  expect(cluster.pod('web').status?.phase).toBe('Running');
});

test('the same event again raises its count', () => {
  const cluster = createTestCluster();
  cluster.start({ controllers: false });
  cluster.registry.create('pods', podNamed('web', { image: 'nada:1' }));
  cluster.clock.advance(45_000);
  const pulling = cluster.registry.list('events').filter((event) => event.reason === 'Pulling');
  expect(pulling.map((event) => event.count)).toEqual([3]);
});

test('a missing ConfigMap in the environment is CreateContainerConfigError until it appears', () => {
  const cluster = createTestCluster();
  cluster.start({ controllers: false });
  const env = [{ name: 'X', valueFrom: { configMapKeyRef: { name: 'settings', key: 'k' } } }];
  cluster.registry.create('pods', podNamed('web', { env }));
  cluster.clock.settle();
  expect(cluster.pod('web').status?.containerStatuses?.[0]?.state.waiting).toEqual({
    reason: 'CreateContainerConfigError',
    message: 'configmap "settings" not found',
  });
  expect(cluster.events('web')).toContain('Warning Failed Error: configmap "settings" not found');
  const metadata = { name: 'settings', namespace: 'default' };
  cluster.registry.create('configmaps', { apiVersion: 'v1', kind: 'ConfigMap', metadata, data: { k: 'v' } });
  cluster.clock.settle();
  expect(cluster.pod('web').status?.phase).toBe('Running');
});

test('a mounted volume from a missing ConfigMap holds the pod in ContainerCreating until it appears', () => {
  const cluster = createTestCluster();
  cluster.start({ controllers: false });
  const volumes = [{ name: 'v', configMap: { name: 'settings' } }];
  const volumeMounts = [{ name: 'v', mountPath: '/etc/v' }];
  cluster.registry.create('pods', podNamed('web', { volumeMounts }, { volumes }));
  cluster.registry.create('pods', podNamed('other', {}, { volumes }));
  cluster.clock.settle();
  expect(cluster.pod('web').status?.containerStatuses?.[0]?.state.waiting?.reason).toBe('ContainerCreating');
  expect(cluster.pod('web').status?.podIP).toBeUndefined();
  expect(cluster.pod('other').status?.phase).toBe('Running');
  expect(cluster.events('web')).toContain(
    'Warning FailedMount MountVolume.SetUp failed for volume "v" : configmap "settings" not found',
  );
  const metadata = { name: 'settings', namespace: 'default' };
  cluster.registry.create('configmaps', { apiVersion: 'v1', kind: 'ConfigMap', metadata });
  cluster.clock.settle();
  expect(cluster.pod('web').status?.phase).toBe('Running');
});

test('a deleted pod stops, leaves the network and is gone within tens of milliseconds; its address is free again', () => {
  const cluster = createTestCluster();
  cluster.start({ controllers: false });
  cluster.registry.create('pods', podNamed('web', {}, { nodeName: 'arya' }));
  cluster.clock.settle();
  const address = cluster.pod('web').status?.podIP;
  cluster.registry.remove('pods', 'default', 'web');
  cluster.clock.settle();
  expect(cluster.attached.size).toBe(1);
  cluster.clock.advance(50);
  expect(cluster.attached.size).toBe(0);
  expect(cluster.pods()).toEqual([]);
  expect(cluster.events('web')).toContain('Normal Killing Stopping container app');
  const addresses = new Set<string | undefined>();
  for (let i = 0; i < 100; i++) cluster.registry.create('pods', podNamed(`p${i}`, {}, { nodeName: 'arya' }));
  cluster.clock.settle();
  for (const pod of cluster.pods()) addresses.add(pod.status?.podIP);
  expect(addresses.size).toBe(100);
  expect(addresses.has(address)).toBe(false);
});

test('a program that fails is started again, then backed off ever longer', () => {
  const cluster = createTestCluster();
  cluster.models.set('crash', ({ exit }) => {
    exit?.(3);
    return { ports: {} };
  });
  cluster.start({ controllers: false });
  cluster.registry.create('pods', podNamed('web', { image: 'crash:1' }));
  cluster.clock.settle();
  const status = () => cluster.pod('web').status?.containerStatuses?.[0];
  const uid = cluster.pod('web').metadata.uid;
  expect(status()).toMatchObject({
    restartCount: 1,
    state: {
      waiting: {
        reason: 'CrashLoopBackOff',
        message: `back-off 10s restarting failed container=app pod=web_default(${uid})`,
      },
    },
    lastState: { terminated: { exitCode: 3, reason: 'Error' } },
  });
  expect(cluster.pod('web').status?.phase).toBe('Running');
  cluster.clock.advance(10_000);
  expect(status()?.restartCount).toBe(2);
  expect(status()?.state.waiting?.message).toContain('back-off 20s');
  cluster.clock.advance(20_000 + 40_000);
  expect(status()?.state.waiting?.message).toContain('back-off 1m20s');
});

test('a pod whose containers end well is Succeeded, and one that fails for good is Failed', () => {
  const cluster = createTestCluster();
  cluster.models.set('task', ({ exit, clock, containerName }) => {
    clock.after(1_000, () => exit?.(containerName === 'good' ? 0 : 1));
    return { ports: {} };
  });
  cluster.start({ controllers: false });
  for (const name of ['good', 'bad'])
    cluster.registry.create('pods', podNamed(name, { name, image: 'task:1' }, { restartPolicy: 'Never' }));
  cluster.clock.advance(999);
  expect(cluster.pod('good').status?.phase).toBe('Running');
  cluster.clock.advance(1);
  const ready = (name: string) => conditionOf(cluster.pod(name).status?.conditions, 'Ready');
  expect(cluster.pod('good').status?.phase).toBe('Succeeded');
  expect(ready('good')).toMatchObject({ status: 'False', reason: 'PodCompleted' });
  expect(cluster.pod('bad').status?.phase).toBe('Failed');
  expect(ready('bad')).toMatchObject({ status: 'False', reason: 'PodFailed' });
  expect(cluster.attached.size).toBe(0);
});

test('after a restart running pods are on the network again, with the same status, no event and no delay', () => {
  const cluster = createTestCluster();
  let programs = 0;
  cluster.models.set('app', () => {
    programs++;
    return { ports: {} };
  });
  const stop = cluster.start({ delays: { schedule: 5, pull: 50, start: 20 }, controllers: false });
  cluster.registry.create('pods', podNamed('web'));
  cluster.clock.advance(1_000);
  const before = cluster.pod('web');
  const events = cluster.registry.writes('events');
  stop();
  cluster.clock.settle();
  expect(cluster.attached.size).toBe(0);
  cluster.start({ delays: { schedule: 5, pull: 50, start: 20 }, controllers: false });
  expect(cluster.pod('web')).toBe(before);
  expect(cluster.attached.get(before.metadata.uid ?? '')?.pod.status?.podIP).toBe(before.status?.podIP);
  expect(cluster.registry.writes('events')).toBe(events);
  expect(programs).toBe(2);
});

test('after a restart in the middle of starting, a pod goes on to Running and new pods get other addresses', () => {
  const cluster = createTestCluster();
  const stop = cluster.start({ delays: { pull: 500 }, controllers: false });
  cluster.registry.create('pods', podNamed('web', {}, { nodeName: 'arya' }));
  cluster.clock.advance(100);
  expect(cluster.pod('web').status?.phase).toBe('Pending');
  stop();
  cluster.start({ delays: { pull: 500 }, controllers: false });
  cluster.registry.create('pods', podNamed('other', {}, { nodeName: 'arya' }));
  cluster.clock.advance(1_000);
  expect(cluster.pod('web').status?.phase).toBe('Running');
  expect(cluster.pod('other').status?.podIP).not.toBe(cluster.pod('web').status?.podIP);
});

test('a pod that is deleted before it has a node goes at once', () => {
  const cluster = createTestCluster();
  cluster.start({ delays: { schedule: 1_000 }, controllers: false });
  cluster.registry.create('pods', podNamed('web'));
  cluster.clock.settle();
  cluster.registry.remove('pods', 'default', 'web');
  cluster.clock.settle();
  expect(cluster.pods()).toEqual([]);
});

test('a program that fails its liveness probe is killed and started again', () => {
  const cluster = createTestCluster();
  let healthy = true;
  let programs = 0;
  cluster.models.set('sick', () => {
    programs++;
    healthy = true;
    return { ports: { 8080: () => ({ status: healthy ? 200 : 500, headers: {}, body: '' }) } };
  });
  cluster.start({ controllers: false });
  const livenessProbe = { httpGet: { path: '/', port: 8080 }, periodSeconds: 2, failureThreshold: 2 };
  cluster.registry.create('pods', podNamed('web', { image: 'sick:1', livenessProbe }));
  cluster.clock.advance(10_000);
  expect(cluster.pod('web').status?.containerStatuses?.[0]?.restartCount).toBe(0);
  healthy = false;
  cluster.clock.advance(4_000);
  expect(cluster.pod('web').status?.containerStatuses?.[0]).toMatchObject({
    restartCount: 1,
    ready: true,
    state: { running: {} },
    lastState: { terminated: { exitCode: 137, reason: 'Error' } },
  });
  expect(programs).toBe(2);
  expect(cluster.events('web')).toContain(
    'Warning Unhealthy Liveness probe failed: HTTP probe failed with statuscode: 500',
  );
  expect(cluster.events('web')).toContain('Normal Killing Container app failed liveness probe, will be restarted');
});

test('readiness comes and goes with the answers of the program', () => {
  const cluster = createTestCluster();
  let code = 503;
  cluster.models.set('moody', () => ({ ports: { 8080: () => ({ status: code, headers: {}, body: '' }) } }));
  cluster.start({ controllers: false });
  const readinessProbe = { httpGet: { path: '/', port: 8080 }, periodSeconds: 1, failureThreshold: 3 };
  cluster.registry.create('pods', podNamed('web', { image: 'moody:1', readinessProbe }));
  const ready = () => conditionOf(cluster.pod('web').status?.conditions, 'Ready')?.status;
  cluster.clock.advance(500);
  expect(ready()).toBe('False');
  code = 200;
  cluster.clock.advance(1_000);
  expect(ready()).toBe('True');
  code = 503;
  cluster.clock.advance(1_900);
  expect(ready()).toBe('True');
  cluster.clock.advance(1_200);
  expect(ready()).toBe('False');
});

test('a sidecar whose startup probe does not succeed keeps the containers from starting, and is restarted in the end', () => {
  const cluster = createTestCluster();
  cluster.models.set('stuck', () => ({ ports: {} }));
  cluster.start({ controllers: false });
  const startupProbe = { httpGet: { path: '/healthz/ready', port: 15021 }, periodSeconds: 1, failureThreshold: 5 };
  const initContainers = [{ name: 'istio-proxy', image: 'stuck:1', restartPolicy: 'Always', startupProbe }];
  cluster.registry.create('pods', podNamed('web', {}, { initContainers }));
  cluster.clock.advance(3_000);
  const { status } = cluster.pod('web');
  const address = status?.podIP;
  expect(status?.phase).toBe('Pending');
  expect(cluster.events('web')).toContain(
    `Warning Unhealthy Startup probe failed: Get "http://${address}:15021/healthz/ready": dial tcp ${address}:15021: connect: connection refused`,
  );
  cluster.clock.advance(3_000);
  expect(cluster.pod('web').status?.initContainerStatuses?.[0]?.restartCount).toBe(1);
});

test('a sidecar ends with the last container of a pod that is done', () => {
  const cluster = createTestCluster();
  cluster.models.set('task', ({ exit, clock }) => {
    clock.after(1_000, () => exit?.(0));
    return { ports: {} };
  });
  const stop = cluster.start({ controllers: false });
  const initContainers = [{ name: 'istio-proxy', image: 'sidecar:1', restartPolicy: 'Always' }];
  cluster.registry.create('pods', podNamed('job', { image: 'task:1' }, { restartPolicy: 'Never', initContainers }));
  cluster.clock.advance(2_000);
  const done = cluster.pod('job');
  expect(done.status?.phase).toBe('Succeeded');
  expect(done.status?.initContainerStatuses?.[0]?.state.terminated).toMatchObject({ exitCode: 0, reason: 'Completed' });
  stop();
  cluster.start({ controllers: false });
  const metadata = { name: 'later', namespace: 'default' };
  cluster.registry.create('configmaps', { apiVersion: 'v1', kind: 'ConfigMap', metadata });
  cluster.clock.advance(2_000);
  expect(cluster.pod('job')).toBe(done);
  expect(cluster.attached.size).toBe(0);
});
