import { expect, test } from 'vitest';
import type { KubeObject } from './objects.ts';
import { indexServices } from './services.ts';

const service = { namespace: 'db', name: 'mysql' };
const object = (kind: string, name: string, rest: Record<string, unknown>, labels = {}): KubeObject => ({
  apiVersion: kind === 'EndpointSlice' ? 'discovery.k8s.io/v1' : 'v1',
  kind,
  metadata: { name, namespace: 'db', labels },
  ...rest,
});
const pod = (name: string, podIP: string, containerPort: number) =>
  object('Pod', name, {
    spec: { containers: [{ name: 'c', ports: [{ containerPort }] }] },
    status: { podIP, conditions: [{ type: 'Ready', status: 'True' }] },
  });
const slice = (endpoints: unknown[], ports: unknown[] = [{ port: 3306 }]) =>
  object('EndpointSlice', 'written', { endpoints, ports }, { 'kubernetes.io/service-name': 'mysql' });

function endpointsOf(...objects: KubeObject[]) {
  const index = indexServices([object('Service', 'mysql', { spec: { ports: [{ port: 3306 }] } }), ...objects]);
  const found = index.find('mysql', service.namespace);
  return found ? index.endpoints(found, 3306).map(({ endpoint: e }) => `${e.pod} ${e.address}:${e.port}`) : undefined;
}

test('a Service without selector leads to what its slices say', () => {
  const there = [pod('a', '10.244.1.2', 3306), pod('b', '10.244.1.3', 3306)];
  expect(endpointsOf(...there)).toEqual([]);
  expect(endpointsOf(...there, slice([{ addresses: ['10.244.1.3', '10.244.1.2'] }]))).toEqual(['b 10.244.1.3:3306']);
  expect(endpointsOf(...there, slice([{ addresses: ['10.244.1.3'], conditions: { ready: false } }]))).toEqual([]);
  expect(endpointsOf(...there, slice([{ addresses: ['10.244.1.9'] }]))).toEqual([]);
  expect(endpointsOf(...there, slice([{ addresses: ['10.244.1.2'] }], [{ name: 'other', port: 1 }]))).toEqual([]);
});

test('of pods that share an address, the one that tells of the port is meant', () => {
  const node = [pod('etcd', '172.18.0.2', 2379), pod('mysql', '172.18.0.2', 3306)];
  expect(endpointsOf(...node, slice([{ addresses: ['172.18.0.2'] }]))).toEqual(['mysql 172.18.0.2:3306']);
});
