import { expect, test } from 'vitest';
import type { OutlierPolicy } from '../decision.ts';
import { destinationRule, engineOf, get, pod, SIDECAR, seeded, service } from '../fixtures.ts';
import { endpoint, forwardTo } from './fixtures.ts';
import { createProxyMemory, type TryEnd } from './proxy-memory.ts';

const ONE = endpoint('10.0.0.1');
const TWO = endpoint('10.0.0.2');
const DEFAULTS: OutlierPolicy = {
  consecutive5xx: 5,
  interval: 10_000,
  baseEjectionTime: 30_000,
  maxEjectionPercent: 100,
  minHealthPercent: 0,
};

/** A proxy with a clock that the test moves. */
function proxy(policy: Partial<OutlierPolicy> = {}, candidates: Parameters<typeof forwardTo>[0] = [ONE, TWO]) {
  const clock = { now: 0 };
  const memory = createProxyMemory({ random: seeded(3).random, now: () => clock.now });
  const forward = forwardTo(candidates, { outlier: { ...DEFAULTS, ...policy } });
  return {
    clock,
    memory,
    end(ends: readonly TryEnd[], at = ONE) {
      for (const end of ends) memory.begin(forward, at).release(end);
    },
    isOut: (at = ONE) => memory.ejected(forward.cluster, at),
  };
}

test('the fifth 5xx in a row ejects, one less does not, and any other answer starts again', () => {
  const { end, isOut } = proxy();
  end([500, 501, 502, 503, 200, 500, 500, 500, 500]);
  expect(isOut()).toBe(false);
  end([404, 500, 500, 500, 500]);
  expect(isOut()).toBe(false);
  end([500]);
  expect([isOut(ONE), isOut(TWO)]).toEqual([true, false]);
});

test('no connection, a broken one and a timeout count; a client that goes away does not', () => {
  const { end, isOut } = proxy({ consecutive5xx: 3 });
  end(['failed', 'cancelled', 'timed-out', 'cancelled']);
  expect(isOut()).toBe(false);
  end(['failed']);
  expect(isOut()).toBe(true);
});

test('gateway errors have a count of their own, which another 5xx breaks', () => {
  const { end, isOut } = proxy({ consecutive5xx: 0, consecutiveGatewayErrors: 2 });
  end([500, 500, 500, 500, 500, 503, 500, 502]);
  expect(isOut()).toBe(false);
  end([504]);
  expect(isOut()).toBe(true);
});

test('an ejected endpoint comes back at the first sweep after its time', () => {
  const { end, isOut, clock } = proxy({ consecutive5xx: 1 });
  clock.now = 1_000;
  end([200]);
  clock.now = 2_000;
  end([500]);
  expect(isOut()).toBe(true);
  // The memory began at 1,000, so it sweeps at 11,000, 21,000, 31,000 and 41,000; its time is over at 32,000.
  clock.now = 40_999;
  expect(isOut()).toBe(true);
  clock.now = 41_000;
  expect(isOut()).toBe(false);
});

test('each ejection lasts a base time longer, up to five minutes, and sweeps in the rotation take it back', () => {
  const { end, isOut, clock } = proxy({ consecutive5xx: 1, interval: 1_000, baseEjectionTime: 60_000 });
  const lasts = () => {
    end([500]);
    const start = clock.now;
    while (isOut()) clock.now += 1_000;
    return clock.now - start;
  };
  expect([lasts(), lasts(), lasts(), lasts(), lasts(), lasts()]).toEqual([
    60_000, 120_000, 180_000, 240_000, 300_000, 300_000,
  ]);
  clock.now += 10_000;
  expect(isOut()).toBe(false);
  expect(lasts()).toBe(60_000);
});

test('no more are ejected than the percentage strictly allows', () => {
  const three = [ONE, TWO, endpoint('10.0.0.3')] as const;
  const ejected = (maxEjectionPercent: number) => {
    const { end, isOut } = proxy({ consecutive5xx: 1, maxEjectionPercent }, [...three]);
    for (const each of three) end([500], each);
    return three.filter((each) => isOut(each)).length;
  };
  expect([10, 33, 34, 66, 67, 99, 100].map(ejected)).toEqual([0, 0, 1, 1, 2, 2, 3]);
});

test('an hour without requests costs nothing, however short the interval', () => {
  const { end, isOut, clock } = proxy({ consecutive5xx: 1, interval: 1 });
  end([500]);
  clock.now = 3_600_000 * 1_000;
  expect(isOut()).toBe(false);
  end([500]);
  clock.now += 30_000;
  expect(isOut()).toBe(false);
});

test('a changed definition forgets what was ejected, the same one made again does not', () => {
  const clock = { now: 0 };
  const memory = createProxyMemory({ random: seeded(3).random, now: () => clock.now });
  const forward = (base: number) =>
    forwardTo([ONE, TWO], { outlier: { ...DEFAULTS, consecutive5xx: 1, baseEjectionTime: base } });
  memory.begin(forward(30_000), ONE).release(500);
  memory.begin(forward(30_000), TWO).release(200);
  expect(memory.ejected(forward(30_000).cluster, ONE)).toBe(true);
  memory.begin(forward(40_000), TWO).release(200);
  expect(memory.ejected(forward(30_000).cluster, ONE)).toBe(false);
});

test('recorded: what one configuration ejected is back at once under another, though no request got through between', () => {
  const { fail, ask, memory } = ejecting(RECORDED, 1);
  fail();
  expect(ask()).toMatchObject({ flags: ['UH'] });
  const next = ejecting({ ...RECORDED, consecutive5xxErrors: 50 }, 1).engine;
  expect(next.decide(SIDECAR, get('http://httpbin:8000/get'), memory).outcome).toMatchObject({ kind: 'forward' });
});

const RECORDED = {
  consecutive5xxErrors: 1,
  interval: '1s',
  baseEjectionTime: '3m',
  maxEjectionPercent: 100,
};

function ejecting(outlierDetection: Record<string, unknown>, pods: number) {
  const rule = destinationRule('httpbin', { host: 'httpbin', trafficPolicy: { outlierDetection } });
  const all = Array.from({ length: pods }, (_, i) => pod(`httpbin-${i}`, { app: 'httpbin' }));
  const engine = engineOf(service('httpbin', 8000), ...all, rule);
  const clock = { now: 0 };
  const memory = createProxyMemory({ random: seeded(9).random, now: () => clock.now });
  const ask = () => engine.decide(SIDECAR, get('http://httpbin:8000/status/500'), memory).outcome;
  const fail = () => {
    const outcome = ask();
    if (outcome.kind === 'forward') memory.begin(outcome, outcome.endpoint).release(500);
  };
  return { engine, memory, clock, ask, fail };
}

test('recorded: one 500 ejects the only host, and the next request finds no healthy upstream', () => {
  const { ask, fail, clock } = ejecting(RECORDED, 1);
  fail();
  expect(ask()).toMatchObject({ kind: 'reply', status: 503, flags: ['UH'], body: 'no healthy upstream' });
  clock.now = 181_000;
  expect(ask()).toMatchObject({ kind: 'forward' });
});

test('with the default percentage a small service never loses a pod', () => {
  const { ask, fail } = ejecting({ consecutive5xxErrors: 1 }, 5);
  for (let i = 0; i < 100; i++) fail();
  expect(ask()).toMatchObject({ kind: 'forward' });
});

test('requests and tries go to those in the rotation; below the minimum of health, to all', () => {
  const { ask, fail, engine, memory } = ejecting(RECORDED, 3);
  fail();
  fail();
  const hosts = new Set<string>();
  for (let i = 0; i < 60; i++) {
    const outcome = ask();
    if (outcome.kind !== 'forward') throw new Error('not forwarded');
    hosts.add(outcome.endpoint.pod);
    hosts.add(engine.retryEndpoint(outcome, [outcome.endpoint], memory)?.pod ?? '');
  }
  expect(hosts.size).toBe(1);

  const panic = ejecting({ ...RECORDED, minHealthPercent: 50 }, 3);
  panic.fail();
  panic.fail();
  const all = new Set<string>();
  for (let i = 0; i < 60; i++) {
    const outcome = panic.ask();
    if (outcome.kind === 'forward') all.add(outcome.endpoint.pod);
  }
  expect(all.size).toBe(3);
});

test('a try goes to a pod that was not tried, then to any, and to none when all are out', () => {
  const { ask, engine, memory, fail } = ejecting(RECORDED, 2);
  const outcome = ask();
  if (outcome.kind !== 'forward') throw new Error('not forwarded');
  const [first, second] = outcome.candidates;
  if (!first || !second) throw new Error('no candidates');
  for (let i = 0; i < 20; i++) expect(engine.retryEndpoint(outcome, [first], memory)).toBe(second);
  expect([first, second]).toContain(engine.retryEndpoint(outcome, [first, second], memory));
  fail();
  fail();
  expect(engine.retryEndpoint(outcome, [first], memory)).toBeUndefined();
});
