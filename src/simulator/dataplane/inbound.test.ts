import { describe, expect, test } from 'vitest';
import type { Reply } from '../../mesh/decision.ts';
import type { InboundConnection, MeshEngine, TokenOutcome, TokenRule } from '../../mesh/engine.ts';
import { engineOf, pod, service as serviceNamed } from '../../mesh/fixtures.ts';
import { createProxyMemory } from '../../mesh/upstream/proxy-memory.ts';
import type { HttpReply, HttpRequest } from '../contract.ts';
import { createFakeClock } from '../controllers/fixtures/fake-clock.ts';
import { formatAccessLog } from '../telemetry/access-log.ts';
import type { ProxyRecord } from '../traffic.ts';
import { deliver } from './deliver.ts';
import { Hangup } from './hangup.ts';
import type { HopContext, Peer } from './hop.ts';
import { createRunningPods } from './running-pods.ts';

const server = pod('httpbin', { app: 'httpbin' });
const address = (server.status as { podIP: string }).podIP;
const certificate = {
  identity: 'spiffe://cluster.local/ns/default/sa/curl',
  hash: 'a'.repeat(64),
  serverName: 'outbound_.8000_._.httpbin.default.svc.cluster.local',
};
const service = { namespace: 'default', name: 'httpbin', host: 'httpbin.default.svc.cluster.local', port: 8000 };

interface Options {
  policies?: Partial<MeshEngine>;
  token?: TokenOutcome;
  program?: (request: HttpRequest) => HttpReply | Promise<HttpReply>;
}

function createServerProxy({ policies = {}, token = { kind: 'none' }, program }: Options) {
  const clock = createFakeClock();
  const random = () => 0;
  const records: ProxyRecord[] = [];
  const pods = createRunningPods({ newMemory: () => createProxyMemory({ random, now: clock.now }), now: clock.now });
  const ports = { 8080: program ?? ((): HttpReply => ({ status: 200, headers: {}, body: 'fine' })) };
  pods.attach(
    server,
    new Map([
      ['istio-proxy', { ports: {} }],
      ['app', { ports }],
    ]),
  );
  const ofService = { ports: [{ name: 'http', port: 8000, targetPort: 8080 }] };
  const engine = { ...engineOf(serviceNamed('httpbin', 8000, ofService), server), ...policies };
  const verified: { rules: readonly TokenRule[]; request: HttpRequest }[] = [];
  const context: HopContext = {
    clock,
    now: clock.now,
    random,
    telemetry: { record: (record) => void records.push(record), trace: () => undefined },
    engine: () => engine,
    podAt: pods.at,
    behind: () => undefined,
    async verifyTokens(rules, request) {
      verified.push({ rules, request });
      return token;
    },
    async deliver() {
      throw new Error('nothing goes on from here');
    },
  };
  return {
    clock,
    records,
    verified,
    log: () => records.map((record) => formatAccessLog(record).replace(/^\[[^\]]+\] /, '')).at(-1),
    async ask(peer: Partial<Peer> = {}, request: Partial<HttpRequest> = {}): Promise<HttpReply> {
      const client: Peer = { address: '10.0.0.9', port: 40_000, hangup: new Hangup(), service, ...peer };
      const asked = { method: 'GET', path: '/status/200', authority: 'httpbin:8000', headers: {}, ...request };
      return deliver(context, address, 8080, asked, client);
    },
  };
}

const forbidden: Reply = {
  kind: 'reply',
  status: 403,
  headers: { 'content-type': 'text/plain' },
  body: 'RBAC: access denied',
  flags: [],
  details: 'rbac_access_denied_matched_policy[none]',
  route: 'default',
};
const source = { kind: 'RequestAuthentication', namespace: 'default', name: 'jwt', path: 'spec' };

test('the engine is asked who is at the other end', async () => {
  const asked: InboundConnection[] = [];
  const proxy = createServerProxy({
    policies: {
      accept(_, connection) {
        asked.push(connection);
        return { steps: [] };
      },
    },
  });
  await proxy.ask({ certificate });
  await proxy.ask();
  expect(asked).toEqual([
    {
      port: 8080,
      sourceAddress: '10.0.0.9',
      destinationAddress: address,
      principal: certificate.identity,
      serverName: certificate.serverName,
    },
    { port: 8080, sourceAddress: '10.0.0.9', destinationAddress: address },
  ]);
});

test('a connection that is not accepted is reset, and told as a connection', async () => {
  const refusal = { kind: 'closed' as const, details: 'filter_chain_not_found', flags: ['NR' as const] };
  const proxy = createServerProxy({ policies: { accept: () => ({ steps: [], refusal }) } });
  await expect(proxy.ask()).rejects.toMatchObject({ failure: 'reset' });
  expect(proxy.log()).toBe(
    `"- - -" 0 NR filter_chain_not_found - "-" 0 0 0 - "-" "-" "-" "-" "-" - - ${address}:8080 10.0.0.9:40000 - -`,
  );
});

test('a policy on a TCP port ends the connection and says why in its own field', async () => {
  const refusal = { kind: 'closed' as const, details: 'rbac_access_denied_matched_policy[none]', flags: [] };
  const proxy = createServerProxy({ policies: { accept: () => ({ steps: [], refusal }) } });
  await expect(proxy.ask({ certificate, tcp: true })).rejects.toMatchObject({ failure: 'reset' });
  expect(proxy.log()).toContain('"- - -" 0 - - rbac_access_denied_matched_policy[none] "-" 0 0 0');
});

test('a denied request: the answer, and a line without upstream', async () => {
  const proxy = createServerProxy({ policies: { admit: () => ({ kind: 'denied', steps: [], reply: forbidden }) } });
  const reply = await proxy.ask({ certificate });
  expect(reply).toMatchObject({ status: 403, body: 'RBAC: access denied' });
  expect(Object.keys(reply.headers)).toEqual(['content-length', 'content-type', 'date', 'server']);
  expect(proxy.log()).toMatch(
    new RegExp(
      `^"GET /status/200 HTTP/1\\.1" 403 - rbac_access_denied_matched_policy\\[none\\] - "-" 0 19 0 - "-" "-" "[0-9a-f-]{36}" "httpbin:8000" "-" inbound\\|8080\\|\\| - ${address}:8080 10\\.0\\.0\\.9:40000 outbound_\\.8000_\\._\\.httpbin\\.default\\.svc\\.cluster\\.local default$`,
    ),
  );
  expect((await proxy.ask()).headers['x-envoy-decorator-operation']).toBe('httpbin.default.svc.cluster.local:8000/*');
});

test('tokens are verified only where a rule asks for it, and what came of it is what the policies see', async () => {
  const rule: TokenRule = {
    source,
    issuer: 'i',
    audiences: [],
    fromHeaders: [],
    fromParams: [],
    fromCookies: [],
    forwardOriginalToken: false,
    outputClaimToHeaders: [],
  };
  const invalid: TokenOutcome = { kind: 'invalid', body: 'Jwt is expired', details: 'x', source };
  const seen: TokenOutcome[] = [];
  const admit: MeshEngine['admit'] = (_proxy, _connection, _request, token) => {
    seen.push(token);
    return { kind: 'denied', steps: [], reply: { ...forbidden, status: 401, body: 'Jwt is expired' } };
  };
  const without = createServerProxy({ policies: { admit } });
  await without.ask();
  expect(without.verified).toEqual([]);
  const proxy = createServerProxy({ policies: { admit, tokenRules: () => [rule] }, token: invalid });
  expect((await proxy.ask()).status).toBe(401);
  expect(proxy.verified.map(({ rules }) => rules)).toEqual([[rule]]);
  expect(seen).toEqual([{ kind: 'none' }, invalid]);
});

test('headers that come of a token reach the program', async () => {
  let headers: Record<string, string> = {};
  const requestHeaders = [{ remove: ['authorization'], set: [['x-claims', 'abc'] as const], add: [] }];
  const proxy = createServerProxy({
    policies: { admit: () => ({ kind: 'admitted', steps: [], requestHeaders }) },
    program(request) {
      headers = request.headers;
      return { status: 200, headers: {}, body: '' };
    },
  });
  await proxy.ask({}, { headers: { authorization: 'Bearer x' } });
  expect(headers).toMatchObject({ 'x-claims': 'abc' });
  expect(headers).not.toHaveProperty('authorization');
});

test('TLS that is not the mesh’s cannot be read by the program', async () => {
  const proxy = createServerProxy({});
  await expect(proxy.ask({ foreignTls: true })).rejects.toMatchObject({ failure: 'reset', message: /TLS/ });
});

test('a client that goes away is told at once, and once', async () => {
  let answer: (reply: HttpReply) => void = () => {};
  const proxy = createServerProxy({ program: () => new Promise((resolve) => (answer = resolve)) });
  const hangup = new Hangup();
  const asked = proxy.ask({ certificate, hangup });
  await new Promise(setImmediate);
  hangup.end();
  expect(proxy.log()).toMatch(
    / 0 DC downstream_remote_disconnect - "-" 0 0 0 - .* inbound\|8080\|\| 127\.0\.0\.6:\d+ /,
  );
  answer({ status: 200, headers: {}, body: '' });
  await asked;
  expect(proxy.records.length).toBe(1);
});

test('a record names both ends', async () => {
  const proxy = createServerProxy({});
  const caller = pod('curl', { app: 'curl' });
  await proxy.ask({ certificate, pod: caller });
  expect(proxy.records[0]).toMatchObject({
    reporter: 'destination',
    pod: server,
    peer: caller,
    mtls: true,
    sourcePrincipal: 'spiffe://cluster.local/ns/default/sa/curl',
    destinationPrincipal: 'spiffe://cluster.local/ns/default/sa/default',
    service: { namespace: 'default', name: 'httpbin', port: 8000 },
  });
});

describe('a sidecar whose way to its program is limited', () => {
  const limits = { connectTimeout: 1000, tls: { mode: 'auto' as const }, maxConnections: 1, maxPendingRequests: 1 };
  const inbound: MeshEngine['inbound'] = () => ({
    cluster: 'inbound|8080||',
    tcp: false,
    port: 8080,
    loopback: false,
    limits,
  });

  /** Answers one request after another, when told to. */
  function createSlowProgram() {
    const waiting: (() => void)[] = [];
    const program = () =>
      new Promise<HttpReply>((resolve) => void waiting.push(() => resolve({ status: 200, headers: {}, body: 'fine' })));
    return { program, waiting };
  }

  test('one request is served, one waits, and the third is refused by the proxy', async () => {
    const { program, waiting } = createSlowProgram();
    const proxy = createServerProxy({ policies: { inbound }, program });
    const first = proxy.ask();
    await proxy.clock.advance(1);
    await expect.poll(() => waiting.length).toBe(1);
    const second = proxy.ask();
    const third = await proxy.ask();
    expect(third).toMatchObject({ status: 503, headers: { 'x-envoy-overloaded': 'true' } });
    expect(proxy.log()).toMatch(
      /503 UO upstream_reset_before_response_started\{overflow\} - "-" 0 81 0 - .* inbound\|8080\|\| - /,
    );
    waiting.shift()?.();
    expect((await first).status).toBe(200);
    await expect.poll(() => waiting.length).toBe(1);
    waiting.shift()?.();
    expect((await second).status).toBe(200);
  });

  test('a client that goes while it waits leaves its place to the next', async () => {
    const { program, waiting } = createSlowProgram();
    const proxy = createServerProxy({ policies: { inbound }, program });
    const first = proxy.ask();
    await proxy.clock.advance(1);
    await expect.poll(() => waiting.length).toBe(1);
    const hangup = new Hangup();
    void proxy.ask({ hangup });
    await Promise.resolve();
    hangup.end();
    expect(proxy.log()).toContain(' 0 DC downstream_remote_disconnect ');
    const next = proxy.ask();
    waiting.shift()?.();
    await first;
    await expect.poll(() => waiting.length).toBe(1);
    waiting.shift()?.();
    expect((await next).status).toBe(200);
  });
});
