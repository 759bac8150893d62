// Controllers, scheduler and kubelets on the real registry and store, in one process and without HTTP.
import { afterEach, expect, test } from 'vitest';
import type { KubeObject } from '../../mesh/objects.ts';
import { createRegistry, type FullRegistry } from '../api/registry.ts';
import type { Clock, RunningContainer } from '../contract.ts';
import { startControllers } from '../controllers/controllers.ts';
import type { Deployment, Pod } from '../controllers/kinds.ts';
import { isReady } from '../controllers/pods.ts';
import { openStore, type Store } from '../store/store.ts';
import { createLogBook } from '../telemetry/log-book.ts';
import { bootstrapCluster } from './bootstrap.ts';
import { deploymentNamed, NO_DELAYS } from './fixtures/test-cluster.ts';
import { renewLeases } from './node-lease.ts';
import { startNodes } from './nodes.ts';
import { createPodAdmission } from './pod-admission.ts';

const clock: Clock = {
  now: () => Date.now(),
  after(milliseconds, action) {
    if (milliseconds <= 0) {
      const immediate = setImmediate(action);
      return () => clearImmediate(immediate);
    }
    const timer = setTimeout(action, milliseconds);
    return () => clearTimeout(timer);
  },
};

let stopCluster = () => {};
afterEach(() => stopCluster());

function start(store: Store) {
  const attached = new Map<string, ReadonlyMap<string, RunningContainer>>();
  const admitPod = createPodAdmission({
    get: (...what) => registry.get(...what),
    list: (...what) => registry.list(...what),
  });
  const registry: FullRegistry = createRegistry({ store, clock, webhooks: () => undefined, admitPod });
  bootstrapCluster(registry, { caCertificate: 'PEM' });
  const stops = [
    startControllers(registry, clock),
    startNodes({
      registry,
      clock,
      delays: NO_DELAYS,
      network: {
        attach: (pod, programs) => void attached.set(pod.metadata.uid ?? '', programs),
        detach: (uid) => void attached.delete(uid),
        call: () => Promise.reject(new Error('no network')),
      },
      logs: createLogBook(clock),
      models: (image) => (image.startsWith('app:') ? () => ({ ports: {} }) : undefined),
    }),
  ];
  const stop = () => {
    for (const end of stops) end();
  };
  stopCluster = stop;
  return { registry, attached, stop };
}

const ready = (registry: FullRegistry, namespace = 'default') =>
  (registry.list('pods', namespace) as Pod[]).filter(isReady).length;

async function until(holds: () => boolean) {
  await expect.poll(holds, { timeout: 10_000, interval: 5 }).toBe(true);
}

test('a Deployment rolls out, rolls over to a new image and goes, and so does its namespace', async () => {
  const { registry } = start(openStore(':memory:'));
  const lab: KubeObject = { apiVersion: 'v1', kind: 'Namespace', metadata: { name: 'lab' } };
  registry.create('namespaces', lab);
  const web = deploymentNamed('web', { replicas: 3 });
  registry.create('apps/deployments', { ...web, metadata: { ...web.metadata, namespace: 'lab' } });
  await until(() => ready(registry, 'lab') === 3);
  const [pod] = registry.list('pods', 'lab') as Pod[];
  expect(pod?.status).toMatchObject({ phase: 'Running', qosClass: 'BestEffort' });
  registry.edit('apps/deployments', 'lab', 'web', (copy) => {
    const [container] = (copy as Deployment).spec?.template.spec.containers ?? [];
    if (container) container.image = 'app:2';
  });
  const images = () => (registry.list('pods', 'lab') as Pod[]).map((p) => p.spec?.containers[0]?.image);
  await until(() => images().join() === 'app:2,app:2,app:2');
  expect(registry.list('apps/replicasets', 'lab')).toHaveLength(2);
  registry.remove('namespaces', undefined, 'lab');
  await until(() => registry.get('namespaces', undefined, 'lab') === undefined);
  for (const resource of ['pods', 'apps/deployments', 'apps/replicasets', 'events', 'serviceaccounts', 'configmaps'])
    expect(registry.list(resource, 'lab')).toEqual([]);
});

test('the system pods come up, and a cluster that is started again goes on with the same pods', async () => {
  const store = openStore(':memory:');
  const first = start(store);
  await until(() => (first.registry.list('pods') as Pod[]).filter(isReady).length === 12);
  first.registry.create('apps/deployments', deploymentNamed('web', { replicas: 2 }));
  await until(() => ready(first.registry) === 2);
  await until(
    () => (first.registry.get('apps/deployments', 'default', 'web') as Deployment).status?.readyReplicas === 2,
  );
  await first.registry.durable();
  await new Promise((resolve) => setTimeout(resolve, 50));
  first.stop();
  const before = store.revision;
  const second = start(store);
  expect(second.attached.size).toBe(14);
  await new Promise((resolve) => setTimeout(resolve, 100));
  expect(store.revision).toBe(before);
});

test('a deleted Service takes its slices and Endpoints along', async () => {
  const { registry } = start(openStore(':memory:'));
  const spec = { selector: { app: 'web' }, ports: [{ port: 80, targetPort: 8080 }] };
  registry.create('services', {
    apiVersion: 'v1',
    kind: 'Service',
    metadata: { name: 'web', namespace: 'default' },
    spec,
  });
  registry.create('apps/deployments', deploymentNamed('web', { replicas: 2 }));
  const slices = () =>
    registry.list('discovery.k8s.io/endpointslices', 'default').filter((s) => s.metadata.name.startsWith('web-'));
  await until(() => (slices()[0]?.endpoints as unknown[] | null)?.length === 2);
  registry.remove('services', 'default', 'web');
  await until(() => slices().length === 0 && registry.get('endpoints', 'default', 'web') === undefined);
});

test('a pod whose account does not exist is refused, with one event that counts the tries, until there is one', async () => {
  const { registry } = start(openStore(':memory:'));
  const web = deploymentNamed('web') as Deployment;
  if (web.spec) web.spec.template.spec.serviceAccountName = 'robot';
  registry.create('apps/deployments', web);
  const refused = () => registry.list('events', 'default').filter((event) => event.reason === 'FailedCreate');
  await until(() => Number(refused()[0]?.count) > 1);
  expect(refused().map((event) => event.message)).toEqual([
    `Error creating: pods "${registry.list('apps/replicasets', 'default')[0]?.metadata.name}-" is forbidden: error looking up service account default/robot: serviceaccount "robot" not found`,
  ]);
  const metadata = { name: 'robot', namespace: 'default' };
  registry.create('serviceaccounts', { apiVersion: 'v1', kind: 'ServiceAccount', metadata });
  await until(() => ready(registry) === 1);
});

test('each node has its lease, renewed while it is Ready, and loses it with the node', async () => {
  const store = openStore(':memory:');
  const { registry } = start(store);
  const names = () =>
    registry.list('coordination.k8s.io/leases', 'kube-node-lease').map(({ metadata }) => metadata.name);
  expect(names()).toEqual(['arya', 'nieve', 'sansa']);
  const [lease] = registry.list('coordination.k8s.io/leases', 'kube-node-lease');
  expect(lease?.spec).toMatchObject({ holderIdentity: 'arya', leaseDurationSeconds: 40 });
  const renewals = () =>
    registry
      .list('coordination.k8s.io/leases', 'kube-node-lease')
      .map(({ spec }) => Date.parse((spec as { renewTime: string }).renewTime));
  const first = renewals();
  const later = { ...clock, now: () => Math.max(...first) + 60_000 };
  const down = (node: KubeObject) => {
    node.status = { conditions: [{ type: 'Ready', status: 'False' }] };
  };
  registry.edit('nodes', undefined, 'nieve', down, { subresource: 'status' });
  renewLeases(registry, later);
  expect(renewals()).toEqual([later.now(), first[1], later.now()]);
  registry.remove('nodes', undefined, 'sansa');
  await expect.poll(names, { timeout: 20_000 }).toEqual(['arya', 'nieve']);
});
