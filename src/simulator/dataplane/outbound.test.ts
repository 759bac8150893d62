import { expect, test } from 'vitest';
import type { RetryPolicy } from '../../mesh/decision.ts';
import { CallError, type HttpReply } from '../contract.ts';
import { createOneProxy, forwardTo, type OneProxy } from './fixtures/one-proxy.ts';

const ok: HttpReply = { status: 200, headers: { 'content-type': 'text/plain' }, body: 'fine' };
const status = (code: number, headers = {}): HttpReply => ({ status: code, headers, body: '' });
const never = () => new Promise<HttpReply>(() => {});
const refuse = () => {
  throw new CallError('refused', 'connection refused');
};

const retry = (attempts: number, on: string, extra: Partial<RetryPolicy> = {}): RetryPolicy => ({
  attempts,
  on: new Set(on.split(',')),
  statuses: new Set(),
  backoff: 25,
  ...extra,
});

/** Lets everything happen that needs no time, then the time pass, again and again until the promise is settled. */
async function during<T>(proxy: OneProxy, promise: Promise<T>): Promise<{ value: T | undefined; took: number }> {
  const start = proxy.clock.now();
  let settled = false;
  const watched = promise.then(
    (value) => {
      settled = true;
      return value;
    },
    () => {
      settled = true;
      return undefined;
    },
  );
  for (let i = 0; i < 20_000 && !settled; i++) {
    await new Promise(setImmediate);
    if (!settled) proxy.clock.advance(1);
  }
  return { value: await watched, took: proxy.clock.now() - start };
}

test('a delay holds the request back and is flagged; the upstream’s time is told apart', async () => {
  const proxy = createOneProxy(() => ok);
  const { value, took } = await during(proxy, proxy.send(forwardTo({ delay: 700 })));
  expect(value?.status).toBe(200);
  expect(took).toBe(700);
  expect(proxy.log()).toMatch(/^"GET \/ HTTP\/1\.1" 200 DI via_upstream - "-" 0 4 700 0 /);
});

test('a time-out on the same route does not cut the delay', async () => {
  const proxy = createOneProxy(() => ok);
  const { value } = await during(proxy, proxy.send(forwardTo({ delay: 700, timeout: 500 })));
  expect(value?.status).toBe(200);
});

test('delay and abort: both flags, in order, and no upstream', async () => {
  const proxy = createOneProxy(() => ok);
  const abort = {
    kind: 'reply' as const,
    status: 555,
    headers: { 'content-type': 'text/plain' },
    body: 'fault filter abort',
    flags: ['FI' as const],
    details: 'fault_filter_abort',
    cluster: 'outbound|9080||reviews.default.svc.cluster.local',
    route: '-',
    delay: 1000,
  };
  const { value, took } = await during(proxy, proxy.send(abort));
  expect([value?.status, value?.body, took]).toEqual([555, 'fault filter abort', 1000]);
  expect(Object.keys(value?.headers ?? {})).toEqual(['content-length', 'content-type', 'date', 'server']);
  expect(proxy.log()).toMatch(
    /^"GET \/ HTTP\/1\.1" 555 DI,FI fault_filter_abort - "-" 0 18 1000 - .* "-" outbound\|9080\|\|reviews\.default\.svc\.cluster\.local - /,
  );
  expect(proxy.records[0]?.service).toEqual({ namespace: 'default', name: 'reviews', port: 9080 });
});

test('the route’s time-out: 504 UT, and the next hop sees its client go', async () => {
  const proxy = createOneProxy(never);
  const { value, took } = await during(proxy, proxy.send(forwardTo({ timeout: 500, retry: retry(3, '5xx') })));
  expect([value?.status, value?.body, took]).toEqual([504, 'upstream request timeout', 500]);
  expect(proxy.log()).toMatch(
    /504 UT response_timeout - "-" 0 24 500 - .*"10\.1\.0\.1:9080" outbound\|9080\|\|reviews/,
  );
  expect(proxy.sent[0]?.peer.hangup.gone).toBe(true);
});

test('every try has its own time: 504 URX,UT when they are used up, UT when the policy retries no time-out', async () => {
  const tries = createOneProxy(never);
  const all = await during(tries, tries.send(forwardTo({ retry: retry(3, '5xx', { perTryTimeout: 1000 }) })));
  expect([all.value?.status, tries.sent.length]).toEqual([504, 4]);
  expect(tries.log()).toContain('504 URX,UT upstream_per_try_timeout');
  const once = createOneProxy(never);
  const alone = await during(
    once,
    once.send(forwardTo({ retry: retry(3, 'connect-failure', { perTryTimeout: 1000 }) })),
  );
  expect([alone.value?.status, once.sent.length, alone.took]).toEqual([504, 1, 1000]);
  expect(once.log()).toContain('504 UT upstream_per_try_timeout');
});

test('statuses are tried again by the policy only, each try counted in a header', async () => {
  const flaky = (wanted: number) => {
    let calls = 0;
    return createOneProxy(() => (++calls < wanted ? status(503) : ok));
  };
  const lucky = flaky(3);
  expect((await during(lucky, lucky.send(forwardTo({ retry: retry(2, '5xx') })))).value?.status).toBe(200);
  expect(lucky.sent.map(({ request }) => request.headers['x-envoy-attempt-count'])).toEqual(['1', '2', '3']);
  expect(lucky.log()).toContain('200 - via_upstream');
  const unlucky = flaky(9);
  expect((await during(unlucky, unlucky.send(forwardTo({ retry: retry(2, '5xx') })))).value?.status).toBe(503);
  expect(unlucky.log()).toContain('503 URX via_upstream');
  const plain = flaky(2);
  const policy = retry(2, 'connect-failure,refused-stream,unavailable,cancelled,retriable-status-codes');
  expect((await during(plain, plain.send(forwardTo({ retry: policy })))).value?.status).toBe(503);
  expect(plain.log()).toContain('503 - via_upstream');
});

test.each([
  ['gateway-error', 502, true],
  ['gateway-error', 500, false],
  ['retriable-4xx', 409, true],
  ['retriable-4xx', 404, false],
  ['retriable-status-codes', 418, true],
])('%s and %i: tried again is %s', async (on, code, again) => {
  const proxy = createOneProxy(() => status(code));
  const policy = retry(1, on, { statuses: new Set([418]) });
  await during(proxy, proxy.send(forwardTo({ retry: policy })));
  expect(proxy.sent.length).toBe(again ? 2 : 1);
});

test('a gRPC status is tried again by its name', async () => {
  const proxy = createOneProxy(() => status(200, { 'grpc-status': '14' }));
  await during(proxy, proxy.send(forwardTo({ retry: retry(1, 'unavailable') })));
  expect(proxy.sent.length).toBe(2);
  expect(proxy.records[0]?.grpcStatus).toBe('14');
});

test('back-offs double and are jittered, and the tries prefer endpoints not tried', async () => {
  const proxy = createOneProxy(refuse, () => 0.999);
  const { took } = await during(proxy, proxy.send(forwardTo({ retry: retry(2, 'connect-failure') }, 3)));
  expect(took).toBeGreaterThanOrEqual(25 + 75 - 2);
  expect(took).toBeLessThanOrEqual(110);
  expect(new Set(proxy.sent.map(({ address }) => address)).size).toBe(3);
  expect(proxy.log()).toMatch(
    /503 URX,UF upstream_reset_before_response_started\{remote_connection_failure\|delayed_connect_error:_Connection_refused\} - "delayed_connect_error:_Connection_refused" 0 121 /,
  );
});

test('without retries a refused connection is told once', async () => {
  const proxy = createOneProxy(refuse);
  const { value } = await during(proxy, proxy.send(forwardTo({ retry: retry(0, 'connect-failure') })));
  expect(value?.body).toBe(
    'upstream connect error or disconnect/reset before headers. reset reason: remote connection failure',
  );
  expect(proxy.log()).toContain('503 UF upstream_reset');
});

test('an endpoint outside the cluster never answers: connection timeout', async () => {
  const proxy = createOneProxy(() => ok);
  const outside = { ...forwardTo().endpoint, address: 'api.example.com', external: true as const, sidecar: false };
  const { value, took } = await during(
    proxy,
    proxy.send(forwardTo({ endpoint: outside, candidates: [outside], retry: retry(0, '5xx') })),
  );
  expect([value?.status, took, proxy.sent.length]).toEqual([503, 10_000, 0]);
  expect(value?.body).toContain('reset reason: connection timeout');
  expect(proxy.log()).toContain('503 UF upstream_reset_before_response_started{connection_timeout}');
});

test('TLS is the mesh’s for sidecars, none when the rule says so, and another’s when it says that', async () => {
  const proxy = createOneProxy(() => ok);
  const upstream = { connectTimeout: 10_000 };
  await proxy.send(forwardTo());
  await proxy.send(forwardTo({ subset: 'v1', upstream: { ...upstream, tls: { mode: 'istio-mutual' } } }));
  await proxy.send(forwardTo({ upstream: { ...upstream, tls: { mode: 'disable' } } }));
  await proxy.send(forwardTo({ upstream: { ...upstream, tls: { mode: 'simple', sni: 'a.example' } } }));
  const [auto, mutual, plain, simple] = proxy.sent.map(({ peer }) => peer);
  expect(auto?.certificate?.serverName).toBe('outbound_.9080_._.reviews.default.svc.cluster.local');
  expect(mutual?.certificate?.serverName).toBe('outbound_.9080_.v1_.reviews.default.svc.cluster.local');
  expect(plain).not.toHaveProperty('certificate');
  expect(simple).toMatchObject({ foreignTls: true, tls: { serverName: 'a.example' } });
  expect(proxy.records.map(({ mtls }) => mtls)).toEqual([true, true, false, false]);
});

test('a full pool answers 503 UO at once, and frees its places', async () => {
  const answers: ((reply: HttpReply) => void)[] = [];
  const proxy = createOneProxy(() => new Promise<HttpReply>((resolve) => answers.push(resolve)));
  const upstream = { maxConnections: 1, maxPendingRequests: 1, connectTimeout: 10_000, tls: { mode: 'auto' as const } };
  const outcome = forwardTo({ upstream, retry: retry(2, 'connect-failure') }, 1);
  const first = proxy.send(outcome);
  await new Promise(setImmediate);
  proxy.clock.advance(1);
  await new Promise(setImmediate);
  const second = proxy.send(outcome);
  const third = await proxy.send(outcome);
  expect([third.status, third.headers['x-envoy-overloaded']]).toEqual([503, 'true']);
  expect(third.body).toBe('upstream connect error or disconnect/reset before headers. reset reason: overflow');
  expect(Object.keys(third.headers)[0]).toBe('x-envoy-overloaded');
  expect(proxy.log()).toMatch(
    /503 UO upstream_reset_before_response_started\{overflow\} - "-" 0 81 0 - .* "-" outbound/,
  );
  answers[0]?.(structuredClone(ok));
  expect((await first).status).toBe(200);
  await new Promise(setImmediate);
  answers[1]?.(structuredClone(ok));
  expect((await second).status).toBe(200);
});

test('a client that goes frees the connection and is told once: 0 DC', async () => {
  const proxy = createOneProxy(never);
  const upstream = { maxConnections: 1, maxPendingRequests: 1, connectTimeout: 10_000, tls: { mode: 'auto' as const } };
  const sent = proxy.send(forwardTo({ upstream }, 1)).catch((error: unknown) => error);
  await new Promise(setImmediate);
  proxy.clock.advance(1);
  await new Promise(setImmediate);
  proxy.hangup.end();
  expect(proxy.log()).toMatch(/ 0 DC downstream_remote_disconnect - "-" 0 0 1 - .*"10\.1\.0\.1:9080"/);
  expect(proxy.sent[0]?.peer.hangup.gone).toBe(true);
  expect(proxy.records.length).toBe(1);
  void sent;
});

test('a client that goes during a delay: both flags, and nobody is asked', async () => {
  const proxy = createOneProxy(() => ok);
  const sent = proxy.send(forwardTo({ delay: 5_000 })).catch((error: unknown) => error);
  proxy.clock.advance(1_000);
  proxy.hangup.end();
  expect(await sent).toBeInstanceOf(CallError);
  expect(proxy.log()).toContain('0 DI,DC downstream_remote_disconnect');
  expect(proxy.sent).toEqual([]);
});

test('mirrors get a copy that says who made it, and whatever they do is forgotten', async () => {
  const mirror = { ...forwardTo().endpoint, address: '10.9.9.9' };
  const proxy = createOneProxy((_, address) => (address === '10.9.9.9' ? refuse() : ok));
  const mirrors = [{ cluster: 'c', service: forwardTo().service, endpoint: mirror }];
  const reply = await proxy.send(forwardTo({ mirrors }));
  expect(reply.status).toBe(200);
  expect(proxy.sent.map(({ address, request }) => [address, request.authority])).toEqual([
    ['10.9.9.9', 'reviews:9080'],
    ['10.1.0.1', 'reviews:9080'],
  ]);
  expect(proxy.sent[0]?.request.headers).toHaveProperty('x-forwarded-for');
  expect(proxy.sent[1]?.request.headers).not.toHaveProperty('x-forwarded-for');
  expect(proxy.records.length).toBe(1);
});

test('a sticky cookie is added last, beside the program’s own', async () => {
  const cookie = 'user="a0f3"; Max-Age=3600; HttpOnly';
  const bare = createOneProxy(() => ok);
  const reply = await bare.send(forwardTo({ stickyCookie: cookie }));
  expect(Object.entries(reply.headers).at(-1)).toEqual(['set-cookie', cookie]);
  const own = createOneProxy(() => status(200, { 'set-cookie': 'session=1' }));
  expect((await own.send(forwardTo({ stickyCookie: cookie }))).headers['set-cookie']).toBe(`session=1\n${cookie}`);
});

test('a TCP port: bytes pass untouched, and a refusal closes what was accepted', async () => {
  const proxy = createOneProxy(() => structuredClone(ok));
  const reply = await proxy.send(forwardTo({ tcp: true }));
  expect(reply.headers).toEqual(ok.headers);
  expect(proxy.sent[0]?.request.headers).toEqual({});
  expect(proxy.log()).toMatch(/^"- - -" 0 - - - "-" 0 4 0 - "-" "-" "-" "-" "10\.1\.0\.1:9080" outbound/);
  const closed = createOneProxy(refuse);
  await expect(closed.send(forwardTo({ tcp: true }))).rejects.toMatchObject({ failure: 'reset' });
  expect(closed.log()).toMatch(/^"- - -" 0 UF,URX - - "delayed_connect_error:_Connection_refused" /);
});
