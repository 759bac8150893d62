import { expect, test } from 'vitest';
import type { Forward } from '../decision.ts';
import type { Chance, MeshRequest } from '../engine.ts';
import { destinationRule, engineOf, get, pod, SIDECAR, seeded, service } from '../fixtures.ts';
import { endpoint } from './fixtures.ts';
import { maglevTable, ringTable } from './hash-tables.ts';
import { xxHash64 } from './xxhash64.ts';

const everyone = () => true;

test('XXH64 of known texts of every length class', () => {
  expect(xxHash64('')).toBe(0xef46db3751d8e999n);
  expect(xxHash64('a')).toBe(0xd24ec4f1a98c6e5bn);
  expect(xxHash64('abc')).toBe(0x44bc2cf5ad770999n);
  expect(xxHash64('Nobody inspects the spammish repetition')).toBe(0xfbcea83c8a378bf1n);
});

test('recorded: the same users go to the same pods as on the real mesh', () => {
  const pods = [endpoint('10.244.2.93', { port: 5000, pod: 'v1' }), endpoint('10.244.1.91', { port: 5000, pod: 'v2' })];
  const ring = ringTable(pods, 1_024);
  const podOf = (user: string) => pods[ring.find(xxHash64(user), everyone)]?.pod;
  expect([...'abcdef'].map(podOf)).toEqual(['v2', 'v2', 'v1', 'v2', 'v1', 'v2']);
  expect(podOf('a0f37d4f3c0048f8')).toBe('v2');
});

const TEN = Array.from({ length: 10 }, (_, i) => endpoint(`10.1.0.${i}`));
const KEYS = Array.from({ length: 5_000 }, (_, i) => xxHash64(`user-${i}`));

for (const [name, make] of [
  ['ring', (list: typeof TEN) => ringTable(list, 1_024)],
  ['maglev', (list: typeof TEN) => maglevTable(list, 65_537)],
] as const) {
  test(`${name}: an endpoint more takes about its share of the keys, and the rest stay`, () => {
    const before = make(TEN);
    const after = make([...TEN, endpoint('10.1.0.10')]);
    const moved = KEYS.filter((key) => before.find(key, everyone) !== after.find(key, everyone)).length;
    expect(moved).toBeGreaterThan(0.04 * KEYS.length);
    expect(moved).toBeLessThan(0.2 * KEYS.length);
  });

  test(`${name}: keys are spread over all endpoints, by weight`, () => {
    const heavy = TEN.map((each, i) => ({ ...each, weight: i === 0 ? 5 : 1 }));
    const share = (list: typeof TEN) => {
      const table = make(list);
      return KEYS.filter((key) => table.find(key, everyone) === 0).length / KEYS.length;
    };
    expect(Math.abs(share(TEN) - 0.1)).toBeLessThan(0.05);
    expect(Math.abs(share(heavy) - 5 / 14)).toBeLessThan(0.1);
  });

  test(`${name}: without an endpoint only its own keys move; without any there is none`, () => {
    const table = make(TEN);
    for (const key of KEYS.slice(0, 500)) {
      const first = table.find(key, everyone);
      const second = table.find(key, (index) => index !== 3);
      expect(second === 3).toBe(false);
      if (first !== 3) expect(second).toBe(first);
    }
    expect(table.find(1n, () => false)).toBe(-1);
  });
}

test('a ring of millions is not made', () => {
  const start = performance.now();
  expect(ringTable(TEN, 8_000_000).find(5n, everyone)).toBeGreaterThanOrEqual(0);
  expect(performance.now() - start).toBeLessThan(2_000);
});

function hashing(consistentHash: Record<string, unknown>, pods = 5) {
  const rule = destinationRule('web', { host: 'web', trafficPolicy: { loadBalancer: { consistentHash } } });
  const all = Array.from({ length: pods }, (_, i) => pod(`web-${i}`, { app: 'web' }));
  const engine = engineOf(service('web', 8000), ...all, rule);
  const chance: Chance = seeded(11);
  return (extra: Partial<MeshRequest> = {}, path = '/'): Forward => {
    const { outcome } = engine.decide(SIDECAR, get(`http://web:8000${path}`, extra), chance);
    if (outcome.kind !== 'forward') throw new Error(`not forwarded: ${outcome.kind}`);
    return outcome;
  };
}

test('by header: a value sticks to a pod, values are spread, and without the header requests are spread', () => {
  const ask = hashing({ httpHeaderName: 'X-User' });
  const podsFor = (header: (i: number) => Record<string, string>) =>
    new Set(Array.from({ length: 60 }, (_, i) => ask({ headers: header(i) }).endpoint.pod)).size;
  expect(podsFor(() => ({ 'x-user': 'ana' }))).toBe(1);
  expect(podsFor((i) => ({ 'x-user': `user-${i}` }))).toBe(5);
  expect(podsFor(() => ({}))).toBe(5);
});

test('by query parameter and by source address', () => {
  const byQuery = hashing({ httpQueryParameterName: 'user' });
  const pods = new Set(Array.from({ length: 20 }, (_, i) => byQuery({}, `/?i=${i}&user=ana`).endpoint.pod));
  expect(pods.size).toBe(1);
  const bySource = hashing({ useSourceIp: true });
  const podsOf = (of: (i: number) => string) =>
    new Set(Array.from({ length: 40 }, (_, i) => bySource({ sourceAddress: of(i) }).endpoint.pod)).size;
  expect(podsOf(() => '10.0.0.9')).toBe(1);
  expect(podsOf((i) => `10.0.0.${i}`)).toBe(5);
});

test('by cookie with a life: who has none gets one, and comes back to the same pod with it', () => {
  const ask = hashing({ httpCookie: { name: 'user', ttl: '3600s' } });
  for (let i = 0; i < 30; i++) {
    const first = ask();
    const value = /^user="([0-9a-f]{16})"; Max-Age=3600; HttpOnly$/.exec(first.stickyCookie ?? '')?.[1];
    expect(value).toBeDefined();
    for (const cookie of [`user=${value}`, `a=b; user="${value}"`]) {
      const again = ask({ headers: { cookie } });
      expect(again.endpoint.pod).toBe(first.endpoint.pod);
      expect(again.stickyCookie).toBeUndefined();
    }
  }
});

test('a cookie may last a session and have a path and attributes; without a life none is handed out', () => {
  const whole = {
    name: 'u',
    ttl: '0s',
    path: '/x',
    attributes: [{ name: 'SameSite', value: 'Lax' }, { name: 'Secure' }],
  };
  expect(hashing({ httpCookie: whole })().stickyCookie).toMatch(
    /^u="[0-9a-f]{16}"; Path=\/x; SameSite=Lax; Secure; HttpOnly$/,
  );
  expect(hashing({ httpCookie: { name: 'u' } })().stickyCookie).toBeUndefined();
});

test('a cookie of the rule cannot end the line of the header', () => {
  const cookie = hashing({ httpCookie: { name: 'u\r\nx', ttl: '1s', path: '/\n' } })().stickyCookie;
  expect(cookie).toMatch(/^ux="[0-9a-f]{16}"; Max-Age=1; Path=\/; HttpOnly$/);
});

test('later tries of a hashed request go to the same pod', () => {
  const ask = hashing({ httpHeaderName: 'x-user' });
  const forward = ask({ headers: { 'x-user': 'ana' } });
  expect(forward.upstream?.hashed).toBe(true);
  expect(engineOf().retryEndpoint(forward, [forward.endpoint], seeded(1))).toBe(forward.endpoint);
});

test('maglev of a size that is not prime falls back to the default one', () => {
  for (const tableSize of [100, 1, -5, 1e9, 'x']) {
    const ask = hashing({ httpHeaderName: 'x-user', maglev: { tableSize } });
    expect(ask({ headers: { 'x-user': 'ana' } }).endpoint.pod).toBe(ask({ headers: { 'x-user': 'ana' } }).endpoint.pod);
  }
});
