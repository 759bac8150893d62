// The port of the API by itself, with a function behind it that says what it was sent.
import { once } from 'node:events';
import type { IncomingMessage } from 'node:http';
import { get } from 'node:https';
import { text } from 'node:stream/consumers';
import { connect, type TLSSocket } from 'node:tls';
import { afterEach, expect, test } from 'vitest';
import { type ApiReply, textReply } from '../../src/simulator/api/http/request.ts';
import { type ApiServer, listen, type ServerOptions, usualPatience } from '../../src/simulator/api/http/server.ts';
import { issueCertificate } from '../../src/simulator/process/pki/certificate.ts';
import { askQuickly } from './support/quick-client.ts';

const stops: (() => unknown)[] = [];
afterEach(async () => {
  for (const stop of stops.splice(0).reverse()) await stop();
});

const certificate = issueCertificate({
  commonName: 'localhost',
  use: 'ca',
  notBefore: new Date(Date.now() - 60_000),
  notAfter: new Date(Date.now() + 3_600_000),
});

async function start(changes: Partial<Pick<ServerOptions, 'api' | 'patience'>> = {}): Promise<ApiServer> {
  const bugs: unknown[] = [];
  const server = await listen({
    api: async ({ method, body }) => textReply(`${method} ${body.length}`),
    guard: () => ({ name: 'somebody', groups: [] }),
    own: () => undefined,
    tls: { key: certificate.key, certificate: certificate.certificate, ca: certificate.certificate },
    port: 0,
    onRequest: () => {},
    onBug: (error) => bugs.push(error),
    ...changes,
  });
  stops.push(async () => {
    await server.close();
    expect(bugs).toEqual([]);
  });
  return server;
}

async function open({ port }: ApiServer): Promise<TLSSocket> {
  const socket = connect({ port, host: '127.0.0.1', rejectUnauthorized: false });
  stops.push(() => socket.destroy());
  await once(socket, 'secureConnect');
  return socket;
}

const pause = (milliseconds: number) => new Promise((resolve) => setTimeout(resolve, milliseconds));

/** The first piece of the answer, which for answers this short is all of it. */
async function ask(socket: TLSSocket, request: string): Promise<string> {
  socket.write(request);
  const [answer] = (await once(socket, 'data')) as [Buffer];
  return answer.toString();
}

/** The whole body of what `GET /` gives. */
async function answerOf(port: number): Promise<string> {
  const asked = get({ port, host: '127.0.0.1', rejectUnauthorized: false });
  const [answer] = (await once(asked, 'response')) as [IncomingMessage];
  return text(answer);
}

const post = (length: number, body = '') => `POST / HTTP/1.1\r\nhost: x\r\ncontent-length: ${length}\r\n\r\n${body}`;

test('clients of Go, which keep a connection for 90 s, are never the second to close it', () => {
  expect(usualPatience.idle).toBeGreaterThan(90_000);
});

test('a connection that has not been used for longer than a request may take is served', async () => {
  const socket = await open(await start({ patience: { idle: 60_000, body: 100 } }));
  await pause(300);
  expect(await ask(socket, post(4, 'hola'))).toMatch(/^HTTP\/1\.1 200 OK[\s\S]*POST 4$/);
  await pause(300);
  expect(await ask(socket, post(2, 'ya'))).toMatch(/^HTTP\/1\.1 200 OK[\s\S]*POST 2$/);
});

test('a connection on which nothing comes is closed in the end', async () => {
  const socket = await open(await start({ patience: { idle: 300, body: 100 } }));
  socket.resume();
  await once(socket, 'close');
});

test('a body that does not arrive gets a Status that says so, and the connection ends', async () => {
  const socket = await open(await start({ patience: { idle: 60_000, body: 200 } }));
  const answer = await ask(socket, post(1000, 'hola'));
  expect(answer).toMatch(/^HTTP\/1\.1 408 /);
  expect(answer).toContain('connection: close');
  expect(answer).toContain('"reason":"Timeout"');
  socket.resume();
  await once(socket, 'close');
});

/** Answered from a timer, after which another holds the process up: what was written has left, and nobody was told. */
function answerThenBusy(body: string): Promise<ApiReply> {
  const { promise, resolve } = Promise.withResolvers<ApiReply>();
  setTimeout(() => resolve(textReply(body)), 5);
  setTimeout(() => {
    for (const end = Date.now() + 50; Date.now() < end; );
  }, 5);
  return promise;
}

test('a large request right behind a large answer is answered too, on a server that is busy', async () => {
  const { port } = await start({ api: () => answerThenBusy('x'.repeat(120_000)) });
  expect(await askQuickly({ port, requests: 4, length: 130_000 })).toBe(4);
});

test('a body over the limit is refused before it is read, and one without a length once it is over it', async () => {
  const server = await start();
  expect(await ask(await open(server), post(4 * 1024 * 1024))).toMatch(/^HTTP\/1\.1 413 /);
  const chunked = await open(server);
  chunked.write('POST / HTTP/1.1\r\nhost: x\r\ntransfer-encoding: chunked\r\n\r\n');
  const piece = `10000\r\n${'x'.repeat(0x10000)}\r\n`;
  const answered = once(chunked, 'data') as Promise<[Buffer]>;
  chunked.on('error', () => {});
  for (let sent = 0; sent < 64 && !chunked.destroyed; sent++) chunked.write(piece);
  const [answer] = await answered;
  expect(answer.toString()).toMatch(/^HTTP\/1\.1 413 /);
});

test('a text that is made while it is sent comes whole, wherever its pieces end', async () => {
  const texts = Array.from({ length: 3000 }, (_, i) => 'a€ñ😀'.repeat(1 + (i % 97)) + 'x'.repeat(i % 5));
  const long = `${'€'.repeat(100_000)}x`;
  const body = [...texts, long, '', '😀'.repeat(70_000)];
  const headers = { 'content-type': 'application/json' };
  const made = function* () {
    yield* body;
  };
  const { port } = await start({ api: async () => ({ status: 200, headers, body: made() }) });
  expect((await answerOf(port)) === body.join('')).toBe(true);
});
