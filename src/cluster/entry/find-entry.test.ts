import { expect, test } from 'vitest';
import type { KubeObject } from '../../mesh/objects.ts';
import type { KubeClient } from '../contract.ts';
import { findLastingEntry, holdEntry } from './find-entry.ts';
import type { Reach } from './reachable.ts';

interface World {
  ingress?: { ip?: string; hostname?: string }[];
  type?: string;
  ports?: object[];
  /** `host:port` → what a probe finds; all else is silent. */
  reach?: Record<string, Reach>;
  service?: boolean;
}

const usualPorts = [
  { name: 'status-port', port: 15_021, nodePort: 31_021 },
  { name: 'http2', port: 80, nodePort: 31_380 },
  { name: 'https', port: 443, nodePort: 31_390 },
];

const node = (name: string, address: string, ready = 'True'): KubeObject => ({
  apiVersion: 'v1',
  kind: 'Node',
  metadata: { name },
  status: { conditions: [{ type: 'Ready', status: ready }], addresses: [{ type: 'InternalIP', address }] },
});

function options({ ingress = [], type = 'LoadBalancer', ports = usualPorts, reach = {}, service = true }: World) {
  const gateway = {
    apiVersion: 'v1',
    kind: 'Service',
    metadata: { name: 'istio-ingressgateway', namespace: 'istio-system' },
  };
  const client: Pick<KubeClient, 'get' | 'list'> = {
    get: async () =>
      service ? { ...gateway, spec: { type, ports }, status: { loadBalancer: { ingress } } } : undefined,
    list: async () => [node('a', '10.0.0.1', 'False'), node('b', '10.0.0.2'), node('c', '10.0.0.3')],
  };
  const asked: string[] = [];
  return {
    asked,
    client: client as KubeClient,
    probe: async (host: string, port: number): Promise<Reach> => {
      asked.push(`${host}:${port}`);
      return reach[`${host}:${port}`] ?? 'silent';
    },
  };
}

test('a load balancer within reach is the way in', async () => {
  const world = {
    ingress: [{ ip: '192.0.2.7' }],
    reach: { '192.0.2.7:15021': 'open', '10.0.0.2:31021': 'open' },
  } as const;
  expect(await findLastingEntry(options({ ...world, ingress: [...world.ingress] }))).toMatchObject({
    by: 'LoadBalancer',
    entry: 'http://192.0.2.7',
    secureEntry: 'https://192.0.2.7',
  });
});

test('one that does not answer is told, and a node’s port is the next', async () => {
  const found = await findLastingEntry(
    options({ ingress: [{ hostname: 'lb.example' }], reach: { '10.0.0.3:31021': 'open' } }),
  );
  expect(found).toMatchObject({
    by: 'NodePort',
    entry: 'http://10.0.0.3:31380',
    secureEntry: 'https://10.0.0.3:31390',
    nodeHost: '10.0.0.3',
    why: expect.stringContaining('el balanceador (lb.example) no contesta desde aquí'),
  });
});

test('nodes that are not ready are not asked', async () => {
  const world = options({});
  await findLastingEntry(world);
  expect(new Set(world.asked.map((asked) => asked.split(':')[0]))).toEqual(new Set(['10.0.0.2', '10.0.0.3']));
});

test('without a status port, a refusal tells that the node is there', async () => {
  const ports = usualPorts.slice(1);
  const found = await findLastingEntry(options({ ports, reach: { '10.0.0.2:31380': 'closed' } }));
  expect(found).toMatchObject({ by: 'NodePort', entry: 'http://10.0.0.2:31380' });
});

test('with one, a refusal of it tells that something in between refuses', async () => {
  expect(await findLastingEntry(options({ reach: { '10.0.0.2:31021': 'closed' } }))).not.toHaveProperty('entry');
});

test('without any, it is told why', async () => {
  expect(await findLastingEntry(options({}))).toEqual({
    why: 'El clúster no da direcciones de balanceador, y ningún nodo contesta desde aquí en su NodePort (10.0.0.2, 10.0.0.3).',
  });
  expect(await findLastingEntry(options({ type: 'ClusterIP', ports: [{ port: 80 }] }))).toEqual({
    why: 'La pasarela no pide balanceador, y no tiene NodePort.',
  });
  const none = options({ service: false });
  const way = () => Promise.reject(new Error('nobody asks for it'));
  expect(await holdEntry({ ...none, way, signal: new AbortController().signal })).toEqual({
    why: expect.stringContaining('No está el Service istio-system/istio-ingressgateway'),
  });
});

test('an address of version 6 goes in brackets', async () => {
  const found = await findLastingEntry(
    options({ ingress: [{ ip: '2001:db8::1' }], reach: { '2001:db8::1:15021': 'open' } }),
  );
  expect(found).toMatchObject({ entry: 'http://[2001:db8::1]' });
});
