import { expect, test } from 'vitest';
import { pod } from '../../mesh/fixtures.ts';
import type { ProxyRecord } from '../traffic.ts';
import { formatAccessLog } from './access-log.ts';

const start = Date.parse('2026-11-21T04:46:40.130Z');

const request = {
  method: 'GET',
  path: '/productpage',
  authority: '172.18.0.2:32708',
  headers: {
    'x-forwarded-for': '10.244.1.1',
    'user-agent': 'curl/7.88.1',
    'x-request-id': 'e6200505-8fff-9aef-b96e-f34947e65c1e',
  },
};

const answered: ProxyRecord = {
  reporter: 'source',
  role: 'gateway',
  pod: pod('gateway', {}),
  protocol: 'http',
  mtls: false,
  start,
  request,
  status: 200,
  flags: [],
  details: 'via_upstream',
  bytesReceived: 0,
  bytesSent: 2076,
  duration: 20,
  upstreamTime: 19,
  upstreamHost: '10.244.1.17:9080',
  cluster: 'outbound|9080||productpage.default.svc.cluster.local',
  upstreamLocal: '10.244.1.14:59340',
  downstreamLocal: '10.244.1.14:8080',
  downstreamRemote: '10.244.1.1:60881',
  route: '-',
};

test('an answered request, as a real gateway writes it', () => {
  expect(formatAccessLog(answered)).toBe(
    '[2026-11-21T04:46:40.130Z] "GET /productpage HTTP/1.1" 200 - via_upstream - "-" 0 2076 20 19 "10.244.1.1" "curl/7.88.1" "e6200505-8fff-9aef-b96e-f34947e65c1e" "172.18.0.2:32708" "10.244.1.17:9080" outbound|9080||productpage.default.svc.cluster.local 10.244.1.14:59340 10.244.1.14:8080 10.244.1.1:60881 - -',
  );
});

test('what is not there is a dash: no route', () => {
  const { upstreamTime, upstreamHost, cluster, upstreamLocal, ...rest } = answered;
  const line = formatAccessLog({
    ...rest,
    status: 404,
    flags: ['NR'],
    details: 'route_not_found',
    bytesSent: 0,
    duration: 0,
  });
  expect(line).toBe(
    '[2026-11-21T04:46:40.130Z] "GET /productpage HTTP/1.1" 404 NR route_not_found - "-" 0 0 0 - "10.244.1.1" "curl/7.88.1" "e6200505-8fff-9aef-b96e-f34947e65c1e" "172.18.0.2:32708" "-" - - 10.244.1.14:8080 10.244.1.1:60881 - -',
  );
});

test('a TCP connection has no request', () => {
  const { details, upstreamTime, request: _, ...rest } = answered;
  const line = formatAccessLog({ ...rest, protocol: 'tcp', status: 0, cluster: 'PassthroughCluster' });
  expect(line).toContain('"- - -" 0 - - - "-" 0 2076 20 - "-" "-" "-" "-" "10.244.1.17:9080" PassthroughCluster');
});

test('a client cannot write lines or fields of its own', () => {
  const headers = { 'user-agent': 'x" 200 OK\n[fake] "' };
  const line = formatAccessLog({ ...answered, request: { method: 'GET', path: '/', authority: 'a', headers } });
  expect(line.split('\n')).toHaveLength(1);
  expect(line).toContain('"x_ 200 OK_[fake] _"');
});

test('JSON has the same values under sorted keys, and null for what is not there', () => {
  const line = formatAccessLog({ ...answered, duration: 20.7 }, 'json');
  const parsed = JSON.parse(line) as Record<string, unknown>;
  expect(Object.keys(parsed)).toEqual(Object.keys(parsed).toSorted());
  expect(parsed).toMatchObject({
    method: 'GET',
    path: '/productpage',
    response_code: 200,
    response_flags: '-',
    duration: 20,
    upstream_service_time: '19',
    requested_server_name: null,
    start_time: '2026-11-21T04:46:40.130Z',
  });
});
