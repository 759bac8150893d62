// Objects made at random from the Gateway API's own schemas, and some that no API server would take: the engine answers
// on every one, and every one gets a status. MALLA_FUZZ_CASES says how many.
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { parseAllDocuments } from 'yaml';
import { bookinfo, engineOf, get, SIDECAR, seeded } from '../fixtures.ts';
import type { KubeObject } from '../objects.ts';
import { fields, items, text } from '../read.ts';
import { indexServices } from '../services.ts';
import { expandGatewayApi } from './expand.ts';
import { apiGateway, FRONT, http } from './fixtures.ts';
import { reachOf } from './gateway-addresses.ts';
import { gatewayStatus } from './gateway-status.ts';
import { parentStatuses } from './route-status.ts';

const CASES = Number(process.env.MALLA_FUZZ_CASES ?? 1_000);
const chance = seeded(Number(process.env.MALLA_FUZZ_SEED ?? 4_711));

const file = join(import.meta.dirname, '../../../samples/gateway-api/standard-install.yaml');
const schemas = parseAllDocuments(readFileSync(file, 'utf8')).map((document) => {
  const spec = fields(fields(document.toJS()).spec);
  const version = fields(items(spec.versions)[0]);
  const { properties } = fields(fields(version.schema).openAPIV3Schema);
  return { kind: text(fields(spec.names).kind) ?? '', schema: fields(fields(properties).spec) };
});

const httpRoutes = schemas.filter(({ kind }) => kind === 'HTTPRoute');

const one = <T>(list: readonly T[]): T => list[Math.floor(chance.random() * list.length)] as T;
const often = (share: number) => chance.random() < share;

const WORDS: Readonly<Record<string, readonly string[]>> = {
  name: ['front', 'reviews', 'ratings', 'http', 'x', 'constructor', '__proto__'],
  hostname: ['*.example.com', 'a.example.com', ''],
  hostnames: ['*.example.com', 'a.example.com', '*'],
  gatewayClassName: ['istio', 'istio', 'istio-remote', 'other'],
  kind: ['Gateway', 'Service', 'HTTPRoute', 'Secret', 'Foo'],
  group: ['', 'gateway.networking.k8s.io', 'networking.istio.io'],
  namespace: ['default', 'default', 'other'],
  protocol: ['HTTP', 'HTTPS', 'TLS', 'TCP', 'http', ''],
  value: ['/', '/a', '/a/', 'x', '(', '(a+)+$', 'reviews'],
  replacePrefixMatch: ['/', '', '/new/'],
};

function made(schema: Readonly<Record<string, unknown>>, key: string, depth: number): unknown {
  if (often(0.01)) return one([null, true, -1, Number.NaN, '', [], {}, [[]], { a: [] }]);
  if (items(schema.enum).length > 0) return one(items(schema.enum));
  switch (schema.type) {
    case 'object': {
      const required = items(schema.required);
      const wanted = (name: string) => required.includes(name) || often(depth > 8 ? 0.1 : 0.45);
      const entries = Object.entries(fields(schema.properties)).filter(([name]) => wanted(name));
      return Object.fromEntries(entries.map(([name, property]) => [name, made(fields(property), name, depth + 1)]));
    }
    case 'array':
      return Array.from({ length: 1 + Number(often(0.4)) }, () => made(fields(schema.items), key, depth));
    case 'string':
      return often(0.05) ? one(['', '\u0000', '%', 'ñ', '1e9h']) : one(WORDS[key] ?? ['front', '5s', 'x']);
    case 'integer':
      return one([0, 1, 80, 80, 301, 443, 9080, 9080, -1, 2 ** 31]);
    default:
      return often(0.5);
  }
}

function anyObject(index: number): KubeObject {
  // Most kinds of the file lead no request anywhere.
  const { kind, schema } = one(often(0.4) ? httpRoutes : schemas);
  const metadata = { name: kind === 'GatewayClass' ? 'istio' : `o${index}`, namespace: one(['default', 'other']) };
  return { apiVersion: 'gateway.networking.k8s.io/v1', kind, metadata, spec: made(schema, 'spec', 0) };
}

test(`${CASES} configurations made from the schemas`, () => {
  const reached = new Set<string>();
  for (let n = 0; n < CASES; n += 1) {
    const objects = [
      ...bookinfo(),
      apiGateway('front', [http()]),
      ...Array.from({ length: 4 }, (_, i) => anyObject(i)),
    ];
    const engine = engineOf(...objects);
    engine.gatewayPorts(FRONT);
    for (const url of ['http://a.example.com/a/b?x=1', 'http://reviews:9080/']) {
      for (const proxy of [FRONT, SIDECAR]) {
        const { outcome, steps } = engine.decide(proxy, get(url), chance);
        for (const { source } of steps) if (source) reached.add(source.kind);
        reached.add(outcome.kind);
      }
    }
    const { gateways, routes } = expandGatewayApi(objects, () => undefined);
    const services = indexServices(objects);
    for (const gateway of gateways)
      gatewayStatus(
        gateway,
        routes,
        reachOf(gateway, services, () => undefined),
      );
    for (const route of routes) parentStatuses(route);
  }
  expect([...reached]).toEqual(expect.arrayContaining(['HTTPRoute', 'Gateway', 'forward', 'reply']));
}, 600_000);
