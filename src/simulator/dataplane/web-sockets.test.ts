// Connections that turn into another protocol on their way through the mesh.
import { once } from 'node:events';
import { duplexPair } from 'node:stream';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { curl, startCurlAndHttpbin } from './fixtures/curl-and-httpbin.ts';
import type { FakeCluster } from './fixtures/small-cluster.ts';

let cluster: FakeCluster;

beforeEach(() => {
  cluster = startCurlAndHttpbin();
});
afterEach(() => cluster.dataplane.stop());

const GREETING = {
  connection: 'Upgrade',
  upgrade: 'websocket',
  'sec-websocket-key': 'dGhlIHNhbXBsZSBub25jZQ==',
  'sec-websocket-version': '13',
};

test('a WebSocket goes through both sidecars, which tell of it when it ends', async () => {
  const reply = await cluster.call(curl, 'http://httpbin:8000/websocket/echo', { headers: GREETING });
  expect([reply.status, reply.headers.upgrade, reply.headers['x-envoy-upstream-service-time']]).toEqual([
    101,
    'websocket',
    undefined,
  ]);
  expect(cluster.records).toEqual([]);
  const [near, far] = duplexPair();
  reply.tunnel?.take(far);
  near.write(Buffer.from([0x81, 0x81, 0, 0, 0, 0, 0x61]));
  const [heard] = (await once(near, 'data')) as [Buffer];
  expect(heard.toString('latin1')).toBe('\x81\x01a');
  near.end();
  await expect.poll(() => cluster.records.length).toBe(2);
  for (const record of cluster.records) {
    expect(record).toMatchObject({ status: 101, flags: ['DC'], bytesReceived: 7, bytesSent: 3 });
  }
});

test('a greeting that the program does not understand is a success without a body', async () => {
  const reply = await cluster.call(curl, 'http://httpbin:8000/headers', { headers: GREETING });
  expect(reply).toMatchObject({ status: 200, body: '' });
  expect(reply.headers['content-type']).toBeUndefined();
  expect(cluster.records.map(({ details, upstreamTime }) => [details, upstreamTime])).toEqual([
    ['websocket_handshake_unsuccessful', undefined],
    ['websocket_handshake_unsuccessful', undefined],
  ]);
});
