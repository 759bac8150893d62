import { afterAll, expect, test } from 'vitest';
import { destinationRule, pod, service } from '../../mesh/fixtures.ts';
import type { KubeObject } from '../../mesh/objects.ts';
import { startCurlAndHttpbin } from './fixtures/curl-and-httpbin.ts';

const cluster = startCurlAndHttpbin();
afterAll(() => cluster.dataplane.stop());

test('a client knows its place by its node, and stays near while something there is healthy', async () => {
  const node = (name: string, zone: string): KubeObject => ({
    apiVersion: 'v1',
    kind: 'Node',
    metadata: {
      name,
      labels: { 'topology.kubernetes.io/region': 'r', 'topology.kubernetes.io/zone': zone },
    },
  });
  const on = (nodeName: string, object: KubeObject): KubeObject => ({
    ...object,
    spec: { ...(object.spec as object), nodeName },
  });
  const near = on('nieve', pod('near', { app: 'shop' }));
  const far = on('arya', pod('far', { app: 'shop' }));
  const client = on('nieve', pod('client', { app: 'client' }));
  const outlierDetection = { consecutive5xxErrors: 1, interval: '1s', baseEjectionTime: '60s' };
  cluster.put(
    ...[node('nieve', 'a'), node('arya', 'b')],
    service('shop', 8000, { ports: [{ name: 'http', port: 8000, targetPort: 8080 }] }),
    destinationRule('shop', { host: 'shop', trafficPolicy: { outlierDetection } }),
  );
  for (const server of [near, far]) cluster.run(server, 'go-httpbin');
  cluster.run(client, 'curl');
  cluster.clock.settle();
  const places = async () => {
    for (let i = 0; i < 8; i++) await cluster.call(client, 'http://shop:8000/status/200');
    return new Set(
      cluster.records
        .slice(-16)
        .filter((r) => r.reporter === 'source')
        .map((r) => r.peer?.metadata.name),
    );
  };
  expect(await places()).toEqual(new Set(['near']));
  cluster.dataplane.attach(near, new Map([['istio-proxy', { ports: {}, isDrained: () => true }]]));
  // With 10 % of two endpoints nothing is ever ejected, and no second try goes further away.
  expect((await cluster.call(client, 'http://shop:8000/status/200')).status).toBe(503);
  expect(await places()).toEqual(new Set(['near']));
  const whole = { ...outlierDetection, maxEjectionPercent: 100 };
  cluster.put(destinationRule('shop', { host: 'shop', trafficPolicy: { outlierDetection: whole } }));
  cluster.clock.settle();
  await cluster.call(client, 'http://shop:8000/status/200');
  expect(await places()).toEqual(new Set(['far']));
});
