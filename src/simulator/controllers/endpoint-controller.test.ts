import { expect, test } from 'vitest';
import type { KubeObject } from '../../mesh/objects.ts';
import { createTestCluster, deploymentNamed, podNamed } from '../nodes/fixtures/test-cluster.ts';
import type { EndpointSlice } from './endpoint-slices.ts';

function service(name: string, spec: Record<string, unknown>): KubeObject {
  const metadata = { name, namespace: 'default', labels: { app: name, service: name } };
  return { apiVersion: 'v1', kind: 'Service', metadata, spec: { clusterIP: '10.96.0.9', ...spec } };
}

const WEB = { selector: { app: 'web' }, ports: [{ name: 'http', port: 80, targetPort: 8080 }] };

function setUp() {
  const cluster = createTestCluster();
  cluster.start();
  const slices = () => cluster.registry.list('discovery.k8s.io/endpointslices', 'default') as EndpointSlice[];
  const endpoints = (name = 'web') => cluster.registry.get('endpoints', 'default', name);
  return { ...cluster, slices, endpoints };
}

test('a Service gets one slice and one Endpoints with the ready pods behind it', () => {
  const { registry, clock, slices, endpoints, pod } = setUp();
  registry.create('services', service('web', WEB));
  registry.create('pods', podNamed('web'));
  clock.advance(10);
  const { status, spec, metadata } = pod('web');
  const targetRef = { kind: 'Pod', name: 'web', namespace: 'default', uid: metadata.uid };
  expect(slices()).toHaveLength(1);
  expect(slices()[0]).toMatchObject({
    metadata: {
      generateName: 'web-',
      labels: {
        app: 'web',
        service: 'web',
        'kubernetes.io/service-name': 'web',
        'endpointslice.kubernetes.io/managed-by': 'endpointslice-controller.k8s.io',
      },
      ownerReferences: [{ apiVersion: 'v1', kind: 'Service', name: 'web', controller: true, blockOwnerDeletion: true }],
    },
    addressType: 'IPv4',
    endpoints: [
      {
        addresses: [status?.podIP],
        conditions: { ready: true, serving: true, terminating: false },
        nodeName: spec?.nodeName,
        targetRef,
      },
    ],
    ports: [{ name: 'http', port: 8080, protocol: 'TCP' }],
  });
  expect(endpoints()?.subsets).toEqual([
    {
      addresses: [{ ip: status?.podIP, nodeName: spec?.nodeName, targetRef }],
      ports: [{ name: 'http', port: 8080, protocol: 'TCP' }],
    },
  ]);
});

test('a Service that selects nothing has an empty slice without ports', () => {
  const { registry, clock, slices, endpoints } = setUp();
  registry.create('services', service('web', WEB));
  clock.advance(10);
  expect(slices().map((s) => [s.endpoints, s.ports])).toEqual([[null, null]]);
  expect(endpoints()).not.toHaveProperty('subsets');
});

test('pods that are not ready are listed as such, and pods that go away as terminating', () => {
  const { registry, clock, slices, endpoints, models } = setUp();
  models.set('slow', () => ({ ports: {} }));
  registry.create('services', service('web', WEB));
  const readinessProbe = { httpGet: { path: '/', port: 8080 } };
  registry.create('pods', podNamed('web', { image: 'slow:1', readinessProbe }));
  clock.advance(10);
  const conditions = () => slices()[0]?.endpoints?.[0]?.conditions;
  expect(conditions()).toEqual({ ready: false, serving: false, terminating: false });
  expect(endpoints()?.subsets).toMatchObject([{ notReadyAddresses: [{}] }]);
  registry.create('pods', { ...podNamed('b'), metadata: { name: 'b', namespace: 'default', labels: { app: 'web' } } });
  registry.remove('pods', 'default', 'web');
  clock.advance(10);
  expect(slices()[0]?.endpoints?.map((e) => e.conditions)).toEqual([
    { ready: false, serving: false, terminating: true },
    { ready: true, serving: true, terminating: false },
  ]);
  expect(endpoints()?.subsets).toMatchObject([{ addresses: [{ targetRef: { name: 'b' } }] }]);
});

test('a named target port is looked up in each pod; pods without it make a group of their own without ports', () => {
  const { registry, clock, slices, endpoints } = setUp();
  const spec = { selector: { tier: 'x' }, ports: [{ name: 'http', port: 80, targetPort: 'web' }] };
  registry.create('services', service('web', { ...spec, clusterIP: 'None' }));
  const labels = { tier: 'x' };
  const ports = [{ name: 'web', containerPort: 9080 }];
  registry.create('pods', { ...podNamed('a', { ports }), metadata: { name: 'a', namespace: 'default', labels } });
  registry.create('pods', { ...podNamed('b'), metadata: { name: 'b', namespace: 'default', labels } });
  clock.advance(10);
  const seen = slices().map((s) => [s.ports?.[0]?.port, s.endpoints?.map((e) => e.targetRef.name)]);
  expect(new Set(seen.map((s) => JSON.stringify(s)))).toEqual(
    new Set([JSON.stringify([9080, ['a']]), JSON.stringify([undefined, ['b']])]),
  );
  expect(slices()[0]?.metadata.labels).toHaveProperty(['service.kubernetes.io/headless'], '');
  expect(endpoints()?.subsets).toMatchObject([{ addresses: [{ targetRef: { name: 'a' } }] }]);
});

test('more than a hundred endpoints are spread over several slices, and the slices shrink with them', () => {
  const { registry, clock, slices } = setUp();
  registry.create('services', service('web', WEB));
  registry.create('apps/deployments', deploymentNamed('web', { replicas: 210 }));
  clock.advance(100);
  expect(slices().map((s) => s.endpoints?.length)).toEqual([100, 100, 10]);
  registry.edit('apps/deployments', 'default', 'web', (copy) => {
    copy.spec = { ...(copy.spec as object), replicas: 1 };
  });
  clock.advance(1_000);
  expect(slices().map((s) => s.endpoints?.length)).toEqual([1]);
});

test('a deleted Service takes its Endpoints and slices along; one without selector is left alone', () => {
  const { registry, clock, slices, endpoints } = setUp();
  registry.create('services', service('web', WEB));
  registry.create('services', service('own', { ports: [{ port: 80 }] }));
  registry.create('endpoints', {
    apiVersion: 'v1',
    kind: 'Endpoints',
    metadata: { name: 'own', namespace: 'default' },
    subsets: [{ addresses: [{ ip: '1.2.3.4' }] }],
  });
  clock.advance(10);
  registry.remove('services', 'default', 'web');
  registry.remove('services', 'default', 'own');
  clock.advance(10);
  expect(slices()).toEqual([]);
  expect(endpoints('web')).toBeUndefined();
  expect(endpoints('own')).toBeDefined();
});
