import { expect, test } from 'vitest';
import type { KubeObject } from '../../../mesh/objects.ts';
import type { PushedMesh } from '../../mesh-facts.ts';
import type { ProxyRecord } from '../../traffic.ts';
import { statsMatcher } from '../admin/stats-matcher.ts';
import { withFigures } from './cluster-figures.ts';
import { createProxyStats } from './proxy-stats.ts';

const CLUSTER = 'outbound|80||web.default.svc.cluster.local';
const pod: KubeObject = { apiVersion: 'v1', kind: 'Pod', metadata: { name: 'a', namespace: 'default', uid: 'a' } };
const record = (change: Partial<ProxyRecord>, attempts = 1): ProxyRecord => ({
  reporter: 'source',
  role: 'sidecar',
  pod,
  protocol: 'http',
  start: 0,
  duration: 1,
  upstreamTime: 1,
  request: { method: 'GET', path: '/', authority: 'web', headers: { 'x-envoy-attempt-count': String(attempts) } },
  status: 200,
  flags: [],
  bytesReceived: 0,
  bytesSent: 0,
  cluster: CLUSTER,
  route: 'default',
  upstreamHost: '10.0.0.1:8080',
  downstreamLocal: '',
  downstreamRemote: '',
  mtls: false,
  ...change,
});

function counted(...records: ProxyRecord[]): (name: string) => number | undefined {
  const stats = createProxyStats();
  for (const r of records) stats.record(r);
  const counters = stats.counters('a');
  return (name) => counters.get(`cluster.${CLUSTER};.${name}`);
}

test('requests, codes and endpoints are counted by cluster', () => {
  const of = counted(record({}), record({ status: 503 }));
  expect([of('upstream_rq_total'), of('upstream_rq_200'), of('upstream_rq_2xx'), of('upstream_rq_5xx')]).toEqual([
    2, 1, 1, 1,
  ]);
  expect([of('host.10.0.0.1:8080.rq_total'), of('host.10.0.0.1:8080.rq_error')]).toEqual([2, 1]);
});

test('an overflow is no request upstream', () => {
  const of = counted(record({ status: 503, flags: ['UO'] }));
  expect([of('upstream_rq_pending_overflow'), of('upstream_rq_total'), of('upstream_rq_503')]).toEqual([
    1,
    undefined,
    1,
  ]);
});

test('tries after the first are retries; a time-out and a limit have counters of their own', () => {
  const of = counted(record({}, 3), record({ status: 504, flags: ['UT'] }), record({ status: 503, flags: ['URX'] }, 2));
  expect(
    ['retry', 'retry_success', 'timeout', 'retry_limit_exceeded', 'total'].map((n) => of(`upstream_rq_${n}`)),
  ).toEqual([3, 1, 1, 1, 6]);
});

test('what a proxy answers by itself, before any endpoint, is not counted upstream', () => {
  expect(counted(record({ status: 500, flags: ['FI'] }))('upstream_rq_total')).toBeUndefined();
});

test('a server counts each request once, whatever the client wrote in its headers', () => {
  expect(counted(record({ reporter: 'destination' }, 9))('upstream_rq_total')).toBe(1);
  expect(counted(record({}, 1e9))('upstream_rq_total')).toBe(1);
});

test('the time of answers is a histogram of each cluster, where it is kept', () => {
  const stats = createProxyStats();
  for (const upstreamTime of [1, 7, 70]) stats.record(record({ upstreamTime }));
  stats.record(record({ cluster: 'other' }));
  const text = stats.latencies('a', (name) => name === `cluster.${CLUSTER};.upstream_rq_time`);
  expect(text).toContain('# TYPE envoy_cluster_upstream_rq_time histogram\n');
  expect(text).toContain(`envoy_cluster_upstream_rq_time_bucket{cluster_name="${CLUSTER}",le="10"} 2\n`);
  expect(text).toContain(`envoy_cluster_upstream_rq_time_count{cluster_name="${CLUSTER}"} 3\n`);
  expect(text).not.toContain('other');
  expect(stats.latencies('a', () => false)).toBe('');
});

test('counters of a pod are forgotten with it', () => {
  const stats = createProxyStats();
  stats.record(record({}));
  stats.forget('a');
  expect(stats.counters('a').size).toBe(0);
});

test('gauges come from the memory of the proxy', () => {
  const figures = {
    name: CLUSTER,
    connections: 2,
    pending: 1,
    requests: 2,
    overflows: 0,
    pendingTotal: 3,
    ejections: [{ address: '10.0.0.1', port: 80 }],
  };
  const all = withFigures(new Map(), [figures]);
  expect(all.get(`cluster.${CLUSTER};.outlier_detection.ejections_active`)).toBe(1);
  expect(all.get(`cluster.${CLUSTER};.upstream_rq_pending_active`)).toBe(1);
});

const mesh: PushedMesh = { version: 1, objects: [], meshConfig: {}, rootNamespace: 'istio-system' };

test('only a few statistics are kept unless the pod or the mesh asks for more', () => {
  const name = `cluster.${CLUSTER};.upstream_rq_total`;
  const annotated = (text: string) => ({
    ...pod,
    metadata: { ...pod.metadata, annotations: { 'proxy.istio.io/config': text } },
  });
  expect(statsMatcher(pod, mesh)(name)).toBe(false);
  expect(statsMatcher(pod, mesh)('cluster_manager.active_clusters')).toBe(true);
  expect(statsMatcher(annotated('proxyStatsMatcher: {inclusionPrefixes: [cluster.outbound]}'), mesh)(name)).toBe(true);
  expect(statsMatcher(annotated('proxyStatsMatcher: {inclusionRegexps: [".*rq_total"]}'), mesh)(name)).toBe(true);
  const wide = { ...mesh, meshConfig: { defaultConfig: { proxyStatsMatcher: { inclusionSuffixes: ['rq_total'] } } } };
  expect(statsMatcher(pod, wide)(name)).toBe(true);
});

test.each(['{', 'a: [', 'proxyStatsMatcher: 7', 'proxyStatsMatcher: {inclusionRegexps: ["("]}'])(
  'the annotation %j changes nothing',
  (text) => {
    const annotated = { ...pod, metadata: { ...pod.metadata, annotations: { 'proxy.istio.io/config': text } } };
    expect(statsMatcher(annotated, mesh)('cluster.x;.y')).toBe(false);
  },
);
