// Hosts beyond Services, connections that are not HTTP, and what Sidecars leave of the mesh.
import { expect, test } from 'vitest';
import type { Outcome } from './decision.ts';
import type { MeshRequest } from './engine.ts';
import {
  always,
  bookinfo,
  destinationRule,
  get,
  istioObject,
  pod,
  SIDECAR,
  service,
  virtualService,
} from './fixtures.ts';
import { indexMesh } from './index-mesh.ts';
import type { KubeObject } from './objects.ts';

const HTTP = { number: 8000, name: 'http', protocol: 'HTTP' };

function decide(objects: KubeObject[], request: MeshRequest, proxy = SIDECAR, meshConfig = {}) {
  const all = [...bookinfo(), ...objects];
  return indexMesh({ objects: all, rootNamespace: 'istio-system', meshConfig }).decide(proxy, request, always(0));
}

const outcome = (...args: Parameters<typeof decide>): Outcome => decide(...args).outcome;

const entry = (name: string, spec: Record<string, unknown>, extra = {}) =>
  istioObject('ServiceEntry', name, { ports: [HTTP], ...spec }, extra);
const sidecar = (name: string, spec: Record<string, unknown>, namespace = 'default') =>
  istioObject('Sidecar', name, spec, { namespace });

test('a ServiceEntry with endpoints: by its host, its address and its wildcard', () => {
  const ext = entry('ext', {
    hosts: ['ext.example.com', '*.wild.example.com'],
    addresses: ['240.1.1.2'],
    resolution: 'STATIC',
    endpoints: [{ address: '10.9.9.9', ports: { http: 8888 } }],
  });
  const there = { endpoint: { address: '10.9.9.9', port: 8888, external: true, sidecar: false } };
  expect(outcome([ext], get('http://ext.example.com:8000/'))).toMatchObject({
    ...there,
    cluster: 'outbound|8000||ext.example.com',
    route: 'default',
    service: { name: 'ext.example.com', namespace: 'default', port: 8000, host: 'ext.example.com' },
  });
  expect(outcome([ext], get('http://240.1.1.2:8000/'))).toMatchObject(there);
  expect(outcome([ext], get('http://a.b.wild.example.com:8000/'))).toMatchObject({
    cluster: 'outbound|8000||*.wild.example.com',
  });
  expect(outcome([ext], get('http://other.example.com:8000/'))).toMatchObject({ kind: 'passthrough', http: true });
});

test('a ServiceEntry without endpoints: by DNS its own name, STATIC nobody, NONE where the client was going', () => {
  const request = get('http://e.example.com:8000/', { destinationAddress: '203.0.113.7' });
  const with_ = (resolution: string) => outcome([entry('e', { hosts: ['e.example.com'], resolution })], request);
  expect(with_('DNS')).toMatchObject({ endpoint: { address: 'e.example.com', port: 8000 } });
  expect(with_('STATIC')).toMatchObject({ status: 503, body: 'no healthy upstream', flags: ['UH'] });
  expect(with_('NONE')).toMatchObject({
    endpoint: { address: '203.0.113.7', port: 8000, external: true },
    candidates: [{ address: '203.0.113.7' }],
  });
});

test('an endpoint that is the name of a Service is its address, as DNS answers', () => {
  const endpoints = [{ address: 'details.default.svc.cluster.local' }];
  const ext = entry('e', { hosts: ['e.example.com'], resolution: 'DNS', endpoints });
  const details = bookinfo().find((o) => o.kind === 'Service' && o.metadata.name === 'details');
  expect(outcome([ext], get('http://e.example.com:8000/'))).toMatchObject({
    cluster: 'outbound|8000||e.example.com',
    endpoint: { address: (details?.spec as { clusterIP: string } | undefined)?.clusterIP, port: 8000, pod: '' },
  });
});

test('a workloadSelector takes pods and WorkloadEntries of its namespace', () => {
  const labels = { app: 'ratings' };
  const select = entry('s', {
    hosts: ['s.example.com'],
    location: 'MESH_INTERNAL',
    resolution: 'STATIC',
    ports: [{ ...HTTP, targetPort: 9080 }],
    workloadSelector: { labels },
  });
  const vm = istioObject('WorkloadEntry', 'vm', { address: '10.8.0.1', labels, weight: 3, locality: 'r/z' }, {});
  const { candidates } = outcome([select, vm], get('http://s.example.com:8000/')) as { candidates?: unknown };
  expect(candidates).toMatchObject([
    { pod: 'ratings-v1', port: 9080, sidecar: true },
    { address: '10.8.0.1', port: 9080, weight: 3, locality: 'r/z', external: true },
  ]);
});

test('a Service takes WorkloadEntries too', () => {
  const vm = istioObject('WorkloadEntry', 'vm', { address: '10.8.0.1', labels: { app: 'details' } }, {});
  const { candidates } = outcome([vm], get('http://details:9080/')) as { candidates?: unknown };
  expect(candidates).toMatchObject([{ pod: 'details-v1' }, { address: '10.8.0.1', port: 9080 }]);
});

test('VirtualServices and subsets rule a ServiceEntry as they do a Service', () => {
  const host = 'ext.example.com';
  const ext = entry('ext', {
    hosts: [host],
    resolution: 'STATIC',
    endpoints: [
      { address: '10.9.9.1', labels: { version: 'v1' } },
      { address: '10.9.9.2', labels: { version: 'v2' } },
    ],
  });
  const rule = destinationRule('ext', { host, subsets: [{ name: 'v2', labels: { version: 'v2' } }] });
  const vs = virtualService('ext', { hosts: [host], http: [{ route: [{ destination: { host, subset: 'v2' } }] }] });
  expect(outcome([ext, rule, vs], get(`http://${host}:8000/`))).toMatchObject({
    cluster: `outbound|8000|v2|${host}`,
    endpoint: { address: '10.9.9.2' },
  });
});

test('exportTo hides a ServiceEntry, or a Service by annotation, from other namespaces', () => {
  const hidden = entry('e', { hosts: ['e.example.com'], exportTo: ['.'], resolution: 'DNS' }, { namespace: 'other' });
  expect(outcome([hidden], get('http://e.example.com:8000/')).kind).toBe('passthrough');
  expect(outcome([hidden], get('http://e.example.com:8000/'), { ...SIDECAR, namespace: 'other' }).kind).toBe('forward');
  const own = service('own', 9080, {}, 'other');
  own.metadata.annotations = { 'networking.istio.io/exportTo': '.' };
  expect(outcome([own], get('http://own.other:9080/')).kind).toBe('passthrough');
  const vs = virtualService('d', {
    hosts: ['details'],
    http: [{ route: [{ destination: { host: 'own.other.svc.cluster.local' } }] }],
  });
  expect(outcome([own, vs], get('http://details:9080/'))).toMatchObject({ flags: ['NC'] });
});

test('REGISTRY_ONLY: 502 on an HTTP port, no connection on another; the steps say what is to blame', () => {
  const meshConfig = { outboundTrafficPolicy: { mode: 'REGISTRY_ONLY' } };
  expect(outcome([], get('http://nosuch.example:9080/'), SIDECAR, meshConfig)).toEqual({
    kind: 'reply',
    status: 502,
    headers: {},
    body: '',
    flags: [],
    details: 'direct_response',
    route: 'block_all',
  });
  expect(outcome([], get('http://nosuch.example:4321/'), SIDECAR, meshConfig)).toEqual({ kind: 'refused' });
  expect(outcome([], get('http://details:9080/'), SIDECAR, meshConfig).kind).toBe('forward');
  const open = sidecar('s', { outboundTrafficPolicy: { mode: 'ALLOW_ANY' } });
  expect(outcome([open], get('http://nosuch.example:9080/'), SIDECAR, meshConfig).kind).toBe('passthrough');
  const closed = sidecar('s', { outboundTrafficPolicy: { mode: 'REGISTRY_ONLY' } });
  expect(decide([closed], get('http://nosuch.example:9080/')).steps).toContainEqual({
    kind: 'virtual-host',
    result: 'blocked',
    source: { kind: 'Sidecar', namespace: 'default', name: 's', path: 'spec.outboundTrafficPolicy' },
    facts: { authority: 'nosuch.example:9080' },
  });
});

test('a Sidecar leaves of the mesh what its egress lists', () => {
  const egress = [{ hosts: ['./details.default.svc.cluster.local', 'istio-system/*'] }];
  const objects = [sidecar('s', { egress })];
  expect(outcome(objects, get('http://details:9080/')).kind).toBe('forward');
  expect(outcome(objects, get('http://ratings:9080/'))).toMatchObject({ kind: 'passthrough', http: true });
  // Known, though it has no pods here.
  expect(outcome(objects, get('http://istio-ingressgateway.istio-system:80/'))).toMatchObject({ flags: ['UH'] });
  const nothing = [sidecar('s', { egress: [{ hosts: ['~/*'] }] })];
  expect(outcome(nothing, get('http://details:9080/'))).toEqual({
    kind: 'passthrough',
    cluster: 'PassthroughCluster',
    route: 'allow_any',
  });
  const onePort = [sidecar('s', { egress: [{ port: { number: 80 }, hosts: ['*/*'] }] })];
  expect(outcome(onePort, get('http://details:9080/')).kind).toBe('passthrough');
});

test('a VirtualService of a namespace that is not imported has no effect', () => {
  const far = virtualService(
    'd',
    { hosts: ['details.default.svc.cluster.local'], http: [{ directResponse: { status: 299 } }] },
    { namespace: 'far' },
  );
  expect(outcome([far], get('http://details:9080/'))).toMatchObject({ status: 299 });
  const near = sidecar('s', { egress: [{ hosts: ['./*'] }] });
  expect(outcome([far, near], get('http://details:9080/')).kind).toBe('forward');
});

test('the Sidecar that selects the workload, else that of its namespace, else that of the root namespace', () => {
  const blind = { egress: [{ hosts: ['~/*'] }] };
  const all = { egress: [{ hosts: ['*/*'] }] };
  const selecting = sidecar('a', { workloadSelector: { labels: { app: 'productpage' } }, ...all });
  const own = sidecar('b', blind);
  const root = sidecar('c', blind, 'istio-system');
  const kind = (...objects: KubeObject[]) => outcome(objects, get('http://details:9080/')).kind;
  expect([kind(root), kind(own), kind(own, selecting), kind(sidecar('d', all), root)]).toEqual([
    'passthrough',
    'passthrough',
    'forward',
    'forward',
  ]);
});

const echo = service('echo', 9000, {
  ports: [
    { name: 'tcp', port: 9000 },
    { name: 'tcp-other', port: 9001 },
  ],
});
const echoPods = ['v1', 'v2'].map((version) => pod(`echo-${version}`, { app: 'echo', version }));

test('tcp rules: port, labels and subnets of the connection, weights, another port', () => {
  const to = (subset: string, extra = {}) => [{ destination: { host: 'echo', subset, ...extra } }];
  const rules = virtualService('echo', {
    hosts: ['echo'],
    tcp: [
      { match: [{ port: 9000, sourceLabels: { app: 'nobody' } }], route: to('none') },
      { match: [{ port: 9000, destinationSubnets: ['10.0.0.0/8'] }], route: to('v1', { port: { number: 9001 } }) },
      { match: [{ port: 9000 }], route: to('v2') },
    ],
  });
  const subsets = ['v1', 'v2', 'none'].map((name) => ({ name, labels: { version: name } }));
  const objects = [echo, ...echoPods, rules, destinationRule('echo', { host: 'echo', subsets })];
  const at = (port: number, destinationAddress?: string) =>
    outcome(objects, { ...get(`http://echo:${port}/`), ...(destinationAddress && { destinationAddress }) });
  expect(at(9000)).toMatchObject({ tcp: true, route: '-', endpoint: { pod: 'echo-v2' } });
  expect(at(9000, '10.1.2.3')).toMatchObject({ endpoint: { pod: 'echo-v1', port: 9001 } });
  expect(at(9001)).toMatchObject({ cluster: 'outbound|9001||echo.default.svc.cluster.local' });
});

test('a tcp rule to a subset without pods refuses the connection and tells the cluster', () => {
  const route = [{ destination: { host: 'echo', subset: 'none' } }];
  const objects = [
    echo,
    virtualService('echo', { hosts: ['echo'], tcp: [{ route }] }),
    destinationRule('echo', { host: 'echo', subsets: [{ name: 'none', labels: { version: 'v9' } }] }),
  ];
  const { outcome: refused, steps } = decide(objects, get('http://echo:9000/'));
  expect(refused).toEqual({ kind: 'refused', cluster: 'outbound|9000|none|echo.default.svc.cluster.local' });
  expect(steps.map((s) => [s.kind, s.result, s.source?.path])).toEqual([
    ['listener', 'tcp', undefined],
    ['rule', 'matched', 'spec.tcp[0]'],
    ['destination', 'only', 'spec.tcp[0].route[0]'],
    ['subset', 'found', 'spec.subsets[0]'],
    ['endpoint', 'none', undefined],
  ]);
});

test('a Service is found by the address of the connection, whatever its authority', () => {
  const clusterIP = (echo.spec as { clusterIP: string }).clusterIP;
  const request = { ...get('http://whatever:9000/'), destinationAddress: clusterIP };
  expect(outcome([echo, ...echoPods], request)).toMatchObject({ tcp: true, service: { name: 'echo' } });
});

test('a headless Service goes to the pod that the client resolved', () => {
  const headless = service('echo', 9000, { clusterIP: 'None', ports: [{ name: 'http', port: 9000 }] });
  const address = (echoPods[1]?.status as { podIP: string } | undefined)?.podIP ?? '';
  const request = { ...get('http://echo:9000/'), destinationAddress: address };
  expect(outcome([headless, ...echoPods], request)).toMatchObject({ endpoint: { pod: 'echo-v2' } });
});

test('an ExternalName of a Service stands for it', () => {
  const alias = service('alias', 9080, {
    type: 'ExternalName',
    externalName: 'details.default.svc.cluster.local',
    clusterIP: undefined,
    selector: undefined,
  });
  expect(outcome([alias], get('http://alias:9080/'))).toMatchObject({ service: { name: 'details' } });
});

test('TLS of clients is routed by its server name', () => {
  const tls = { number: 443, name: 'tls', protocol: 'TLS' };
  const objects = [
    entry('a', { hosts: ['a.example'], ports: [tls], resolution: 'STATIC', endpoints: [{ address: '10.9.9.1' }] }),
    entry('b', { hosts: ['b.example'], ports: [tls], resolution: 'STATIC', endpoints: [{ address: '10.9.9.2' }] }),
    virtualService('a', {
      hosts: ['a.example'],
      tls: [{ match: [{ port: 443, sniHosts: ['a.example'] }], route: [{ destination: { host: 'b.example' } }] }],
    }),
  ];
  const asking = (serverName: string) =>
    outcome(objects, { ...get('http://x:443/'), serverName, destinationAddress: '203.0.113.1' });
  expect(asking('b.example')).toMatchObject({ tcp: true, endpoint: { address: '10.9.9.2' } });
  expect(asking('a.example')).toMatchObject({ cluster: 'outbound|443||b.example' });
  expect(asking('c.example').kind).toBe('passthrough');
});
