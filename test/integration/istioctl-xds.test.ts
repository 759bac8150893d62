// istiod's xDS ports as a client of gRPC meets them.
import { connect, type IncomingHttpHeaders } from 'node:http2';
import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest';
import type { StreamHandler } from '../../src/simulator/istio/xds/grpc.ts';
import { encodeStruct } from '../../src/simulator/istio/xds/struct.ts';
import { messageField, stringField } from '../../src/simulator/istio/xds/wire.ts';
import { serveXds, type XdsServer } from '../../src/simulator/istio/xds/xds-server.ts';
import { issueCertificate } from '../../src/simulator/process/pki/certificate.ts';

const STREAM = '/envoy.service.discovery.v3.AggregatedDiscoveryService/StreamAggregatedResources';
let server: XdsServer;

/** Says everything twice. A message of one byte is none. */
const echo = (): StreamHandler => (message, send) => {
  if (message.length === 1) throw new RangeError('truncated');
  send(message);
  send(message);
};

beforeEach(async () => {
  const times = { notBefore: new Date(0), notAfter: new Date(4e12) };
  const pair = issueCertificate({ commonName: 'istiod', use: 'server', ...times });
  server = serveXds(
    echo,
    (token, audience) => identities[`${token} ${audience}`],
    () => pair,
    (error: Error) => expect.unreachable(error.message),
  );
  await vi.waitFor(() => expect(Object.keys(server.sockets)).toEqual(['15010', '15012']));
});
afterEach(() => server.stop());

const identities: Record<string, string | undefined> = {
  'good istio-ca': 'spiffe://cluster.local/ns/default/sa/web',
  'other api': 'spiffe://cluster.local/ns/default/sa/web',
};

async function call(
  port: 15010 | 15012,
  path: string,
  body: Buffer,
  authorization = 'Bearer good',
): Promise<{ status: unknown; message: unknown; body: Buffer }> {
  const scheme = port === 15012 ? 'https' : 'http';
  const session = connect(`${scheme}://localhost:${server.sockets[port]?.port}`, { rejectUnauthorized: false });
  const stream = session.request({
    ':method': 'POST',
    ':path': path,
    'content-type': 'application/grpc',
    authorization,
  });
  let status: unknown;
  let message: unknown;
  const note = (headers: IncomingHttpHeaders) => {
    status = headers['grpc-status'] ?? status;
    message = headers['grpc-message'] ?? message;
  };
  stream.on('response', note);
  stream.on('trailers', note);
  stream.end(body);
  const chunks: Buffer[] = [];
  for await (const chunk of stream as AsyncIterable<Buffer>) chunks.push(chunk);
  session.destroy();
  return { status, message, body: Buffer.concat(chunks) };
}

function framed(message: Buffer, flag = 0, length = message.length): Buffer {
  const head = Buffer.alloc(5);
  head[0] = flag;
  head.writeUInt32BE(length, 1);
  return Buffer.concat([head, message]);
}

test('port 15012 answers message by message', async () => {
  const hello = framed(stringField(4, 'hello'));
  const reply = await call(15012, STREAM, Buffer.concat([hello, hello]));
  expect([reply.status, reply.body.toString()]).toEqual(['0', hello.toString().repeat(4)]);
});

test.each([
  ['without a token', '', '16', 'authentication failure'],
  ['with another kind of proof', 'Basic good', '16', 'authentication failure'],
  ['with a token that nobody issued', 'Bearer bad', '16', 'authentication failure'],
  ['with a token for another audience', 'Bearer other', '16', 'authentication failure'],
])('%s port 15012 answers nothing', async (_, authorization, status, message) => {
  const reply = await call(15012, STREAM, framed(stringField(4, 'hello')), authorization);
  expect(reply).toMatchObject({ status, message, body: Buffer.alloc(0) });
});

describe('who asks may only ask for its own namespace and account', () => {
  const asking = (id: string, metadata: Record<string, unknown> = {}) =>
    framed(messageField(2, Buffer.concat([stringField(1, id), messageField(3, encodeStruct(metadata))])));
  const refusal = (whose: string) => ({
    status: '7',
    message: `authorization failed: no identities ([spiffe://cluster.local/ns/default/sa/web]) matched ${whose}`,
  });
  const ofDomain = (namespace: string) => `sidecar~10.0.0.1~web-1.x~${namespace}.svc.cluster.local`;

  test.each([
    ['the domain of its id', ofDomain('other'), {}, 'other/'],
    ['its metadata', ofDomain('default'), { NAMESPACE: 'other' }, 'other/'],
    ['its account', ofDomain('default'), { NAMESPACE: 'default', SERVICE_ACCOUNT: 'db' }, 'default/db'],
  ])('%s says that it asks for another', async (_, id, metadata, whose) => {
    expect(await call(15012, STREAM, asking(id, metadata))).toMatchObject(refusal(whose));
  });

  test('metadata comes before the id, as istioctl sends it', async () => {
    const metadata = { NAMESPACE: 'default', SERVICE_ACCOUNT: 'web' };
    const id = 'sidecar~10.0.0.1~istioctl.other~other.svc.cluster.local';
    expect((await call(15012, STREAM, asking(id, metadata))).status).toBe('0');
  });
});

test('in plain text nobody is answered', async () => {
  const reply = await call(15010, STREAM, framed(stringField(4, 'hello')));
  expect(reply).toMatchObject({ status: '16', message: 'authentication required' });
});

test.each([
  ['another method', '/nope', framed(Buffer.from('ab')), '12'],
  ['a message that cannot be read', STREAM, framed(Buffer.from('a')), '3'],
  ['a compressed message', STREAM, framed(Buffer.from('ab'), 1), '13'],
  ['a message of gigabytes', STREAM, framed(Buffer.from('ab'), 0, 2 ** 31), '8'],
])('%s ends with a status', async (_, path, body, status) => {
  expect((await call(15012, path, body)).status).toBe(status);
});
