import { expect, test } from 'vitest';
import type { Endpoint } from '../decision.ts';
import type { Chance, Proxy as MeshProxy } from '../engine.ts';
import { destinationRule, engineOf, get, pod, SIDECAR, seeded, service } from '../fixtures.ts';
import type { KubeObject } from '../objects.ts';
import { type Balanced, balance } from './balance.ts';
import { endpoint } from './fixtures.ts';
import type { Balance } from './load-balancer.ts';
import { localityGroups } from './locality.ts';
import { createProxyMemory } from './proxy-memory.ts';

const FOUR = [0, 1, 2, 3].map((i) => endpoint(`10.2.0.${i}`));
const DRAWS = 20_000;

function cluster(kind: Balance, endpoints: readonly Endpoint[] = FOUR): Balanced {
  return {
    name: 'c',
    endpoints,
    loadBalancer: { balance: kind, locality: undefined },
    upstream: { connectTimeout: 1, tls: { mode: 'auto' } },
  };
}

/** Share of the draws that each endpoint gets. */
function shares(of: Balanced, chance: Chance = seeded(4)): number[] {
  const counts = of.endpoints.map(() => 0);
  for (let i = 0; i < DRAWS; i++) {
    const index = balance(of, chance);
    counts[index] = (counts[index] ?? Number.NaN) + 1;
  }
  return counts.map((count) => count / DRAWS);
}

/** Four standard deviations of a share. */
const within = (share: number) => 4 * Math.sqrt((share * (1 - share)) / DRAWS);

test('random and least request without concurrency give each endpoint its even share', () => {
  for (const kind of ['RANDOM', 'LEAST_REQUEST'] as const) {
    for (const share of shares(cluster(kind))) expect(Math.abs(share - 0.25)).toBeLessThan(within(0.25));
  }
});

test('round robin takes turns without exception', () => {
  const memory = createProxyMemory({ random: seeded(8).random, now: () => 0 });
  const turns = Array.from({ length: 40 }, () => balance(cluster('ROUND_ROBIN'), memory));
  expect(turns).toEqual(turns.map((_, i) => ((turns[0] ?? 0) + i) % 4));
});

test('least request takes the less busy of two: the busiest of four only when drawn twice', () => {
  const busy: Chance = { ...seeded(6), active: (_, { address }) => (address === '10.2.0.0' ? 10 : 0) };
  const [first = 0] = shares(cluster('LEAST_REQUEST'), busy);
  expect(Math.abs(first - 1 / 16)).toBeLessThan(within(1 / 16));
  expect(shares(cluster('RANDOM'), busy)[0]).toBeGreaterThan(0.2);
});

test('endpoints of different weights get their shares, by turns or at random', () => {
  const weighted = [1, 3, 4].map((weight, i) => endpoint(`10.3.0.${i}`, { weight }));
  const turns = shares(cluster('ROUND_ROBIN', weighted));
  expect(turns).toEqual([0.125, 0.375, 0.5]);
  shares(cluster('RANDOM', weighted)).forEach((share, i) => {
    expect(Math.abs(share - ([0.125, 0.375, 0.5][i] ?? 0))).toBeLessThan(within(0.4));
  });
});

test('pass through goes to the address that was asked for, and to any when that is the service', () => {
  const to = (destinationAddress: string) => ({
    authority: 'c',
    port: 80,
    method: 'GET',
    path: '/',
    headers: {},
    destinationAddress,
  });
  const chance = seeded(2);
  for (let i = 0; i < 20; i++) expect(balance(cluster('PASSTHROUGH'), chance, to('10.2.0.2'))).toBe(2);
  const others = new Set(Array.from({ length: 60 }, () => balance(cluster('PASSTHROUGH'), chance, to('10.96.0.1'))));
  expect(others.size).toBe(4);
});

test('no draw, however odd, leaves the list', () => {
  for (const draw of [0, 0.5, 0.999999, 1, 7, -1, Number.NaN]) {
    const odd: Chance = { random: () => draw, next: () => draw };
    for (const kind of ['RANDOM', 'LEAST_REQUEST', 'ROUND_ROBIN', 'PASSTHROUGH'] as const) {
      const index = balance(cluster(kind), odd);
      expect(index >= 0 && index < 4).toBe(true);
    }
  }
  expect(balance(cluster('RANDOM', []), seeded(1))).toBe(-1);
});

const PLACES = ['eu/a/1', 'eu/a/2', 'eu/b/1', 'us/a/1'].map((locality, i) => endpoint(`10.4.0.${i}`, { locality }));
const HERE = { locality: 'eu/a/1', labels: {} };

function placed(setting: unknown, ejected: readonly string[] = [], failover = true): number[] {
  const groups = localityGroups(setting, PLACES, () => ({}), HERE, failover);
  const outlier = { interval: 1, baseEjectionTime: 1, maxEjectionPercent: 100, minHealthPercent: 0 };
  const base = cluster('RANDOM', PLACES);
  const upstream = { ...base.upstream, outlier };
  const chance: Chance = { ...seeded(3), ejected: (_, { address }) => ejected.includes(address) };
  return shares({ ...base, upstream, ...(groups && { groups }) }, chance);
}

test('with outlier detection requests stay as near as there is somebody healthy', () => {
  expect(placed({})).toEqual([1, 0, 0, 0]);
  expect(placed({}, ['10.4.0.0'])).toEqual([0, 1, 0, 0]);
  expect(placed({}, ['10.4.0.0', '10.4.0.1'])).toEqual([0, 0, 1, 0]);
  expect(placed({}, ['10.4.0.0', '10.4.0.1', '10.4.0.2'])).toEqual([0, 0, 0, 1]);
});

test('without outlier detection, with places off or an unknown place of the client, nothing is near or far', () => {
  expect(Math.min(...placed({}, [], false))).toBeGreaterThan(0.2);
  expect(Math.min(...placed({ enabled: false }))).toBeGreaterThan(0.2);
  expect(localityGroups({}, PLACES, () => ({}), { labels: {} }, true)).toBeUndefined();
});

test('shares by place are kept, and places that no share names get nothing', () => {
  const distribute = [{ from: 'eu/a/*', to: { 'eu/a/*': 70, 'us/*': 30 } }];
  for (const failover of [true, false]) {
    const [one = 0, two = 0, three, four = 0] = placed({ distribute }, [], failover);
    expect(Math.abs(one + two - 0.7)).toBeLessThan(within(0.7));
    expect(three).toBe(0);
    expect(Math.abs(four - 0.3)).toBeLessThan(within(0.3));
  }
});

test('failover between regions prefers the one that is named', () => {
  const places = ['us/a/1', 'asia/a/1'].map((locality, i) => endpoint(`10.5.0.${i}`, { locality }));
  const setting = { failover: [{ from: 'eu', to: 'asia' }] };
  expect(localityGroups(setting, places, () => ({}), HERE, true)).toEqual([
    { priority: 0, weight: 1, indexes: [1] },
    { priority: 1, weight: 1, indexes: [0] },
  ]);
});

test('failoverPriority: the more labels agree from the first on, the nearer', () => {
  const labels: Record<string, string>[] = [{}, { version: 'v1' }, { version: 'v1', tier: 'gold' }, { tier: 'gold' }];
  const setting = { failoverPriority: ['version', 'tier=gold'] };
  const client = { locality: 'eu/a/1', labels: { version: 'v1' } };
  expect(localityGroups(setting, PLACES, (i) => labels[i] ?? {}, client, true)?.map((g) => g.indexes)).toEqual([
    [2],
    [1],
    [0, 3],
  ]);
});

test('in a mesh: requests of a pod stay in the zone of its node, shares by place are those of the rule', () => {
  const node = (name: string, zone: string): KubeObject => {
    const labels = { 'topology.kubernetes.io/region': 'eu', 'topology.kubernetes.io/zone': zone };
    return { apiVersion: 'v1', kind: 'Node', metadata: { name, labels } };
  };
  const web = (name: string, nodeName: string) => pod(name, { app: 'web' }, { spec: { nodeName, containers: [] } });
  const base = [node('n1', 'a'), node('n2', 'b'), service('web', 80), web('web-a', 'n1'), web('web-b', 'n2')];
  const podsOf = (trafficPolicy: unknown, proxy: MeshProxy) => {
    const engine = engineOf(...base, destinationRule('web', { host: 'web', trafficPolicy }));
    const chance = seeded(5);
    const drawn = Array.from({ length: 50 }, () => engine.decide(proxy, get('http://web/'), chance).outcome);
    return new Set(drawn.map((outcome) => (outcome.kind === 'forward' ? outcome.endpoint.pod : outcome.kind)));
  };
  const local: MeshProxy = { ...SIDECAR, locality: 'eu/b/' };
  expect([...podsOf({ outlierDetection: {} }, local)]).toEqual(['web-b']);
  expect([...podsOf({ outlierDetection: {} }, { ...SIDECAR, labels: { 'istio-locality': 'eu.a' } })]).toEqual([
    'web-a',
  ]);
  expect(podsOf({}, local).size).toBe(2);
  const localityLbSetting = { distribute: [{ from: 'eu/b/*', to: { 'eu/a/*': 100 } }] };
  expect([...podsOf({ loadBalancer: { localityLbSetting } }, local)]).toEqual(['web-a']);
});
