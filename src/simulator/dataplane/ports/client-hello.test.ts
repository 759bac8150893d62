import { once } from 'node:events';
import { duplexPair } from 'node:stream';
import { type ConnectionOptions, connect } from 'node:tls';
import { expect, test } from 'vitest';
import { readGreeting } from './client-hello.ts';

async function greetingOf(options: ConnectionOptions): Promise<Buffer> {
  const [near, far] = duplexPair();
  const client = connect({ socket: near, ...options });
  client.on('error', () => {});
  const [bytes] = (await once(far, 'data')) as [Buffer];
  client.destroy();
  return bytes;
}

test('a greeting tells the server’s name and the protocols that are offered', async () => {
  const bytes = await greetingOf({ servername: 'outbound_.80_._.web', ALPNProtocols: ['istio', 'h2'] });
  expect(readGreeting(bytes)).toEqual({
    kind: 'hello',
    serverName: 'outbound_.80_._.web',
    protocols: ['istio', 'h2'],
  });
  expect(readGreeting(bytes.subarray(0, bytes.length - 1))).toEqual({ kind: 'incomplete' });
});

test('one that offers nothing and names nobody is still a greeting', async () => {
  expect(readGreeting(await greetingOf({}))).toEqual({ kind: 'hello', serverName: undefined, protocols: [] });
});

test('damaged bytes never throw', async () => {
  const bytes = await greetingOf({ servername: 'a.b', ALPNProtocols: ['h2'] });
  for (let at = 0; at < bytes.length; at++) {
    const damaged = Buffer.from(bytes);
    damaged[at] = 0xff;
    expect(() => readGreeting(damaged)).not.toThrow();
  }
});
