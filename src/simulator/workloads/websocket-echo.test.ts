import { once } from 'node:events';
import { type Duplex, duplexPair } from 'node:stream';
import { expect, test } from 'vitest';
import type { HttpRequest } from '../contract.ts';
import { websocketEcho } from './websocket-echo.ts';

const greeting: HttpRequest = {
  method: 'GET',
  path: '/websocket/echo',
  authority: 'httpbin:8000',
  upgrade: 'websocket',
  headers: { 'sec-websocket-key': 'dGhlIHNhbXBsZSBub25jZQ==', 'sec-websocket-version': '13' },
};

function open(): Duplex {
  const reply = websocketEcho(greeting);
  if (typeof reply === 'string') throw new Error(reply);
  const [near, far] = duplexPair();
  reply.tunnel?.take(far);
  return near;
}

/** With a mask of 1, 2, 3, 4. */
function masked(first: number, text: string): Buffer {
  const payload = Buffer.from(text).map((byte, at) => byte ^ ((at % 4) + 1));
  const head =
    payload.length > 125
      ? [first, 0x80 | 126, payload.length >> 8, payload.length & 0xff]
      : [first, 0x80 | payload.length];
  return Buffer.concat([Buffer.from([...head, 1, 2, 3, 4]), payload]);
}

async function answers(connection: Duplex, ...frames: Buffer[]): Promise<string> {
  const heard = once(connection, 'data');
  for (const frame of frames) connection.write(frame);
  const [chunk] = (await heard) as [Buffer];
  return chunk.toString('latin1');
}

test('the greeting is answered with the hash of the client’s key', () => {
  expect(websocketEcho(greeting)).toMatchObject({
    status: 101,
    headers: { 'sec-websocket-accept': 's3pPLMBiTxaQ9kYGzzhZRbK+xOo=' },
  });
  expect(websocketEcho({ ...greeting, headers: { 'sec-websocket-key': 'a' } })).toBe(
    'only websocket version "13" is supported, got ""',
  );
  expect(websocketEcho({ ...greeting, upgrade: 'h2c' })).toBe('missing required `Upgrade: websocket` header');
});

test('what is said comes back, whole or in parts, and a ping is answered', async () => {
  const connection = open();
  expect(await answers(connection, masked(0x81, 'hola'))).toBe('\x81\x04hola');
  expect(await answers(connection, masked(0x02, 'ho'), masked(0x80, 'la'))).toBe('\x82\x04hola');
  expect(await answers(connection, masked(0x89, 'p'))).toBe('\x8a\x01p');
  const long = 'x'.repeat(300);
  expect(await answers(connection, masked(0x81, long))).toBe(`\x81\x7e\x01\x2c${long}`);
  expect(await answers(connection, masked(0x88, '\x03\xe8'))).toMatch(/^\x88/);
  await once(connection, 'end');
});

test('frames without a mask, too long or out of order close the connection', async () => {
  expect(await answers(open(), Buffer.from([0x81, 4, 1, 2, 3, 4]))).toBe('\x88\x02\x03\xea');
  expect(await answers(open(), Buffer.from([0x81, 0xff]))).toBe('\x88\x02\x03\xf1');
  expect(await answers(open(), masked(0x80, 'a'))).toBe('\x88\x02\x03\xea');
});
