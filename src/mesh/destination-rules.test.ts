import { describe, expect, test } from 'vitest';
import { type Client, indexDestinationRules } from './destination-rules.ts';
import { destinationRule, engineOf, get, openGateway, pod, SIDECAR, seeded, service } from './fixtures.ts';
import type { KubeObject } from './objects.ts';
import { indexServices } from './services.ts';

const ROOT = 'istio-system';
const HOST = 'web.shop.svc.cluster.local';
const CLIENT: Client = { namespace: 'front', labels: { app: 'front' } };

/** Name of the rule that governs the service web of namespace shop for a client. */
function ruleFor(client: Client, ...rules: KubeObject[]): string | undefined {
  const found = indexServices([service('web', 8000, {}, 'shop')]).byHost(HOST);
  if (!found) throw new Error('no service');
  return indexDestinationRules(rules, ROOT).find(found, client)?.source.name;
}

const rule = (name: string, namespace: string, extra: Record<string, unknown> = {}) =>
  destinationRule(name, { host: HOST, ...extra }, { namespace });

test("the client's namespace comes first, then the service's, then the root", () => {
  const all = [rule('root', ROOT), rule('of-service', 'shop'), rule('of-client', 'front')];
  expect(ruleFor(CLIENT, ...all)).toBe('of-client');
  expect(ruleFor(CLIENT, ...all.slice(0, 2))).toBe('of-service');
  expect(ruleFor(CLIENT, ...all.slice(0, 1))).toBe('root');
  expect(ruleFor(CLIENT, rule('other', 'elsewhere'))).toBeUndefined();
});

test('a client of the root namespace obeys what the root keeps to itself first, and its public rules last', () => {
  const gateway = { namespace: ROOT, labels: {} };
  expect(ruleFor(gateway, rule('root', ROOT), rule('of-service', 'shop'))).toBe('of-service');
  expect(ruleFor(gateway, rule('root', ROOT, { exportTo: ['.'] }), rule('of-service', 'shop'))).toBe('root');
});

test('what is not exported to the client does not count', () => {
  for (const exportTo of [['.'], ['shop'], ['elsewhere']]) {
    expect(ruleFor(CLIENT, rule('of-service', 'shop', { exportTo }))).toBeUndefined();
  }
  for (const exportTo of [['*'], ['front'], ['.', 'front'], undefined]) {
    expect(ruleFor(CLIENT, rule('of-service', 'shop', { exportTo }))).toBe('of-service');
  }
  expect(ruleFor(CLIENT, rule('of-client', 'front', { exportTo: ['shop'] }))).toBeUndefined();
});

test('the most specific host wins over the oldest', () => {
  const older = { creationTimestamp: '2020-01-01T00:00:00Z', namespace: 'shop' };
  const wide = destinationRule('wide', { host: '*.shop.svc.cluster.local' }, older);
  const widest = destinationRule('widest', { host: '*.local' }, older);
  expect(ruleFor(CLIENT, widest, wide)).toBe('wide');
  expect(ruleFor(CLIENT, widest, wide, rule('exact', 'shop'))).toBe('exact');
});

test('a rule with a selector rules alone for the clients it selects, of its own namespace', () => {
  const selecting = (namespace: string, labels: Record<string, string>) =>
    rule('selecting', namespace, { workloadSelector: { matchLabels: labels } });
  const general = rule('general', 'front', { subsets: [{ name: 'v1', labels: {} }] });
  expect(ruleFor(CLIENT, selecting('front', { app: 'front' }), general)).toBe('selecting');
  expect(ruleFor(CLIENT, selecting('front', { app: 'other' }), general)).toBe('general');
  expect(ruleFor(CLIENT, selecting('shop', { app: 'front' }))).toBeUndefined();
  // Nothing of the service's namespace steps in once the client's has rules for the host.
  expect(ruleFor(CLIENT, selecting('front', { app: 'other' }), rule('of-service', 'shop'))).toBeUndefined();
});

test('rules of one host add up: subsets by name, the first policy; not across different exportTo', () => {
  const named = (name: string, trafficPolicy?: unknown) => ({
    subsets: [{ name, labels: { version: name } }],
    ...(trafficPolicy !== undefined && { trafficPolicy }),
  });
  const balancer = (simple: string) => ({ loadBalancer: { simple } });
  const one = rule('a', 'shop', named('v1'));
  const two = rule('b', 'shop', named('v2', balancer('RANDOM')));
  const three = rule('c', 'shop', named('v3', balancer('ROUND_ROBIN')));
  const found = indexServices([service('web', 8000, {}, 'shop')]).byHost(HOST);
  if (!found) throw new Error('no service');
  const index = indexDestinationRules([one, two, three], ROOT);
  const merged = index.find(found, CLIENT);
  expect([...(merged?.subsets.keys() ?? [])]).toEqual(['v1', 'v2', 'v3']);
  expect(index.policy(merged, undefined, 8000).loadBalancer.balance).toBe('RANDOM');
  const apart = rule('d', 'shop', { ...named('v4'), exportTo: ['*'] });
  expect([...(indexDestinationRules([one, apart], ROOT).find(found, CLIENT)?.subsets.keys() ?? [])]).toEqual(['v4']);
});

describe('which policy applies', () => {
  const pool = (maxConnections: number) => ({ connectionPool: { tcp: { maxConnections } } });
  const TLS = { tls: { mode: 'DISABLE' } };
  const random = { loadBalancer: { simple: 'RANDOM' } };

  function policyOf(trafficPolicy: unknown, subsetPolicy?: unknown, meshConfig?: Record<string, unknown>) {
    const subsets = [{ name: 'v1', labels: {}, trafficPolicy: subsetPolicy }];
    const index = indexDestinationRules([rule('r', 'shop', { trafficPolicy, subsets })], ROOT, meshConfig);
    const found = indexServices([service('web', 8000, {}, 'shop')]).byHost(HOST);
    const merged = found && index.find(found, CLIENT);
    return {
      host: index.policy(merged, undefined, 8000),
      subset: index.policy(merged, merged?.subsets.get('v1'), 8000),
    };
  }

  test('a block of the subset replaces the same block of the host, and no other', () => {
    const { subset } = policyOf({ ...pool(7), ...TLS, ...random }, pool(3));
    expect(subset).toMatchObject({
      upstream: { maxConnections: 3, tls: { mode: 'disable' } },
      loadBalancer: { balance: 'RANDOM' },
    });
  });

  test('settings of the port replace all of the host', () => {
    const { host } = policyOf({
      ...pool(7),
      ...TLS,
      ...random,
      portLevelSettings: [{ port: { number: 8000 }, ...pool(2) }],
    });
    expect(host).toMatchObject({
      upstream: { maxConnections: 2, tls: { mode: 'auto' } },
      loadBalancer: { balance: 'LEAST_REQUEST' },
    });
  });

  test('settings of another port do not count', () => {
    const { host } = policyOf({ ...pool(7), portLevelSettings: [{ port: { number: 81 }, ...pool(2) }] });
    expect(host.upstream.maxConnections).toBe(7);
  });

  test("a subset's port replaces everything; its other blocks come over the host's port", () => {
    const ofPort = { portLevelSettings: [{ port: { number: 8000 }, ...TLS }] };
    expect(policyOf({ ...pool(7), ...random }, { ...random, ...ofPort }).subset).toMatchObject({
      upstream: { tls: { mode: 'disable' } },
      loadBalancer: { balance: 'LEAST_REQUEST' },
    });
    expect(policyOf({ ...pool(7), ...ofPort }, random).subset).toMatchObject({
      upstream: { tls: { mode: 'disable' } },
      loadBalancer: { balance: 'RANDOM' },
    });
  });

  test('defaults: no limits, ten seconds to connect, no ejection, mutual TLS where there is a sidecar', () => {
    expect(policyOf(undefined).host.upstream).toEqual({ connectTimeout: 10_000, tls: { mode: 'auto' } });
    const mesh = { connectTimeout: '3s', enableAutoMtls: false };
    expect(policyOf(undefined, undefined, mesh).host.upstream).toEqual({
      connectTimeout: 3_000,
      tls: { mode: 'disable' },
    });
  });

  test('every limit is read, and 0 is as good as none', () => {
    const connectionPool = {
      tcp: { maxConnections: 1, connectTimeout: '30ms' },
      http: { http1MaxPendingRequests: 2, http2MaxRequests: 3, maxRetries: 4, maxRequestsPerConnection: 5 },
    };
    expect(policyOf({ connectionPool }).host.upstream).toEqual({
      maxConnections: 1,
      maxPendingRequests: 2,
      maxRequests: 3,
      maxRetries: 4,
      maxRequestsPerConnection: 5,
      connectTimeout: 30,
      tls: { mode: 'auto' },
    });
    const zero = { tcp: { maxConnections: 0 }, http: { maxRetries: 0, http1MaxPendingRequests: 0 } };
    expect(policyOf({ connectionPool: zero }).host.upstream).toEqual({ connectTimeout: 10_000, tls: { mode: 'auto' } });
  });

  test('outlier detection has the defaults of Istio, and only when it is written', () => {
    expect(policyOf({ outlierDetection: {} }).host.upstream.outlier).toEqual({
      consecutive5xx: 5,
      interval: 10_000,
      baseEjectionTime: 30_000,
      maxEjectionPercent: 10,
      minHealthPercent: 0,
    });
    const outlierDetection = {
      consecutive5xxErrors: 0,
      consecutiveGatewayErrors: 2,
      interval: '1m30s',
      baseEjectionTime: '3m',
      maxEjectionPercent: 100,
      minHealthPercent: 40,
    };
    expect(policyOf({ outlierDetection }).host.upstream.outlier).toEqual({
      consecutive5xx: 0,
      consecutiveGatewayErrors: 2,
      interval: 90_000,
      baseEjectionTime: 180_000,
      maxEjectionPercent: 100,
      minHealthPercent: 40,
    });
  });

  test('TLS of each mode, with where it is written', () => {
    const modes = ['DISABLE', 'SIMPLE', 'MUTUAL', 'ISTIO_MUTUAL'];
    expect(modes.map((mode) => policyOf({ tls: { mode } }).host.upstream.tls.mode)).toEqual([
      'disable',
      'simple',
      'mutual',
      'istio-mutual',
    ]);
    const tls = { mode: 'SIMPLE', sni: 'x.example.com', credentialName: 'c', insecureSkipVerify: true };
    expect(policyOf({}, { tls }).subset.upstream.tls).toEqual({
      ...tls,
      mode: 'simple',
      source: { kind: 'DestinationRule', namespace: 'shop', name: 'r', path: 'spec.subsets[0].trafficPolicy.tls' },
    });
  });

  test('anything of the wrong shape reads as not written', () => {
    for (const odd of [null, 5, 'x', [], { a: 1 }, Number.NaN]) {
      const policy = {
        connectionPool: odd,
        loadBalancer: odd,
        outlierDetection: odd,
        tls: odd,
        portLevelSettings: odd,
      };
      expect(policyOf(policy).host.upstream.maxConnections).toBeUndefined();
      expect(
        policyOf({ connectionPool: { tcp: odd, http: odd }, loadBalancer: { consistentHash: odd } }),
      ).toBeDefined();
    }
  });
});

test('a forward carries the policy of its cluster, the same object each time and by any name of the service', () => {
  const limited = destinationRule('web', {
    host: 'web',
    trafficPolicy: { connectionPool: { tcp: { maxConnections: 1 } } },
  });
  const engine = engineOf(service('web', 8000), pod('web-0', { app: 'web' }), limited, openGateway());
  const policies = new Set(
    ['web', 'web.default', 'WEB', 'web.default.svc.cluster.local'].map((name) => {
      const { outcome } = engine.decide(SIDECAR, get(`http://${name}:8000/`), seeded(1));
      return outcome.kind === 'forward' ? outcome.upstream : undefined;
    }),
  );
  expect([...policies]).toMatchObject([{ maxConnections: 1 }]);
});
