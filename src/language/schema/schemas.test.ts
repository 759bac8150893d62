import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { languageSchemas } from '../../../scripts/language-schemas.ts';
import { bundledKinds } from './bundled-kinds.ts';
import { kindOfCrd, schemaAt } from './schema.ts';
import { createSchemaBook } from './schema-book.ts';

const root = join(import.meta.dirname, '../../..');

test('the schemas of the help are made of the CRDs that Malla installs', () => {
  expect(`${JSON.stringify(bundledKinds)}\n`).toBe(languageSchemas((path) => readFileSync(join(root, path), 'utf8')));
});

test('every kind that the help is for has a schema', () => {
  const book = createSchemaBook(bundledKinds);
  const kinds = [
    'VirtualService',
    'DestinationRule',
    'Gateway',
    'ServiceEntry',
    'Sidecar',
    'WorkloadEntry',
    'EnvoyFilter',
  ];
  for (const kind of kinds) expect(book.find('networking.istio.io/v1', kind), kind).toBeDefined();
  for (const kind of ['PeerAuthentication', 'RequestAuthentication', 'AuthorizationPolicy'])
    expect(book.find('security.istio.io/v1beta1', kind), kind).toBeDefined();
  expect(book.find('telemetry.istio.io/v1', 'Telemetry')).toBeDefined();
  expect(book.find('gateway.networking.k8s.io/v1', 'Gateway')?.group).toBe('gateway.networking.k8s.io');
  expect(book.find('networking.istio.io/v1', 'Gateway')?.group).toBe('networking.istio.io');
});

test('a path leads through lists and maps', () => {
  const spec = createSchemaBook(bundledKinds).find('networking.istio.io/v1', 'VirtualService')?.spec ?? {};
  expect(schemaAt(spec, ['http', 0, 'route', 1, 'weight'])).toMatchObject({ type: 'integer' });
  expect(schemaAt(spec, ['http', 0, 'match', 0, 'headers', 'end-user', 'exact'])).toMatchObject({ type: 'string' });
  expect(schemaAt(spec, ['http', 0, 'ruote'])).toBeUndefined();
  expect(schemaAt(spec, ['constructor'])).toBeUndefined();
});

test('what is no CRD of the mesh, or no CRD at all, is passed over', () => {
  expect(kindOfCrd({ spec: { group: 'example.com', names: { kind: 'X' }, versions: [] } })).toBeUndefined();
  for (const odd of [null, 1, 'x', [], { spec: [] }]) expect(kindOfCrd(odd)).toBeUndefined();
});
