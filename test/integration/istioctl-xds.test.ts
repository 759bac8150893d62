// istiod's xDS ports as a client of gRPC meets them.
import { connect, type IncomingHttpHeaders } from 'node:http2';
import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import type { StreamHandler } from '../../src/simulator/istio/xds/grpc.ts';
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
    () => pair,
    (error) => expect.unreachable(error.message),
  );
  await vi.waitFor(() => expect(Object.keys(server.sockets)).toEqual(['15010', '15012']));
});
afterEach(() => server.stop());

async function call(port: 15010 | 15012, path: string, body: Buffer): Promise<{ status: unknown; body: Buffer }> {
  const scheme = port === 15012 ? 'https' : 'http';
  const session = connect(`${scheme}://localhost:${server.sockets[port]?.port}`, { rejectUnauthorized: false });
  const stream = session.request({ ':method': 'POST', ':path': path, 'content-type': 'application/grpc' });
  let status: unknown;
  const note = (headers: IncomingHttpHeaders) => {
    status = headers['grpc-status'] ?? status;
  };
  stream.on('response', note);
  stream.on('trailers', note);
  stream.end(body);
  const chunks: Buffer[] = [];
  for await (const chunk of stream as AsyncIterable<Buffer>) chunks.push(chunk);
  session.destroy();
  return { status, body: Buffer.concat(chunks) };
}

function framed(message: Buffer, flag = 0, length = message.length): Buffer {
  const head = Buffer.alloc(5);
  head[0] = flag;
  head.writeUInt32BE(length, 1);
  return Buffer.concat([head, message]);
}

test.each([15010, 15012] as const)('port %i answers message by message', async (port) => {
  const hello = framed(Buffer.from('hello'));
  const reply = await call(port, STREAM, Buffer.concat([hello, hello]));
  expect([reply.status, reply.body.toString()]).toEqual(['0', hello.toString().repeat(4)]);
});

test.each([
  ['another method', '/nope', framed(Buffer.from('ab')), '12'],
  ['a message that cannot be read', STREAM, framed(Buffer.from('a')), '3'],
  ['a compressed message', STREAM, framed(Buffer.from('ab'), 1), '13'],
  ['a message of gigabytes', STREAM, framed(Buffer.from('ab'), 0, 2 ** 31), '8'],
])('%s ends with a status', async (_, path, body, status) => {
  expect((await call(15010, path, body)).status).toBe(status);
});
