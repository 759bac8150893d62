// TLS at a gateway's port, asked by real clients: names, certificates of Secrets, versions, mutual TLS, HTTP/2, bytes that
// pass by.
import { connect as connectHttp2 } from 'node:http2';
import { request as httpsRequest } from 'node:https';
import { type AddressInfo, connect as connectTcp, createServer, type Server } from 'node:net';
import { type ConnectionOptions, connect as connectTls } from 'node:tls';
import { afterEach, beforeEach, expect, test } from 'vitest';
import type { GatewayPort, TlsServer } from '../../src/mesh/engine.ts';
import type { KubeObject } from '../../src/mesh/objects.ts';
import type { HttpRequest } from '../../src/simulator/contract.ts';
import { type Client, createHttpFront } from '../../src/simulator/dataplane/ports/http-front.ts';
import { createSecureFront, hangUp } from '../../src/simulator/dataplane/ports/secure.ts';
import { issueCertificate } from '../../src/simulator/process/pki/certificate.ts';

const ca = issueCertificate({ commonName: 'ca', use: 'ca', ...validity() });
const own = issueCertificate(
  { commonName: 'a', use: 'server', dnsNames: ['a.example', 'b.example'], ...validity() },
  ca,
);
const client = issueCertificate({ commonName: 'alumna', use: 'client', ...validity() }, ca);
const stranger = issueCertificate({ commonName: 'nadie', use: 'client', ...validity() });

function validity() {
  return { notBefore: new Date(Date.now() - 60_000), notAfter: new Date(Date.now() + 3_600_000) };
}

const secret = (name: string, data: Record<string, string>): KubeObject => ({
  apiVersion: 'v1',
  kind: 'Secret',
  metadata: { name, namespace: 'istio-system' },
  data: Object.fromEntries(Object.entries(data).map(([key, value]) => [key, Buffer.from(value).toString('base64')])),
});

const secrets = new Map<string, KubeObject>();
const source = { kind: 'Gateway', namespace: 'default', name: 'g', path: 'spec.servers[0]' };
const simple = (host: string, extra: Partial<TlsServer> = {}): TlsServer => ({
  mode: 'simple',
  hosts: [host],
  credentialName: 'own',
  source,
  ...extra,
});

let listener: GatewayPort;
let server: Server;
let port: number;
let seen: { request: HttpRequest; client: Client }[];
let unmatched: (string | undefined)[];

beforeEach(async () => {
  seen = [];
  unmatched = [];
  secrets.clear();
  secrets.set('own', secret('own', { 'tls.crt': own.certificate, 'tls.key': own.key, 'ca.crt': ca.certificate }));
  listener = { port: 8443, protocol: 'https', servers: [simple('a.example')] };
  const http = createHttpFront({
    async answer(request, from) {
      seen.push({ request, client: from });
      return { status: 200, headers: { 'content-type': 'text/plain', 'set-cookie': 'a=1\nb=2' }, body: 'whole' };
    },
    refused: () => undefined,
    now: Date.now,
  });
  const front = createSecureFront({
    http,
    secret: (_, name) => secrets.get(name),
    raw: (connection) => void connection.end('raw'),
    unmatched(connection, name) {
      unmatched.push(name);
      hangUp(connection);
    },
  });
  server = createServer((socket) => {
    socket.on('error', () => socket.destroy());
    front.take(socket, listener, 'istio-system');
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  port = (server.address() as AddressInfo).port;
});
afterEach(() => server.close());

function get(
  servername: string,
  options: ConnectionOptions = {},
): Promise<{ status: number; body: string; cookies: string[] }> {
  return new Promise((resolve, reject) => {
    const request = httpsRequest(
      {
        host: '127.0.0.1',
        port,
        servername,
        ca: ca.certificate,
        agent: false,
        path: '/x?y=1',
        headers: { host: servername },
        ...options,
      },
      (response) => {
        let body = '';
        response.on('data', (chunk) => {
          body += String(chunk);
        });
        response.on('end', () =>
          resolve({ status: response.statusCode ?? 0, body, cookies: response.headers['set-cookie'] ?? [] }),
        );
      },
    );
    request.on('error', reject);
    request.end();
  });
}

const failure = (promise: Promise<unknown>): Promise<string> =>
  promise.then(
    () => 'no failure',
    (error: NodeJS.ErrnoException) => error.code ?? error.message,
  );

test('the certificate of the Secret is shown, and the request goes on with its server name', async () => {
  expect(await get('a.example')).toEqual({ status: 200, body: 'whole', cookies: ['a=1', 'b=2'] });
  expect(seen[0]).toMatchObject({
    request: { method: 'GET', path: '/x?y=1', authority: 'a.example' },
    client: { tls: { serverName: 'a.example' } },
  });
});

test('HTTP/2 where the client offers it', async () => {
  const session = connectHttp2(`https://127.0.0.1:${port}`, { servername: 'a.example', ca: ca.certificate });
  const body = await new Promise<string>((resolve, reject) => {
    const stream = session.request({ ':path': '/two', ':authority': 'a.example' });
    let text = '';
    stream.on('data', (chunk) => {
      text += String(chunk);
    });
    stream.on('end', () => resolve(text));
    stream.on('error', reject);
  });
  session.close();
  expect(body).toBe('whole');
  expect(seen[0]).toMatchObject({ request: { path: '/two', authority: 'a.example' }, client: { version: 'HTTP/2' } });
});

test('another name, no name, or no TLS at all: the connection is reset', async () => {
  expect(await failure(get('other.example'))).toBe('ECONNRESET');
  expect(await failure(get('', { servername: '' }))).toBe('ECONNRESET');
  const plain = new Promise<string>((resolve) => {
    const socket = connectTcp(port, '127.0.0.1', () => socket.write('GET / HTTP/1.1\r\nHost: a.example\r\n\r\n'));
    socket.on('error', (error: NodeJS.ErrnoException) => resolve(error.code ?? ''));
    socket.on('close', () => resolve('closed'));
  });
  expect(await plain).toBe('ECONNRESET');
  expect(unmatched).toEqual(['other.example', undefined, undefined]);
});

test('the most specific host decides, with or without a namespace before it', async () => {
  secrets.set('bad', secret('bad', { 'tls.crt': 'x', 'tls.key': 'y' }));
  listener = {
    port: 8443,
    protocol: 'https',
    servers: [
      simple('*', { credentialName: 'bad' }),
      simple('*.example', { credentialName: 'bad' }),
      simple('shop/b.example'),
    ],
  };
  expect((await get('b.example')).status).toBe(200);
  expect(await failure(get('a.example'))).toBe('ECONNRESET');
});

test('a missing or broken Secret resets; a new one is used from the next connection on', async () => {
  secrets.clear();
  expect(await failure(get('a.example'))).toBe('ECONNRESET');
  secrets.set('own', secret('own', { 'tls.crt': own.certificate, 'tls.key': client.key }));
  expect(await failure(get('a.example'))).toBe('ECONNRESET');
  secrets.set('own', secret('own', { cert: own.certificate, key: own.key }));
  expect((await get('a.example')).status).toBe(200);
});

test('mutual TLS: only certificates of the authority get in, and the program is told whose', async () => {
  listener = { port: 8443, protocol: 'https', servers: [simple('a.example', { mode: 'mutual' })] };
  expect(await failure(get('a.example'))).not.toBe('no failure');
  expect(await failure(get('a.example', { cert: stranger.certificate, key: stranger.key }))).not.toBe('no failure');
  expect(seen).toEqual([]);
  expect((await get('a.example', { cert: client.certificate, key: client.key })).status).toBe(200);
  expect(seen[0]?.client.tls?.forwardedCertificate).toMatch(
    /^Hash=[0-9a-f]{64};Cert="[^"]+";Subject="CN=alumna";URI=$/,
  );
});

test('the authority may be in a Secret of its own', async () => {
  listener = { port: 8443, protocol: 'https', servers: [simple('a.example', { mode: 'mutual' })] };
  secrets.set('own', secret('own', { 'tls.crt': own.certificate, 'tls.key': own.key }));
  expect(await failure(get('a.example', { cert: client.certificate, key: client.key }))).toBe('ECONNRESET');
  secrets.set('own-cacert', secret('own-cacert', { cacert: ca.certificate }));
  secrets.set('own', secret('own', { 'tls.crt': own.certificate, 'tls.key': own.key }));
  expect((await get('a.example', { cert: client.certificate, key: client.key })).status).toBe(200);
});

test('versions outside the server’s range are refused', async () => {
  listener = { port: 8443, protocol: 'https', servers: [simple('a.example', { minVersion: 'TLSv1.3' })] };
  expect(await failure(get('a.example', { maxVersion: 'TLSv1.2' }))).not.toBe('no failure');
  expect((await get('a.example', { minVersion: 'TLSv1.3' })).status).toBe(200);
});

test('passthrough: the bytes go on untouched, greeting and all', async () => {
  listener = { port: 8443, protocol: 'tls', servers: [simple('a.example', { mode: 'passthrough' })] };
  const answer = new Promise<string>((resolve) => {
    const socket = connectTls({ host: '127.0.0.1', port, servername: 'a.example' });
    socket.on('error', (error: NodeJS.ErrnoException) => resolve(error.code ?? ''));
  });
  // What came back, `raw`, is no TLS.
  expect(await answer).toMatch(/SSL|ECONNRESET/);
});

test('TLS ended at the gateway, with bytes that are no HTTP inside', async () => {
  listener = { port: 8443, protocol: 'tls', servers: [simple('a.example')] };
  const answer = new Promise<string>((resolve, reject) => {
    const socket = connectTls({ host: '127.0.0.1', port, servername: 'a.example', ca: ca.certificate });
    socket.on('data', (chunk) => resolve(String(chunk)));
    socket.on('error', reject);
  });
  expect(await answer).toBe('raw');
});

test('a greeting that comes byte by byte is waited for; rubbish does no harm', async () => {
  for (const rubbish of [
    Buffer.from([22, 3, 1, 255, 255]),
    Buffer.alloc(300, 22),
    Buffer.from([22, 3, 1, 0, 4, 1, 0, 0, 0]),
  ]) {
    const socket = connectTcp(port, '127.0.0.1', () => socket.end(rubbish));
    await new Promise((resolve) => socket.on('close', resolve).on('error', resolve));
  }
  expect((await get('a.example')).status).toBe(200);
});
