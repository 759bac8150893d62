import { expect, test } from 'vitest';
import type { ContainerContext, HttpReply, HttpRequest } from '../contract.ts';
import { createFakeClock } from '../controllers/fixtures/fake-clock.ts';
import { findModel, programOf } from './images.ts';

function contextOf(image: string, extra: Partial<ContainerContext> & { args?: string[] } = {}): ContainerContext {
  const { args = [], ...rest } = extra;
  const metadata = { name: 'pod-1', namespace: 'default' };
  return {
    pod: { apiVersion: 'v1', kind: 'Pod', metadata, spec: { containers: [{ name: 'app', args }] } },
    containerName: 'app',
    image,
    env: { HOSTNAME: 'pod-1' },
    clock: createFakeClock(),
    random: () => 0,
    log: () => {},
    call: () => Promise.reject(new Error('no network')),
    ...rest,
  };
}

function start(image: string, extra: Parameters<typeof contextOf>[1] = {}) {
  const model = findModel(image);
  if (!model) throw new Error(`no model of ${image}`);
  const { ports } = model(contextOf(image, extra));
  return {
    ports: Object.keys(ports).map(Number),
    async get(port: number, path: string, more: Partial<HttpRequest> = {}): Promise<HttpReply> {
      const handler = ports[port];
      if (!handler) throw new Error(`nothing on ${port}`);
      return handler({ method: 'GET', path, authority: 'app', headers: {}, ...more });
    },
  };
}

test('a program is known whatever its registry, tag or digest', () => {
  expect(programOf('registry.istio.io/release/examples-bookinfo-details-v1:1.20.3')).toBe(
    'examples-bookinfo-details-v1',
  );
  expect(programOf('localhost:5000/nginx@sha256:abc')).toBe('nginx');
  expect(programOf('nginx')).toBe('nginx');
  for (const image of [
    'nginx',
    'docker.io/library/nginx:1.27',
    'my.registry:5000/a/b/nginx:x',
    'istio/proxyv2:1.30.3',
  ]) {
    expect(findModel(image)).toBeDefined();
  }
  expect(findModel('nginx-typo:1')).toBeUndefined();
  expect(findModel('constructor')).toBeUndefined();
});

test('helloworld and hello-app tell their version and pod', async () => {
  const hello = start('istio/examples-helloworld-v2:1.0');
  expect((await hello.get(5000, '/hello')).body).toBe('Hello version: v2, instance: pod-1\n');
  expect((await hello.get(5000, '/health')).body).toBe('Helloworld is healthy');
  const app = start('gcr.io/google-samples/hello-app:2.0');
  expect((await app.get(8080, '/')).body).toBe('Hello, world!\nVersion: 2.0.0\nHostname: pod-1\n');
  expect(start('hello-app:1.0', { env: { PORT: '9000' } }).ports).toEqual([9000]);
});

test('nginx welcomes, and has nothing else', async () => {
  const nginx = start('nginx:1.27.3');
  expect(await nginx.get(80, '/')).toMatchObject({
    status: 200,
    headers: { server: 'nginx/1.27.3' },
    body: expect.stringContaining('Welcome to nginx!'),
  });
  expect((await nginx.get(80, '/nosuch')).status).toBe(404);
});

test('httpbin shows the request, with names as Go writes them and values in lists', async () => {
  const httpbin = start('mccutchen/go-httpbin:v2.15.0');
  const headers = { 'x-forwarded-proto': 'http', 'user-agent': 'curl' };
  const shown = await httpbin.get(8080, '/anything/x?a=1&a=2', { method: 'POST', headers, body: '{"k":1}' });
  expect(JSON.parse(String(shown.body))).toMatchObject({
    args: { a: ['1', '2'] },
    headers: { Host: ['app'], 'User-Agent': ['curl'], 'X-Forwarded-Proto': ['http'] },
    method: 'POST',
    url: 'http://app/anything/x?a=1&a=2',
    data: '{"k":1}',
    json: { k: 1 },
  });
  expect((await httpbin.get(8080, '/hostname')).body).toBe('{\n  "hostname": "go-httpbin"\n}\n');
  expect((await httpbin.get(8080, '/ip', { headers: { 'x-forwarded-for': '1.2.3.4' } })).body).toContain('1.2.3.4');
});

test('httpbin gives the status that is asked for, drawn when there are several', async () => {
  const at = async (random: number, path: string) =>
    (await start('go-httpbin', { random: () => random }).get(8080, path)).status;
  expect(await at(0, '/status/503')).toBe(503);
  expect([await at(0.1, '/status/200:0.9,500:0.1'), await at(0.95, '/status/200:0.9,500:0.1')]).toEqual([200, 500]);
  expect([await at(0, '/status/999'), await at(0, '/status/x')]).toEqual([400, 400]);
  expect([await at(0.1, '/unstable?failure_rate=0.2'), await at(0.3, '/unstable?failure_rate=0.2')]).toEqual([
    500, 200,
  ]);
  expect(await at(0, '/nosuch')).toBe(404);
});

test('httpbin delays up to ten seconds', async () => {
  const clock = createFakeClock();
  const httpbin = start('go-httpbin', { clock });
  const reply = httpbin.get(8080, '/delay/1500ms');
  clock.advance(1_500);
  expect((await reply).status).toBe(200);
  expect((await httpbin.get(8080, '/delay/11')).status).toBe(400);
});

test('clients wait; `sleep N` ends after N seconds, and a shell without command at once', () => {
  const clock = createFakeClock();
  const exits: number[] = [];
  const exit = (code: number) => void exits.push(code);
  expect(start('curlimages/curl:8.16.0', { clock, exit }).ports).toEqual([]);
  start('busybox', { clock, exit, args: ['sleep', 'infinity'] });
  start('busybox', { clock, exit, args: ['sh', '-c', 'sleep 5m'] });
  clock.advance(299_000);
  expect(exits).toEqual([]);
  clock.advance(1_000);
  expect(exits).toEqual([0]);
  start('alpine', { clock, exit });
  expect(exits).toEqual([0, 0]);
});

test('echo servers answer what they are told, or what they were asked', async () => {
  const echo = start('hashicorp/http-echo:1.0', { args: ['-text=hola', '-listen=:8888'] });
  expect((await echo.get(8888, '/')).body).toBe('hola\n');
  const server = start('ealen/echo-server');
  expect((await server.get(80, '/x?y=1', { headers: { a: 'b' } })).body).toContain('GET /x?y=1');
});

test.each([
  ['quay.io/kiali/kiali:v2.26', 20001, '/kiali/healthz', '/kiali'],
  ['docker.io/grafana/grafana:12.0.1', 3000, '/api/health', '/'],
])('%s runs, is healthy, and says that it is not simulated', async (image, port, health, page) => {
  const running = start(image);
  expect((await running.get(port, health)).status).toBe(200);
  expect((await running.get(port, page)).body).toContain('malla panel');
});
