import { afterEach, beforeEach, expect, test } from 'vitest';
import { destinationRule, openGateway, pod, service, subsets, virtualService } from '../../mesh/fixtures.ts';
import type { KubeObject } from '../../mesh/objects.ts';
import { CallError, type CallFailure, WebhookUnreachable } from '../contract.ts';
import { curl, httpbin, outsider, plain, startCurlAndHttpbin } from './fixtures/curl-and-httpbin.ts';
import { type FakeCluster, ingressPod, istiod, meshConfig } from './fixtures/small-cluster.ts';

let cluster: FakeCluster;

beforeEach(() => {
  cluster = startCurlAndHttpbin();
});
afterEach(() => cluster.dataplane.stop());

const failureOf = (call: Promise<unknown>): Promise<CallFailure | undefined> =>
  call.then(
    () => undefined,
    (error: unknown) => (error instanceof CallError ? error.failure : Promise.reject(error)),
  );

async function headersSeen(from: KubeObject, path = '/headers', options = {}): Promise<Record<string, string[]>> {
  const reply = await cluster.call(from, `http://httpbin:8000${path}`, options);
  return (JSON.parse(String(reply.body)) as { headers: Record<string, string[]> }).headers;
}

test('between sidecars the program sees who calls, and the caller sees Envoy', async () => {
  const reply = await cluster.call(curl, 'http://httpbin:8000/status/418', { headers: { 'user-agent': 'curl/8' } });
  expect(reply).toMatchObject({ status: 418, body: "I'm a teapot!" });
  expect(Object.entries(reply.headers)).toEqual([
    ['access-control-allow-credentials', 'true'],
    ['access-control-allow-origin', '*'],
    ['content-type', 'text/plain; charset=utf-8'],
    ['x-more-info', 'http://tools.ietf.org/html/rfc2324'],
    ['date', 'Sun, 01 Mar 2026 10:00:00 GMT'],
    ['content-length', '13'],
    ['x-envoy-upstream-service-time', '0'],
    ['server', 'envoy'],
  ]);
  const headers = await headersSeen(curl, '/headers', { headers: { accept: '*/*' } });
  expect(Object.keys(headers)).toEqual([
    'Accept',
    'Host',
    'X-Envoy-Attempt-Count',
    'X-Forwarded-Client-Cert',
    'X-Forwarded-Proto',
    'X-Request-Id',
  ]);
  expect(headers['X-Forwarded-Client-Cert']?.[0]).toMatch(
    /^By=spiffe:\/\/cluster\.local\/ns\/default\/sa\/default;Hash=[0-9a-f]{64};Subject="";URI=spiffe:\/\/cluster\.local\/ns\/default\/sa\/default$/,
  );
});

test('a caller without sidecar reaches the sidecar of the server, which says which route it was', async () => {
  const { headers } = await cluster.call(outsider, 'http://httpbin:8000/status/200');
  expect(headers.server).toBe('istio-envoy');
  expect(headers['x-envoy-decorator-operation']).toBe('httpbin.default.svc.cluster.local:8000/*');
  expect(await headersSeen(outsider)).not.toHaveProperty('X-Forwarded-Client-Cert');
});

test('without any sidecar nothing is added', async () => {
  const bare = plain('bare', { app: 'bare' });
  cluster.put(service('bare', 8080));
  cluster.run(bare, 'go-httpbin');
  const { headers } = await cluster.call(outsider, 'http://bare:8080/status/200');
  expect(headers).not.toHaveProperty('server');
  expect(headers).not.toHaveProperty('x-envoy-upstream-service-time');
});

test('one request writes a line in the client and one in the server, joined by its id', async () => {
  await cluster.call(curl, 'http://httpbin:8000/status/418?a=b', { headers: { 'user-agent': 'curl/8' } });
  const [client = ''] = cluster.accessLog(curl);
  const [server = ''] = cluster.accessLog(httpbin);
  expect(client).toMatch(
    /^\[2026-03-01T10:00:00\.000Z\] "GET \/status\/418\?a=b HTTP\/1\.1" 418 - via_upstream - "-" 0 13 0 0 "-" "curl\/8" "[0-9a-f-]{36}" "httpbin:8000" "[\d.]+:8080" outbound\|8000\|\|httpbin\.default\.svc\.cluster\.local [\d.]+:\d+ [\d.]+:8000 [\d.]+:\d+ - default$/,
  );
  expect(server).toMatch(
    / inbound\|8080\|\| 127\.0\.0\.6:\d+ [\d.]+:8080 [\d.]+:\d+ outbound_\.8000_\._\.httpbin\.default\.svc\.cluster\.local default$/,
  );
  const id = (line: string) => /"([0-9a-f]{8}-[^"]*)"/.exec(line)?.[1];
  expect(id(client)).toBe(id(server));
});

test('without accessLogFile nobody writes', async () => {
  cluster.put(meshConfig('{}'));
  cluster.clock.settle();
  await cluster.call(curl, 'http://httpbin:8000/status/200');
  expect(cluster.accessLog(curl)).toEqual([]);
});

test('failures that are the client proxy’s own: no route, no cluster, no healthy upstream', async () => {
  const to = (destination: unknown) =>
    virtualService('h', { hosts: ['httpbin'], http: [{ route: [{ destination }] }] });
  const answer = async (...objects: KubeObject[]) => {
    cluster.put(...objects);
    cluster.clock.settle();
    const { status, body, headers } = await cluster.call(curl, 'http://httpbin:8000/status/200');
    const [, flags, details] = /" \d+ (\S+) (\S+) /.exec(cluster.accessLog(curl).at(-1) ?? '') ?? [];
    return { status, body, headers: Object.keys(headers), flags, details };
  };
  const empty = ['date', 'server', 'content-length'];
  expect(await answer(to({ host: 'httpbin', subset: 'v1' }))).toEqual({
    status: 503,
    body: '',
    headers: empty,
    flags: 'NC',
    details: 'cluster_not_found',
  });
  expect(await answer(subsets('httpbin', 'v9'), to({ host: 'httpbin', subset: 'v9' }))).toEqual({
    status: 503,
    body: 'no healthy upstream',
    headers: ['content-length', 'content-type', 'date', 'server'],
    flags: 'UH',
    details: 'no_healthy_upstream',
  });
  const http = [{ match: [{ uri: { exact: '/only' } }], route: [{ destination: { host: 'httpbin' } }] }];
  expect(await answer(virtualService('h', { hosts: ['httpbin'], http }))).toMatchObject({
    status: 404,
    headers: empty,
    flags: 'NR',
  });
});

test('a program that listens elsewhere: 503 from its sidecar, seen by the client as any answer', async () => {
  cluster.put(
    service('closed', 8000, { selector: { app: 'httpbin' }, ports: [{ name: 'http', port: 8000, targetPort: 9999 }] }),
  );
  cluster.clock.settle();
  const reply = await cluster.call(curl, 'http://closed:8000/');
  expect(reply).toMatchObject({
    status: 503,
    body: 'upstream connect error or disconnect/reset before headers. retried and the latest reset reason: remote connection failure',
  });
  expect(Object.keys(reply.headers)).toEqual([
    'content-length',
    'content-type',
    'date',
    'server',
    'x-envoy-upstream-service-time',
  ]);
  expect(cluster.accessLog(curl)[0]).toContain('503 - via_upstream');
  expect(cluster.accessLog(httpbin)[0]).toContain('503 URX,UF upstream_reset_before_response_started{');
});

test('an endpoint that is gone is tried again elsewhere, and 503 UF when all are gone', async () => {
  const second = pod('httpbin-2', { app: 'httpbin', version: 'v2' });
  cluster.run(second, 'go-httpbin');
  cluster.clock.settle();
  cluster.kill(httpbin);
  const reply = await cluster.call(curl, 'http://httpbin:8000/headers');
  expect(reply.status).toBe(200);
  expect(String(reply.body)).toContain('"X-Envoy-Attempt-Count": [\n      "2"');
  cluster.kill(second);
  expect(await cluster.call(curl, 'http://httpbin:8000/headers')).toMatchObject({ status: 503 });
  expect(cluster.accessLog(curl).at(-1)).toMatch(/ 503 URX,UF .* outbound\|8000\|\|httpbin/);
});

test('a program that breaks off gives 503 UC to a sidecar and a reset without one', async () => {
  const broken = () => ({ ports: { 8080: () => Promise.reject(new Error('crash')) } });
  cluster.run(plain('broken', { app: 'broken' }), broken);
  cluster.put(service('broken', 8080));
  cluster.clock.settle();
  expect(await cluster.call(curl, 'http://broken:8080/')).toMatchObject({
    status: 503,
    body: 'upstream connect error or disconnect/reset before headers. reset reason: connection termination',
  });
  expect(cluster.accessLog(curl).at(-1)).toContain('503 UC');
  expect(await failureOf(cluster.call(outsider, 'http://broken:8080/'))).toBe('reset');
});

test('unknown names are not resolved, with or without sidecar', async () => {
  for (const from of [curl, outsider]) expect(await failureOf(cluster.call(from, 'http://nosuch:8000/'))).toBe('dns');
});

test('without endpoints a caller without sidecar is refused; other namespaces need the longer name', async () => {
  cluster.put(service('empty', 80));
  cluster.clock.settle();
  expect(await failureOf(cluster.call(outsider, 'http://empty/'))).toBe('refused');
  const far = plain('far', { app: 'far' }, 'other');
  cluster.run(far, 'curl');
  expect(await failureOf(cluster.call(far, 'http://httpbin:8000/'))).toBe('dns');
  expect(await cluster.call(far, 'http://httpbin.default:8000/status/200')).toMatchObject({ status: 200 });
});

test('a pod is reached by its address; the sidecar lets it pass untouched', async () => {
  const bare = plain('bare', { app: 'bare' });
  cluster.run(bare, 'go-httpbin');
  const { podIP } = bare.status as { podIP: string };
  expect((await cluster.call(curl, `http://${podIP}:8080/status/200`)).headers).not.toHaveProperty('server');
  expect(cluster.accessLog(curl)[0]).toMatch(/"- - -" 0 - - - .* PassthroughCluster /);
  expect(await failureOf(cluster.call(curl, `http://${podIP}:9999/`))).toBe('reset');
  expect(await failureOf(cluster.call(outsider, `http://${podIP}:9999/`))).toBe('refused');
});

test('a Host header of its own chooses the route, the connection the port', async () => {
  const http = [{ route: [{ destination: { host: 'httpbin', port: { number: 8000 } } }] }];
  cluster.put(service('web', 80), virtualService('v', { hosts: ['shop.example'], http }));
  cluster.run(pod('web-1', { app: 'web' }), 'nginx');
  cluster.clock.settle();
  const options = { authority: 'shop.example', connectTo: 'web:80' };
  expect(await cluster.call(curl, 'http://x/status/418', options)).toMatchObject({ status: 418 });
});

test('loopback is the pod itself, without proxy', async () => {
  expect((await cluster.call(httpbin, 'http://localhost:8080/status/200')).headers).not.toHaveProperty('server');
  expect(await failureOf(cluster.call(curl, 'http://127.0.0.1:1/'))).toBe('refused');
});

test('rewrites and header changes reach the program and the caller', async () => {
  cluster.put(
    virtualService('h', {
      hosts: ['httpbin'],
      http: [
        {
          match: [{ uri: { prefix: '/api' } }],
          rewrite: { uri: '/anything' },
          headers: {
            request: { add: { 'x-added': '1' }, remove: ['user-agent'] },
            response: { set: { 'x-resp': 'yes' } },
          },
          route: [{ destination: { host: 'httpbin' } }],
        },
      ],
    }),
  );
  cluster.clock.settle();
  const reply = await cluster.call(curl, 'http://httpbin:8000/api/v1?q=1', { headers: { 'user-agent': 'curl/8' } });
  expect(reply.headers['x-resp']).toBe('yes');
  const seen = JSON.parse(String(reply.body)) as { url: string; headers: Record<string, string[]> };
  expect(seen.url).toBe('http://httpbin:8000/anything/v1?q=1');
  expect(seen.headers).toMatchObject({ 'X-Added': ['1'], 'X-Envoy-Original-Path': ['/api/v1?q=1'] });
  expect(seen.headers).not.toHaveProperty('User-Agent');
  expect(cluster.accessLog(curl)[0]).toContain('"GET /api/v1?q=1 HTTP/1.1"');
  expect(cluster.accessLog(httpbin)[0]).toContain('"GET /api/v1?q=1 HTTP/1.1"');
});

test('a call gives up after its time, and the answer that comes later changes nothing', async () => {
  const call = failureOf(cluster.call(curl, 'http://httpbin:8000/delay/5', { timeout: 3_000 }));
  await new Promise(setImmediate);
  cluster.clock.advance(3_000);
  expect(await call).toBe('timeout');
  cluster.clock.advance(2_000);
});

test('subsets split traffic between versions', async () => {
  cluster.put(service('hello', 5000));
  for (const version of ['v1', 'v2']) {
    cluster.run(pod(`hello-${version}`, { app: 'hello', version }), `examples-helloworld-${version}`);
  }
  const http = [{ route: [{ destination: { host: 'hello', subset: 'v2' } }] }];
  cluster.put(subsets('hello', 'v1', 'v2'), virtualService('hello', { hosts: ['hello'], http }));
  cluster.clock.settle();
  expect((await cluster.call(curl, 'http://hello:5000/hello')).body).toBe('Hello version: v2, instance: hello-v2\n');
});

test('ROUND_ROBIN takes turns from request to request', async () => {
  cluster.run(pod('httpbin-2', { app: 'httpbin' }), 'go-httpbin');
  const policy = { trafficPolicy: { loadBalancer: { simple: 'ROUND_ROBIN' } } };
  cluster.put(destinationRule('h', { host: 'httpbin', ...policy }));
  cluster.clock.settle();
  const hosts: string[] = [];
  for (let i = 0; i < 4; i++) hosts.push(String((await cluster.call(curl, 'http://httpbin:8000/hostname')).body));
  expect(hosts[0]).not.toBe(hosts[1]);
  expect(hosts.slice(0, 2)).toEqual(hosts.slice(2));
});

test('a gateway pod is reached from inside too, and adds what a gateway adds', async () => {
  const ports = [{ name: 'http2', port: 80, targetPort: 8080 }];
  const edge = service('edge', 80, { selector: { istio: 'ingressgateway' }, ports }, 'istio-system');
  cluster.put(edge, openGateway('g', 8080));
  cluster.run(ingressPod(), 'curl');
  cluster.clock.settle();
  const http = [{ route: [{ destination: { host: 'httpbin' } }] }];
  const url = 'http://edge.istio-system/headers';
  expect(await cluster.call(outsider, url)).toMatchObject({ status: 404, headers: { server: 'istio-envoy' } });
  cluster.put(virtualService('v', { hosts: ['*'], gateways: ['g'], http }));
  cluster.clock.settle();
  const reply = await cluster.call(outsider, url, { headers: { 'x-envoy-fake': '1', 'x-forwarded-for': '9.9.9.9' } });
  const { podIP } = outsider.status as { podIP: string };
  const { headers } = JSON.parse(String(reply.body)) as { headers: Record<string, string[]> };
  expect(headers).toMatchObject({
    'X-Forwarded-For': [`9.9.9.9,${podIP}`],
    'X-Envoy-External-Address': [podIP],
    'X-Forwarded-Client-Cert': [expect.stringContaining('URI=spiffe://cluster.local/ns/istio-system/sa/')],
  });
  expect(headers).not.toHaveProperty('X-Envoy-Fake');
  expect(reply.headers.server).toBe('istio-envoy');
});

test('webhooks reach the program behind a Service, and say as the API server why they cannot', () => {
  const target = { namespace: 'istio-system', name: 'istiod', path: '/inject', port: 443 };
  const review = {
    uid: '1',
    operation: 'CREATE' as const,
    resource: { group: '', version: 'v1', resource: 'pods' },
    kind: { group: '', version: 'v1', kind: 'Pod' },
    dryRun: false,
  };
  const why = () => {
    try {
      return cluster.dataplane.webhooks.call(target, review);
    } catch (error) {
      return error instanceof WebhookUnreachable ? error.message : error;
    }
  };
  const url = 'Post "https://istiod.istio-system.svc:443/inject?timeout=10s"';
  expect(why()).toBe(`${url}: service "istiod" not found`);
  const ports = [{ name: 'https-webhook', port: 443, targetPort: 15017 }];
  cluster.put(service('istiod', 443, { ports }, 'istio-system'));
  expect(why()).toBe(`${url}: dial tcp 10.0.0.2:15017: connect: connection refused`);
  cluster.run(istiod(), () => ({ ports: {}, admission: { '/inject': () => ({ allowed: true }) } }));
  expect(why()).toEqual({ allowed: true });
  cluster.remove(istiod());
  expect(why()).toBe(`${url}: no endpoints available for service "istiod"`);
});

test('repeated headers stay apart through the mesh, unless Envoy has a slot for them', async () => {
  const headers = { 'x-r': 'uno\ndos', 'x-add': 'mine', 'x-set': '1\n2' };
  cluster.put(
    virtualService('httpbin', {
      hosts: ['httpbin'],
      http: [
        {
          route: [{ destination: { host: 'httpbin' } }],
          headers: {
            request: { add: { 'x-add': '%REQ(x-r)%', accept: 'b' }, set: { 'x-set': 'one' } },
            response: { add: { 'x-resp': 'three' }, set: { 'x-s': 'one' } },
          },
        },
      ],
    }),
  );
  cluster.clock.settle();
  expect(await headersSeen(curl, '/headers', { headers: { ...headers, accept: 'a' } })).toMatchObject({
    'X-R': ['uno', 'dos'],
    'X-Add': ['mine', 'uno'],
    'X-Set': ['one'],
    Accept: ['a,b'],
  });
  const path = '/response-headers?x-resp=one&x-resp=two&x-s=a&x-s=b&vary=1&vary=2';
  const reply = await cluster.call(curl, `http://httpbin:8000${path}`);
  expect(reply.headers).toMatchObject({ 'x-resp': 'one\ntwo\nthree', 'x-s': 'one', vary: '1,2' });
});

test('a Sidecar’s ingress gives a port of its own to the program that listens on loopback', async () => {
  const ports = [
    { name: 'http', port: 9000, targetPort: 9080 },
    { name: 'http-b', port: 9200, targetPort: 9200 },
  ];
  const ingress = [{ port: { number: 9080, name: 'http', protocol: 'HTTP' }, defaultEndpoint: '127.0.0.1:8080' }];
  cluster.put(service('in', 80, { ports, selector: { app: 'httpbin' } }), sidecar({ ingress }));
  cluster.clock.settle();
  expect((await cluster.call(curl, 'http://in:9000/status/202')).status).toBe(202);
  expect(cluster.records.find(({ reporter }) => reporter === 'destination')).toMatchObject({
    cluster: 'inbound|9080||',
    upstreamHost: '127.0.0.1:8080',
    upstreamLocal: expect.stringMatching(/^127\.0\.0\.1:\d+$/),
  });
  expect((await cluster.call(curl, 'http://in:9200/status/202')).status).toBe(503);
  await cluster.call(curl, 'http://httpbin:8000/status/200');
  expect(cluster.records.filter(({ reporter }) => reporter === 'destination').map((r) => r.cluster)).toEqual([
    'inbound|9080||',
    'InboundPassthroughCluster',
    'InboundPassthroughCluster',
  ]);
});

const sidecar = (spec: object): KubeObject => ({
  apiVersion: 'networking.istio.io/v1',
  kind: 'Sidecar',
  metadata: { name: 'httpbin', namespace: 'default' },
  spec: { workloadSelector: { labels: { app: 'httpbin' } }, ...spec },
});
