import { expect, test } from 'vitest';
import { destinationRule, engineOf, istioObject, pod, service } from './fixtures.ts';

const web = pod('web', { app: 'web' });
const proxy = { kind: 'sidecar' as const, namespace: 'default', labels: { app: 'web' } };
const services = service('web', 80, {
  ports: [
    { name: 'http', port: 80, targetPort: 8080 },
    { name: 'tcp-db', port: 9000, targetPort: 9001 },
  ],
});
const sidecar = (ingress: unknown[]) =>
  istioObject('Sidecar', 'web', { workloadSelector: { labels: { app: 'web' } }, ingress }, {});

const at = (port: number, ...objects: Parameters<typeof engineOf>) =>
  engineOf(services, web, ...objects).inbound(proxy, web, port);

test('the ports of its Services have clusters of their own, and all others pass through', () => {
  expect(at(8080)).toEqual({ cluster: 'inbound|8080||', tcp: false, port: 8080, loopback: false });
  expect(at(9001)).toMatchObject({ cluster: 'inbound|9001||', tcp: true });
  expect(at(9300)).toEqual({ cluster: 'InboundPassthroughCluster', tcp: false, port: 9300, loopback: false });
});

test('the ingress of a Sidecar takes the place of the Services, and says where requests go', () => {
  const ingress = sidecar([
    { port: { number: 9080, name: 'http', protocol: 'HTTP' }, defaultEndpoint: '127.0.0.1:8080' },
    { port: { number: 9100, name: 'tcp', protocol: 'TCP' }, defaultEndpoint: '0.0.0.0:8080' },
    { port: { number: 9200, name: 'http-b', protocol: 'HTTP2' } },
    { port: { number: 9300, name: 'http-c', protocol: 'HTTP' }, defaultEndpoint: 'unix:///tmp/s' },
    { port: {} },
  ]);
  expect(at(9080, ingress)).toEqual({ cluster: 'inbound|9080||', tcp: false, port: 8080, loopback: true });
  expect(at(9100, ingress)).toEqual({ cluster: 'inbound|9100||', tcp: true, port: 8080, loopback: false });
  expect(at(9200, ingress)).toMatchObject({ cluster: 'inbound|9200||', port: 9200 });
  expect(at(9300, ingress)).toMatchObject({ cluster: 'inbound|9300||', port: undefined });
  expect(at(8080, ingress)).toMatchObject({ cluster: 'InboundPassthroughCluster', port: 8080 });
});

test('a Sidecar without ingress, or for others, leaves the ports of the Services', () => {
  expect(at(8080, sidecar([]))).toMatchObject({ cluster: 'inbound|8080||' });
  const other = istioObject(
    'Sidecar',
    'other',
    { workloadSelector: { labels: { app: 'x' } }, ingress: [{ port: { number: 1, protocol: 'HTTP' } }] },
    {},
  );
  expect(at(8080, other)).toMatchObject({ cluster: 'inbound|8080||' });
});

const limitsAt = (port: number, ...objects: Parameters<typeof engineOf>) => at(port, ...objects).limits;
const rule = destinationRule('web', {
  host: 'web',
  trafficPolicy: {
    connectionPool: { tcp: { maxConnections: 5 } },
    outlierDetection: { consecutive5xxErrors: 1 },
    portLevelSettings: [{ port: { number: 9000 }, connectionPool: { tcp: { maxConnections: 7 } } }],
  },
});

test('the connection pool of a DestinationRule holds at the server too, and its ejection does not', () => {
  expect(limitsAt(8080)).toBeUndefined();
  expect(limitsAt(8080, rule)).toMatchObject({ maxConnections: 5 });
  expect(limitsAt(8080, rule)).not.toHaveProperty('outlier');
  expect(limitsAt(9001, rule)).toMatchObject({ maxConnections: 7 });
  expect(limitsAt(9300, rule)).toBeUndefined();
});

test('the pool of an ingress listener takes its place, then that of the whole Sidecar', () => {
  const pool = (maxConnections: number) => ({ tcp: { maxConnections } });
  const spec = {
    workloadSelector: { labels: { app: 'web' } },
    inboundConnectionPool: pool(3),
    ingress: [
      { port: { number: 8080, name: 'http', protocol: 'HTTP' }, connectionPool: pool(2) },
      { port: { number: 9100, name: 'http-b', protocol: 'HTTP' } },
    ],
  };
  const limited = istioObject('Sidecar', 'web', spec, {});
  expect(limitsAt(8080, limited, rule)).toMatchObject({ maxConnections: 2 });
  expect(limitsAt(9100, limited, rule)).toMatchObject({ maxConnections: 3 });
});

test('a pool that limits nothing is no limit', () => {
  const ingress = [{ port: { number: 8080, name: 'http', protocol: 'HTTP' }, connectionPool: { http: {} } }];
  expect(limitsAt(8080, sidecar(ingress), rule)).toBeUndefined();
});
