import { describe, expect, test } from 'vitest';
import { pod, service } from '../../../mesh/fixtures.ts';
import type { KubeObject } from '../../../mesh/objects.ts';
import { fields, items } from '../../../mesh/read.ts';
import { proxyConfiguration } from './proxy-configuration.ts';

function istio(kind: string, name: string, spec: unknown, group = 'networking.istio.io/v1'): KubeObject {
  return { apiVersion: group, kind, metadata: { name, namespace: 'default' }, spec };
}
const SECURITY = 'security.istio.io/v1';

const web: KubeObject = {
  apiVersion: 'v1',
  kind: 'Service',
  metadata: { name: 'web', namespace: 'default' },
  spec: {
    clusterIP: '10.96.0.7',
    selector: { app: 'web' },
    ports: [
      { name: 'http', port: 80, targetPort: 8080 },
      { name: 'tcp', port: 9000 },
      { name: 'metrics', port: 9153 },
      { name: 'dns', port: 53 },
    ],
  },
};
const one: KubeObject = {
  apiVersion: 'v1',
  kind: 'Pod',
  metadata: { name: 'web-1', namespace: 'default', labels: { app: 'web', version: 'v1' } },
  spec: { serviceAccountName: 'web', initContainers: [{ name: 'istio-proxy' }] },
  status: { podIP: '10.244.1.5', conditions: [{ type: 'Ready', status: 'True' }] },
};

function configure(role: 'sidecar' | 'gateway', ...objects: KubeObject[]) {
  const mesh = { version: 1, objects: [web, one, ...objects], meshConfig: {}, rootNamespace: 'istio-system' };
  return proxyConfiguration(
    role === 'gateway' ? { ...one, metadata: { ...one.metadata, labels: { istio: 'ingressgateway' } } } : one,
    role,
    mesh,
  );
}
const named = (list: readonly Record<string, unknown>[], name: string) => list.find((item) => item.name === name);

test('listeners: 0.0.0.0 for HTTP, the address of the Service for TCP and for what must be recognised', () => {
  const names = configure('sidecar').listeners.map((l) => l.name);
  expect(names).toEqual([
    '0.0.0.0_80',
    '10.96.0.7_9000',
    '10.96.0.7_9153',
    '10.96.0.7_53',
    'virtualOutbound',
    'virtualInbound',
  ]);
});

test('clusters: one for each port and subset, those of its own ports, and those every sidecar has', () => {
  const rule = istio('DestinationRule', 'web', {
    host: 'web',
    trafficPolicy: { connectionPool: { tcp: { maxConnections: 1 } }, loadBalancer: { simple: 'RANDOM' } },
    subsets: [{ name: 'v1', labels: { version: 'v1' }, trafficPolicy: { loadBalancer: { simple: 'ROUND_ROBIN' } } }],
  });
  const { clusters, endpoints } = configure('sidecar', rule);
  expect(clusters.map((c) => c.name).filter((n) => !String(n).startsWith('outbound'))).toEqual([
    'BlackHoleCluster',
    'InboundPassthroughCluster',
    'PassthroughCluster',
    'inbound|53||',
    'inbound|8080||',
    'inbound|9000||',
    'inbound|9153||',
  ]);
  const subset = named(clusters, 'outbound|80|v1|web.default.svc.cluster.local');
  expect(subset).not.toHaveProperty('lb_policy');
  expect(subset).toMatchObject({
    circuit_breakers: { thresholds: [{ max_connections: 1, max_requests: 4294967295 }] },
  });
  expect(named(clusters, 'outbound|80||web.default.svc.cluster.local')).toMatchObject({ lb_policy: 'RANDOM' });
  expect(JSON.stringify(endpoints)).toContain('"address":"10.244.1.5","port_value":8080');
});

test('the limits of a rule hold at the server too, and those of a Sidecar take their place', () => {
  const pool = (maxConnections: number) => ({ tcp: { maxConnections } });
  const rule = istio('DestinationRule', 'web', { host: 'web', trafficPolicy: { connectionPool: pool(5) } });
  const sidecar = istio('Sidecar', 'web', {
    inboundConnectionPool: pool(3),
    ingress: [
      { port: { number: 8080, name: 'http', protocol: 'HTTP' }, connectionPool: pool(2) },
      { port: { number: 8081, name: 'http-b', protocol: 'HTTP' } },
    ],
  });
  const limitOf = (port: number, ...objects: KubeObject[]) =>
    named(configure('sidecar', ...objects).clusters, `inbound|${port}||`)?.circuit_breakers;
  expect(limitOf(8080, rule)).toMatchObject({ thresholds: [{ max_connections: 5 }] });
  expect(limitOf(8080, rule, sidecar)).toMatchObject({ thresholds: [{ max_connections: 2 }] });
  expect(limitOf(8081, rule, sidecar)).toMatchObject({ thresholds: [{ max_connections: 3 }] });
});

describe('endpoints in several places', () => {
  const node = (name: string): KubeObject => ({
    apiVersion: 'v1',
    kind: 'Node',
    metadata: {
      name,
      labels: { 'topology.kubernetes.io/region': name.split('-')[0] ?? '', 'topology.kubernetes.io/zone': name },
    },
  });
  const at = (name: string, podIP: string, nodeName: string): KubeObject => ({
    ...one,
    metadata: { ...one.metadata, name },
    spec: { nodeName },
    status: { ...(one.status as object), podIP },
  });
  const places = [
    node('east-1'),
    node('east-2'),
    node('west-1'),
    at('web-2', '10.244.2.1', 'east-2'),
    at('web-3', '10.244.3.1', 'west-1'),
  ];
  function localities(localityLbSetting: unknown) {
    const trafficPolicy = { loadBalancer: { localityLbSetting }, outlierDetection: { consecutive5xxErrors: 1 } };
    const rule = istio('DestinationRule', 'web', { host: 'web', trafficPolicy });
    const mesh = { version: 1, objects: [web, ...places, rule], meshConfig: {}, rootNamespace: 'istio-system' };
    const own = at('web-1', '10.244.1.5', 'east-1');
    const { endpoints } = proxyConfiguration(own, 'sidecar', { ...mesh, objects: [...mesh.objects, own] });
    const found = endpoints.find((e) => e.cluster_name === 'outbound|80||web.default.svc.cluster.local');
    return items(found?.endpoints).map((group) => {
      const { locality, priority, load_balancing_weight } = fields(group);
      return [fields(locality).zone, priority, load_balancing_weight];
    });
  }

  test('the nearest comes first, and the others have a later priority', () => {
    expect(localities({ enabled: true })).toEqual([
      ['east-1', undefined, 1],
      ['east-2', 1, 1],
      ['west-1', 2, 1],
    ]);
  });

  test('shares are weights, and who has none is left out', () => {
    const distribute = [{ from: 'east/east-1/*', to: { 'east/east-1/*': 80, 'west/west-1/*': 20 } }];
    expect(localities({ distribute })).toEqual([
      ['east-1', undefined, 80],
      ['west-1', undefined, 20],
    ]);
  });
});

test('routes: the rules of a VirtualService up to the first that takes everything', () => {
  const rules = istio('VirtualService', 'web', {
    hosts: ['web'],
    http: [
      {
        match: [{ uri: { prefix: '/api' }, headers: { 'end-user': { exact: 'jason' } } }],
        fault: { delay: { fixedDelay: '7s', percentage: { value: 100 } } },
        route: [{ destination: { host: 'web', port: { number: 80 } } }],
      },
      { retries: { attempts: 0 }, timeout: '1.5s', route: [{ destination: { host: 'web', port: { number: 80 } } }] },
      { match: [{ uri: { exact: '/never' } }], redirect: { uri: '/x' } },
    ],
  });
  const hosts = items(named(configure('sidecar', rules).routes, '80')?.virtual_hosts).map(fields);
  const routes = items(hosts.find((h) => h.name === 'web.default.svc.cluster.local:80')?.routes).map(fields);
  expect(routes).toHaveLength(2);
  expect(routes[0]).toMatchObject({
    match: { prefix: '/api', headers: [{ name: 'end-user', string_match: { exact: 'jason' } }] },
    typed_per_filter_config: {
      'envoy.filters.http.fault': { delay: { fixed_delay: '7s', percentage: { numerator: 1_000_000 } } },
    },
  });
  expect(fields(routes[1]?.route)).toMatchObject({ timeout: '1.500s' });
  expect(fields(routes[1]?.route)).not.toHaveProperty('retry_policy');
});

test('STRICT leaves no plain text chain; policies become RBAC and JWT filters', () => {
  const { listeners } = configure(
    'sidecar',
    istio('PeerAuthentication', 'p', { mtls: { mode: 'STRICT' } }, SECURITY),
    istio(
      'AuthorizationPolicy',
      'a',
      {
        rules: [
          {
            from: [{ source: { principals: ['cluster.local/ns/x/sa/y'] } }],
            to: [{ operation: { methods: ['GET'], paths: ['/info*'] } }],
          },
        ],
      },
      SECURITY,
    ),
    istio('AuthorizationPolicy', 'none', {}, SECURITY),
    istio('RequestAuthentication', 'j', { jwtRules: [{ issuer: 'me', jwks: '{}' }] }, SECURITY),
  );
  const inbound = JSON.stringify(named(listeners, 'virtualInbound'));
  expect(inbound).not.toContain('raw_buffer');
  expect(inbound).toContain('"ns[default]-policy[a]-rule[0]"');
  expect(inbound).toContain('"exact":"spiffe://cluster.local/ns/x/sa/y"');
  expect(inbound).toContain('"issuer":"me"');
});

test('a gateway listens where Gateways ask, and has the routes of what is attached to them', () => {
  const gateway = istio('Gateway', 'g', {
    selector: { istio: 'ingressgateway' },
    servers: [{ port: { number: 8080, name: 'http', protocol: 'HTTP' }, hosts: ['*'] }],
  });
  const rules = istio('VirtualService', 'v', {
    hosts: ['*'],
    gateways: ['g'],
    http: [{ match: [{ uri: { prefix: '/a' } }], route: [{ destination: { host: 'web', port: { number: 80 } } }] }],
  });
  expect(configure('gateway').listeners).toEqual([]);
  const { listeners, routes } = configure('gateway', gateway, rules);
  expect(listeners.map((l) => l.name)).toEqual(['0.0.0.0_8080']);
  expect(JSON.stringify(named(routes, 'http.8080'))).toContain('"name":"*:8080"');
  expect(JSON.stringify(configure('gateway', gateway).routes)).toContain('blackhole:8080');
});

test.each([
  null,
  7,
  'x',
  [],
  { http: 3, hosts: 'a', subsets: {}, servers: [null], rules: [[]], jwtRules: 'j', trafficPolicy: [], mtls: 3 },
])('nothing that is not checked breaks it: %j', (spec) => {
  const kinds = ['VirtualService', 'DestinationRule', 'Gateway'].map((kind) => istio(kind, 'x', spec));
  const policies = ['AuthorizationPolicy', 'PeerAuthentication', 'RequestAuthentication'].map((kind) =>
    istio(kind, 'x', spec, SECURITY),
  );
  for (const role of ['sidecar', 'gateway'] as const) {
    expect(configure(role, ...kinds, ...policies, service('other', 80), pod('p', {})).clusters.length).toBeGreaterThan(
      0,
    );
  }
});
