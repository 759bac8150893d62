import { type Duplex, duplexPair } from 'node:stream';
import { text } from 'node:stream/consumers';
import { expect, test } from 'vitest';
import type { HttpReply, HttpRequest } from '../../contract.ts';
import { createHttpFront } from './http-front.ts';
import type { Refusal } from './refusals.ts';

/** What comes back for the bytes of a request, and what was asked or refused. */
async function send(head: string, reply: Partial<HttpReply> = {}, body = '') {
  const asked: HttpRequest[] = [];
  const refused: Refusal[] = [];
  const front = createHttpFront({
    answer: async (request) => {
      asked.push(request);
      return { status: 200, headers: {}, body: '', ...reply };
    },
    refused: (refusal) => void refused.push(refusal),
    now: () => 0,
  });
  const [near, far] = duplexPair();
  front.take(far);
  near.write(`${head.replaceAll('\n', '\r\n')}\r\n\r\n${body}`);
  return { answer: await text(near), asked, refused };
}

test('headers that a client writes more than once keep their values apart', async () => {
  const head = 'GET /x HTTP/1.1\nHost: h\nX-A: uno\nUser-Agent: a\nx-a: dos\nUser-Agent: b\nCookie: a=1\nCookie: b=2';
  const { asked } = await send(`${head}\nConnection: close`);
  expect(asked[0]?.headers).toEqual({ 'x-a': 'uno\ndos', 'user-agent': 'a,b', cookie: 'a=1\nb=2' });
});

test('headers of an answer with several values are written once for each', async () => {
  const head = 'GET /x HTTP/1.1\nHost: h\nConnection: close';
  const { answer } = await send(head, { headers: { 'x-o': '1\n2', 'set-cookie': 'a=1; path=/\nb=2' } });
  expect(answer.split('\r\n').slice(1, 5)).toEqual(['x-o: 1', 'x-o: 2', 'set-cookie: a=1; path=/', 'set-cookie: b=2']);
});

const GREETING = 'GET /ws HTTP/1.1\nHost: h\nConnection: Upgrade\nUpgrade: WebSocket';

test('a client that asks for another protocol goes on with the program that agrees to it', async () => {
  const tunnel = {
    take(client: Duplex) {
      client.once('data', (chunk: Buffer) => client.end(`heard ${chunk}`));
    },
  };
  const headers = { connection: 'upgrade', upgrade: 'websocket' };
  const { answer, asked } = await send(GREETING, { status: 101, headers, tunnel }, 'hola');
  expect(asked[0]).toMatchObject({ path: '/ws', headers: {}, upgrade: 'websocket' });
  expect(answer).toBe(
    'HTTP/1.1 101 Switching Protocols\r\nconnection: upgrade\r\nupgrade: websocket\r\n\r\nheard hola',
  );
});

test('one that is not agreed with has its answer, and the connection ends', async () => {
  const { answer } = await send(GREETING, { status: 404, headers: { 'content-length': '2' }, body: 'no' });
  expect(answer).toBe('HTTP/1.1 404 Not Found\r\ncontent-length: 2\r\nconnection: close\r\n\r\nno');
});

test('the body of a request that offers another protocol is read by its length', async () => {
  const head = 'POST /x HTTP/1.1\nHost: h\nConnection: Upgrade\nUpgrade: h2c\nContent-Length: 6';
  const { asked } = await send(head, {}, 'abcdef');
  expect(Buffer.from(asked[0]?.body ?? '').toString()).toBe('abcdef');
});
