// Requests through the whole data plane, engine and policies included, against what a real mesh was recorded to do: status,
// body, headers and log lines.
import { afterEach, beforeEach, expect, test } from 'vitest';
import { destinationRule, pod, service, virtualService } from '../../mesh/fixtures.ts';
import type { KubeObject } from '../../mesh/objects.ts';
import { CallError, type HttpReply } from '../contract.ts';
import { createFakeCluster, type FakeCluster, istiod, meshConfig } from './fixtures/small-cluster.ts';

const curl = pod('curl', { app: 'curl' });
const plain = pod('plain', { app: 'plain' }, { spec: { containers: [{ name: 'app' }] } }, 'legacy');
const httpbin = pod('httpbin', { app: 'httpbin' });
const ports = [{ name: 'http', port: 8000, targetPort: 8080 }];

let cluster: FakeCluster;

beforeEach(() => {
  cluster = createFakeCluster();
  cluster.put(meshConfig(), service('httpbin', 8000, { ports }));
  cluster.run(istiod(), 'curl');
  cluster.run(curl, 'curl');
  cluster.run(plain, 'curl');
  cluster.run(httpbin, 'go-httpbin');
  cluster.clock.settle();
});
afterEach(() => cluster.dataplane.stop());

function apply(...objects: KubeObject[]): void {
  cluster.put(...objects);
  cluster.clock.settle();
}

const security = (kind: string, name: string, spec: unknown): KubeObject => ({
  apiVersion: 'security.istio.io/v1',
  kind,
  metadata: { name, namespace: 'default', creationTimestamp: '2026-03-01T10:00:00Z' },
  spec,
});

const route = (http: unknown) => virtualService('httpbin', { hosts: ['httpbin'], http: [http] });
const toHttpbin = [{ destination: { host: 'httpbin' } }];

/** Lets time pass until the call is over. */
async function ask(path: string, from = curl, options = {}): Promise<{ reply: HttpReply | CallError; took: number }> {
  const start = cluster.clock.now();
  let over = false;
  const host = from === plain ? 'httpbin.default' : 'httpbin';
  const call = cluster.call(from, `http://${host}:8000${path}`, options).then(
    (reply) => reply,
    (error: unknown) => (error instanceof CallError ? error : Promise.reject(error)),
  );
  void call.finally(() => {
    over = true;
  });
  for (let i = 0; i < 20_000 && !over; i++) {
    await new Promise(setImmediate);
    if (!over) cluster.clock.advance(1);
  }
  return { reply: await call, took: cluster.clock.now() - start };
}

/** The line without time and addresses of the connection. */
const log = (of: KubeObject) =>
  cluster
    .accessLog(of)
    .at(-1)
    ?.replace(/^\[[^\]]+\] /, '')
    .replace(/"[0-9a-f]{8}-[0-9a-f-]{27}"/, '"ID"');

test('golden 04: a delay, flagged DI, with the upstream’s own time beside it', async () => {
  apply(route({ fault: { delay: { percentage: { value: 100 }, fixedDelay: '7s' } }, route: toHttpbin }));
  const { reply, took } = await ask('/status/200');
  expect(reply).toMatchObject({ status: 200 });
  expect(took).toBe(7000);
  expect(log(curl)).toMatch(/^"GET \/status\/200 HTTP\/1\.1" 200 DI via_upstream - "-" 0 0 7000 0 "-" "-" "ID" /);
  expect(log(httpbin)).toMatch(/^"GET \/status\/200 HTTP\/1\.1" 200 - via_upstream - "-" 0 0 0 0 /);
});

test('golden 05: an abort never reaches the server; with a delay before it, both flags', async () => {
  const fault = { abort: { percentage: { value: 100 }, httpStatus: 555 } };
  apply(route({ fault, route: toHttpbin }));
  const { reply } = await ask('/status/200');
  expect(reply).toMatchObject({ status: 555, body: 'fault filter abort' });
  expect(log(curl)).toMatch(
    /^"GET \/status\/200 HTTP\/1\.1" 555 FI fault_filter_abort - "-" 0 18 0 - "-" "-" "ID" "httpbin:8000" "-" outbound\|8000\|\|httpbin\.default\.svc\.cluster\.local - /,
  );
  expect(cluster.accessLog(httpbin)).toEqual([]);
  apply(route({ fault: { ...fault, delay: { percentage: { value: 100 }, fixedDelay: '1s' } }, route: toHttpbin }));
  expect((await ask('/status/200')).took).toBe(1000);
  expect(log(curl)).toContain('555 DI,FI fault_filter_abort - "-" 0 18 1000 -');
});

test('golden 06: a time-out, seen by both proxies', async () => {
  apply(route({ timeout: '1s', route: toHttpbin }));
  const { reply, took } = await ask('/delay/3');
  expect(reply).toMatchObject({ status: 504, body: 'upstream request timeout' });
  expect(took).toBe(1000);
  expect(log(curl)).toMatch(/504 UT response_timeout - "-" 0 24 1000 - .*:8080" outbound\|8000\|\|httpbin/);
  expect(log(httpbin)).toMatch(
    /" 0 DC downstream_remote_disconnect - "-" 0 0 1000 - .* inbound\|8080\|\| 127\.0\.0\.6:/,
  );
});

test('golden 14: a 503 answer is not retried by default; with 5xx it is, and the last try is told', async () => {
  expect((await ask('/status/503')).reply).toMatchObject({ status: 503 });
  expect(log(curl)).toMatch(/503 - via_upstream/);
  expect(cluster.accessLog(httpbin).length).toBe(1);
  apply(route({ retries: { attempts: 3, perTryTimeout: '1s', retryOn: '5xx' }, route: toHttpbin }));
  await ask('/status/503');
  expect(log(curl)).toContain('503 URX via_upstream');
  expect(cluster.accessLog(httpbin).length).toBe(1 + 4);
  expect((await ask('/delay/4')).reply).toMatchObject({ status: 504 });
  expect(log(curl)).toContain('504 URX,UT upstream_per_try_timeout');
  expect(
    cluster
      .accessLog(httpbin)
      .slice(-4)
      .every((line) => line.includes(' 0 DC ')),
  ).toBe(true);
});

test('golden 08: STRICT resets plain text, and serves the mesh', async () => {
  apply(security('PeerAuthentication', 'default', { mtls: { mode: 'STRICT' } }));
  expect((await ask('/status/200', plain)).reply).toMatchObject({ failure: 'reset' });
  expect(log(httpbin)).toMatch(
    /^"- - -" 0 NR filter_chain_not_found - "-" 0 0 0 - "-" "-" "-" "-" "-" - - [\d.]+:8080 [\d.]+:\d+ - -$/,
  );
  expect((await ask('/status/200')).reply).toMatchObject({ status: 200 });
  apply(destinationRule('httpbin', { host: 'httpbin', trafficPolicy: { tls: { mode: 'DISABLE' } } }));
  const { reply } = await ask('/status/200');
  expect(reply).toMatchObject({
    status: 503,
    body: 'upstream connect error or disconnect/reset before headers. reset reason: connection termination',
  });
  expect(log(curl)).toMatch(/503 UC upstream_reset_before_response_started\{connection_termination\} - "-" 0 95 /);
});

test('golden 08: mutual TLS to a pod without a sidecar fails as a TLS error', async () => {
  const bare = pod('bare', { app: 'bare' }, { spec: { containers: [{ name: 'app' }] } });
  cluster.run(bare, 'go-httpbin');
  apply(
    service('httpbin', 8000, { ports, selector: { app: 'bare' } }),
    destinationRule('httpbin', { host: 'httpbin', trafficPolicy: { tls: { mode: 'ISTIO_MUTUAL' } } }),
  );
  expect((await ask('/status/200')).reply).toMatchObject({ status: 503 });
  expect(log(curl)).toMatch(
    /503 URX,UF upstream_reset_before_response_started\{remote_connection_failure\|TLS_error:\|268435703:SSL_routines:OPENSSL_internal:WRONG_VERSION_NUMBER:TLS_error_end\} - "TLS_error:\|268435703:SSL_routines:OPENSSL_internal:WRONG_VERSION_NUMBER:TLS_error_end" 0 121 /,
  );
});

test('a server that is told to speak plain text gets plain text', async () => {
  apply(security('PeerAuthentication', 'default', { mtls: { mode: 'DISABLE' } }));
  const { reply } = await ask('/headers');
  expect(reply).toMatchObject({ status: 200 });
  expect(reply instanceof CallError ? '' : String(reply.body)).not.toContain('X-Forwarded-Client-Cert');
});

test('golden 09: a denial is the server’s, told without upstream, and an answer to the client', async () => {
  apply(security('AuthorizationPolicy', 'allow-nothing', {}));
  const { reply } = await ask('/status/200');
  expect(reply).toMatchObject({ status: 403, body: 'RBAC: access denied' });
  expect(reply instanceof CallError ? [] : Object.keys(reply.headers)).toEqual([
    'content-length',
    'content-type',
    'date',
    'server',
    'x-envoy-upstream-service-time',
  ]);
  expect(log(curl)).toContain('403 - via_upstream - "-" 0 19 0 0');
  expect(log(httpbin)).toMatch(
    /403 - rbac_access_denied_matched_policy\[none\] - "-" 0 19 0 - "-" "-" "ID" "httpbin:8000" "-" inbound\|8080\|\| - [\d.]+:8080 [\d.]+:\d+ outbound_\.8000_\._\.httpbin\.default\.svc\.cluster\.local default$/,
  );
});

test('golden 10: a bad token is refused, a missing one is not', async () => {
  const jwtRules = [{ issuer: 'testing@secure.istio.io', jwks: '{"keys":[]}' }];
  apply(security('RequestAuthentication', 'jwt', { jwtRules, selector: { matchLabels: { app: 'httpbin' } } }));
  expect((await ask('/status/200')).reply).toMatchObject({ status: 200 });
  const { reply } = await ask('/status/200', curl, { headers: { authorization: 'Bearer invalidToken' } });
  expect(reply).toMatchObject({
    status: 401,
    body: 'Jwt is not in the form of Header.Payload.Signature with two dots and 3 sections',
    headers: { 'www-authenticate': 'Bearer realm="http://httpbin:8000/status/200", error="invalid_token"' },
  });
  expect(reply instanceof CallError ? '' : Object.keys(reply.headers)[0]).toBe('www-authenticate');
  expect(log(httpbin)).toContain(
    '401 - jwt_authn_access_denied{Jwt_is_not_in_the_form_of_Header.Payload.Signature_with_two_dots_and_3_sections} - "-" 0 79 0 -',
  );
  expect((await ask('/status/200', curl, { headers: { authorization: 'Basic dTpw' } })).reply).toMatchObject({
    status: 200,
  });
});

test('golden 15: one 500 ejects the only host', async () => {
  const outlierDetection = { consecutive5xxErrors: 1, interval: '1s', baseEjectionTime: '3m', maxEjectionPercent: 100 };
  apply(destinationRule('httpbin', { host: 'httpbin', trafficPolicy: { outlierDetection } }));
  expect((await ask('/status/500')).reply).toMatchObject({ status: 500 });
  expect((await ask('/status/200')).reply).toMatchObject({ status: 503, body: 'no healthy upstream' });
  expect(log(curl)).toMatch(/503 UH no_healthy_upstream - "-" 0 19 0 - .* "-" outbound\|8000\|\|httpbin/);
  cluster.clock.advance(181_000);
  expect((await ask('/status/200')).reply).toMatchObject({ status: 200 });
});

test('golden 13: REGISTRY_ONLY answers 502 where the proxy reads HTTP, and resets elsewhere', async () => {
  apply(meshConfig('accessLogFile: /dev/stdout\noutboundTrafficPolicy:\n  mode: REGISTRY_ONLY\n'));
  const { reply } = await ask('/', curl, { authority: 'nosuch.example', connectTo: 'httpbin:8000' });
  expect(reply).toMatchObject({ status: 502, body: '' });
  expect(log(curl)).toMatch(
    /502 - direct_response - "-" 0 0 0 - .* "nosuch\.example" "-" - - [\d.]+:8000 [\d.]+:\d+ - block_all$/,
  );
  const { podIP } = plain.status as { podIP: string };
  expect((await ask('/', curl, { authority: podIP, connectTo: `${podIP}:8080` })).reply).toMatchObject({
    failure: 'reset',
  });
  expect(log(curl)).toMatch(/^"- - -" 0 UH - - "-" 0 0 0 - "-" "-" "-" "-" "-" BlackHoleCluster - /);
});

test('golden 16: CORS, redirect and a direct answer are the client proxy’s own', async () => {
  apply(route({ redirect: { uri: '/new', authority: 'other.example' } }));
  const { reply } = await ask('/old/x?q=1');
  expect(
    reply instanceof CallError ? [] : Object.entries(reply.headers).map(([k, v]) => (k === 'date' ? k : `${k}: ${v}`)),
  ).toEqual(['location: http://other.example/new?q=1', 'date', 'server: envoy', 'content-length: 0']);
  expect(log(curl)).toMatch(/"GET \/old\/x\?q=1 HTTP\/1\.1" 301 - direct_response - "-" 0 0 0 - /);
});

test('golden 20: a mirror gets its copy, and the answer is the first one’s', async () => {
  const versions = ['v1', 'v2'].map((version) => pod(`hello-${version}`, { app: 'hello', version }));
  cluster.put(service('hello', 5000));
  for (const one of versions) cluster.run(one, `examples-helloworld-${one.metadata.labels?.version}`);
  const subset = (name: string) => ({ host: 'hello', subset: name });
  apply(
    destinationRule('hello', {
      host: 'hello',
      subsets: ['v1', 'v2'].map((v) => ({ name: v, labels: { version: v } })),
    }),
    virtualService('hello', {
      hosts: ['hello'],
      http: [{ route: [{ destination: subset('v1') }], mirror: subset('v2') }],
    }),
  );
  const reply = await cluster.call(curl, 'http://hello:5000/hello');
  expect(String(reply.body)).toContain('version: v1');
  await new Promise(setImmediate);
  const { podIP } = curl.status as { podIP: string };
  const [v1, v2] = versions.map((one) => cluster.accessLog(one).at(-1) ?? '');
  expect(v1).toContain('outbound_.5000_.v1_.hello.default.svc.cluster.local default');
  expect(v2).toContain(`"${podIP}"`);
  expect(v2).toMatch(new RegExp(`"hello:5000" .* ${podIP.replaceAll('.', '\\.')}:0 outbound_\\.5000_\\.v2_`));
  expect(cluster.accessLog(curl).length).toBe(1);
});

test('without a VirtualService a dead program is still tried three times', async () => {
  cluster.kill(httpbin);
  const { reply } = await ask('/status/200');
  expect(reply).toMatchObject({ status: 503 });
  expect(log(curl)).toContain('503 URX,UF upstream_reset_before_response_started{remote_connection_failure|');
});
