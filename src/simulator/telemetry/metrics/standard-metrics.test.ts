import { describe, expect, test } from 'vitest';
import type { KubeObject } from '../../../mesh/objects.ts';
import type { ProxyRecord } from '../../traffic.ts';
import { createMetricPolicy } from './metric-policy.ts';
import { createStandardMetrics } from './standard-metrics.ts';

function pod(app: string, version: string): KubeObject {
  return {
    apiVersion: 'v1',
    kind: 'Pod',
    metadata: {
      name: `${app}-${version}-abc-xyz`,
      namespace: 'default',
      uid: `${app}-${version}`,
      labels: {
        app,
        version,
        'pod-template-hash': 'abc',
        'service.istio.io/canonical-name': app,
        'service.istio.io/canonical-revision': version,
      },
      ownerReferences: [
        { apiVersion: 'apps/v1', kind: 'ReplicaSet', name: `${app}-${version}-abc`, uid: 'r', controller: true },
      ],
    },
  };
}

const caller = pod('productpage', 'v1');
const server = pod('reviews', 'v2');
const principal = (name: string) => `spiffe://cluster.local/ns/default/sa/bookinfo-${name}`;
const base: ProxyRecord = {
  reporter: 'source',
  role: 'sidecar',
  pod: caller,
  peer: server,
  service: { namespace: 'default', name: 'reviews', port: 9080 },
  protocol: 'http',
  start: 0,
  duration: 12.7,
  request: { method: 'GET', path: '/reviews/0', authority: 'reviews:9080', headers: { 'x-request-id': '1' } },
  status: 200,
  flags: [],
  bytesReceived: 0,
  bytesSent: 358,
  cluster: 'outbound|9080|v2|reviews.default.svc.cluster.local',
  route: 'default',
  downstreamLocal: '10.96.0.1:9080',
  downstreamRemote: '10.244.0.1:1',
  mtls: true,
  sourcePrincipal: principal('productpage'),
  destinationPrincipal: principal('reviews'),
};

function expositionOf(records: ProxyRecord[], uid = 'productpage-v1'): string {
  const metrics = createStandardMetrics();
  for (const record of records) metrics.record(record);
  return metrics.exposition(uid);
}

const lineOf = (text: string, start: string) => text.split('\n').find((line) => line.startsWith(start));
const label = (text: string, name: string) =>
  new RegExp(`[{,]${name}="([^"]*)"`).exec(lineOf(text, 'istio_requests_total{') ?? '')?.[1];

describe('istio_requests_total', () => {
  test("of a client has all of Istio's labels, in its order", () => {
    expect(lineOf(expositionOf([base, base]), 'istio_requests_total')).toBe(
      'istio_requests_total{reporter="source",source_workload="productpage-v1",source_canonical_service="productpage",' +
        'source_canonical_revision="v1",source_workload_namespace="default",' +
        `source_principal="${principal('productpage')}",source_app="productpage",source_version="v1",source_cluster="Kubernetes",` +
        'destination_workload="reviews-v2",destination_workload_namespace="default",' +
        `destination_principal="${principal('reviews')}",destination_app="reviews",destination_version="v2",` +
        'destination_service="reviews.default.svc.cluster.local",destination_canonical_service="reviews",' +
        'destination_canonical_revision="v2",destination_service_name="reviews",destination_service_namespace="default",' +
        'destination_cluster="Kubernetes",request_protocol="http",response_code="200",grpc_response_status="",' +
        'response_flags="-",connection_security_policy="unknown"} 2',
    );
  });

  test('of a server tells how the connection was secured', () => {
    const record: ProxyRecord = {
      ...base,
      reporter: 'destination',
      pod: server,
      peer: caller,
      cluster: 'inbound|9080||',
    };
    expect(label(expositionOf([record], 'reviews-v2'), 'connection_security_policy')).toBe('mutual_tls');
    expect(label(expositionOf([{ ...record, mtls: false }], 'reviews-v2'), 'connection_security_policy')).toBe('none');
    expect(label(expositionOf([record], 'reviews-v2'), 'destination_service')).toBe(
      'reviews.default.svc.cluster.local',
    );
  });

  test('of a caller without a proxy is unknown, its revision latest', () => {
    const { peer: _, sourcePrincipal: __, ...rest } = base;
    const text = expositionOf([{ ...rest, reporter: 'destination', pod: server, mtls: false }], 'reviews-v2');
    expect(label(text, 'source_workload')).toBe('unknown');
    expect(label(text, 'source_principal')).toBe('unknown');
    expect(label(text, 'source_canonical_revision')).toBe('latest');
    expect(label(text, 'source_cluster')).toBe('unknown');
  });

  test('of a request without an endpoint has the service but no workload', () => {
    const { peer: _, destinationPrincipal: __, ...rest } = base;
    const text = expositionOf([{ ...rest, status: 503, flags: ['UH'] }]);
    expect(label(text, 'destination_service')).toBe('reviews.default.svc.cluster.local');
    expect(label(text, 'destination_workload')).toBe('unknown');
    expect(label(text, 'response_flags')).toBe('UH');
  });

  test('of a request without a cluster names the Host header', () => {
    const { peer: _, destinationPrincipal: __, service: ___, cluster: ____, ...rest } = base;
    const text = expositionOf([{ ...rest, status: 404, flags: ['NR'] }]);
    expect(label(text, 'destination_service')).toBe('reviews:9080');
    const outside = expositionOf([{ ...rest, cluster: 'PassthroughCluster', route: 'allow_any' }]);
    expect(label(outside, 'destination_service_name')).toBe('PassthroughCluster');
  });
});

test('histograms are cumulative and agree with their count', () => {
  const text = expositionOf([base, { ...base, duration: 3 }]);
  const duration = (le: string) =>
    text
      .split('\n')
      .find((l) => l.startsWith('istio_request_duration_milliseconds_bucket') && l.includes(`le="${le}"`))
      ?.split(' ')
      .at(-1);
  expect(['1', '5', '10', '25', '3600000', '+Inf'].map(duration)).toEqual(['0', '1', '1', '2', '2', '2']);
  expect(lineOf(text, 'istio_request_duration_milliseconds_sum')?.split(' ').at(-1)).toBe('15');
});

test('a TCP connection counts bytes and has no response code', () => {
  const { request: _, ...rest } = base;
  const text = expositionOf([{ ...rest, protocol: 'tcp', status: 0, bytesReceived: 6, bytesSent: 12 }]);
  expect(lineOf(text, 'istio_tcp_sent_bytes_total{')?.split(' ').at(-1)).toBe('12');
  expect(text).not.toContain('response_code');
  expect(text).not.toContain('istio_requests_total');
});

test('what a client writes cannot break the text', () => {
  const { peer: _, service: __, cluster: ___, ...rest } = base;
  const request = { method: 'GET', path: '/', authority: 'a"b\\c\nd', headers: {} };
  expect(expositionOf([{ ...rest, request }])).toContain('destination_service="a\\"b\\\\c\\nd"');
});

test('a client that invents Host headers does not fill the memory', () => {
  const metrics = createStandardMetrics();
  const { peer: _, service: __, cluster: ___, ...rest } = base;
  for (let i = 0; i < 5_000; i++) {
    metrics.record({ ...rest, request: { method: 'GET', path: '/', authority: `h${i}`, headers: {} } });
  }
  const lines = metrics.exposition('productpage-v1').split('\n');
  expect(lines.filter((line) => line.startsWith('istio_requests_total')).length).toBe(2_000);
}, 60_000);

test('metrics go with their pod', () => {
  const metrics = createStandardMetrics();
  metrics.record(base);
  metrics.forget('productpage-v1');
  expect(metrics.exposition('productpage-v1')).toBe('');
});

describe('Telemetry objects', () => {
  const telemetry = (namespace: string, metrics: unknown[], selector?: object): KubeObject => ({
    apiVersion: 'telemetry.istio.io/v1',
    kind: 'Telemetry',
    metadata: { name: 'metrics', namespace, creationTimestamp: '2026-01-01T00:00:00Z' },
    spec: { metrics, ...(selector && { selector }) },
  });
  const mesh = (...objects: KubeObject[]) => ({ version: 1, objects, meshConfig: {}, rootNamespace: 'istio-system' });

  function counted(objects: KubeObject[], records: ProxyRecord[]): string {
    const pushed = mesh(...objects);
    const metrics = createStandardMetrics({ policy: createMetricPolicy(() => pushed) });
    for (const record of records) metrics.record(record);
    return metrics.exposition('productpage-v1');
  }

  test('switch off a metric, or all of them, for clients or servers', () => {
    const off = (match: object) => telemetry('istio-system', [{ overrides: [{ match, disabled: true }] }]);
    expect(counted([off({ metric: 'REQUEST_COUNT' })], [base])).not.toContain('istio_requests_total');
    expect(counted([off({ metric: 'REQUEST_COUNT' })], [base])).toContain('istio_request_bytes');
    expect(counted([off({ metric: 'ALL_METRICS', mode: 'CLIENT' })], [base])).toBe('');
    expect(counted([off({ metric: 'ALL_METRICS', mode: 'SERVER' })], [base])).toContain('istio_requests_total');
  });

  test('the narrowest has the last word', () => {
    const all = (disabled: boolean) => [{ overrides: [{ disabled }] }];
    const narrow = telemetry('default', all(false), { matchLabels: { app: 'productpage' } });
    expect(counted([telemetry('istio-system', all(true)), narrow], [base])).toContain('istio_requests_total');
    expect(counted([telemetry('other', all(true))], [base])).toContain('istio_requests_total');
  });

  test('remove, rewrite and add labels', () => {
    const tagOverrides = {
      response_flags: { operation: 'REMOVE' },
      request_protocol: { value: '"web"' },
      method: { value: 'request.method' },
      agent: { value: "request.headers['User-Agent']" },
    };
    const post = { ...base, request: { method: 'POST', path: '/', authority: 'a', headers: {} } };
    const text = counted(
      [telemetry('default', [{ overrides: [{ match: { metric: 'REQUEST_COUNT' }, tagOverrides }] }])],
      [base, post, post],
    );
    const lines = text.split('\n').filter((line) => line.startsWith('istio_requests_total'));
    expect(lines.map((line) => line.slice(-60))).toEqual([
      expect.stringMatching(/method="GET",agent="unknown"\} 1$/),
      expect.stringMatching(/method="POST",agent="unknown"\} 2$/),
    ]);
    expect(lines[0]).toContain('request_protocol="web"');
    expect(lines[0]).not.toContain('response_flags');
  });

  test('of a shape that nobody checked do no harm', () => {
    const odd = [telemetry('default', ['x', { overrides: ['y', { match: 3, tagOverrides: { 'a-b': {}, c: null } }] }])];
    expect(counted(odd, [base])).toContain('istio_requests_total');
  });
});
