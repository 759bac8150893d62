import { describe, expect, test, vi } from 'vitest';
import { compile } from '../../../cel/program.ts';
import { istioCrds } from '../../../tools/istioctl/crds.ts';
import type { Schema, ValidationRule } from '../schemas/schema.ts';
import { checkRules, loadRules } from './rules.ts';

const crds = await istioCrds();

test('a rule that cannot wait is refused for a moment, and looked at the next time', async () => {
  const twice = () =>
    checkRules({ spec: { mtls: { mode: 'STRICT' }, portLevelMtls: {} } }, schemaOf('PeerAuthentication'), {});
  expect(twice).toThrow('the validation rules are being loaded');
  await vi.waitFor(twice);
  await loadRules();
  expect(twice).not.toThrow();
});

interface CrdSpec {
  names: { kind: string };
  versions: { name: string; schema: { openAPIV3Schema: Schema } }[];
}

function schemaOf(kind: string): Schema {
  const spec = crds.map((crd) => crd.spec as CrdSpec).find((s) => s.names.kind === kind);
  const schema = spec?.versions[0]?.schema.openAPIV3Schema;
  if (!schema) throw new Error(`no CRD of ${kind}`);
  return schema;
}

function* rulesOf(schema: Schema): Generator<{ rule: ValidationRule; schema: Schema }> {
  for (const rule of schema['x-kubernetes-validations'] ?? []) yield { rule, schema };
  const { properties, items, additionalProperties } = schema;
  for (const child of [...Object.values(properties ?? {}), items, additionalProperties])
    if (typeof child === 'object') yield* rulesOf(child);
}

const texts = (kind: string, spec: unknown) =>
  checkRules({ spec }, schemaOf(kind), {}).map((c) => `${c.field}: ${c.message}`);

test("every rule of Istio's CRDs compiles and knows all its functions", () => {
  const all = crds.flatMap((crd) =>
    (crd.spec as CrdSpec).versions.flatMap((v) => [...rulesOf(v.schema.openAPIV3Schema)]),
  );
  expect(all.length).toBeGreaterThan(300);
  const samples: Record<string, unknown> = { string: 'a', integer: 1n, array: [], object: new Map() };
  for (const { rule, schema } of all) {
    const outcome = compile(rule.rule).run({ self: samples[schema.type ?? 'object'] }, { cost: 0 });
    expect(outcome.kind, rule.rule).not.toBe('unknown');
    if (outcome.kind === 'error') expect(outcome.message, rule.rule).not.toContain('compile');
  }
});

describe('the API server says of a broken rule', () => {
  const http = (rule: object) => ({ http: [rule] });
  const port = (number: number) => ({ number, name: `p${number}`, protocol: 'HTTP' });
  test.each([
    [
      'VirtualService',
      http({ timeout: '0s' }),
      'spec.http[0].timeout: Invalid value: "string": must be a valid duration greater than 1ms',
    ],
    [
      'VirtualService',
      http({ timeout: 'pronto' }),
      `spec.http[0].timeout: Invalid value: "string": type conversion error from 'string' to 'google.protobuf.Duration' evaluating rule: must be a valid duration greater than 1ms`,
    ],
    [
      'ServiceEntry',
      { hosts: ['a'], ports: [port(80), port(80)] },
      'spec.ports: Invalid value: "array": port number cannot be duplicated',
    ],
    [
      'ServiceEntry',
      { hosts: ['a'], resolution: 'STATIC', endpoints: [{ address: '1.1.1.1' }], workloadSelector: {} },
      'spec: Invalid value: "object": only one of WorkloadSelector or Endpoints can be set',
    ],
    ['ServiceEntry', { hosts: ['*'] }, 'spec.hosts[0]: Invalid value: "string": hostname cannot be wildcard'],
    [
      'ServiceEntry',
      { hosts: ['a'], resolution: 'STATIC', endpoints: [{ address: 'unix://a' }] },
      'spec.endpoints[0].address: Invalid value: "string": UDS must be an absolute path or abstract socket',
    ],
    [
      'PeerAuthentication',
      { portLevelMtls: { 80: { mode: 'STRICT' } } },
      'spec: Invalid value: "object": portLevelMtls requires selector',
    ],
    [
      'PeerAuthentication',
      { selector: { matchLabels: { a: 'b' } }, portLevelMtls: { 0: {} } },
      'spec.portLevelMtls: Invalid value: "object": port must be between 1-65535',
    ],
    [
      'PeerAuthentication',
      { selector: { matchLabels: { 'a*': 'b' } } },
      'spec.selector.matchLabels: Invalid value: "object": wildcard not allowed in label key match',
    ],
    [
      'RequestAuthentication',
      { jwtRules: [{ jwksUri: 'no es' }] },
      'spec.jwtRules[0].jwksUri: Invalid value: "string": URL parse error during conversion from string: parse "no es": invalid URI for request evaluating rule: url must have scheme http:// or https://',
    ],
    [
      'RequestAuthentication',
      { jwtRules: [{ jwksUri: 'ftp://a' }] },
      'spec.jwtRules[0].jwksUri: Invalid value: "string": url must have scheme http:// or https://',
    ],
    [
      'RequestAuthentication',
      { jwtRules: [{ jwks: '{}', jwksUri: 'https://a' }] },
      'spec.jwtRules[0]: Invalid value: "object": only one of jwks or jwksUri can be set',
    ],
    [
      'WasmPlugin',
      { url: 'ftp://a' },
      'spec.url: Invalid value: "string": url must have schema one of [http, https, file, oci]',
    ],
    [
      'Gateway',
      { servers: [{ tls: { credentialName: 'a', credentialNames: ['b'] } }] },
      'spec.servers[0].tls: Invalid value: "object": only one of credentialName or credentialNames can be set',
    ],
  ])('%s %j', (kind, spec, text) => {
    expect(texts(kind, spec)).toContain(text);
  });
});

test('a correct object breaks no rule', () => {
  expect(texts('VirtualService', { http: [{ timeout: '1500us', retries: { perTryTimeout: '2s' } }] })).toEqual([]);
  expect(texts('ServiceEntry', { hosts: ['a'], ports: [{ number: 80 }, { number: 81 }], resolution: 'DNS' })).toEqual(
    [],
  );
  expect(texts('WasmPlugin', { url: 'example.com/plugin' })).toEqual([]);
});

const ruled = (...rules: ValidationRule[]): Schema => ({
  type: 'object',
  'x-kubernetes-validations': rules,
  properties: { n: { type: 'integer' } },
});

test('a transition rule looks at updates only', () => {
  const schema = ruled({ rule: 'self.n >= oldSelf.n', message: 'n never goes down' });
  expect(checkRules({ n: 1 }, schema, {})).toEqual([]);
  expect(checkRules({ n: 3 }, schema, {}, { n: 2 })).toEqual([]);
  expect(checkRules({ n: 1 }, schema, {}, { n: 2 })[0]?.message).toBe('Invalid value: "object": n never goes down');
});

test('what an update leaves as it was is not judged again', () => {
  const schema = ruled({ rule: 'self.n > 5' });
  expect(checkRules({ n: 1 }, schema, {}, { n: 1 })).toEqual([]);
  expect(checkRules({ n: 2 }, schema, {}, { n: 1 })[0]?.message).toBe(
    'Invalid value: "object": failed rule: self.n > 5',
  );
});

test('messageExpression, reason and fieldPath shape the answer', () => {
  const rule = { rule: 'self.n > 5', message: 'small', messageExpression: "'n is ' + string(self.n)" };
  expect(checkRules({ n: 1 }, ruled(rule), {})[0]?.message).toBe('Invalid value: "object": n is 1');
  expect(checkRules({ n: 1 }, ruled({ ...rule, reason: 'FieldValueForbidden', fieldPath: '.n' }), {})[0]).toEqual({
    reason: 'FieldValueForbidden',
    field: 'n',
    message: 'Forbidden: n is 1',
  });
});

test('a missing field is an error that names it', () => {
  expect(checkRules({}, ruled({ rule: 'self.n > 5' }), {})[0]?.message).toBe(
    'Invalid value: "object": no such key: n evaluating rule: self.n > 5',
  );
});

test('neither loops in loops nor a terrible regular expression hold the cluster up', () => {
  const schema = (rule: string): Schema => ({
    type: 'object',
    properties: { list: { type: 'array', items: { type: 'integer' }, 'x-kubernetes-validations': [{ rule }] } },
  });
  const list = Array.from({ length: 400 }, (_, i) => i);
  const loops = schema('self.all(a, self.all(b, self.all(c, self.all(d, a + b + c + d >= 0))))');
  const start = performance.now();
  expect(checkRules({ list }, loops, {})[0]?.message).toContain('call cost exceeds limit');
  const regex = schema(`'${'a'.repeat(40)}!'.matches('^(a+)+$')`);
  expect(checkRules({ list }, regex, {})).toHaveLength(1);
  expect(performance.now() - start).toBeLessThan(5_000);
});

test('a rule with a function that this cluster lacks refuses nothing', () => {
  expect(checkRules({ n: 1 }, ruled({ rule: "ip('1.1.1.1').isLoopback()" }), {})).toEqual([]);
});
