import { expect, test } from 'vitest';
import type { Chance, MeshRequest } from './engine.ts';
import { always, bookinfo, engineOf, get, SIDECAR, seeded, virtualService } from './fixtures.ts';

const route = [{ destination: { host: 'ratings' } }];
const ALWAYS = { value: 100 };

function engineWith(rule: Record<string, unknown>) {
  return engineOf(...bookinfo(), virtualService('ratings', { hosts: ['ratings'], http: [{ route, ...rule }] }));
}

function decide(rule: Record<string, unknown>, chance: Chance = always(0), request: Partial<MeshRequest> = {}) {
  return engineWith(rule).decide(SIDECAR, get('http://ratings:9080/ratings/0', request), chance);
}

test('an abort is answered by the client proxy, with the cluster that would have served', () => {
  const fault = { abort: { httpStatus: 500, percentage: ALWAYS } };
  expect(decide({ fault }).outcome).toEqual({
    kind: 'reply',
    status: 500,
    headers: { 'content-type': 'text/plain' },
    body: 'fault filter abort',
    flags: ['FI'],
    details: 'fault_filter_abort',
    route: '-',
    cluster: 'outbound|9080||ratings.default.svc.cluster.local',
    rule: expect.objectContaining({ kind: 'VirtualService', path: 'spec.http[0]' }),
  });
});

test('a delay goes with whatever comes of the request', () => {
  const delay = { fixedDelay: '7s', percentage: ALWAYS };
  expect(decide({ fault: { delay } }).outcome).toMatchObject({ kind: 'forward', delay: 7_000 });
  const abort = { httpStatus: 418, percentage: ALWAYS };
  expect(decide({ fault: { delay, abort } }).outcome).toMatchObject({ kind: 'reply', status: 418, delay: 7_000 });
  const nowhere = [{ destination: { host: 'nobody' } }];
  expect(decide({ fault: { delay }, route: nowhere }).outcome).toMatchObject({
    status: 503,
    flags: ['NC'],
    delay: 7_000,
  });
});

test('without a percentage a fault never strikes', () => {
  const fault = { delay: { fixedDelay: '5s' }, abort: { httpStatus: 500 } };
  const { outcome } = decide({ fault });
  expect(outcome.kind).toBe('forward');
  expect(outcome).not.toHaveProperty('delay');
});

test('`percent` is the old form, of delays only', () => {
  expect(decide({ fault: { delay: { fixedDelay: '1s', percent: 100 } } }).outcome).toMatchObject({ delay: 1_000 });
  expect(decide({ fault: { abort: { httpStatus: 500, percent: 100 } } }).outcome.kind).toBe('forward');
});

test('what comes first wins: an abort needs neither endpoints nor mirrors nor a preflight', () => {
  const rule = {
    fault: { abort: { httpStatus: 503, percentage: ALWAYS } },
    route: [{ destination: { host: 'ratings', subset: 'nowhere' } }],
    mirror: { host: 'details' },
    corsPolicy: { allowOrigins: [{ exact: 'https://a.example' }] },
    retries: { attempts: 3, retryOn: '5xx' },
  };
  const headers = { origin: 'https://a.example', 'access-control-request-method': 'GET' };
  const { outcome } = decide(rule, always(0), { method: 'OPTIONS', headers });
  expect(outcome).toMatchObject({ status: 503, body: 'fault filter abort', flags: ['FI'] });
  expect(outcome).not.toHaveProperty('cluster');
});

test('a gRPC status: 200 with a body for plain clients, trailers for gRPC', () => {
  const fault = { abort: { grpcStatus: 'UNAVAILABLE', percentage: ALWAYS } };
  expect(decide({ fault }).outcome).toMatchObject({ status: 200, body: 'fault filter abort', flags: ['FI'] });
  const headers = { 'content-type': 'application/grpc+proto' };
  expect(decide({ fault }, always(0), { headers }).outcome).toMatchObject({
    status: 200,
    body: '',
    headers: { 'content-type': 'application/grpc', 'grpc-status': '14', 'grpc-message': 'fault filter abort' },
  });
  const http = { abort: { httpStatus: 404, percentage: ALWAYS } };
  expect(decide({ fault: http }, always(0), { headers }).outcome).toMatchObject({ headers: { 'grpc-status': '12' } });
});

test('delay and abort are drawn apart, each in its share', () => {
  const fault = {
    delay: { fixedDelay: '1s', percentage: { value: 30 } },
    abort: { httpStatus: 503, percentage: { value: 5.5 } },
  };
  const engine = engineWith({ fault });
  const chance = seeded(5);
  const rounds = 40_000;
  let [delayed, aborted, both] = [0, 0, 0];
  for (let i = 0; i < rounds; i++) {
    const { outcome } = engine.decide(SIDECAR, get('http://ratings:9080/'), chance);
    if (outcome.kind === 'passthrough' || outcome.kind === 'refused') throw new Error(outcome.kind);
    const late = outcome.delay !== undefined;
    const cut = outcome.kind === 'reply';
    delayed += Number(late);
    aborted += Number(cut);
    both += Number(late && cut);
  }
  const within = (count: number, p: number) => Math.abs(count - rounds * p) < 4 * Math.sqrt(rounds * p * (1 - p));
  expect([within(delayed, 0.3), within(aborted, 0.055), within(both, 0.3 * 0.055)]).toEqual([true, true, true]);
});

test('steps name the fault, whether it struck or not', () => {
  const fault = {
    delay: { fixedDelay: '1s', percentage: { value: 50 } },
    abort: { httpStatus: 503, percentage: { value: 10 } },
  };
  const { steps } = decide({ fault }, always(0.2));
  expect(steps.filter((s) => s.kind === 'fault')).toEqual([
    {
      kind: 'fault',
      result: 'delayed',
      source: { kind: 'VirtualService', namespace: 'default', name: 'ratings', path: 'spec.http[0].fault.delay' },
      facts: { milliseconds: 1_000, percent: 50, draw: 0.2 },
    },
    {
      kind: 'fault',
      result: 'not-aborted',
      source: expect.objectContaining({ path: 'spec.http[0].fault.abort' }),
      facts: { status: 503, percent: 10, draw: 0.2 },
    },
  ]);
});
