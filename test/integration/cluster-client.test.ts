// The client against a real HTTP server that answers as an API server does.
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import { connect } from '../../src/cluster/client.ts';
import type { KubeClient } from '../../src/cluster/contract.ts';

let folder: string;
let server: Server;
let client: KubeClient;
let stop: AbortController;
let asked: string[];
let answer: (request: IncomingMessage, response: ServerResponse) => void;

beforeEach(async () => {
  asked = [];
  server = createServer((request, response) => {
    asked.push(`${request.method} ${request.url}`);
    answer(request, response);
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  folder = await mkdtemp(join(tmpdir(), 'malla-client-'));
  const kubeconfig = join(folder, 'config');
  const address = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  await writeFile(
    kubeconfig,
    JSON.stringify({
      'current-context': 'a',
      contexts: [{ name: 'a', context: { cluster: 'a', user: 'a' } }],
      clusters: [{ name: 'a', cluster: { server: address } }],
      users: [{ name: 'a', user: { token: 'secret' } }],
    }),
  );
  stop = new AbortController();
  client = connect(kubeconfig, undefined, { signal: stop.signal });
});
afterEach(async () => {
  stop.abort();
  server.closeAllConnections();
  server.close();
  await rm(folder, { recursive: true });
});

const json = (response: ServerResponse, status: number, body: unknown, headers = {}): void => {
  response.writeHead(status, { 'content-type': 'application/json', ...headers });
  response.end(JSON.stringify(body));
};
const status = (response: ServerResponse, code: number, message = ''): void =>
  json(response, code, { kind: 'Status', code, message });
const pod = { apiVersion: 'v1', kind: 'Pod', namespace: 'default', name: 'a' };

test('requests carry the token', async () => {
  answer = (request, response) => json(response, 200, { token: request.headers.authorization });
  expect(await client.raw('/version')).toEqual({ token: 'Bearer secret' });
});

test('what is not there is undefined, an empty list or false', async () => {
  answer = (_request, response) => status(response, 404, 'not found');
  expect(await client.get(pod)).toBeUndefined();
  expect(await client.list({ apiVersion: 'v1', kind: 'Pod' })).toEqual([]);
  expect(await client.remove(pod)).toBe(false);
  expect(await client.get({ apiVersion: 'unknown.io/v1', kind: 'Thing', name: 'x' })).toBeUndefined();
  expect(asked.at(-1)).toBe('GET /apis/unknown.io/v1');
});

test('a kind that is not known by heart is discovered once', async () => {
  answer = (request, response) =>
    request.url === '/apis/example.io/v1'
      ? json(response, 200, {
          resources: [
            { name: 'things', kind: 'Thing', namespaced: true },
            { name: 'things/status', kind: 'Thing' },
          ],
        })
      : json(response, 200, { items: [] });
  for (let i = 0; i < 2; i++) await client.list({ apiVersion: 'example.io/v1', kind: 'Thing', namespace: 'n' });
  expect(asked).toEqual([
    'GET /apis/example.io/v1',
    'GET /apis/example.io/v1/namespaces/n/things',
    'GET /apis/example.io/v1/namespaces/n/things',
  ]);
});

test.each([
  [401, 'unauthorized', 'MALLA-CLU-12'],
  [403, 'forbidden', 'MALLA-CLU-13'],
  [422, 'invalid', 'MALLA-CLU-14'],
  [500, 'server', 'MALLA-CLU-15'],
])('%i is %s, with the message of the server', async (code, reason, coded) => {
  answer = (_request, response) => status(response, code, 'because');
  await expect(client.list({ apiVersion: 'v1', kind: 'Pod' })).rejects.toMatchObject({
    reason,
    code: coded,
    detail: 'because',
    status: code,
  });
});

test('a server that is not there is unreachable', async () => {
  server.close();
  await expect(client.raw('/version')).rejects.toMatchObject({ reason: 'unreachable', code: 'MALLA-CLU-11' });
});

test('429 is asked again after what the server says', async () => {
  answer = (_request, response) =>
    asked.length === 1
      ? json(response, 429, { message: 'storage is (re)initializing' }, { 'retry-after': '0' })
      : json(response, 200, { ok: true });
  expect(await client.raw('/apis')).toEqual({ ok: true });
});

test('apply tells created, configured and unchanged apart', async () => {
  const object = { apiVersion: 'v1', kind: 'ConfigMap', metadata: { name: 'a', namespace: 'default' } };
  const versions = [undefined, '1', '1'];
  const after = ['1', '2', '1'];
  answer = (request, response) => {
    if (request.method === 'GET') {
      const resourceVersion = versions.shift();
      return resourceVersion
        ? json(response, 200, { metadata: { name: 'a', resourceVersion } })
        : status(response, 404);
    }
    expect(request.headers['content-type']).toBe('application/apply-patch+yaml');
    json(response, after.length === 3 ? 201 : 200, { metadata: { name: 'a', resourceVersion: after.shift() } });
  };
  const changes = [];
  for (let i = 0; i < 3; i++) changes.push((await client.apply(object, 'malla')).change);
  expect(changes).toEqual(['created', 'configured', 'unchanged']);
});

test('a watch survives a server that hangs up', async () => {
  let streams = 0;
  answer = (request, response) => {
    if (!request.url?.includes('watch=true'))
      return json(response, 200, { metadata: { resourceVersion: '1' }, items: [] });
    streams++;
    response.writeHead(200);
    response.write(
      `${JSON.stringify({ type: 'ADDED', object: { metadata: { name: `p${streams}`, resourceVersion: `${streams + 1}` } } })}\n`,
    );
    if (streams === 1) setTimeout(() => response.destroy(), 5);
  };
  const names: string[] = [];
  const states: string[] = [];
  const end = await client.watch(
    { apiVersion: 'v1', kind: 'Pod' },
    ({ object }) => names.push(object.metadata.name),
    (state) => states.push(state),
  );
  await vi.waitFor(() => expect(names).toEqual(['p1', 'p2']), { timeout: 3_000 });
  end();
  expect(asked.at(-1)).toContain('resourceVersion=2');
  expect(states.at(-1)).toBe('live');
});

test('an aborted client ends what is in flight', async () => {
  answer = () => {};
  const asking = client.raw('/version');
  setTimeout(() => stop.abort(), 20);
  await expect(asking).rejects.toThrow();
});
