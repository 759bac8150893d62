// Objects made at random from the schemas of Istio's own CRDs, as a student could have applied them, and some that no API
// server would take: the engine answers every request on every one. MALLA_FUZZ_CASES says how many.
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import type { MeshRequest } from './engine.ts';
import { bookinfo, engineOf, INGRESS, openGateway, SIDECAR, seeded, subsets } from './fixtures.ts';
import type { KubeObject } from './objects.ts';
import { fields, items, text } from './read.ts';

const CASES = Number(process.env.MALLA_FUZZ_CASES ?? 2_000);
const SEED = Number(process.env.MALLA_FUZZ_SEED ?? 4_711);

type Schema = Readonly<Record<string, unknown>>;

const crds = JSON.parse(
  readFileSync(join(import.meta.dirname, '../tools/istioctl/generated/crds.json'), 'utf8'),
) as unknown[];
const schemas = new Map(crds.map((crd) => [kindOf(crd), specOf(crd)]));

function kindOf(crd: unknown): string {
  return text(fields(fields(fields(crd).spec).names).kind) ?? '';
}

function specOf(crd: unknown): { apiVersion: string; schema: Schema } {
  const spec = fields(fields(crd).spec);
  const version =
    items(spec.versions)
      .map(fields)
      .find((v) => v.storage === true) ?? {};
  const root = fields(fields(version.schema).openAPIV3Schema);
  return { apiVersion: `${spec.group}/${version.name}`, schema: fields(fields(root.properties).spec) };
}

const chance = seeded(SEED);
const one = <T>(list: readonly T[]): T => list[Math.floor(chance.random() * list.length)] as T;
const often = (share: number) => chance.random() < share;

const HOSTS = ['reviews', 'details', 'reviews.default.svc.cluster.local', '*', '*.example.com', 'ext.example.com'];
const WORDS: Readonly<Record<string, readonly string[]>> = {
  host: HOSTS,
  hosts: [...HOSTS, './*', '*/*', '~/*', 'default/ext.example.com'],
  sniHosts: HOSTS,
  gateways: ['mesh', 'g', 'default/g', 'bookinfo-gateway'],
  subset: ['v1', 'v2', 'x'],
  exportTo: ['*', '.', 'default', 'other'],
  namespace: ['default', 'istio-system', 'other'],
  addresses: ['240.1.1.1', '10.0.0.0/8', '::1'],
  address: ['10.1.1.1', 'ext.example.com', 'unix:///x', '::1'],
  destinationSubnets: ['10.0.0.0/8', '0.0.0.0/0', 'x'],
  name: ['a', 'b', 'http', 'v1', 'g'],
  protocol: ['HTTP', 'HTTPS', 'TLS', 'TCP', 'GRPC', 'MONGO', ''],
  retryOn: ['5xx', '503,reset', 'connect-failure,retriable-4xx', ''],
  regex: ['.*', '(a+)+$', '(', 'v[0-9]', '(?i)x', 'x{1000}'],
  prefix: ['/', '/a', '', 'v'],
  exact: ['/', '/a/b', 'v1', ''],
  app: ['productpage', 'reviews'],
};
const STRANGE = ['', '\u0000', '__proto__', 'constructor', '%', '%REQ(a)%', '-1s', '1e9h', '5s', '100ms', '1', 'ñ'];

/** `key` is the name of the field, by which values of the right sort are found. */
function made(schema: Schema, key: string, depth: number): unknown {
  if (often(0.01)) return one([null, true, -1, 1e300, Number.NaN, '', [], {}, [[]], { a: [] }]);
  if (schema['x-kubernetes-int-or-string'] === true) return often(0.5) ? 8000 : '50%';
  const options = items(schema.enum);
  if (options.length > 0 && often(0.97)) return one(options);
  switch (schema.type) {
    case 'object':
      return madeObject(schema, key, depth);
    case 'array': {
      const length = Math.floor(chance.random() * 3) + Number(often(0.5));
      return Array.from({ length }, () => made(fields(schema.items), key, depth));
    }
    case 'string':
      if (often(0.08)) return one(STRANGE);
      return one(WORDS[key] ?? ['5s', '100ms', 'v1', 'x', 'productpage', 'default']);
    case 'integer':
    case 'number':
      return one([0, 1, 50, 80, 100, 200, 301, 503, 443, 8000, 8080, 9080, 9080, -1, 2 ** 31, 0.5]);
    case 'boolean':
      return often(0.5);
    default:
      return { x: 'y' };
  }
}

function madeObject(schema: Schema, key: string, depth: number): unknown {
  const object: Record<string, unknown> = {};
  const properties = Object.entries(fields(schema.properties));
  const required = items(schema.required);
  for (const [name, property] of properties) {
    if (often(likelihood(name, required, depth))) object[name] = made(fields(property), name, depth + 1);
  }
  if (properties.length === 0 && typeof schema.additionalProperties === 'object') {
    for (const name of ['app', 'end-user', 'version']) {
      if (often(0.3))
        object[name] = made(fields(schema.additionalProperties), key === 'labels' ? 'app' : name, depth + 1);
    }
  }
  return object;
}

function likelihood(name: string, required: readonly unknown[], depth: number): number {
  if (required.includes(name)) return 0.97;
  if (USEFUL.has(name)) return 0.75;
  return HIDING.has(name) || depth > 8 ? 0.08 : 0.25;
}

/** Fields that lead somewhere, and fields that hide the others. */
const USEFUL = new Set(
  'hosts http tcp tls route destination servers ports endpoints fault abort delay percentage value httpStatus fixedDelay mirror timeout retries'.split(
    ' ',
  ),
);
const HIDING = new Set(['redirect', 'directResponse', 'delegate', 'exportTo', 'workloadSelector']);

const KINDS = [
  ...['VirtualService', 'VirtualService', 'VirtualService', 'DestinationRule', 'Gateway', 'ServiceEntry', 'Sidecar'],
  ...['WorkloadEntry', 'PeerAuthentication', 'AuthorizationPolicy', 'RequestAuthentication'],
];

/** Half of them with what makes them count: without it chance seldom brings objects together. */
const TOGETHER: Readonly<Record<string, Record<string, unknown>>> = {
  VirtualService: { hosts: ['reviews', '*'], gateways: ['mesh', 'bookinfo-gateway'], exportTo: undefined },
  Gateway: { selector: { istio: 'ingressgateway' } },
  DestinationRule: { host: 'reviews', exportTo: undefined, workloadSelector: undefined },
  ServiceEntry: { hosts: ['ext.example.com'], exportTo: undefined },
  Sidecar: { egress: undefined },
};

function madeKind(kind: string): KubeObject {
  const { apiVersion, schema } = schemas.get(kind) ?? { apiVersion: '', schema: {} };
  const together = often(0.5) ? TOGETHER[kind] : undefined;
  const namespace = together ? 'default' : one(['default', 'istio-system', 'other']);
  const metadata = { name: one(['a', 'b', 'g', 'bookinfo-gateway']), namespace };
  const spec = made(schema, 'spec', 0);
  return { apiVersion, kind, metadata, spec: together ? { ...fields(spec), ...together } : spec };
}

const PLACES = [
  { authority: 'reviews:9080', port: 9080 },
  { authority: 'x', port: 8080 },
  { authority: 'ext.example.com', port: 8000 },
];

const request = (): MeshRequest => ({
  ...strangeRequest(),
  ...(often(0.6) && one(PLACES)),
});

const strangeRequest = (): MeshRequest => ({
  authority: one(['reviews:9080', 'reviews:9080', 'details:9080', 'ext.example.com:8000', 'x', '10.1.1.1:80', '', '[']),
  port: one([80, 443, 8000, 8080, 8443, 9080, 9080]),
  method: one(['GET', 'OPTIONS', '']),
  path: one(['/', '/a/b?app=x', '', '?']),
  headers: one<Record<string, string>>([
    {},
    { 'end-user': 'v1', origin: 'v1', 'access-control-request-method': 'GET' },
    { 'content-type': 'application/grpc', 'x-forwarded-proto': 'https' },
  ]),
  ...(often(0.3) && { serverName: one(['reviews', 'a.example.com', '']) }),
  ...(often(0.3) && { destinationAddress: one(['240.1.1.1', '10.1.1.1', '::1', '']) }),
  ...(often(0.3) && { sourceAddress: '10.2.2.2' }),
});

test(`${CASES} configurations made from the schemas`, { timeout: Math.max(60_000, CASES * 20) }, () => {
  const reached = new Map<string, number>();
  const count = (what: string) => reached.set(what, (reached.get(what) ?? 0) + 1);
  const base = [...bookinfo(), openGateway(), subsets('reviews', 'v1', 'v2')];
  for (let round = 0; round < CASES; round++) {
    const objects = Array.from({ length: 1 + Math.floor(chance.random() * 7) }, () => madeKind(one(KINDS)));
    const engine = engineOf(...base, ...objects);
    for (const proxy of [SIDECAR, INGRESS]) {
      for (const { protocol } of engine.gatewayPorts(proxy)) count(`port ${protocol}`);
      for (let i = 0; i < 3; i++) {
        const asked = request();
        const { steps, outcome } = engine.decide(proxy, asked, chance);
        count(outcome.kind === 'reply' ? `reply ${outcome.details}` : outcome.kind);
        if ('delay' in outcome) count('delay');
        if (outcome.kind === 'forward') {
          engine.retryEndpoint(outcome, [outcome.endpoint], chance);
          for (const extra of ['timeout', 'mirrors', 'tcp', 'rewrittenPath'] as const) {
            if (outcome[extra] !== undefined) count(extra);
          }
        }
        if (steps.length === 0) throw new Error(`no steps for ${JSON.stringify(asked)}`);
        for (const step of steps) count(`step ${step.kind}`);
        const address = { port: asked.port, sourceAddress: '10.2.2.2', destinationAddress: '10.3.3.3' };
        engine.accept(proxy, address);
        engine.tokenRules(proxy);
        engine.admit(proxy, address, asked, { kind: 'none' });
      }
    }
  }
  // Otherwise what is made is so odd that nothing of interest is reached.
  const interesting = ['forward', 'passthrough', 'refused', 'timeout', 'tcp', 'rewrittenPath', 'delay', 'mirrors'];
  const answers = [
    'fault_filter_abort',
    'cluster_not_found',
    'direct_response',
    'route_not_found',
    'no_healthy_upstream',
  ];
  const wanted = [...interesting, ...answers.map((details) => `reply ${details}`), 'port tls', 'step delegate'];
  expect(wanted.filter((what) => !reached.has(what))).toEqual([]);
});
