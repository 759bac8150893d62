// The data plane's real ports, asked by real HTTP clients.
import { connect as netConnect } from 'node:net';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { openGateway, pod, service, virtualService } from '../../src/mesh/fixtures.ts';
import type { KubeObject } from '../../src/mesh/objects.ts';
import {
  createSmallCluster,
  ingressPod,
  istiod,
  meshConfig,
  type SmallCluster,
} from '../../src/simulator/dataplane/fixtures/small-cluster.ts';
import { freePort, isOpen, occupy, rawRequest, realClock, until } from './support/ports.ts';

const httpbin = pod('httpbin', { app: 'httpbin' });
const gateway = openGateway('gw', 80);
const route = virtualService('httpbin', {
  hosts: ['*'],
  gateways: ['gw'],
  http: [
    { match: [{ uri: { prefix: '/old' } }], redirect: { uri: '/new' } },
    { match: [{ uri: { prefix: '/nothing' } }], directResponse: { status: 204 } },
    { route: [{ destination: { host: 'httpbin' } }] },
  ],
});

let cluster: SmallCluster;
let entryPort: number;
let nodePort: number;
let url: string;

beforeEach(async () => {
  [entryPort, nodePort] = [await freePort(), await freePort()];
  url = `http://127.0.0.1:${entryPort}`;
  cluster = createSmallCluster({ clock: realClock, random: Math.random, entryPort });
  const ports = [{ name: 'http2', port: 80, targetPort: 8080 }];
  const selector = { istio: 'ingressgateway' };
  cluster.put(
    meshConfig(),
    service('istio-ingressgateway', 80, { type: 'LoadBalancer', selector, ports }, 'istio-system'),
    service('httpbin', 8000, { ports: [{ name: 'http', port: 8000, targetPort: 8080 }] }),
  );
  cluster.run(istiod(), 'curl');
  cluster.run(ingressPod(), 'curl');
  cluster.run(httpbin, 'go-httpbin');
});
afterEach(() => cluster.dataplane.stop());

async function openEntry() {
  cluster.put(gateway, route);
  await until(() => isOpen(entryPort));
}

test('the entry port is closed until a Gateway opens it, and closes with the Gateway, its pod, or the pod’s readiness', async () => {
  await settle();
  expect(await isOpen(entryPort)).toBe(false);
  await openEntry();
  expect((await fetch(`${url}/status/418`)).status).toBe(418);
  cluster.remove(gateway);
  await until(async () => !(await isOpen(entryPort)));
  await openEntry();
  const sick = ingressPod();
  sick.status = { podIP: '10.0.1.5', conditions: [{ type: 'Ready', status: 'False' }] };
  cluster.put(sick);
  await until(async () => !(await isOpen(entryPort)));
  cluster.put(ingressPod());
  await until(() => isOpen(entryPort));
  cluster.kill(ingressPod());
  await until(async () => !(await isOpen(entryPort)));
});

test('a Gateway without routes listens and answers 404 as Envoy', async () => {
  cluster.put(gateway);
  await until(() => isOpen(entryPort));
  const raw = await rawRequest(entryPort, 'GET / HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n');
  expect(raw).toMatch(
    /^HTTP\/1\.1 404 Not Found\r\ndate: [^\r]+ GMT\r\nserver: istio-envoy\r\nconnection: close\r\ncontent-length: 0\r\n\r\n$/,
  );
});

test('answers have the headers of the program and of Envoy, and none of Node', async () => {
  await openEntry();
  const raw = await rawRequest(entryPort, 'GET /status/418 HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n');
  const [head = '', body] = raw.split('\r\n\r\n');
  expect(head.split('\r\n').map((line) => line.replace(/^(date|x-envoy-upstream-service-time): .*/, '$1'))).toEqual([
    'HTTP/1.1 418 Unknown',
    'access-control-allow-credentials: true',
    'access-control-allow-origin: *',
    'content-type: text/plain; charset=utf-8',
    'x-more-info: http://tools.ietf.org/html/rfc2324',
    'date',
    'content-length: 13',
    'x-envoy-upstream-service-time',
    'server: istio-envoy',
    'connection: close',
  ]);
  expect(body).toBe("I'm a teapot!");
});

test('HTTP/1.0 gets 426 and the connection is closed', async () => {
  await openEntry();
  const raw = await rawRequest(entryPort, 'GET / HTTP/1.0\r\n\r\n');
  expect(raw).toMatch(/^HTTP\/1\.1 426 Upgrade Required\r\ncontent-length: 16\r\ncontent-type: text\/plain\r\n/);
  expect(raw).toMatch(/\r\nconnection: close\r\n\r\nUpgrade Required$/);
});

test('a connection stays open for the next request, pipelined ones included', async () => {
  await openEntry();
  const one = 'GET /status/200 HTTP/1.1\r\nHost: x\r\n\r\n';
  const last = 'GET /status/201 HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n';
  const raw = await rawRequest(entryPort, one + one + last);
  expect(raw.match(/HTTP\/1\.1 \d+/g)).toEqual(['HTTP/1.1 200', 'HTTP/1.1 200', 'HTTP/1.1 201']);
});

test('HEAD, 204 and a redirect have no body', async () => {
  await openEntry();
  const head = await fetch(`${url}/get`, { method: 'HEAD' });
  expect(Number(head.headers.get('content-length'))).toBeGreaterThan(0);
  expect(await head.text()).toBe('');
  expect((await fetch(`${url}/nothing`)).status).toBe(204);
  const redirect = await fetch(`${url}/old?q=1`, { redirect: 'manual' });
  expect([redirect.status, redirect.headers.get('location')]).toEqual([301, `${url}/new?q=1`]);
});

test('bodies arrive whole, up to one megabyte; more is refused', async () => {
  await openEntry();
  const post = (body: string) => fetch(`${url}/anything`, { method: 'POST', body });
  const echoed = (await (await post('x'.repeat(1024 * 1024))).json()) as { data: string };
  expect(echoed.data.length).toBe(1024 * 1024);
  expect((await post('x'.repeat(1024 * 1024 + 1)).catch(() => ({ status: 413 }))).status).toBe(413);
  expect((await fetch(`${url}/status/200`)).status).toBe(200);
});

test('the program sees the client as a gateway tells it', async () => {
  await openEntry();
  const { headers } = (await (await fetch(`${url}/headers`)).json()) as { headers: Record<string, string[]> };
  expect(headers).toMatchObject({
    Host: [`127.0.0.1:${entryPort}`],
    'X-Forwarded-For': ['10.0.1.1'],
    'X-Envoy-External-Address': ['10.0.1.1'],
    'X-Forwarded-Proto': ['http'],
    'X-Envoy-Attempt-Count': ['1'],
  });
  expect(headers).not.toHaveProperty('Connection');
  expect(cluster.accessLog(ingressPod())[0]).toMatch(
    /"GET \/headers HTTP\/1\.1" 200 - via_upstream .* 10\.0\.1\.5:8080 10\.0\.1\.1:\d+ - -$/,
  );
});

test('clients that hang up, and requests that are no HTTP, leave the port as it was', async () => {
  await openEntry();
  await Promise.all(
    Array.from({ length: 20 }, async (_, i) => {
      const socket = netConnect(entryPort, '127.0.0.1');
      socket.on('error', () => {});
      socket.write(
        i % 2
          ? 'POST /anything HTTP/1.1\r\nHost: x\r\nContent-Length: 900\r\n\r\nshort'
          : 'GET /delay/5 HTTP/1.1\r\nHost: x\r\n\r\n',
      );
      await new Promise((resolve) => setTimeout(resolve, 20));
      socket.destroy();
    }),
  );
  expect(await rawRequest(entryPort, 'not http at all\r\n\r\n')).toMatch(/^HTTP\/1\.1 400 /);
  expect((await fetch(`${url}/status/200`)).status).toBe(200);
});

test('a request under way is answered though the Gateway goes, and its connection is then closed', async () => {
  await openEntry();
  const slow = rawRequest(entryPort, 'GET /delay/0.3 HTTP/1.1\r\nHost: x\r\n\r\n');
  await new Promise((resolve) => setTimeout(resolve, 100));
  cluster.remove(gateway);
  const raw = await slow;
  expect(raw).toMatch(/^HTTP\/1\.1 200 OK\r\n/);
  expect(raw).toContain('connection: close');
});

test('many clients at once are all answered', async () => {
  await openEntry();
  const statuses = await Promise.all(
    Array.from({ length: 300 }, () => fetch(`${url}/status/202`).then((r) => r.status)),
  );
  expect(new Set(statuses)).toEqual(new Set([202]));
});

const nodePortService = (): KubeObject =>
  service('httpbin', 8000, { type: 'NodePort', ports: [{ name: 'http', port: 8000, targetPort: 8080, nodePort }] });

test('a NodePort goes straight to a pod, past the gateway; it is closed while there is none', async () => {
  cluster.put(nodePortService());
  await until(() => isOpen(nodePort));
  const reply = await fetch(`http://127.0.0.1:${nodePort}/status/200`);
  expect(reply.headers.get('x-envoy-decorator-operation')).toBe('httpbin.default.svc.cluster.local:8000/*');
  cluster.kill(httpbin);
  cluster.remove(httpbin);
  await until(async () => !(await isOpen(nodePort)));
  cluster.run(httpbin, 'go-httpbin');
  await until(() => isOpen(nodePort));
  cluster.remove(nodePortService());
  await until(async () => !(await isOpen(nodePort)));
});

test('a port that another program has: one Warning event on the Service, everything else works, and it is taken when free', async () => {
  const other = await occupy(nodePort);
  try {
    cluster.put(nodePortService());
    await openEntry();
    const events = cluster.stored('events') as unknown as {
      reason: string;
      type: string;
      involvedObject: { name: string };
      message: string;
    }[];
    cluster.put(service('more', 80), service('evenmore', 80));
    await settle();
    expect(events).toHaveLength(1);
    expect(events).toContainEqual(
      expect.objectContaining({
        reason: 'PuertoOcupado',
        type: 'Warning',
        involvedObject: expect.objectContaining({ name: 'httpbin' }),
      }),
    );
    expect((await fetch(`${url}/status/200`)).status).toBe(200);
  } finally {
    await new Promise((resolve) => other.close(resolve));
  }
  await until(() => isOpen(nodePort), 8_000);
});

test('it listens on loopback only, and stopping leaves no port open', async () => {
  cluster.put(nodePortService());
  await openEntry();
  await cluster.dataplane.stop();
  expect([await isOpen(entryPort), await isOpen(nodePort)]).toEqual([false, false]);
});

const settle = () => new Promise((resolve) => setTimeout(resolve, 50));
