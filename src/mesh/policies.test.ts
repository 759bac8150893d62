// Time-outs, retries, mirrors and CORS.
import { expect, test } from 'vitest';
import type { Chance, MeshRequest } from './engine.ts';
import { always, bookinfo, engineOf, get, SIDECAR, seeded, virtualService } from './fixtures.ts';
import { indexMesh } from './index-mesh.ts';

const route = [{ destination: { host: 'ratings' } }];

function engineWith(rule: Record<string, unknown>, meshConfig: Record<string, unknown> = {}) {
  const rules = virtualService('ratings', { hosts: ['ratings'], http: [{ route, ...rule }] });
  return indexMesh({ objects: [...bookinfo(), rules], rootNamespace: 'istio-system', meshConfig });
}

function decide(rule: Record<string, unknown>, request: Partial<MeshRequest> = {}, chance: Chance = always(0)) {
  return engineWith(rule).decide(SIDECAR, get('http://ratings:9080/ratings/0', request), chance);
}

test('a time-out is in milliseconds; none, or 0, is none', () => {
  expect(decide({ timeout: '0.5s' }).outcome).toMatchObject({ timeout: 500 });
  expect(decide({ timeout: '1m30s' }).outcome).toMatchObject({ timeout: 90_000 });
  for (const rule of [{}, { timeout: '0s' }, { timeout: 'soon' }, { timeout: 3 }]) {
    expect(decide(rule).outcome).not.toHaveProperty('timeout');
  }
});

test('a client inside the mesh cannot set the time-out by header', () => {
  const headers = { 'x-envoy-upstream-rq-timeout-ms': '300' };
  expect(decide({}, { headers }).outcome).not.toHaveProperty('timeout');
});

const BUILT_IN = ['connect-failure', 'refused-stream', 'unavailable', 'cancelled', 'retriable-status-codes'];

test("routes that say nothing of retries, a Service's own among them, have the default of the mesh", () => {
  const builtIn = { attempts: 2, on: new Set(BUILT_IN), statuses: new Set(), backoff: 25 };
  expect(decide({}).outcome).toMatchObject({ retry: builtIn });
  const plain = engineOf(...bookinfo()).decide(SIDECAR, get('http://ratings:9080/'), always(0));
  expect(plain.outcome).toMatchObject({ route: 'default', retry: builtIn });
  const defaultHttpRetryPolicy = { attempts: 5, retryOn: '5xx', perTryTimeout: '2s' };
  const own = engineWith({}, { defaultHttpRetryPolicy }).decide(SIDECAR, get('http://ratings:9080/'), always(0));
  expect(own.outcome).toMatchObject({ retry: { attempts: 5, on: new Set(['5xx']), perTryTimeout: 2_000 } });
});

test.each([
  [{ attempts: 0 }, { attempts: 0 }],
  [{ retryOn: '5xx' }, { attempts: 0 }],
  [{ attempts: -1 }, { attempts: 0 }],
  [{ attempts: 3 }, { attempts: 3, on: new Set(BUILT_IN), backoff: 25 }],
  [
    { attempts: 3, retryOn: '5xx, reset' },
    { attempts: 3, on: new Set(['5xx', 'reset']), statuses: new Set() },
  ],
  [
    { attempts: 1, retryOn: '503,connect-failure,418' },
    { on: new Set(['connect-failure', 'retriable-status-codes']), statuses: new Set([503, 418]) },
  ],
  [
    { attempts: 1, perTryTimeout: '250ms', backoff: '1s' },
    { perTryTimeout: 250, backoff: 1_000 },
  ],
])('retries %j', (retries, expected) => {
  expect(decide({ retries }).outcome).toMatchObject({ retry: expected });
});

test('a mirror gets a copy of what is sent, with its own subset, port and endpoint', () => {
  const { outcome } = decide({ mirror: { host: 'details', port: { number: 9080 } } });
  expect(outcome).toMatchObject({
    endpoint: { pod: 'ratings-v1' },
    mirrors: [{ cluster: 'outbound|9080||details.default.svc.cluster.local', endpoint: { pod: 'details-v1' } }],
  });
});

test('several mirrors; those that lead nowhere, or of which nothing is to be copied, get nothing', () => {
  const percentage = { value: 0 };
  const mirrors = [
    { destination: { host: 'details' } },
    { destination: { host: 'reviews' }, percentage },
    { destination: { host: 'nobody' } },
    { destination: { host: 'productpage' } },
  ];
  const decision = decide({ mirrors });
  expect(decision.outcome).toMatchObject({
    mirrors: [{ endpoint: { pod: 'details-v1' } }, { endpoint: { pod: 'productpage-v1' } }],
  });
  expect(decision.steps.filter((s) => s.kind === 'mirror').map((s) => [s.result, s.source?.path])).toEqual([
    ['copied', 'spec.http[0].mirrors[0]'],
    ['not-copied', 'spec.http[0].mirrors[1]'],
    ['host-not-found', 'spec.http[0].mirrors[2]'],
    ['copied', 'spec.http[0].mirrors[3]'],
  ]);
  expect(decide({ mirror: { host: 'nobody' } }).outcome).not.toHaveProperty('mirrors');
});

test.each([
  [{ mirrorPercentage: { value: 25 } }, 0.25],
  [{ mirrorPercent: 60 }, 0.6],
  [{ mirrorPercentage: { value: 0.5 }, mirrorPercent: 100 }, 0.005],
])('%j of the requests are copied', (share, p) => {
  const engine = engineWith({ mirror: { host: 'details' }, ...share });
  const chance = seeded(9);
  const rounds = 20_000;
  let copies = 0;
  for (let i = 0; i < rounds; i++) {
    const { outcome } = engine.decide(SIDECAR, get('http://ratings:9080/'), chance);
    if (outcome.kind === 'forward' && outcome.mirrors) copies += 1;
  }
  expect(Math.abs(copies - rounds * p)).toBeLessThan(4 * Math.sqrt(rounds * p * (1 - p)));
});

const corsPolicy = {
  allowOrigins: [{ exact: 'https://a.example' }, { regex: 'https://.*\\.b\\.example' }, { prefix: 'https://pre.' }],
  allowMethods: ['GET', 'PUT'],
  allowHeaders: ['x-one'],
  exposeHeaders: ['x-two'],
  maxAge: '24h',
  allowCredentials: true,
};
const asking = (origin: string, more: Record<string, string> = { 'access-control-request-method': 'PUT' }) => ({
  method: 'OPTIONS',
  headers: { origin, ...more },
});

test.each(['https://a.example', 'https://x.b.example', 'https://pre.example'])('a preflight of %s is answered', (o) => {
  expect(decide({ corsPolicy }, asking(o)).outcome).toEqual({
    kind: 'reply',
    status: 200,
    body: '',
    flags: [],
    details: 'cors_response',
    route: '-',
    cluster: 'outbound|9080||ratings.default.svc.cluster.local',
    rule: expect.objectContaining({ kind: 'VirtualService', path: 'spec.http[0]' }),
    headers: {
      'access-control-allow-origin': o,
      'access-control-allow-credentials': 'true',
      'access-control-allow-methods': 'GET,PUT',
      'access-control-allow-headers': 'x-one',
      'access-control-max-age': '86400',
      'access-control-expose-headers': 'x-two',
    },
  });
});

test('what is no preflight of an allowed origin goes to the service', () => {
  const other = asking('https://z.example');
  for (const request of [other, asking('https://a.example', {}), { method: 'OPTIONS', headers: {} }]) {
    expect(decide({ corsPolicy }, request).outcome.kind).toBe('forward');
  }
  const strict = { corsPolicy: { ...corsPolicy, unmatchedPreflights: 'IGNORE' } };
  expect(decide(strict, other).outcome).toMatchObject({ status: 200, headers: {}, details: 'cors_response' });
});

test('the answer to an allowed origin has its headers set after those of the rule', () => {
  const headers = { response: { set: { 'x-a': '1', 'access-control-allow-origin': '*' } } };
  const { outcome, steps } = decide({ corsPolicy, headers }, { headers: { origin: 'https://a.example' } });
  expect(outcome).toMatchObject({
    responseHeaders: [
      {
        set: [
          ['x-a', '1'],
          ['access-control-allow-origin', '*'],
        ],
      },
      {
        set: [
          ['access-control-allow-origin', 'https://a.example'],
          ['access-control-allow-credentials', 'true'],
          ['access-control-expose-headers', 'x-two'],
        ],
      },
    ],
  });
  expect(steps.find((s) => s.kind === 'cors')).toMatchObject({
    result: 'allowed',
    source: { path: 'spec.http[0].corsPolicy' },
  });
  expect(decide({ corsPolicy }, { headers: { origin: 'https://z.example' } }).outcome).not.toHaveProperty(
    'responseHeaders',
  );
});

test('one request in steps: each with the line that says so', () => {
  const rule = {
    match: [{ uri: { prefix: '/ratings' } }],
    rewrite: { uri: '/v2' },
    timeout: '2s',
    retries: { attempts: 3, perTryTimeout: '1s', retryOn: '5xx,429' },
    mirror: { host: 'details' },
  };
  expect(decide(rule).steps.map((s) => [s.kind, s.result, s.source?.path])).toEqual([
    ['listener', 'matched', undefined],
    ['virtual-host', 'matched', 'spec.hosts[0]'],
    ['match', 'matched', 'spec.http[0].match[0]'],
    ['rule', 'matched', 'spec.http[0]'],
    ['destination', 'only', 'spec.http[0].route[0]'],
    ['endpoint', 'only', undefined],
    ['rewrite', 'rewritten', 'spec.http[0].rewrite'],
    ['timeout', 'set', 'spec.http[0].timeout'],
    ['retry', 'set', 'spec.http[0].retries'],
    ['mirror', 'copied', 'spec.http[0].mirror'],
  ]);
  const retry = decide(rule).steps.find((s) => s.kind === 'retry');
  expect(retry?.facts).toEqual({ attempts: 3, on: '5xx,retriable-status-codes,429', perTryTimeout: 1_000 });
});
