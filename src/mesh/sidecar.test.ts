import { expect, test } from 'vitest';
import type { Outcome } from './decision.ts';
import type { MeshRequest } from './engine.ts';
import {
  always,
  bookinfo,
  destinationRule,
  engineOf,
  get,
  pod,
  SIDECAR,
  seeded,
  service,
  subsets,
  virtualService,
} from './fixtures.ts';
import type { KubeObject } from './objects.ts';

const REVIEWS = get('http://reviews:9080/reviews/0');
const to = (subset: string, host = 'reviews') => ({ route: [{ destination: { host, subset } }] });
const toSubset = (name: string, subset: string, extra = {}) =>
  virtualService(name, { hosts: ['reviews'], http: [to(subset)] }, extra);

function outcome(objects: KubeObject[], request: MeshRequest = REVIEWS, proxy = SIDECAR): Outcome {
  return engineOf(...bookinfo(), ...objects).decide(proxy, request, always(0)).outcome;
}

test('without a VirtualService every ready pod of the Service gets its share', () => {
  const engine = engineOf(...bookinfo());
  const chance = seeded(1);
  const seen = new Map<string, number>();
  for (let i = 0; i < 9_000; i++) {
    const { outcome } = engine.decide(SIDECAR, REVIEWS, chance);
    if (outcome.kind !== 'forward') throw new Error(outcome.kind);
    expect(outcome).toMatchObject({ cluster: 'outbound|9080||reviews.default.svc.cluster.local', route: 'default' });
    seen.set(outcome.endpoint.pod, (seen.get(outcome.endpoint.pod) ?? 0) + 1);
  }
  expect([...seen.keys()].sort()).toEqual(['reviews-v1', 'reviews-v2', 'reviews-v3']);
  for (const count of seen.values()) expect(Math.abs(count - 3_000)).toBeLessThan(200);
});

test('a Service is found by every form of its name and by its ClusterIP, with any case of letters', () => {
  const reviews = bookinfo().find((o) => o.kind === 'Service' && o.metadata.name === 'reviews');
  const clusterIP = (reviews?.spec as { clusterIP: string } | undefined)?.clusterIP ?? '';
  const names = ['reviews', 'reviews.default', 'reviews.default.svc', 'reviews.default.svc.cluster.local', 'REVIEWS'];
  for (const name of [...names, clusterIP]) {
    expect(outcome([], { ...REVIEWS, authority: `${name}:9080` })).toMatchObject({ kind: 'forward', route: 'default' });
  }
});

test('a short name means the namespace of who asks', () => {
  const elsewhere = { ...SIDECAR, namespace: 'other' };
  expect(outcome([], REVIEWS, elsewhere).kind).toBe('passthrough');
  expect(outcome([], { ...REVIEWS, authority: 'reviews.default:9080' }, elsewhere).kind).toBe('forward');
});

test('rules are tried in order and the first that matches wins', () => {
  const jason = { match: [{ headers: { 'end-user': { exact: 'jason' } } }], ...to('v2') };
  const objects = [
    subsets('reviews', 'v1', 'v2'),
    virtualService('reviews', { hosts: ['reviews'], http: [jason, to('v1')] }),
  ];
  expect(outcome(objects)).toMatchObject({ subset: 'v1', route: '-' });
  expect(outcome(objects, { ...REVIEWS, headers: { 'end-user': 'jason' } })).toMatchObject({ subset: 'v2' });
});

test('rules after one that takes everything are dropped', () => {
  const all = { match: [{ uri: { prefix: '/' } }], ...to('v1') };
  const later = { match: [{ uri: { prefix: '/reviews' } }], ...to('v2') };
  const objects = [subsets('reviews', 'v1', 'v2'), virtualService('r', { hosts: ['reviews'], http: [all, later] })];
  expect(outcome(objects)).toMatchObject({ subset: 'v1' });
});

test('no rule matches: 404 without body, flag NR', () => {
  const objects = [
    virtualService('r', { hosts: ['reviews'], http: [{ match: [{ uri: { exact: '/x' } }], ...to('') }] }),
  ];
  expect(outcome(objects)).toMatchObject({
    kind: 'reply',
    status: 404,
    body: '',
    flags: ['NR'],
    details: 'route_not_found',
  });
});

test('all rules are for other clients: the Service keeps its own route', () => {
  const http = [{ match: [{ sourceLabels: { app: 'other' } }], ...to('v1') }];
  expect(outcome([virtualService('r', { hosts: ['reviews'], http })])).toMatchObject({ route: 'default' });
});

test('the oldest VirtualService of a host rules alone', () => {
  const objects = [
    subsets('reviews', 'v1', 'v2'),
    toSubset('young', 'v2', { creationTimestamp: '2026-03-01T11:00:00Z' }),
    toSubset('old', 'v1', { creationTimestamp: '2026-03-01T09:00:00Z' }),
  ];
  expect(outcome(objects)).toMatchObject({ subset: 'v1' });
  const { steps } = engineOf(...bookinfo(), ...objects).decide(SIDECAR, REVIEWS, always(0));
  expect(steps).toContainEqual(
    expect.objectContaining({
      result: 'ignored',
      source: expect.objectContaining({ name: 'young', path: 'spec.hosts[0]' }),
    }),
  );
});

test('of the same age, the first by name rules', () => {
  const objects = [subsets('reviews', 'v1', 'v2'), toSubset('b', 'v2'), toSubset('a', 'v1')];
  expect(outcome(objects)).toMatchObject({ subset: 'v1' });
});

test('an exact host wins over a wildcard, whatever their age', () => {
  const wild = virtualService('wild', { hosts: ['*.default.svc.cluster.local'], http: [to('v1')] });
  const exact = toSubset('zexact', 'v2', { creationTimestamp: '2027-01-01T00:00:00Z' });
  expect(outcome([subsets('reviews', 'v1', 'v2'), wild])).toMatchObject({ subset: 'v1' });
  expect(outcome([subsets('reviews', 'v1', 'v2'), wild, exact])).toMatchObject({ subset: 'v2' });
});

test('without `gateways` a VirtualService is for the mesh; with a gateway alone it is not', () => {
  const bound = virtualService('r', { hosts: ['reviews'], gateways: ['some'], http: [to('v1')] });
  expect(outcome([subsets('reviews', 'v1'), bound])).toMatchObject({ route: 'default' });
  const both = virtualService('r', { hosts: ['reviews'], gateways: ['some', 'mesh'], http: [to('v1')] });
  expect(outcome([subsets('reviews', 'v1'), both])).toMatchObject({ subset: 'v1' });
});

test('exportTo hides a VirtualService from other namespaces', () => {
  const hidden = virtualService(
    'r',
    { hosts: ['reviews.default.svc.cluster.local'], exportTo: ['.'], http: [to('v1')] },
    { namespace: 'other' },
  );
  expect(outcome([subsets('reviews', 'v1'), hidden])).toMatchObject({ route: 'default' });
});

test('the names of rule and match make the name of the route', () => {
  const named = (match: string, rule: string) =>
    virtualService('r', {
      hosts: ['reviews'],
      http: [{ name: rule, match: [{ name: match, uri: { prefix: '/r' } }], ...to('v1') }],
    });
  const routes = [named('m', 'canary'), named('', 'canary'), named('', '')].map((v) =>
    outcome([subsets('reviews', 'v1'), v]),
  );
  expect(routes.map((o) => o.kind === 'forward' && o.route)).toEqual(['canary.m', 'canary', '-']);
});

test('a subset without pods is 503 UH with a body; an undefined one, or an unknown host, 503 NC without', () => {
  const missing = { kind: 'reply', status: 503, body: '', flags: ['NC'], details: 'cluster_not_found' };
  expect(outcome([subsets('reviews', 'v9'), toSubset('r', 'v9')])).toMatchObject({
    status: 503,
    body: 'no healthy upstream',
    flags: ['UH'],
    cluster: 'outbound|9080|v9|reviews.default.svc.cluster.local',
  });
  expect(outcome([subsets('reviews', 'v1'), toSubset('r', 'v2')])).toMatchObject(missing);
  expect(outcome([toSubset('r', 'v1')])).toMatchObject(missing);
  expect(outcome([virtualService('r', { hosts: ['reviews'], http: [to('', 'nobody')] })])).toMatchObject(missing);
  const port = { route: [{ destination: { host: 'reviews', port: { number: 1234 } } }] };
  expect(outcome([virtualService('r', { hosts: ['reviews'], http: [port] })])).toMatchObject(missing);
});

test('a pod that is not ready, or going away, is no endpoint', () => {
  const bare = bookinfo().filter((o) => !(o.kind === 'Pod' && o.metadata.labels?.app === 'reviews'));
  const sick = pod(
    'reviews-v1',
    { app: 'reviews' },
    { status: { podIP: '10.0.0.9', conditions: [{ type: 'Ready', status: 'False' }] } },
  );
  const leaving = pod('reviews-v2', { app: 'reviews' });
  leaving.metadata.deletionTimestamp = '2026-03-01T10:00:00Z';
  const { outcome } = engineOf(...bare, sick, leaving).decide(SIDECAR, REVIEWS, always(0));
  expect(outcome).toMatchObject({ flags: ['UH'], route: 'default' });
});

test('a named targetPort is looked up in each pod', () => {
  const named = service('web', 80, { ports: [{ name: 'http', port: 80, targetPort: 'web' }] });
  const containers = [{ name: 'app', ports: [{ name: 'web', containerPort: 3000 }] }];
  const web = pod('web-1', { app: 'web' }, { spec: { containers } });
  expect(outcome([named, web], get('http://web/'))).toMatchObject({ endpoint: { port: 3000, sidecar: false } });
});

test('a port that no Service has for HTTP, and a host that is no Service, pass through', () => {
  expect(outcome([], get('http://reviews:9999/'))).toEqual({
    kind: 'passthrough',
    cluster: 'PassthroughCluster',
    route: 'allow_any',
  });
  expect(outcome([], get('http://example.com:9080/')).kind).toBe('passthrough');
});

test('a host that is no Service is honoured on port 80 only', () => {
  const ext = virtualService('ext', {
    hosts: ['example.com'],
    http: [{ route: [{ destination: { host: 'details', port: { number: 9080 } } }] }],
  });
  const onPort80 = service('web', 80);
  expect(outcome([onPort80, ext], get('http://example.com/'))).toMatchObject({ service: { name: 'details' } });
  expect(outcome([ext], get('http://example.com:9080/')).kind).toBe('passthrough');
});

test('a port declared TCP is connected to without looking at rules', () => {
  const tcp = service('db', 9080, { ports: [{ name: 'tcp-db', port: 9080 }] });
  const rule = virtualService('db', { hosts: ['db'], http: [to('', 'details')] });
  expect(outcome([tcp, pod('db-1', { app: 'db' }), rule], get('http://db:9080/'))).toMatchObject({
    tcp: true,
    endpoint: { pod: 'db-1' },
  });
});

test('ROUND_ROBIN takes turns; the subset policy wins over the general one', () => {
  const rule = destinationRule('reviews', {
    host: 'reviews',
    trafficPolicy: { loadBalancer: { simple: 'ROUND_ROBIN' } },
  });
  const engine = engineOf(...bookinfo(), rule);
  const chance = seeded(3);
  const pods = Array.from({ length: 6 }, () => {
    const { outcome } = engine.decide(SIDECAR, REVIEWS, chance);
    return outcome.kind === 'forward' ? outcome.endpoint.pod : '';
  });
  expect(pods.slice(0, 3)).toEqual(pods.slice(3));
  expect(new Set(pods).size).toBe(3);
});

test('the DestinationRule of the client namespace comes before that of the service, and that before the root', () => {
  const host = 'reviews.default.svc.cluster.local';
  const rule = (namespace: string, version: string) =>
    destinationRule(`r-${namespace}`, { host, subsets: [{ name: 's', labels: { version } }] }, { namespace });
  const vs = virtualService('r', { hosts: ['reviews'], http: [to('s')] });
  const client = { ...SIDECAR, namespace: 'client' };
  const request = { ...REVIEWS, authority: `${host}:9080` };
  const all = [rule('client', 'v1'), rule('default', 'v2'), rule('istio-system', 'v3')];
  const chosen = (rules: KubeObject[]) => outcome([vs, ...rules], request, client);
  expect(chosen(all)).toMatchObject({ endpoint: { pod: 'reviews-v1' } });
  expect(chosen(all.slice(1))).toMatchObject({ endpoint: { pod: 'reviews-v2' } });
  expect(chosen(all.slice(2))).toMatchObject({ endpoint: { pod: 'reviews-v3' } });
});

test('DestinationRules of one host and namespace add up their subsets; of the same name the older stays', () => {
  const one = destinationRule('a', { host: 'reviews', subsets: [{ name: 'v1', labels: { version: 'v1' } }] });
  const two = destinationRule('b', {
    host: 'reviews',
    subsets: [
      { name: 'v1', labels: { version: 'v3' } },
      { name: 'v2', labels: { version: 'v2' } },
    ],
  });
  expect(outcome([one, two, toSubset('r', 'v2')])).toMatchObject({ endpoint: { pod: 'reviews-v2' } });
  expect(outcome([one, two, toSubset('r', 'v1')])).toMatchObject({ endpoint: { pod: 'reviews-v1' } });
});

test('a DestinationRule with workloadSelector is for those clients only', () => {
  const rule = destinationRule('r', {
    host: 'reviews',
    workloadSelector: { matchLabels: { app: 'curl' } },
    subsets: [{ name: 'v1', labels: { version: 'v1' } }],
  });
  expect(outcome([rule, toSubset('r', 'v1')])).toMatchObject({ flags: ['NC'] });
  const curl = { ...SIDECAR, labels: { app: 'curl' } };
  expect(outcome([rule, toSubset('r', 'v1')], REVIEWS, curl)).toMatchObject({ subset: 'v1' });
});

test('a destination without port has that of the listener, even when its Service has only another', () => {
  const vs = (destination: unknown) =>
    virtualService('r', { hosts: ['reviews'], http: [{ route: [{ destination }] }] });
  const one = [service('one', 7000), pod('one-1', { app: 'one' })];
  expect(outcome([...one, vs({ host: 'one' })])).toMatchObject({ status: 503, details: 'cluster_not_found' });
  expect(outcome([...one, vs({ host: 'one', port: { number: 7000 } })])).toMatchObject({ service: { port: 7000 } });
  expect(outcome([vs({ host: 'details' })])).toMatchObject({ service: { name: 'details', port: 9080 } });
});
