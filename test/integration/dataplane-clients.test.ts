// What a gateway answers to clients that are broken, old or odd, and what its log says: as recorded on a real gateway.
import { connect } from 'node:net';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { openGateway, pod, service, virtualService } from '../../src/mesh/fixtures.ts';
import {
  createSmallCluster,
  ingressPod,
  istiod,
  meshConfig,
  type SmallCluster,
} from '../../src/simulator/dataplane/fixtures/small-cluster.ts';
import { freePort, isOpen, rawRequest, realClock, until } from './support/ports.ts';

const ingress = ingressPod();
let cluster: SmallCluster;
let port: number;

beforeEach(async () => {
  port = await freePort();
  cluster = createSmallCluster({ clock: realClock, random: Math.random, entryPort: port });
  const http = [
    {
      match: [{ uri: { prefix: '/status' } }, { uri: { prefix: '/delay' } }],
      route: [{ destination: { host: 'httpbin' } }],
    },
  ];
  cluster.put(
    meshConfig(),
    service(
      'istio-ingressgateway',
      80,
      {
        type: 'LoadBalancer',
        selector: { istio: 'ingressgateway' },
        ports: [{ name: 'http2', port: 80, targetPort: 8080 }],
      },
      'istio-system',
    ),
    service('httpbin', 8000, { ports: [{ name: 'http', port: 8000, targetPort: 8080 }] }),
    openGateway('gw', 80),
    virtualService('httpbin', { hosts: ['*'], gateways: ['gw'], http }),
  );
  cluster.run(istiod(), 'curl');
  cluster.run(ingress, 'curl');
  cluster.run(pod('httpbin', { app: 'httpbin' }), 'go-httpbin');
  await until(() => isOpen(port));
});
afterEach(() => cluster.dataplane.stop());

/** The answer without its date, and the line of the log without time and addresses. */
async function conversation(text: string): Promise<{ reply: string[]; log: string | undefined }> {
  const raw = await rawRequest(port, text);
  const reply = raw.split('\r\n').filter((line) => !line.startsWith('date: '));
  const line = cluster.accessLog(ingress).at(-1);
  // On a busy machine even a refusal may take a millisecond.
  const log = line
    ?.replace(/^\[[^\]]+\] /, '')
    .replace(/( "-" \d+ \d+) \d /, '$1 0 ')
    .replace(/ 10\.\d+\.\d+\.\d+:8080 10\..*$/, '');
  return { reply, log: log?.replace(/"[0-9a-f]{8}-[0-9a-f-]{27}"/, '"ID"') };
}

const protocolError = (status: string, body: string) => [
  `HTTP/1.1 ${status}`,
  `content-length: ${body.length}`,
  'content-type: text/plain',
  'server: istio-envoy',
  'connection: close',
  '',
  body,
];
const empty = (status: string) => [
  `HTTP/1.1 ${status}`,
  'server: istio-envoy',
  'connection: close',
  'content-length: 0',
  '',
  '',
];
const unread = (status: number, flags: string, details: string, sent: number) =>
  `"- - HTTP/1.1" ${status} ${flags} ${details} - "-" 0 ${sent} 0 - "-" "-" "-" "-" "-" - -`;

test.each([
  ['HTTP/1.0', 'GET /x HTTP/1.0\r\n\r\n', '426 Upgrade Required', 'Upgrade Required', 'low_version'],
  ['no HTTP at all', 'garbage\r\n\r\n', '400 Bad Request', 'Bad Request', 'http1.codec_error'],
  ['an unknown method', 'FOO / HTTP/1.1\r\nHost: a\r\n\r\n', '400 Bad Request', 'Bad Request', 'http1.codec_error'],
  [
    'a length and chunks',
    'POST / HTTP/1.1\r\nHost: a\r\nContent-Length: 3\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n',
    '400 Bad Request',
    'Bad Request',
    'http1.content_length_and_chunked_not_allowed',
  ],
  [
    '70 KB of headers',
    `GET / HTTP/1.1\r\nHost: a\r\nx: ${'a'.repeat(70_000)}\r\n\r\n`,
    '431 Request Header Fields Too Large',
    'Request Header Fields Too Large',
    'http1.headers_too_large',
  ],
  [
    '150 headers',
    `GET / HTTP/1.1\r\nHost: a\r\n${Array.from({ length: 150 }, (_, i) => `x${i}: 1\r\n`).join('')}\r\n`,
    '431 Request Header Fields Too Large',
    'Request Header Fields Too Large',
    'http1.too_many_headers',
  ],
])('%s: the answer, its log line, and the connection closed', async (_, text, status, body, details) => {
  const { reply, log } = await conversation(text);
  expect(reply).toEqual(protocolError(status, body));
  expect(log).toBe(unread(Number(status.slice(0, 3)), 'DPE', details, body.length));
});

test('no Host header: 400 without a body', async () => {
  const { reply, log } = await conversation('GET /nohost HTTP/1.1\r\nUser-Agent: nohost\r\n\r\n');
  expect(reply).toEqual(empty('400 Bad Request'));
  expect(log).toBe('"GET /nohost HTTP/1.1" 400 - missing_host_header - "-" 0 0 0 - "-" "nohost" "-" "-" "-" - -');
});

test('CONNECT finds no route', async () => {
  const { reply, log } = await conversation('CONNECT foo:80 HTTP/1.1\r\nHost: foo:80\r\n\r\n');
  expect(reply).toEqual(empty('404 Not Found'));
  expect(log).toContain('"CONNECT - HTTP/1.1" 404 NR route_not_found');
});

test('an upgrade to anything but WebSocket is forbidden', async () => {
  const upgrade = (protocol: string) =>
    conversation(`GET /status/200 HTTP/1.1\r\nHost: a\r\nConnection: upgrade, close\r\nUpgrade: ${protocol}\r\n\r\n`);
  const { reply, log } = await upgrade('foo');
  expect(reply[0]).toBe('HTTP/1.1 403 Forbidden');
  expect(log).toMatch(
    /"GET \/status\/200 HTTP\/1\.1" 403 - upgrade_failed - "-" 0 0 0 - "10\.0\.1\.1" "-" "ID" "a" "-" outbound\|8000\|\|httpbin\.default\.svc\.cluster\.local -/,
  );
});

test('paths are read without fragment and dot segments; %00 is no path', async () => {
  const get = (path: string) => conversation(`GET ${path} HTTP/1.1\r\nHost: a\r\nConnection: close\r\n\r\n`);
  expect((await get('/a/../nodots/./x//y')).log).toContain('"GET /nodots/x//y HTTP/1.1" 404 NR');
  expect((await get('/x%00y')).log).toContain('400 - path_normalization_failed');
  expect((await get('http://foo.bar/absurl')).log).toMatch(/"GET \/absurl HTTP\/1\.1" 404 NR .* "foo\.bar" "-" - -/);
});

test('chunks arrive as one body, and a long path is no trouble', async () => {
  const path = `/status/200?${'q'.repeat(20_000)}`;
  const chunked = `POST ${path} HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: chunked\r\nConnection: close\r\n\r\n3\r\nabc\r\n2\r\nde\r\n0\r\n\r\n`;
  const { reply, log } = await conversation(chunked);
  expect(reply[0]).toBe('HTTP/1.1 200 OK');
  expect(log).toMatch(/ 200 - via_upstream - "-" 5 0 /);
});

test('a client that hangs up: status 0 and DC, in the gateway and in the server’s sidecar', async () => {
  const socket = connect(port, '127.0.0.1');
  socket.write('GET /delay/3 HTTP/1.1\r\nHost: a\r\nUser-Agent: impatient\r\n\r\n');
  await until(() => socket.bytesWritten > 0);
  await new Promise((resolve) => setTimeout(resolve, 100));
  socket.destroy();
  await until(() => cluster.accessLog(ingress).some((line) => line.includes('impatient')));
  const disconnected = /"GET \/delay\/3 HTTP\/1\.1" 0 DC downstream_remote_disconnect - "-" 0 0 \d+ - /;
  expect(cluster.accessLog(ingress).at(-1)).toMatch(disconnected);
  expect(cluster.accessLog(pod('httpbin', { app: 'httpbin' })).at(-1)).toMatch(disconnected);
});
