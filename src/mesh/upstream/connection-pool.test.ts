import { expect, test } from 'vitest';
import type { UpstreamPolicy } from '../decision.ts';
import { seeded } from '../fixtures.ts';
import { endpoint, forwardTo } from './fixtures.ts';
import { createProxyMemory, type ProxyMemory, type Slot } from './proxy-memory.ts';

const ONE = endpoint('10.0.0.1');
const TWO = endpoint('10.0.0.2');

function memoryAt(now = () => 0): ProxyMemory {
  return createProxyMemory({ random: seeded(1).random, now });
}

function opened(memory: ProxyMemory, limits: Partial<UpstreamPolicy>, at = ONE): Slot {
  const slot = memory.begin(forwardTo([ONE, TWO], limits), at);
  slot.connected();
  return slot;
}

test('without limits every request goes at once, and is counted in flight until it ends', () => {
  const memory = memoryAt();
  const forward = forwardTo([ONE]);
  const slots = Array.from({ length: 100 }, () => memory.begin(forward, ONE));
  expect(slots.every((slot) => slot.state === 'ready')).toBe(true);
  expect(memory.active(forward.cluster, ONE)).toBe(100);
  for (const slot of slots) slot.release(200);
  expect(memory.active(forward.cluster, ONE)).toBe(0);
});

test('a request without an idle connection is pending while one is opened', () => {
  const memory = memoryAt();
  const limits = { maxPendingRequests: 1 };
  const first = memory.begin(forwardTo([ONE], limits), ONE);
  expect(first.state).toBe('connecting');
  expect(memory.begin(forwardTo([ONE], limits), ONE).state).toBe('overflow');
  first.connected();
  expect(first.state).toBe('ready');
  expect(memory.begin(forwardTo([ONE], limits), ONE).state).toBe('connecting');
});

test('over the connections a request waits its turn; over the pending ones it overflows', () => {
  const memory = memoryAt();
  const limits = { maxConnections: 1, maxPendingRequests: 1 };
  const first = opened(memory, limits);
  const second = opened(memory, limits);
  const third = opened(memory, limits);
  expect([first.state, second.state, third.state]).toEqual(['ready', 'waiting', 'overflow']);
  let turns = 0;
  second.whenItsTurn(() => {
    turns += 1;
  });
  first.release(200);
  expect([second.state, turns]).toEqual(['ready', 1]);
  expect(memory.clusters()).toMatchObject([{ connections: 1, pending: 0, requests: 1, overflows: 1, pendingTotal: 2 }]);
});

test('the next in line opens a connection of its own when the last one may not serve again', () => {
  for (const [limits, end] of [
    [{ maxConnections: 1, maxRequestsPerConnection: 1 }, 200],
    [{ maxConnections: 1 }, 'failed'],
  ] as const) {
    const memory = memoryAt();
    const first = opened(memory, limits);
    const second = opened(memory, limits);
    first.release(end);
    expect(second.state).toBe('connecting');
    second.connected();
    expect(second.state).toBe('ready');
  }
});

test('a connection serves as many requests as its limit says', () => {
  const memory = memoryAt();
  const limits = { maxConnections: 1, maxRequestsPerConnection: 2 };
  opened(memory, limits).release(200);
  const second = memory.begin(forwardTo([ONE], limits), ONE);
  expect(second.state).toBe('ready');
  second.release(200);
  expect(memory.begin(forwardTo([ONE], limits), ONE).state).toBe('connecting');
});

test('an endpoint without connections gets one over the limit', () => {
  const memory = memoryAt();
  const limits = { maxConnections: 1 };
  opened(memory, limits, ONE);
  expect(memory.begin(forwardTo([ONE, TWO], limits), TWO).state).toBe('connecting');
  expect(memory.begin(forwardTo([ONE, TWO], limits), TWO).state).toBe('waiting');
});

test('over the requests at once one overflows though it has a connection', () => {
  const memory = memoryAt();
  const limits = { maxRequests: 1 };
  const first = opened(memory, limits);
  const second = opened(memory, limits);
  expect([first.state, second.state]).toEqual(['ready', 'overflow']);
  first.release(200);
  expect(opened(memory, limits).state).toBe('ready');
});

test('one who leaves the queue gives up the place, and a second release does nothing', () => {
  const memory = memoryAt();
  const limits = { maxConnections: 1, maxPendingRequests: 1 };
  const first = opened(memory, limits);
  const second = opened(memory, limits);
  second.release('cancelled');
  second.release('cancelled');
  const third = opened(memory, limits);
  expect(third.state).toBe('waiting');
  first.release(200);
  first.release(200);
  expect(third.state).toBe('ready');
  expect(memory.clusters()).toMatchObject([{ connections: 1, pending: 0, requests: 1 }]);
});

test('retries at once have a limit of their own', () => {
  const memory = memoryAt();
  const forward = forwardTo([ONE], { maxRetries: 1 });
  const done = memory.beginRetry(forward);
  expect(memory.beginRetry(forward)).toBeUndefined();
  done?.();
  done?.();
  expect(memory.beginRetry(forward)).toBeDefined();
  expect(memory.beginRetry(forward)).toBeUndefined();
});

/**
 * Clients with ten calls each that ask again as soon as they have an answer, as the recorded load did: a connection takes 2 ms to open, an
 * answer 10 ms, and the client sees a refusal within 2 ms.
 */
function load(clients: number, seed: number): { ok: number; overflow: number } {
  const limits = { maxConnections: 1, maxPendingRequests: 1, maxRequestsPerConnection: 1 };
  let now = 0;
  const memory = memoryAt(() => now);
  const forward = forwardTo([ONE], limits);
  const random = seeded(seed).random;
  const events: { at: number; run: () => void }[] = [];
  const after = (milliseconds: number, run: () => void) =>
    events.push({ at: now + milliseconds * (0.5 + random()), run });
  const result = { ok: 0, overflow: 0 };

  function call(left: number): void {
    if (left === 0) return;
    const slot = memory.begin(forward, ONE);
    const go = () => {
      if (slot.state === 'overflow') {
        result.overflow += 1;
        after(2, () => call(left - 1));
      } else if (slot.state === 'connecting') {
        after(2, () => {
          slot.connected();
          go();
        });
      } else {
        after(10, () => {
          slot.release(200);
          result.ok += 1;
          call(left - 1);
        });
      }
    };
    slot.whenItsTurn(go);
  }

  for (let client = 0; client < clients; client++) after(1, () => call(10));
  while (events.length > 0) {
    events.sort((a, b) => a.at - b.at);
    const next = events.shift();
    if (!next) break;
    now = next.at;
    next.run();
  }
  return result;
}

/** Share of calls that overflow, each of many rounds. */
function shares(clients: number): number[] {
  return Array.from({ length: 200 }, (_, seed) => load(clients, seed + 1).overflow / (10 * clients));
}

test('the recorded breaker: of two clients about half the calls overflow, of three about two thirds, of one none', () => {
  const mean = (list: readonly number[]) => list.reduce((a, b) => a + b, 0) / list.length;
  expect(Math.max(...shares(1))).toBe(0);
  // Recorded: 11 of 20.
  expect(mean(shares(2))).toBeGreaterThan(0.45);
  expect(mean(shares(2))).toBeLessThan(0.65);
  // Recorded: 20 of 30.
  expect(mean(shares(3))).toBeGreaterThan(0.55);
  expect(mean(shares(3))).toBeLessThan(0.75);
});

test('property: whatever the order of calls, limits hold and nothing is left in the end', () => {
  for (let seed = 1; seed <= 200; seed++) {
    const { random } = seeded(seed);
    const upTo = (most: number) => Math.floor(random() * most);
    const limits = {
      maxConnections: 1 + upTo(4),
      maxPendingRequests: 1 + upTo(4),
      maxRequests: 1 + upTo(4),
      maxRequestsPerConnection: 1 + upTo(3),
    };
    const memory = memoryAt();
    const forward = forwardTo([ONE, TWO], limits);
    const slots: Slot[] = [];
    for (let step = 0; step < 100; step++) {
      const slot = slots[upTo(slots.length)];
      const action = upTo(3);
      if (action === 0 || !slot) slots.push(memory.begin(forward, random() < 0.5 ? ONE : TWO));
      else if (action === 1) slot.connected();
      else slot.release(random() < 0.7 ? 200 : 'failed');
      const [figures] = memory.clusters();
      const { connections = 0, pending = 0, requests = 0 } = figures ?? {};
      expect(requests).toBe(slots.filter(({ state }) => state === 'ready').length);
      expect(pending).toBe(slots.filter(({ state }) => state === 'connecting' || state === 'waiting').length);
      expect(requests).toBeLessThanOrEqual(limits.maxRequests);
      expect(pending).toBeLessThanOrEqual(limits.maxPendingRequests);
      // One more for each endpoint that had none.
      expect(connections).toBeLessThanOrEqual(limits.maxConnections + 2);
    }
    for (const slot of slots) slot.release('cancelled');
    expect(memory.clusters()).toMatchObject([{ pending: 0, requests: 0 }]);
    expect(memory.active(forward.cluster, ONE) + memory.active(forward.cluster, TWO)).toBe(0);
  }
}, 60_000);

test('clusters that nobody uses are forgotten, those in use are not', () => {
  const memory = memoryAt();
  const kept = { ...forwardTo([ONE]), cluster: 'kept' };
  memory.begin(kept, ONE);
  for (let i = 0; i < 5_000; i++) memory.next(`cluster-${i}`, 3);
  expect(memory.clusters().length).toBeLessThanOrEqual(1_000);
  expect(memory.active('kept', ONE)).toBe(1);
});

test('endpoints that are gone are forgotten with their idle connections', () => {
  const memory = memoryAt();
  const limits = { maxConnections: 1_000 };
  for (let i = 0; i < 500; i++) {
    const one = endpoint(`10.0.${i >> 8}.${i & 255}`);
    const slot = memory.begin(forwardTo([one], limits), one);
    slot.connected();
    slot.release(200);
  }
  expect(memory.clusters()[0]?.connections).toBeLessThan(25);
});
