import { expect, test } from 'vitest';
import type { ControlPlane } from '../debug/control-plane.ts';
import { debugStream } from './debug-stream.ts';
import { encodeTyped } from './envoy-messages.ts';
import { encodeStruct } from './struct.ts';
import { bytesField, readFields, stringField } from './wire.ts';

const pod = {
  apiVersion: 'v1',
  kind: 'Pod',
  metadata: { name: 'web-1', namespace: 'default', uid: 'u' },
  spec: { initContainers: [{ name: 'istio-proxy', image: 'istio/proxyv2:1.30.3' }] },
};
const plane: ControlPlane = {
  pod: { ...pod, metadata: { ...pod.metadata, name: 'istiod-1' } },
  version: '1.30.3',
  now: () => 0,
  mesh: {
    pushed: () => ({ version: 4, objects: [], meshConfig: {}, rootNamespace: 'istio-system' }),
    proxies: () => [{ pod, role: 'sidecar', sent: 4, acked: 3, sentAt: 1000 }],
    counters: () => new Map(),
    identityOf: () => undefined,
    metrics: () => '',
  },
  subscribed: () => ['cluster', 'listener'],
  configDump: () => ({
    configs: [{ '@type': 'type.googleapis.com/envoy.admin.v3.ClustersConfigDump', version_info: 'v' }],
  }),
};

const request = (typeUrl: string, ...names: string[]) =>
  Buffer.concat([
    ...names.map((n) => stringField(3, n)),
    stringField(4, typeUrl),
    stringField(5, 'made by the client'),
  ]);

function ask(typeUrl: string, ...names: string[]) {
  const replies: Buffer[] = [];
  debugStream(plane)(request(typeUrl, ...names), (reply) => replies.push(reply));
  const fields = readFields(replies[0] ?? Buffer.alloc(0));
  const all = (number: number) => fields.filter((f) => f.number === number).map((f) => f.bytes);
  return {
    typeUrl: all(4).join(''),
    resources: all(2).map(readFields),
    controlPlane: all(6).map(readFields),
    nonce: all(5).join(''),
  };
}

test('proxy-status: a ClientConfig for each proxy, stale while the last push is not acknowledged', () => {
  const { typeUrl, resources, controlPlane } = ask('istio.io/debug/syncz');
  expect(typeUrl).toBe('istio.io/debug/syncz');
  expect(JSON.parse(controlPlane[0]?.[0]?.bytes.toString() ?? '')).toMatchObject({
    ID: 'istiod-1',
    Info: { version: '1.30.3' },
  });
  const config = readFields(resources[0]?.find((f) => f.number === 2)?.bytes ?? Buffer.alloc(0));
  const node = readFields(config.find((f) => f.number === 1)?.bytes ?? Buffer.alloc(0));
  expect(node[0]?.bytes.toString()).toBe('web-1.default');
  const states = config.filter((f) => f.number === 3).map((f) => readFields(f.bytes));
  expect(
    states.map((s) => [
      s
        .find((f) => f.number === 1)
        ?.bytes.toString()
        .split('.')
        .at(-1),
      s.find((f) => f.number === 6)?.value,
    ]),
  ).toEqual([
    ['Cluster', 3n],
    ['Listener', 3n],
  ]);
});

test('the configuration of a proxy comes in Envoy’s own messages; of an unknown one in words', () => {
  const [dump] = ask('istio.io/debug/config_dump', 'web-1.default').resources;
  expect(dump?.map((f) => f.bytes.toString())).toEqual([
    'type.googleapis.com/envoy.admin.v3.ClustersConfigDump',
    stringField(1, 'v').toString(),
  ]);
  const [unknown] = ask('istio.io/debug/config_dump', 'nope.default').resources;
  expect(unknown?.at(-1)?.bytes.toString()).toContain('Proxy not connected to this Pilot instance');
});

test('internal-debug gets the JSON of a debug page; what nobody serves gets nothing', () => {
  const [page] = ask('istio.io/debug', 'syncz').resources;
  expect(JSON.parse(page?.at(-1)?.bytes.toString() ?? '')).toMatchObject([
    { proxy: 'web-1.default', istio_version: '1.30.3' },
  ]);
  expect(ask('type.googleapis.com/envoy.config.cluster.v3.Cluster').typeUrl).toBe('');
});

test('an acknowledgement is not answered', () => {
  const replies: Buffer[] = [];
  const stream = debugStream(plane);
  stream(request('istio.io/debug/syncz'), (reply) => replies.push(reply));
  const nonce = readFields(replies[0] ?? Buffer.alloc(0)).find((f) => f.number === 5)?.bytes ?? Buffer.alloc(0);
  stream(Buffer.concat([stringField(4, 'istio.io/debug/syncz'), bytesField(5, nonce)]), (reply) => replies.push(reply));
  expect(replies).toHaveLength(1);
});

test('messages: nested, repeated, maps, enums, durations and wrappers', () => {
  const { value } = encodeTyped({
    '@type': 'type.googleapis.com/envoy.config.cluster.v3.Cluster',
    name: 'c',
    type: 'EDS',
    connect_timeout: '0.250s',
    circuit_breakers: { thresholds: [{ max_connections: 7 }] },
    unheard_of: 1,
  });
  const fields = readFields(value);
  expect(fields.map((f) => f.number)).toEqual([1, 2, 4, 10]);
  expect(fields[1]?.value).toBe(3n);
  expect(readFields(fields[2]?.bytes ?? Buffer.alloc(0))).toMatchObject([{ number: 2, value: 250_000_000n }]);
});

test.each([[[0xff]], [[0x0a, 0x05, 0x61]], [[0x0b]], [Array(12).fill(0xff)]])('%j is no message', (bytes) => {
  expect(() => readFields(Uint8Array.from(bytes as number[]))).toThrow(RangeError);
});

test('a Struct holds every JSON value', () => {
  expect(readFields(encodeStruct({ a: 1, b: 'x', c: [true, null], d: { e: undefined } })).map((f) => f.number)).toEqual(
    [1, 1, 1, 1],
  );
});
