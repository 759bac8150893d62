import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type { KubeObject } from '../../../mesh/objects.ts';
import { loadRules } from '../cel/rules.ts';
import { validateObject } from '../validation/validate-object.ts';
import { createTestApi } from './fixtures/test-api.ts';

const crds = '/apis/apiextensions.k8s.io/v1/customresourcedefinitions';
const things = '/apis/example.com/v1/namespaces/default/things';

let api: ReturnType<typeof createTestApi>;

type Fields = Record<string, unknown>;

function definition(plural: string, kind: string, schema: Fields, version: Fields = {}, spec: Fields = {}) {
  return {
    apiVersion: 'apiextensions.k8s.io/v1',
    kind: 'CustomResourceDefinition',
    metadata: { name: `${plural}.example.com` },
    spec: {
      group: 'example.com',
      scope: 'Namespaced',
      names: { plural, kind },
      versions: [{ name: 'v1', served: true, storage: true, schema: { openAPIV3Schema: schema }, ...version }],
      ...spec,
    },
  };
}

const shape = {
  type: 'object',
  properties: {
    spec: {
      type: 'object',
      properties: {
        size: { type: 'integer', default: 3 },
        ratio: { type: 'number', multipleOf: 0.5 },
        when: { type: 'string', format: 'date-time' },
        word: { type: 'string' },
        either: { 'x-kubernetes-int-or-string': true },
        tags: { type: 'array', items: { type: 'string' }, 'x-kubernetes-list-type': 'set' },
        ports: {
          type: 'array',
          items: { type: 'object', required: ['port'], properties: { port: { type: 'integer' } } },
          'x-kubernetes-list-type': 'map',
          'x-kubernetes-list-map-keys': ['port'],
        },
      },
    },
  },
};

beforeAll(async () => {
  await loadRules();
  api = createTestApi();
  const more = {
    subresources: { scale: { specReplicasPath: '.spec.size', statusReplicasPath: '.status.replicas' } },
    selectableFields: [{ jsonPath: '.spec.word' }],
  };
  const old = { name: 'v1alpha1', served: true, storage: false, deprecated: true, schema: { openAPIV3Schema: shape } };
  const made = definition('things', 'Thing', shape, more);
  await api.call(`POST ${crds}`, { body: { ...made, spec: { ...made.spec, versions: [...made.spec.versions, old] } } });
});

afterAll(() => api.close());

const object = { type: 'object' };

describe('a definition is refused with its field', () => {
  test.each<[string, object, string, string]>([
    [
      'a name that is not its own',
      { metadata: { name: 'x.example.com' } },
      'metadata.name',
      'must be spec.names.plural',
    ],
    ['a group without a dot', { spec: { group: 'kf' } }, 'spec.group', 'should be a domain with at least one dot'],
    ['an invented scope', { spec: { scope: 'Nada' } }, 'spec.scope', 'supported values: "Cluster", "Namespaced"'],
    [
      'no versions',
      { spec: { versions: [] } },
      'spec.versions',
      'must have exactly one version marked as storage version',
    ],
    ['capitals', { spec: { names: { plural: 'Bads', kind: 'Bad' } } }, 'spec.names.plural', 'a DNS-1035 label'],
  ])('%s', async (_what, more, field, message) => {
    const { metadata, spec } = definition('bads', 'Bad', object);
    const given = more as { metadata?: object; spec?: object };
    const body = {
      ...definition('bads', 'Bad', object),
      metadata: { ...metadata, ...given.metadata },
      spec: { ...spec, ...given.spec },
    };
    await refused(body, field, message);
  });

  test.each<[string, Fields, string, string]>([
    [
      'a field without a type',
      { ...object, properties: { a: {} } },
      'properties[a].type',
      'must not be empty for specified object fields',
    ],
    [
      'an invented type',
      { ...object, properties: { a: { type: 'nada' } } },
      'properties[a].type',
      'Unsupported value: "nada"',
    ],
    [
      'a list without items',
      { ...object, properties: { a: { type: 'array' } } },
      'properties[a].items',
      'must be specified',
    ],
    ['a root that is no object', { type: 'string' }, 'type', 'must be object at the root'],
    [
      'a default of another type',
      { ...object, properties: { a: { type: 'integer', default: 'x' } } },
      'properties[a].default',
      'must be of type integer',
    ],
    [
      'properties and more of them',
      { ...object, properties: { a: { type: 'string' } }, additionalProperties: { type: 'string' } },
      'additionalProperties',
      'must not be used at the root',
    ],
    [
      'a rule that ends too soon',
      { ...object, 'x-kubernetes-validations': [{ rule: 'self.a ==' }] },
      'x-kubernetes-validations[0].rule',
      "mismatched input '<EOF>' expecting",
    ],
    [
      'a map without its keys',
      { ...object, properties: { a: { type: 'array', items: object, 'x-kubernetes-list-type': 'map' } } },
      'properties[a].x-kubernetes-list-map-keys',
      'must not be empty if x-kubernetes-list-type is map',
    ],
  ])('%s', async (_what, schema, field, message) => {
    await refused(definition('bads', 'Bad', schema), `spec.validation.openAPIV3Schema.${field}`, message);
  });

  async function refused(body: object, field: string, message: string) {
    const { body: status } = await api.json(`POST ${crds}`, { body });
    expect(status).toMatchObject({ code: 422, reason: 'Invalid' });
    expect(status.details.causes).toContainEqual(
      expect.objectContaining({ field, message: expect.stringContaining(message) }),
    );
  }
});

test("Istio's own definitions are taken as they are", () => {
  const file = join(import.meta.dirname, '../../../tools/istioctl/generated/crds.json');
  const all = JSON.parse(readFileSync(file, 'utf8')) as KubeObject[] | { items: KubeObject[] };
  const list = Array.isArray(all) ? all : all.items;
  expect(list.length).toBeGreaterThan(10);
  for (const crd of list) {
    const spec = crd.spec as { names: Record<string, string>; group: string };
    const whole = {
      ...crd,
      spec: {
        ...spec,
        names: { singular: spec.names.kind?.toLowerCase(), listKind: `${spec.names.kind}List`, ...spec.names },
      },
    };
    expect(validateObject(whole, undefined, 'apiextensions.k8s.io/customresourcedefinitions')).toEqual([]);
  }
});

test('a second kind of the same name is not accepted, and is when the first has gone', async () => {
  const [first, second] = [definition('ones', 'One', object), definition('twos', 'One', object)];
  await api.call(`POST ${crds}`, { body: first });
  await api.call(`POST ${crds}`, { body: second });
  const conditions = async () => (await api.json(`GET ${crds}/twos.example.com`)).body.status.conditions;
  expect(await conditions()).toMatchObject([
    { type: 'NamesAccepted', status: 'False', reason: 'ListKindConflict', message: '"OneList" is already in use' },
    { type: 'Established', status: 'False', reason: 'NotAccepted' },
  ]);
  expect((await api.call('GET /apis/example.com/v1/namespaces/default/twos')).status).toBe(404);
  await api.call(`DELETE ${crds}/ones.example.com`);
  expect(await conditions()).toMatchObject([{ status: 'True' }, { type: 'Established', status: 'True' }]);
  expect((await api.call('GET /apis/example.com/v1/namespaces/default/twos')).status).toBe(200);
});

describe('an object is refused with its field', () => {
  const made = (spec: object) =>
    api.json(`POST ${things}?dryRun=All`, {
      body: { apiVersion: 'example.com/v1', kind: 'Thing', metadata: { name: 'x' }, spec },
    });

  test.each<[object, string, string]>([
    [{ tags: ['a', 'a'] }, 'spec.tags[1]', 'Duplicate value: "a"'],
    [{ ports: [{ port: 1 }, { port: 1 }] }, 'spec.ports[1]', 'Duplicate value: {"port":1}'],
    [{ ratio: 0.3 }, 'spec.ratio', 'should be a multiple of 0.5'],
    [{ when: 'ayer' }, 'spec.when', 'must be of type date-time: "ayer"'],
    [{ either: true }, 'spec.either', 'must be of type integer,string: "boolean"'],
    [{ word: null }, 'spec.word', 'must be of type string: "null"'],
    [{ size: 'x' }, '.spec.size', '.spec.size accessor error: x is of the type string, expected int64'],
    [{ size: -1 }, '.spec.size', 'should be a non-negative integer'],
  ])('%j', async (spec, field, message) => {
    const { body } = await made(spec);
    expect(body.code).toBe(422);
    expect(body.details.causes).toContainEqual(
      expect.objectContaining({ field, message: expect.stringContaining(message) }),
    );
  });

  test('a null where something stands for nothing is that', async () => {
    expect((await made({ size: null })).body.spec).toEqual({ size: 3 });
  });
});

test('objects are chosen by the fields that their definition names', async () => {
  await api.call(`POST ${things}`, {
    body: { apiVersion: 'example.com/v1', kind: 'Thing', metadata: { name: 'a' }, spec: { word: 'si' } },
  });
  expect((await api.json(`GET ${things}?fieldSelector=spec.word%3Dsi`)).body.items).toHaveLength(1);
  expect((await api.json(`GET ${things}?fieldSelector=spec.word%3Dno`)).body.items).toHaveLength(0);
  expect((await api.json(`GET ${things}?fieldSelector=spec.size%3D3`)).body.message).toBe(
    'field label not supported: spec.size',
  );
});

test('an old version warns of the one to use', async () => {
  const { headers } = await api.call('GET /apis/example.com/v1alpha1/namespaces/default/things');
  expect(headers.warning).toEqual(['299 - "example.com/v1alpha1 Thing is deprecated; use example.com/v1 Thing"']);
  expect((await api.call(`GET ${things}`)).headers.warning).toBeUndefined();
});
