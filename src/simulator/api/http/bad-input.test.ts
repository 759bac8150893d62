// What nobody should send: each is answered with a Status, and the API goes on.
import { afterAll, afterEach, beforeAll, describe, expect, test } from 'vitest';
import { createTestApi } from './fixtures/test-api.ts';

const maps = '/api/v1/namespaces/default/configmaps';

let api: ReturnType<typeof createTestApi>;

beforeAll(async () => {
  api = createTestApi();
  await api.call(`POST ${maps}`, { body: { metadata: { name: 'uno' }, data: { a: '1' } } });
});

afterAll(() => api.close());

afterEach(async () => {
  expect(api.bugs).toEqual([]);
  expect((await api.call(`GET ${maps}/uno`)).status).toBe(200);
});

const many = 400_000;
const deep = 50_000;
const bodies: [what: string, body: string, type: string][] = [
  ['a list of hundreds of thousands', `[${'0,'.repeat(many)}0]`, 'application/json'],
  ['such a list where a map goes', `{"data":[${'0,'.repeat(many)}0]}`, 'application/json'],
  ['a key a hundred thousand times', `{${'"a":1,'.repeat(many / 4)}"a":1}`, 'application/json'],
  ['lists in lists', `${'['.repeat(deep)}${']'.repeat(deep)}`, 'application/json'],
  ['objects in objects, never closed', '{"a":'.repeat(deep), 'application/json'],
  ['lists in lists, in YAML', `${'['.repeat(2_000)}${']'.repeat(2_000)}`, 'application/yaml'],
  [
    'YAML that grows when it is read',
    `a: &a [x,x,x,x,x,x,x,x,x]\n${[...'bcdefghij'].map((k, i) => `${k}: &${k} [${`*${'abcdefghi'[i]},`.repeat(9)}x]`).join('\n')}\n`,
    'application/yaml',
  ],
  ['a key that reaches prototypes', '{"metadata":{"name":"x"},"__proto__":{"a":1}}', 'application/json'],
  ['no UTF-8', '{"metadata":{"name":"\u00ff', 'application/json'],
  ['half a surrogate', '{"metadata":{"name":"\\ud800"}}', 'application/json'],
  ['a number beyond all', `{"metadata":{"name":${'9'.repeat(100_000)}}}`, 'application/json'],
  ['nothing but space', ' '.repeat(many), 'application/json'],
  ['tabs in YAML', '\t\ta: b', 'application/yaml'],
];

describe('as the body of a create', () => {
  test.each(bodies)('%s', async (_what, body, type) => {
    const reply = await api.call(`POST ${maps}`, { body, headers: { 'content-type': type } });
    expect(reply.status).toBeGreaterThanOrEqual(400);
    expect(reply.status).toBeLessThan(500);
    expect(JSON.parse(String(reply.body))).toMatchObject({ kind: 'Status', status: 'Failure', code: reply.status });
  });
});

describe('as a patch', () => {
  test.each<[string, string, unknown]>([
    [
      'json',
      'a thousand moves of nothing',
      Array.from({ length: 1_000 }, () => ({ op: 'move', from: '/x', path: '/y' })),
    ],
    ['json', 'operations that are none', [{}, null, 7]],
    ['json', 'an item far beyond a list', [{ op: 'add', path: '/metadata/finalizers/99999999999', value: 'x' }]],
    ['json', 'a path into prototypes', [{ op: 'add', path: '/__proto__/a', value: 1 }]],
    ['json', 'a copy into itself', [{ op: 'copy', from: '', path: '/data' }]],
    ['merge', 'a list', [1]],
    ['merge', 'no object', 'x'],
    ['strategic-merge', 'directives of another kind', { $patch: 7, metadata: { $retainKeys: 'x' } }],
    ['strategic-merge', 'an order that is no list', { '$setElementOrder/data': { a: 1 }, metadata: null }],
  ])('%s: %s', async (type, _what, body) => {
    const headers = { 'content-type': `application/${type}-patch+json` };
    const reply = await api.call(`PATCH ${maps}/uno?dryRun=All`, { body: JSON.stringify(body), headers });
    expect(reply.status).toBeLessThan(500);
    expect(JSON.parse(String(reply.body)).kind).toMatch(/^(Status|ConfigMap)$/);
  });
});

describe('in an address', () => {
  test.each([
    `labelSelector=${encodeURIComponent('a in ('.repeat(5_000))}`,
    `labelSelector=${encodeURIComponent(`a in (${'x,'.repeat(20_000)}x)`)}`,
    `labelSelector=${encodeURIComponent('((((((((((a=b')}`,
    `fieldSelector=${encodeURIComponent('metadata.name='.repeat(5_000))}`,
    `fieldSelector=${encodeURIComponent('__proto__.x=1')}`,
    `continue=${'A'.repeat(100_000)}`,
    `continue=${Buffer.from('{"v":"meta.k8s.io/v1","rv":-1,"start":"../../x"}').toString('base64url')}`,
    'limit=-1',
    'limit=99999999999999999999',
    'resourceVersion=-1',
    'timeoutSeconds=x&watch=1',
  ])('%s', async (query) => {
    const signal = AbortSignal.abort();
    const reply = await api.call(`GET ${maps}?${query}`, { signal });
    expect(reply.status).toBeLessThan(500);
  });

  test.each([
    '/api/v1/namespaces/..%2f..%2fetc/configmaps',
    `${maps}/..`,
    `${maps}/%2e%2e%2fx`,
    `${maps}/a%00b`,
    `/${'a/'.repeat(10_000)}`,
  ])('%s', async (path) => {
    const reply = await api.call(`GET ${path}`);
    expect(reply.status).toBeGreaterThanOrEqual(400);
    expect(reply.status).toBeLessThan(500);
  });
});

test('a storm of watches that come and go leaves nothing behind', async () => {
  for (let i = 0; i < 2_000; i++) {
    const gone = new AbortController();
    const reply = await api.call(`GET ${maps}?watch=true&resourceVersion=0`, { signal: gone.signal });
    expect(reply.status).toBe(200);
    gone.abort();
  }
  await api.call(`PATCH ${maps}/uno`, {
    body: { data: { a: '2' } },
    headers: { 'content-type': 'application/merge-patch+json' },
  });
  // Every timer that a watch set is gone with it.
  expect(api.clock.waiting()).toBe(0);
});

describe('a JSON patch', () => {
  const headers = { 'content-type': 'application/json-patch+json' };
  const patch = (operations: object[]) => api.json(`PATCH ${maps}/uno`, { headers, body: operations });
  const copies = (n: number) =>
    Array.from({ length: n }, (_, i) => ({ op: 'copy', from: '', path: `/metadata/annotations/x${i}` }));
  const nested = Array.from({ length: 900 }, (_, i) => ({ op: 'add', path: `/data${'/a'.repeat(i + 1)}`, value: {} }));
  const bad: [what: string, operations: object[]][] = [
    [
      'that copies the object into itself forty times',
      [{ op: 'add', path: '/metadata/annotations', value: {} }, ...copies(40)],
    ],
    ['that nests deeper with each operation', nested],
    ['with ten thousand tests of the whole object', Array(10_000).fill({ op: 'test', path: '', value: 1 })],
    ['of the prototype of an object', [{ op: 'add', path: '/data/__proto__', value: { b: '1' } }]],
  ];
  test.each(bad)('%s does not apply', async (_what, operations) => {
    const { status, body } = await patch(operations);
    expect([status, body.reason]).toEqual([422, 'Invalid']);
  });

  test('copies what fits', async () => {
    const { status, body } = await patch([
      { op: 'add', path: '/data', value: { a: '1' } },
      { op: 'copy', from: '/data/a', path: '/data/b' },
    ]);
    expect([status, body.data]).toEqual([200, { a: '1', b: '1' }]);
  });
});

test('what etcd would not take is refused with its words, however it comes; a dry run does not get there', async () => {
  const data = Object.fromEntries(Array.from({ length: 130_000 }, (_, i) => [`k${i}`, 'v']));
  const body = { apiVersion: 'v1', kind: 'ConfigMap', metadata: { name: 'grande' }, data };
  const told = async (line: string, type = 'application/json', what: unknown = body) => {
    const { status, body: answer } = await api.json(line, { body: what, headers: { 'content-type': type } });
    return [status, answer.message ?? answer.metadata.name];
  };
  const refused = [500, 'etcdserver: request is too large'];
  expect(await told(`POST ${maps}`)).toEqual(refused);
  expect(await told(`PATCH ${maps}/grande?fieldManager=yo`, 'application/apply-patch+yaml')).toEqual(refused);
  expect(await told(`PATCH ${maps}/uno`, 'application/merge-patch+json', { data })).toEqual(refused);
  expect(await told(`PUT ${maps}/uno`, 'application/json', { ...body, metadata: { name: 'uno' } })).toEqual(refused);
  expect(await told(`POST ${maps}?dryRun=All`)).toEqual([201, 'grande']);
  expect(Object.keys((await api.json(`GET ${maps}/uno`)).body.data)).not.toContain('k1');
});
