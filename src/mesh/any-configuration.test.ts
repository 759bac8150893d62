// Whatever a cluster holds, valid or not, the engine and the analysis answer: they never throw.
import { expect, test } from 'vitest';
import { analyze } from './analysis.ts';
import type { MeshRequest } from './engine.ts';
import { bookinfo, engineOf, INGRESS, openGateway, SIDECAR, seeded, subsets, virtualService } from './fixtures.ts';
import type { KubeObject } from './objects.ts';

const chance = seeded(20_261_121);
const one = <T>(items: readonly T[]): T => items[Math.floor(chance.random() * items.length)] as T;

const words = [
  '',
  '*',
  '*.com',
  'reviews',
  'details',
  'a.b',
  '/',
  '(',
  'mesh',
  'v1',
  '.',
  'x/y',
  '__proto__',
  'constructor',
  '\u0000',
];
const scalars = [null, undefined, true, 0, -1, 1.5, Number.NaN, 9080, 1e300, ...words];
const keys = [
  'hosts',
  'http',
  'match',
  'route',
  'destination',
  'host',
  'subset',
  'port',
  'number',
  'weight',
  'uri',
  'exact',
  'prefix',
  'regex',
  'headers',
  'request',
  'set',
  'add',
  'remove',
  'redirect',
  'rewrite',
  'uriRegexRewrite',
  'directResponse',
  'status',
  'body',
  'bytes',
  'gateways',
  'exportTo',
  'subsets',
  'labels',
  'trafficPolicy',
  'loadBalancer',
  'simple',
  'portLevelSettings',
  'selector',
  'servers',
  'protocol',
  'tls',
  'ports',
  'targetPort',
  'conditions',
  'containers',
  'initContainers',
  'name',
  'workloadSelector',
  'queryParams',
  'withoutHeaders',
  'sourceLabels',
  'podIP',
  'clusterIP',
];

function anything(depth: number): unknown {
  const draw = chance.random();
  if (depth === 0 || draw < 0.25) return one(scalars);
  if (draw < 0.55) return Array.from({ length: Math.floor(chance.random() * 4) }, () => anything(depth - 1));
  return Object.fromEntries(
    Array.from({ length: Math.floor(chance.random() * 5) }, () => [one(keys), anything(depth - 1)]),
  );
}

/** A good object with parts replaced by anything. */
function damaged(value: unknown): unknown {
  if (chance.random() < 0.03) return anything(3);
  if (Array.isArray(value)) return value.map(damaged);
  if (value === null || typeof value !== 'object') return value;
  return Object.fromEntries(Object.entries(value).map(([key, item]) => [key, damaged(item)]));
}

const good = (): KubeObject[] => [
  ...bookinfo(),
  openGateway(),
  subsets('reviews', 'v1', 'v2'),
  virtualService('bookinfo', {
    hosts: ['*'],
    gateways: ['bookinfo-gateway'],
    http: [
      {
        match: [{ uri: { prefix: '/x' }, headers: { a: { regex: 'b.*' } } }],
        rewrite: { uri: '/y' },
        route: [{ destination: { host: 'reviews', port: { number: 9080 } } }],
      },
    ],
  }),
  virtualService('reviews', {
    hosts: ['reviews'],
    http: [
      {
        match: [{ queryParams: { q: { exact: '1' } }, sourceLabels: { app: 'x' } }],
        redirect: { uri: '/z', port: 80 },
      },
      { match: [{ method: { exact: 'PUT' } }], directResponse: { status: 200, body: { bytes: '!!' } } },
      {
        headers: { request: { set: { a: 'b' } } },
        route: [
          { destination: { host: 'reviews', subset: 'v1' }, weight: 1 },
          { destination: { host: 'reviews', subset: 'v2' }, weight: 3 },
        ],
      },
    ],
  }),
];

const request = (): MeshRequest => ({
  authority: one([
    'reviews:9080',
    'reviews:9080',
    'reviews',
    '',
    ':',
    '[',
    'a.b.c:99999',
    '10.0.0.1:9080',
    `${one(words)}:9080`,
  ]),
  port: one([8080, 9080, 8080, 9080, 80, 0, -1, Number.NaN]),
  method: one(['GET', 'PUT', '']),
  path: one(['/', '/x?q=1', '', '?', '/x?&&=', '*', '/%zz']),
  headers: one<Record<string, string>>([{}, { a: 'bcd' }, { constructor: 'x' }]),
});

test('objects with damaged parts', () => {
  let forwarded = 0;
  for (let round = 0; round < 400; round++) {
    const objects = good().map((object) => ({ ...object, spec: damaged(object.spec), status: damaged(object.status) }));
    const engine = engineOf(...objects);
    for (const proxy of [SIDECAR, INGRESS]) {
      engine.gatewayPorts(proxy);
      for (let i = 0; i < 6; i++) {
        const decision = engine.decide(proxy, request(), chance);
        expect(decision.steps.length).toBeGreaterThan(0);
        if (decision.outcome.kind === 'forward') forwarded += 1;
      }
    }
    analyze(objects);
  }
  // Otherwise the damage is so heavy that nothing of interest is reached.
  expect(forwarded).toBeGreaterThan(100);
});

test('objects that are nothing but noise', () => {
  for (let round = 0; round < 300; round++) {
    const noise = ['VirtualService', 'Gateway', 'DestinationRule', 'Service', 'Pod', 'Namespace'].map((kind) => ({
      apiVersion: ['Service', 'Pod', 'Namespace'].includes(kind) ? 'v1' : 'networking.istio.io/v1',
      kind,
      metadata: { name: one(words), namespace: one(words) },
      spec: anything(6),
      status: anything(3),
    }));
    const engine = engineOf(...bookinfo(), ...noise);
    for (const proxy of [SIDECAR, INGRESS]) void engine.decide(proxy, request(), chance).steps;
    analyze(noise);
  }
});
