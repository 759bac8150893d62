import { afterEach, beforeEach, expect, test } from 'vitest';
import { configMap, createTestApi, lines } from './fixtures/test-api.ts';

type TestApi = ReturnType<typeof createTestApi>;
let api: TestApi;
beforeEach(() => {
  api = createTestApi();
});
afterEach(() => api.close());

const path = 'GET /api/v1/namespaces/default/configmaps?watch=1';
const accept = 'application/json;as=Table;v=v1;g=meta.k8s.io,application/json';

/** The next `n` events as `TYPE name`. */
async function take(events: AsyncGenerator<{ type: string; object: { metadata?: { name?: string } } }>, n: number) {
  const taken: string[] = [];
  while (taken.length < n) {
    const { value, done } = await events.next();
    if (done) break;
    taken.push(`${value.type} ${value.object.metadata?.name ?? ''}`.trim());
  }
  return taken;
}

test('without a version it tells what exists, and then what changes', async () => {
  api.registry.create('configmaps', configMap('a'));
  const events = lines(await api.call(path));
  api.registry.create('configmaps', configMap('b'));
  api.registry.edit('configmaps', 'default', 'a', (copy) => {
    copy.data = { a: '2' };
  });
  api.registry.remove('configmaps', 'default', 'b');
  expect(await take(events, 4)).toEqual(['ADDED a', 'ADDED b', 'MODIFIED a', 'DELETED b']);
});

test('from a version it tells only what came later, also what is not on disk yet', async () => {
  api.registry.create('configmaps', configMap('a'));
  const { body } = await api.json('GET /api/v1/namespaces/default/configmaps');
  api.registry.create('configmaps', configMap('b'));
  const events = lines(await api.call(`${path}&resourceVersion=${body.metadata.resourceVersion}`));
  api.registry.create('configmaps', configMap('c'));
  expect(await take(events, 2)).toEqual(['ADDED b', 'ADDED c']);
});

test('from a version that is forgotten it answers 410 Gone in the stream', async () => {
  const again = createTestApi();
  try {
    for (let i = 0; i < 5_100; i++) again.registry.create('configmaps', configMap(`c${i}`));
    await again.registry.durable();
    const { value } = await lines(await again.call(`${path}&resourceVersion=2`)).next();
    expect(value).toMatchObject({ type: 'ERROR', object: { kind: 'Status', code: 410, reason: 'Expired' } });
  } finally {
    again.close();
  }
});

test('a version that is still to come is a 504 that says which one is current', async () => {
  const { status, body } = await api.json(`${path}&resourceVersion=999`);
  expect([status, body.message]).toEqual([
    504,
    expect.stringMatching(/^Timeout: Too large resource version: 999, current: \d+$/),
  ]);
});

test('initial events end with a bookmark', async () => {
  api.registry.create('configmaps', configMap('a'));
  const query = '&sendInitialEvents=true&resourceVersionMatch=NotOlderThan&allowWatchBookmarks=true';
  const events = lines(await api.call(path + query));
  expect((await events.next()).value).toMatchObject({ type: 'ADDED' });
  const { revision } = api.store;
  expect((await events.next()).value).toMatchObject({
    type: 'BOOKMARK',
    object: {
      kind: 'ConfigMap',
      metadata: { resourceVersion: String(revision), annotations: { 'k8s.io/initial-events-end': 'true' } },
    },
  });
});

test('bookmarks come by the minute to those who ask, and the stream ends in its time', async () => {
  const events = lines(await api.call(`${path}&allowWatchBookmarks=true&timeoutSeconds=90`));
  api.clock.advance(60_000);
  expect(await take(events, 1)).toEqual(['BOOKMARK']);
  api.clock.advance(30_000);
  expect(await take(events, 2)).toEqual(['BOOKMARK']);
});

test('an object that begins or ceases to match a selector is added or deleted', async () => {
  const events = lines(await api.call(`${path}&labelSelector=app%3Dweb`));
  const label = (app: string) => {
    api.registry.edit('configmaps', 'default', 'a', (copy) => {
      copy.metadata.labels = { app };
    });
  };
  api.registry.create('configmaps', configMap('a', { app: 'api' }));
  label('web');
  label('db');
  const first = (await events.next()).value;
  const second = (await events.next()).value;
  expect([first?.type, second?.type]).toEqual(['ADDED', 'DELETED']);
  // As it was when it last matched, at the version of the change.
  expect(second?.object.metadata).toMatchObject({
    labels: { app: 'web' },
    resourceVersion: String(api.store.revision),
  });
});

test('tables and metadata are watched in their own form', async () => {
  api.registry.create('configmaps', configMap('a'));
  const table = lines(await api.call(path, { headers: { accept } }));
  expect((await table.next()).value).toMatchObject({
    type: 'ADDED',
    object: {
      kind: 'Table',
      rows: [{ cells: ['a', 1, expect.any(String)], object: { kind: 'PartialObjectMetadata' } }],
    },
  });
  const as = 'application/json;as=PartialObjectMetadata;g=meta.k8s.io;v=v1';
  const { value } = await lines(await api.call(path, { headers: { accept: as } })).next();
  expect(value?.object).toEqual({
    kind: 'PartialObjectMetadata',
    apiVersion: 'meta.k8s.io/v1',
    metadata: expect.objectContaining({ name: 'a' }),
  });
});

test('one object is watched by its name', async () => {
  const events = lines(
    await api.call('GET /api/v1/namespaces/default/configmaps?watch=1&fieldSelector=metadata.name%3Db'),
  );
  api.registry.create('configmaps', configMap('a'));
  api.registry.create('configmaps', configMap('b'));
  expect(await take(events, 1)).toEqual(['ADDED b']);
});

test('a client that goes away is forgotten', async () => {
  const abort = new AbortController();
  const reply = await api.call(path, { signal: abort.signal });
  abort.abort();
  api.registry.create('configmaps', configMap('a'));
  await api.registry.durable();
  expect(await take(lines(reply), 1)).toEqual([]);
});

test('each watcher gets a change in its own form and version', async () => {
  const paths = ['/api/v1/namespaces/default/events', '/apis/events.k8s.io/v1/namespaces/default/events'];
  const watches = await Promise.all(paths.map(async (p) => lines(await api.call(`GET ${p}?watch=1`))));
  const headers = { accept: 'application/json;as=PartialObjectMetadata;v=v1;g=meta.k8s.io' };
  const metadataOnly = lines(await api.call(`GET ${paths[0]}?watch=1`, { headers }));
  api.registry.create('events', {
    apiVersion: 'v1',
    kind: 'Event',
    metadata: { name: 'e', namespace: 'default' },
    involvedObject: { kind: 'Pod', name: 'a', namespace: 'default' },
    message: 'hola',
  });
  const seen = await Promise.all([...watches, metadataOnly].map(async (watch) => (await watch.next()).value?.object));
  expect(seen.map((object) => object?.apiVersion)).toEqual(['v1', 'events.k8s.io/v1', 'meta.k8s.io/v1']);
  expect(seen.map((object) => [object?.message, object?.note])).toEqual([
    ['hola', undefined],
    [undefined, 'hola'],
    [undefined, undefined],
  ]);
});
