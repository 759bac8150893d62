import { expect, test } from 'vitest';
import type { KubeObject } from '../../mesh/objects.ts';
import { createTestCluster } from '../nodes/fixtures/test-cluster.ts';

const POOLS = 'metallb.io/ipaddresspools';

function pool(name: string, addresses: string[]): KubeObject {
  return {
    apiVersion: 'metallb.io/v1beta1',
    kind: 'IPAddressPool',
    metadata: { name, namespace: 'metallb-system' },
    spec: { addresses },
  };
}

function setUp() {
  const cluster = createTestCluster();
  cluster.start();
  const { registry, clock } = cluster;
  const service = (name: string, spec: object = {}) => {
    const metadata = { name, namespace: 'default' };
    registry.create('services', {
      ...{ apiVersion: 'v1', kind: 'Service', metadata },
      spec: { type: 'LoadBalancer', ports: [{ port: 80 }], ...spec },
    });
    clock.settle();
  };
  const add = (name: string, addresses: string[]) => {
    registry.create(POOLS, pool(name, addresses));
    clock.settle();
  };
  const address = (name: string) => {
    const { loadBalancer } = (registry.get('services', 'default', name)?.status ?? {}) as {
      loadBalancer?: { ingress?: { ip: string }[] };
    };
    return loadBalancer?.ingress?.[0]?.ip;
  };
  return { ...cluster, service, add, address };
}

test('a LoadBalancer waits until there is a pool, and then each has an address of its own', () => {
  const { service, add, address, events, registry } = setUp();
  service('a');
  service('b');
  expect([address('a'), address('b')]).toEqual([undefined, undefined]);
  add('aula', ['192.168.56.240-192.168.56.241']);
  expect([address('a'), address('b')]).toEqual(['192.168.56.240', '192.168.56.241']);
  expect(events('a')).toContain('Normal IPAllocated Assigned IP ["192.168.56.240"]');
  expect(registry.get('services', 'default', 'a')?.metadata.annotations).toEqual({
    'metallb.io/ip-allocated-from-pool': 'aula',
  });
});

test('with the pool used up the next one waits, until another gives its address back', () => {
  const { service, add, address, events, registry, clock } = setUp();
  add('aula', ['192.168.56.240/32']);
  service('a');
  service('b');
  expect(address('b')).toBeUndefined();
  expect(events('b')).toContain('Warning AllocationFailed Failed to allocate IP for "default/b": no available IPs');
  registry.remove('services', 'default', 'a');
  clock.settle();
  expect(address('b')).toBe('192.168.56.240');
});

test('an address can be asked for, and a Service of another type has none', () => {
  const { service, add, address, registry, clock } = setUp();
  add('aula', ['192.168.56.240/29']);
  service('a', { loadBalancerIP: '192.168.56.245' });
  service('b', { type: 'NodePort' });
  expect([address('a'), address('b')]).toEqual(['192.168.56.245', undefined]);
  registry.edit('services', 'default', 'a', (copy) => {
    copy.spec = { ...(copy.spec as object), type: 'ClusterIP' };
  });
  clock.settle();
  expect(address('a')).toBeUndefined();
});

test('a pool that says nothing gives nothing', () => {
  const { service, add, address } = setUp();
  service('a');
  add('rota', ['256.1.1.1-256.1.1.9', 'nada', '10.0.0.9-10.0.0.1', '10.0.0.0/40']);
  expect(address('a')).toBeUndefined();
});
