// Values that a real proxy wrote for a request like this one.
import { describe, expect, test } from 'vitest';
import { pod } from '../../mesh/fixtures.ts';
import type { ProxyRecord } from '../traffic.ts';
import { readOperator } from './log-operators.ts';

const httpbin = pod('httpbin-1', { app: 'httpbin', version: 'v1' }, {}, 'mesh4');
const curl = 'spiffe://cluster.local/ns/mesh4/sa/default';
const outbound: ProxyRecord = {
  reporter: 'source',
  role: 'sidecar',
  pod: pod('curl-1', {}, { spec: { containers: [{ name: 'istio-proxy', env: [{ name: 'A', value: 'b' }] }] } }),
  peer: httpbin,
  service: { name: 'httpbin', namespace: 'mesh4', port: 8000 },
  protocol: 'http',
  start: Date.parse('2026-11-21T16:30:58.114Z') + 0.677,
  duration: 3,
  upstreamTime: 2,
  request: {
    method: 'GET',
    path: '/anything?a=1&b=2',
    authority: 'httpbin:8000',
    headers: {
      'user-agent': 'curl/7.88.1',
      accept: '*/*',
      'x-forwarded-proto': 'http',
      'x-request-id': '98afc5b7-77f5-999d-85b4-ce8d50506f5e',
      'x-envoy-attempt-count': '1',
      'x-r': 'uno\ndos',
    },
  },
  responseHeaders: { 'content-type': 'text/plain; charset=utf-8', server: 'envoy', 'x-o': '1\n2' },
  status: 503,
  flags: ['UF', 'URX'],
  details: 'via_upstream',
  bytesReceived: 4,
  bytesSent: 999,
  cluster: 'outbound|8000||httpbin.mesh4.svc.cluster.local',
  route: '-',
  upstreamHost: '10.244.1.6:8080',
  upstreamLocal: '10.244.2.9:55192',
  attempted: ['10.244.1.5:8080', '10.244.1.6:8080'],
  downstreamLocal: '10.96.194.174:8000',
  downstreamRemote: '10.244.2.9:55204',
  mtls: true,
  sourcePrincipal: curl,
  destinationPrincipal: curl,
};
const inbound: ProxyRecord = {
  ...outbound,
  reporter: 'destination',
  cluster: 'inbound|8080||',
  downstreamLocal: '10.244.1.6:8080',
  peerCertificateHash: '875a',
};

function told(operator: string, record: ProxyRecord): unknown {
  const [, name = '', argument = ''] = /^(\w+)(?:\((.*)\))?$/s.exec(operator) ?? [];
  return readOperator(name, argument, undefined)?.(record) ?? null;
}

const WORKLOAD = 'httpbin-1;mesh4;httpbin;v1;Kubernetes';
const SERVICES = [{ host: 'httpbin.mesh4.svc.cluster.local', name: 'httpbin', namespace: 'mesh4' }];

describe.each<[string, unknown, unknown]>([
  ['ACCESS_LOG_TYPE', 'DownstreamEnd', 'DownstreamEnd'],
  ['CEL(request.path)', '/anything?a=1&b=2', '/anything?a=1&b=2'],
  ['CEL(response.code>200)', 'true', 'true'],
  ['CEL(connection.mtls)', 'false', 'true'],
  ["CEL(request.headers['x-r'])", 'uno,dos', 'uno,dos'],
  ["CEL(request.headers['x-none'])", null, null],
  ['CEL(request.query)', 'a=1&b=2', 'a=1&b=2'],
  ['CEL(destination.port)', '8000', '8080'],
  ['CEL(upstream.request_attempt_count)', '2', '2'],
  ["CEL(response.headers['x-o'])", '1,2', '1,2'],
  ['CEL(response.flags)', '32800', '32800'],
  ['CLUSTER_METADATA(istio:services)', SERVICES, SERVICES],
  ['UPSTREAM_METADATA(istio)', { workload: WORKLOAD }, null],
  ['METADATA(UPSTREAM_HOST:istio:workload)', WORKLOAD, null],
  ['CUSTOM_FLAGS', '', ''],
  ['DOWNSTREAM_DIRECT_LOCAL_ADDRESS', '127.0.0.1:15001', '10.244.1.6:15006'],
  ['DOWNSTREAM_LOCAL_URI_SAN', null, curl],
  ['DOWNSTREAM_PEER_FINGERPRINT_256', null, '875a'],
  ['DOWNSTREAM_PEER_ISSUER', null, 'O=cluster.local'],
  ['DOWNSTREAM_TLS_CIPHER', null, 'TLS_AES_128_GCM_SHA256'],
  ['UPSTREAM_TLS_VERSION', 'TLSv1.3', null],
  ['UPSTREAM_PEER_URI_SAN', curl, null],
  ['ENVIRONMENT(A)', 'b', 'b'],
  ['ENVIRONMENT(NOPE)', '-', '-'],
  ['FILTER_CHAIN_NAME', null, '0.0.0.0_8080'],
  ['PATH(NQ)', '/anything', '/anything'],
  ['PATH(NQ:ORIG)', null, null],
  ['QUERY_PARAM(a)', '1', '1'],
  ['QUERY_PARAM(none)', null, null],
  ['REQ(x-r)', 'uno', 'uno'],
  ['REQ(x-none?user-agent)', 'curl/7.88.1', 'curl/7.88.1'],
  ['RESP(:status)', '503', '503'],
  ['RESP(content-type)', 'text/plain; charset=utf-8', 'text/plain; charset=utf-8'],
  ['RESP(x-o)', '1', '1'],
  ['RESP(x-none)', null, null],
  ['RESPONSE_FLAGS_LONG', 'UpstreamConnectionFailure,UpstreamRetryLimitExceeded', expect.any(String)],
  ['START_TIME(%1f)', '1', '1'],
  ['START_TIME(%3F)', '2026-11-21', '2026-11-21'],
  ['START_TIME(%D)', '11/21/26', '11/21/26'],
  ['START_TIME(%E*f)', '114677', '114677'],
  ['START_TIME(%E3S)', '58.114', '58.114'],
  ['START_TIME(%f)', '114677000', '114677000'],
  ['START_TIME(%s.%3f)', '1795278658.114', '1795278658.114'],
  ['START_TIME(%Y/%m/%dT%H:%M:%S%z_%s)', '2026/11/21T16:30:58+0000_1795278658', expect.any(String)],
  ['START_TIME(%a,%d_%b_%Y_%j_%p_%y_%e)', 'Sat,21_Nov_2026_325_PM_26_21', expect.any(String)],
  ['START_TIME_LOCAL', '2026-11-21T16:30:58.114+0000', '2026-11-21T16:30:58.114+0000'],
  ['STREAM_ID', '98afc5b7-77f5-999d-85b4-ce8d50506f5e', expect.any(String)],
  ['UPSTREAM_CLUSTER', 'outbound|8000||httpbin.mesh4.svc.cluster.local;', 'inbound|8080||;'],
  ['UPSTREAM_HOST_NAME', '10.244.1.6:8080', 'inbound|8080||10.244.1.6:8080'],
  ['UPSTREAM_HOSTS_ATTEMPTED_WITHOUT_PORT', '10.244.1.5,10.244.1.6', '10.244.1.5,10.244.1.6'],
  ['UPSTREAM_REQUEST_ATTEMPT_COUNT', 2, 2],
  ['CONNECTION_ID', null, null],
])('%s', (operator, atClient, atServer) => {
  test('at both ends', () => {
    expect(told(operator, outbound)).toEqual(atClient);
    expect(told(operator, inbound)).toEqual(atServer);
  });
});

test('the route tells which VirtualService made it', () => {
  const ruled = { ...outbound, virtualService: { namespace: 'mesh4', name: 'fid' } };
  const config = '/apis/networking.istio.io/v1/namespaces/mesh4/virtual-service/fid';
  expect(told('METADATA(ROUTE:istio:config)', ruled)).toBe(config);
  expect(told('METADATA(ROUTE:istio)', ruled)).toEqual({ config });
  expect(told('METADATA(ROUTE:istio:config)', outbound)).toBeNull();
});

test('the bytes of headers are those of names and values, and of what the first line says', () => {
  const { request } = outbound;
  const { 'x-r': _, ...headers } = request?.headers ?? {};
  const record = { ...outbound, request: { path: '/status/503', method: 'GET', authority: 'httpbin:8000', headers } };
  expect(told('REQUEST_HEADERS_BYTES', record)).toBe(245);
  const responseHeaders = {
    'access-control-allow-credentials': 'true',
    'access-control-allow-origin': '*',
    'content-type': 'text/plain; charset=utf-8',
    date: 'Sat, 21 Nov 2026 16:31:00 GMT',
    'content-length': '0',
    'x-envoy-upstream-service-time': '14',
    server: 'envoy',
  };
  expect(told('RESPONSE_HEADERS_BYTES', { ...record, responseHeaders })).toBe(201);
});

test('a path that a rule has changed is told both ways', () => {
  const request = { ...outbound.request, upstreamPath: '/new?c=1' } as NonNullable<ProxyRecord['request']>;
  const rewritten = { ...outbound, request };
  expect(['REQ(:PATH)', 'PATH(NQ:ORIG)', 'PATH(WQ:PATH)'].map((operator) => told(operator, rewritten))).toEqual([
    '/new?c=1',
    '/anything',
    '/new?c=1',
  ]);
});
