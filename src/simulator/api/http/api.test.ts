import { afterEach, beforeEach, expect, test } from 'vitest';
import type { KubeObject } from '../../../mesh/objects.ts';
import { configMap, createTestApi, lines } from './fixtures/test-api.ts';

let api: ReturnType<typeof createTestApi>;
beforeEach(() => {
  api = createTestApi();
});
afterEach(() => api.close());

const maps = '/api/v1/namespaces/default/configmaps';

test('an object is created, read, replaced, patched and deleted', async () => {
  const created = await api.json(`POST ${maps}`, { body: { metadata: { generateName: 'a-' }, data: { x: '1' } } });
  expect([created.status, created.body.kind, created.body.apiVersion]).toEqual([201, 'ConfigMap', 'v1']);
  const { name } = created.body.metadata;
  expect(name).toMatch(/^a-[a-z0-9]{5}$/);
  const put = await api.json(`PUT ${maps}/${name}`, { body: { ...created.body, data: { x: '2' } } });
  expect([put.status, put.body.data]).toEqual([200, { x: '2' }]);
  const stale = await api.json(`PUT ${maps}/${name}`, { body: created.body });
  expect([stale.status, stale.body.reason]).toEqual([409, 'Conflict']);
  const headers = { 'content-type': 'application/merge-patch+json' };
  const patched = await api.json(`PATCH ${maps}/${name}`, { headers, body: { data: { y: '3' } } });
  expect(patched.body.data).toEqual({ x: '2', y: '3' });
  const { body } = await api.json(`DELETE ${maps}/${name}`);
  expect(body).toMatchObject({ kind: 'Status', status: 'Success', details: { name, kind: 'configmaps' } });
  expect((await api.json(`GET ${maps}/${name}`)).body).toEqual({
    kind: 'Status',
    apiVersion: 'v1',
    metadata: {},
    status: 'Failure',
    message: `configmaps "${name}" not found`,
    reason: 'NotFound',
    details: { name, kind: 'configmaps' },
    code: 404,
  });
});

test('who reads an object waits for its own write to be on disk, and not for those of others', async () => {
  api.registry.create('configmaps', configMap('a'));
  await api.registry.durable();
  const order: string[] = [];
  const then = (what: string) => () => void order.push(what);
  api.registry.create('configmaps', configMap('b'));
  await Promise.all([
    api.registry.durable().then(then('written')),
    api.call(`GET ${maps}/b`).then(then('b')),
    api.call(`GET ${maps}/c`).then(then('none')),
    api.call(`GET ${maps}/a`).then(then('a')),
  ]);
  expect(order.slice(0, 2)).toEqual(['a', 'written']);
  expect(order.slice(2).sort()).toEqual(['b', 'none']);
});

test('a dry run answers as the write would, and writes nothing', async () => {
  const { status } = await api.json(`POST ${maps}?dryRun=All`, { body: configMap('a') });
  expect([status, api.registry.get('configmaps', 'default', 'a')]).toEqual([201, undefined]);
});

test('the Warning header carries what the client should know', async () => {
  const body = { metadata: { name: 'a' }, colour: 'red' };
  const reply = await api.call(`POST ${maps}`, { body });
  expect(reply.headers.warning).toEqual(['299 - "unknown field \\"colour\\""']);
  const strict = await api.json(`POST ${maps}?fieldValidation=Strict`, { body: { ...body, metadata: { name: 'b' } } });
  expect([strict.status, strict.body.message]).toEqual([400, expect.stringContaining('unknown field "colour"')]);
});

test('a list comes in chunks that show the same moment', async () => {
  for (const name of ['a', 'b', 'c']) api.registry.create('configmaps', configMap(name));
  const first = (await api.json(`GET ${maps}?limit=2`)).body;
  expect(first.metadata.remainingItemCount).toBe(1);
  api.registry.create('configmaps', configMap('d'));
  api.registry.remove('configmaps', 'default', 'c');
  const rest = (await api.json(`GET ${maps}?limit=2&continue=${first.metadata.continue}`)).body;
  expect(rest.items.map((i: KubeObject) => i.metadata.name)).toEqual(['c']);
  expect(rest.metadata).toEqual({ resourceVersion: first.metadata.resourceVersion });
  expect((await api.json(`GET ${maps}?continue=rubbish`)).status).toBe(400);
});

test('what is left of a list that was forgotten is of another moment, even where nothing has changed', async () => {
  for (const name of ['a', 'b', 'c']) api.registry.create('configmaps', configMap(name));
  const first = (await api.json(`GET ${maps}?limit=2`)).body.metadata;
  api.clock.advance(5 * 60_000 + 1);
  const late = await api.json(`GET ${maps}?limit=2&continue=${first.continue}`);
  expect([late.status, late.body.reason]).toEqual([410, 'Expired']);
  const rest = (await api.json(`GET ${maps}?limit=2&continue=${late.body.metadata.continue}`)).body;
  expect(rest.items.map((i: KubeObject) => i.metadata.name)).toEqual(['c']);
  expect(Number(rest.metadata.resourceVersion)).toBe(Number(first.resourceVersion) + 1);
  const forged = Buffer.from(JSON.stringify({ v: 'meta.k8s.io/v1', rv: 1e15, start: 'default/a' })).toString(
    'base64url',
  );
  expect((await api.json(`GET ${maps}?continue=${forged}`)).status).toBe(410);
  expect(api.registry.store.revision).toBe(Number(rest.metadata.resourceVersion));
});

test('a list that was left too long goes on with what there is now, if the client says so', async () => {
  for (const name of ['a', 'b', 'c']) api.registry.create('configmaps', configMap(name));
  const first = (await api.json(`GET ${maps}?limit=1`)).body;
  api.registry.create('configmaps', configMap('d'));
  api.registry.remove('configmaps', 'default', 'b');
  api.clock.advance(6 * 60_000);
  const late = (await api.json(`GET ${maps}?limit=1&continue=${first.metadata.continue}`)).body;
  expect([late.code, late.reason]).toEqual([410, 'Expired']);
  const rest = (await api.json(`GET ${maps}?limit=1&continue=${late.metadata.continue}`)).body;
  expect(rest.items.map((i: KubeObject) => i.metadata.name)).toEqual(['c']);
  expect(rest.metadata.remainingItemCount).toBe(1);
  const last = (await api.json(`GET ${maps}?limit=1&continue=${rest.metadata.continue}`)).body;
  expect(last.items.map((i: KubeObject) => i.metadata.name)).toEqual(['d']);
});

test('what a body says twice is warned of, or refused', async () => {
  const text = '{"metadata":{"name":"a"},"data":{"x":"1","x":"2"}}';
  const headers = { 'content-type': 'application/json' };
  const warned = await api.call(`POST ${maps}`, { headers, body: text });
  expect([warned.status, warned.headers.warning]).toEqual([201, ['299 - "duplicate field \\"data.x\\""']]);
  const refused = await api.json(`POST ${maps}?fieldValidation=Strict`, { headers, body: text });
  expect(refused.body.message).toBe(
    'ConfigMap in version "v1" cannot be handled as a ConfigMap: strict decoding error: duplicate field "data.x"',
  );
});

test('what is applied may have no field that the schema lacks, nor, when it is strict, one twice', async () => {
  const headers = { 'content-type': 'application/apply-patch+yaml' };
  const apply = (body: string) =>
    api.json(`PATCH ${maps}/y?fieldManager=m&fieldValidation=Strict`, { headers, body: `${body}\n` });
  const head = 'apiVersion: v1\nkind: ConfigMap\nmetadata:\n  name: y\n';
  expect((await apply(`${head}nada: 1`)).body).toMatchObject({
    code: 500,
    message: 'failed to create typed patch object (/y; /v1, Kind=ConfigMap): .nada: field not declared in schema',
  });
  expect((await apply(`${head}data:\n  a: b\n  a: c`)).body).toMatchObject({
    code: 400,
    message:
      'error strict decoding YAML: error converting YAML to JSON: yaml: unmarshal errors:\n  line 7: key "a" already set in map',
  });
  expect(api.registry.get('configmaps', 'default', 'y')).toBeUndefined();
});

test('items of built-in lists leave kind and apiVersion to the list, as the API server does', async () => {
  api.registry.create('configmaps', configMap('a'));
  const { body } = await api.json(`GET ${maps}`);
  expect([body.kind, body.items[0].kind, body.items[0].metadata.name]).toEqual(['ConfigMapList', undefined, 'a']);
});

test('a collection is deleted by selector', async () => {
  api.registry.create('configmaps', configMap('a', { app: 'x' }));
  api.registry.create('configmaps', configMap('b'));
  await api.json(`DELETE ${maps}?labelSelector=app`);
  expect(api.registry.list('configmaps').map((o) => o.metadata.name)).toEqual(['b']);
});

test.each([
  ['GET /api/v1/nothings', 404, 'NotFound'],
  ['GET /api/v1/namespaces/default/pods/a/nope', 404, 'NotFound'],
  ['GET /apis/apps/v2/deployments', 404, 'NotFound'],
  ['GET /api/v1/namespaces/default/nodes', 404, 'NotFound'],
  ['POST /api/v1/configmaps', 405, 'MethodNotAllowed'],
  ['PUT /api/v1/namespaces/default/configmaps', 405, 'MethodNotAllowed'],
  ['DELETE /api/v1/namespaces', 405, 'MethodNotAllowed'],
  ['POST /version', 405, 'MethodNotAllowed'],
  ['GET /api/v1/pods?fieldSelector=spec.x%3D1', 400, 'BadRequest'],
  ['GET /api/v1/pods?resourceVersion=x', 400, 'BadRequest'],
  ['GET /api/v1/pods?resourceVersionMatch=Exact', 422, 'Invalid'],
])('%s is %i %s', async (line, code, reason) => {
  expect((await api.json(line)).body).toMatchObject({ kind: 'Status', status: 'Failure', code, reason });
});

test('of a group that is not there, the answer is no Status', async () => {
  expect(await api.call('GET /apis/none.example/v1/things')).toMatchObject({
    status: 404,
    body: '404 page not found\n',
  });
});

test.each([
  [{ metadata: { name: 'a', namespace: 'other' } }, 'does not match the namespace sent on the request'],
  [{ kind: 'Pod', apiVersion: 'v1', metadata: { name: 'a' } }, 'Pod in version "v1" cannot be handled as a ConfigMap'],
  ['{"a":', `couldn't get version/kind; json parse error: unexpected end of JSON input ({"a":)`],
  [{ metadata: { name: 7 } }, 'cannot unmarshal number into Go struct field ObjectMeta.metadata.name of type string'],
])('a body of %j is refused in words', async (body, message) => {
  expect((await api.json(`POST ${maps}`, { body })).body).toMatchObject({
    code: 400,
    message: expect.stringContaining(message),
  });
});

test('strategic merge is for built-in kinds, and no type is no patch', async () => {
  api.registry.create('configmaps', configMap('a'));
  const patch = (type: string, path = `${maps}/a`) =>
    api.json(`PATCH ${path}`, { headers: { 'content-type': type }, body: { data: { b: '2' } } });
  expect((await patch('application/strategic-merge-patch+json')).body.data).toEqual({ a: '1', b: '2' });
  expect((await patch('application/json')).status).toBe(415);
});

test('server-side apply needs a manager, creates and is idempotent', async () => {
  const headers = { 'content-type': 'application/apply-patch+yaml' };
  const body = 'apiVersion: v1\nkind: ConfigMap\nmetadata:\n  name: y\ndata:\n  a: "1"\n';
  const apply = (query: string) => api.json(`PATCH ${maps}/y${query}`, { headers, body });
  expect((await apply('')).body).toMatchObject({ code: 422, message: expect.stringContaining('fieldManager') });
  expect([(await apply('?fieldManager=m')).status, (await apply('?fieldManager=m')).status]).toEqual([201, 200]);
});

test('the scale of a workload is read and written, with its selector', async () => {
  const workload = '/apis/apps/v1/namespaces/default/deployments';
  const labels = { app: 'web' };
  const template = { metadata: { labels }, spec: { containers: [{ name: 'c', image: 'nginx' }] } };
  await api.json(`POST ${workload}`, {
    body: { metadata: { name: 'web' }, spec: { selector: { matchLabels: labels }, template } },
  });
  const { body } = await api.json(`GET ${workload}/web/scale`);
  expect(body).toMatchObject({ kind: 'Scale', spec: { replicas: 1 }, status: { replicas: 0, selector: 'app=web' } });
  await api.json(`PUT ${workload}/web/scale`, { body: { ...body, spec: { replicas: 4 } } });
  expect(api.registry.get('apps/deployments', 'default', 'web')?.spec).toMatchObject({ replicas: 4 });
  const old = await api.json(`PUT ${workload}/web/scale`, { body: { ...body, spec: { replicas: 5 } } });
  expect(old.body.reason).toBe('Conflict');
  const negative = await api.json(`PATCH ${workload}/web/scale`, {
    headers: { 'content-type': 'application/merge-patch+json' },
    body: { spec: { replicas: -1 } },
  });
  expect(negative.status).toBe(422);
});

function setStatus(resource: string, name: string, status: unknown): void {
  const change = (copy: KubeObject): void => {
    copy.status = status;
  };
  api.registry.edit(resource, 'default', name, change, { subresource: 'status' });
}

function runningPod(name: string, extra: Record<string, unknown> = {}): KubeObject {
  return {
    apiVersion: 'v1',
    kind: 'Pod',
    metadata: { name, namespace: 'default', labels: { app: 'web' } },
    spec: { nodeName: 'arya', containers: [{ name: 'c', image: 'nginx' }], ...extra },
    status: { phase: 'Running', containerStatuses: [{ name: 'c', state: { running: {} } }] },
  };
}

test('logs are cut to the tail and the bytes asked for, and followed until the pod goes', async () => {
  const { metadata } = api.registry.create('pods', runningPod('a'));
  setStatus('pods', 'a', runningPod('a').status);
  const uid = metadata.uid ?? '';
  for (const text of ['one', 'two', 'three']) api.logs.append(uid, 'c', text);
  const log = 'GET /api/v1/namespaces/default/pods/a/log';
  expect((await api.call(`${log}?tailLines=2`)).body).toBe('two\nthree\n');
  expect((await api.call(`${log}?limitBytes=5`)).body).toBe('one\nt');
  expect((await api.call(`${log}?timestamps=true&tailLines=1`)).body).toMatch(/^\d{4}-.*Z three\n$/);
  expect((await api.json(`${log}?container=x`)).status).toBe(400);
  expect((await api.json(`${log}?previous=true`)).body.message).toContain('previous terminated container "c"');
  const reply = await api.call(`${log}?follow=true&tailLines=0`);
  api.logs.append(uid, 'c', 'four');
  api.registry.remove('pods', 'default', 'a', { gracePeriodSeconds: 0 });
  let text = '';
  for await (const chunk of reply.body as AsyncIterable<string>) text += chunk;
  expect(text).toBe('four\n');
});

test('the log of the run before is that of the last one that ended', async () => {
  const { metadata } = api.registry.create('pods', runningPod('crash'));
  const uid = metadata.uid ?? '';
  const previous = async () => (await api.call('GET /api/v1/namespaces/default/pods/crash/log?previous=true')).body;
  const setState = (state: object) =>
    setStatus('pods', 'crash', {
      phase: 'Running',
      containerStatuses: [{ name: 'c', state, lastState: { terminated: { containerID: 'one' } } }],
    });
  api.logs.begin(uid, 'c');
  api.logs.append(uid, 'c', 'first');
  setState({ waiting: { reason: 'CrashLoopBackOff' } });
  expect(await previous()).toBe('first\n');
  api.logs.begin(uid, 'c');
  api.logs.append(uid, 'c', 'second');
  setState({ running: {} });
  expect(await previous()).toBe('first\n');
  setState({ terminated: { containerID: 'two' } });
  expect(await previous()).toBe('first\n');
});

test('an eviction waits for a disruption budget', async () => {
  api.registry.create('pods', runningPod('a'));
  setStatus('pods', 'a', { phase: 'Running' });
  const spec = { minAvailable: 1, selector: { matchLabels: { app: 'web' } } };
  api.registry.create('policy/poddisruptionbudgets', {
    apiVersion: 'policy/v1',
    kind: 'PodDisruptionBudget',
    metadata: { name: 'b', namespace: 'default' },
    spec,
  });
  const evict = () =>
    api.json('POST /api/v1/namespaces/default/pods/a/eviction', {
      body: { kind: 'Eviction', apiVersion: 'policy/v1' },
    });
  expect((await evict()).body).toMatchObject({ code: 429, reason: 'TooManyRequests' });
  setStatus('policy/poddisruptionbudgets', 'b', { disruptionsAllowed: 1 });
  expect((await evict()).status).toBe(201);
  expect(api.registry.get('pods', 'default', 'a')?.metadata.deletionTimestamp).toBeDefined();
});

test('an address that is nothing is a page that is not found, and no Status', async () => {
  const { status, body, headers } = await api.call('GET /nowhere');
  expect([status, body, headers['content-type']]).toEqual([404, '404 page not found\n', 'text/plain; charset=utf-8']);
});

test('discovery tells the same in its two forms, and 304 to who knows', async () => {
  const accept = 'application/json;g=apidiscovery.k8s.io;v=v2;as=APIGroupDiscoveryList,application/json';
  const reply = await api.call('GET /apis', { headers: { accept } });
  const { items } = JSON.parse(String(reply.body));
  const old = (await api.json('GET /apis')).body.groups;
  expect(items.map((g: KubeObject) => g.metadata.name)).toEqual(old.map((g: { name: string }) => g.name));
  const apps = items.find((g: KubeObject) => g.metadata.name === 'apps').versions[0];
  const resources = (await api.json('GET /apis/apps/v1')).body.resources.map((r: { name: string }) => r.name);
  expect(resources).toEqual(
    apps.resources.flatMap((r: { resource: string; subresources?: { subresource: string }[] }) => [
      r.resource,
      ...(r.subresources ?? []).map((s) => `${r.resource}/${s.subresource}`),
    ]),
  );
  const known = await api.call('GET /apis', { headers: { accept, 'if-none-match': String(reply.headers.etag) } });
  expect([known.status, known.body]).toEqual([304, '']);
});

test('OpenAPI says which writes check fields, and every reference in it leads somewhere', async () => {
  const { paths } = (await api.json('GET /openapi/v3')).body;
  const { body } = await api.json(`GET ${paths['apis/apps/v1'].serverRelativeURL}`);
  const { patch } = body.paths['/apis/apps/v1/namespaces/{namespace}/deployments/{name}'];
  expect(patch['x-kubernetes-group-version-kind']).toEqual({ group: 'apps', version: 'v1', kind: 'Deployment' });
  expect(patch.parameters.map((p: { name: string }) => p.name)).toContain('fieldValidation');
  for (const path of Object.keys(paths)) {
    const text = String((await api.call(`GET /openapi/v3/${path}`)).body);
    const { schemas } = JSON.parse(text).components;
    const refs = new Set([...text.matchAll(/"\$ref":"#\/components\/schemas\/([^"]+)"/g)].map((m) => m[1] ?? ''));
    expect([...refs].filter((name) => schemas[name] === undefined)).toEqual([]);
  }
});

test('who is nobody sees the version, and nothing else', async () => {
  const user = { name: 'system:anonymous', groups: ['system:unauthenticated'] };
  expect((await api.json('GET /version', { user })).body.gitVersion).toMatch(/\+malla$/);
  expect((await api.json('GET /api', { user })).status).toBe(403);
  expect((await api.json('GET /api/v1/pods', { user })).body.message).toBe(
    'pods is forbidden: User "system:anonymous" cannot list resource "pods" in API group "" at the cluster scope',
  );
});

test('a bug inside is a 500 that is told to the log', async () => {
  api.registry.create('configmaps', configMap('a'));
  api.store.get = () => {
    throw new TypeError('a bug');
  };
  const { status, body } = await api.json(`GET ${maps}/a`);
  expect([status, body.reason, api.bugs.length]).toEqual([500, 'InternalError', 1]);
});

test('a watch is served by the same door', async () => {
  api.registry.create('configmaps', configMap('a'));
  const { value } = await lines(await api.call(`GET ${maps}/a?watch=true`)).next();
  expect(value).toMatchObject({ type: 'ADDED', object: { metadata: { name: 'a' } } });
});

test('the statuses of components are made when asked, with the warning that they go', async () => {
  const reply = await api.json('GET /api/v1/componentstatuses');
  expect(reply.body.items.map((item: KubeObject) => item.metadata.name)).toEqual([
    'scheduler',
    'controller-manager',
    'etcd-0',
  ]);
  expect((await api.call('GET /api/v1/componentstatuses')).headers.warning).toEqual([
    '299 - "v1 ComponentStatus is deprecated in v1.19+"',
  ]);
  expect((await api.json('GET /api/v1/componentstatuses/etcd-0')).body.conditions).toMatchObject([{ status: 'True' }]);
  expect((await api.json('GET /api/v1/componentstatuses/etcd-9')).status).toBe(404);
  expect((await api.json('DELETE /api/v1/componentstatuses/etcd-0')).status).toBe(405);
  const headers = { accept: 'application/json;g=apidiscovery.k8s.io;v=v2;as=APIGroupDiscoveryList' };
  const { items } = (await api.json('GET /api', { headers })).body;
  expect(JSON.stringify(items)).toContain('"shortNames":["cs"]');
});
