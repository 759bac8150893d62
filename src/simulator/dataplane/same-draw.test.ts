// Engine and data plane never disagree: what the engine decides on a draw is what the proxies do with that draw.
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { destinationRule, pod, service, virtualService } from '../../mesh/fixtures.ts';
import { indexMesh } from '../../mesh/index-mesh.ts';
import type { KubeObject } from '../../mesh/objects.ts';
import { createProxyMemory } from '../../mesh/upstream/proxy-memory.ts';
import type { ProxyRecord } from '../traffic.ts';
import { createFakeCluster, istiod, meshConfig } from './fixtures/small-cluster.ts';

const versions = ['v1', 'v2', 'v3', 'missing'];
const subset = fc.constantFrom(...versions, undefined);
const route = fc.array(fc.record({ subset, weight: fc.integer({ min: 0, max: 100 }) }), { minLength: 1, maxLength: 4 });
const condition = fc.constantFrom(
  undefined,
  [{ uri: { prefix: '/a' } }],
  [{ uri: { exact: '/b' } }],
  [{ headers: { who: { exact: 'ana' } } }],
  [{ method: { exact: 'POST' } }],
  [{ queryParams: { q: { exact: '1' } } }],
);
const action = fc.oneof(
  { weight: 6, arbitrary: route.map((list) => ({ route: list.map(destination) })) },
  { weight: 1, arbitrary: fc.constant({ redirect: { uri: '/new' } }) },
  { weight: 1, arbitrary: fc.constant({ directResponse: { status: 410 } }) },
  {
    weight: 2,
    arbitrary: fc.integer({ min: 0, max: 100 }).map((value) => ({
      fault: { abort: { httpStatus: 503, percentage: { value } } },
      route: [destination({ subset: undefined, weight: 0 })],
    })),
  },
);
const rule = fc
  .record({ match: condition, action })
  .map(({ match, action: does }) => ({ ...(match && { match }), ...does }));
const balancer = fc.constantFrom('RANDOM', 'ROUND_ROBIN', 'LEAST_REQUEST');
const request = fc.record({
  path: fc.constantFrom('/', '/a/1', '/b', '/b?q=1', '/c'),
  method: fc.constantFrom('GET', 'POST'),
  headers: fc.constantFrom<Record<string, string>[]>({}, { who: 'ana' }),
});

function destination({ subset: name, weight }: { subset: string | undefined; weight: number }) {
  return { destination: { host: 'web', ...(name && { subset: name }) }, weight };
}

const caller = pod('curl', { app: 'curl' });
const pods = ['v1', 'v1', 'v2', 'v3'].map((version, i) => pod(`web-${i}`, { app: 'web', version }));

/** What one request shows of a decision. */
interface Seen {
  status: number;
  cluster: string | undefined;
  upstreamHost: string | undefined;
}

function predicted(
  objects: KubeObject[],
  draw: number,
  asked: { path: string; method: string; headers: Record<string, string> },
): Seen {
  const engine = indexMesh({ objects, rootNamespace: 'istio-system', meshConfig: {} });
  const chance = createProxyMemory({ random: () => draw, now: () => 0 });
  const proxy = { kind: 'sidecar' as const, namespace: 'default', labels: { app: 'curl' } };
  const { outcome } = engine.decide(proxy, { ...asked, authority: 'web:8000', port: 8000 }, chance);
  if (outcome.kind === 'forward') {
    const { address, port } = outcome.endpoint;
    return { status: 200, cluster: outcome.cluster, upstreamHost: `${address}:${port}` };
  }
  if (outcome.kind === 'reply') return { status: outcome.status, cluster: outcome.cluster, upstreamHost: undefined };
  throw new Error(`not expected here: ${outcome.kind}`);
}

const shown = (record: ProxyRecord | undefined): Seen => ({
  status: record?.status ?? -1,
  cluster: record?.cluster,
  upstreamHost: record?.upstreamHost,
});

test('the same draw leads to the same answer, cluster and pod', async () => {
  const draws = fc.double({ min: 0, max: 1, maxExcluded: true, noNaN: true });
  const rules = fc.array(rule, { maxLength: 4 });
  await fc.assert(
    fc.asyncProperty(rules, balancer, draws, request, async (http, simple, draw, asked) => {
      const policy = { trafficPolicy: { loadBalancer: { simple } } };
      const subsets = versions.slice(0, 3).map((version) => ({ name: version, labels: { version } }));
      const objects = [
        meshConfig(),
        service('web', 8000, { ports: [{ name: 'http', port: 8000, targetPort: 8080 }] }),
        destinationRule('web', { host: 'web', subsets, ...policy }),
        ...(http.length > 0 ? [virtualService('web', { hosts: ['web'], http })] : []),
      ];
      const cluster = createFakeCluster({ random: () => draw });
      cluster.put(...objects);
      cluster.run(istiod(), 'curl');
      cluster.run(caller, 'curl');
      for (const one of pods)
        cluster.run(one, () => ({ ports: { 8080: () => ({ status: 200, headers: {}, body: '' }) } }));
      cluster.clock.settle();
      const expected = predicted([...objects, caller, ...pods, istiod()], draw, asked);
      await cluster.call(caller, `http://web:8000${asked.path}`, asked);
      const [, own] = cluster.records.length > 1 ? cluster.records : [undefined, cluster.records[0]];
      expect(shown(own)).toEqual(expected);
      await cluster.dataplane.stop();
    }),
    { numRuns: Number(process.env.MALLA_CASES ?? 300) },
  );
}, 60_000);
