import { duplexPair } from 'node:stream';
import { expect, test } from 'vitest';
import type { ContainerContext } from '../contract.ts';
import { tcpEcho } from './tcp-echo.ts';

function server(...args: string[]) {
  const pod = {
    apiVersion: 'v1',
    kind: 'Pod',
    metadata: { name: 'tcp-echo' },
    spec: { containers: [{ name: 'c', args }] },
  };
  return tcpEcho({ pod, containerName: 'c', env: {}, log: () => {} } as unknown as ContainerContext);
}

test('each line comes back behind the word, on every port of the arguments', async () => {
  const { streams = {} } = server('9000,9001', 'hola');
  expect(Object.keys(streams)).toEqual(['9000', '9001']);
  const [near, far] = duplexPair();
  streams[9001]?.(far);
  near.end('uno\ndos\n');
  let text = '';
  for await (const chunk of near) text += String(chunk);
  expect(text).toBe('hola uno\nhola dos\n');
});

test('without arguments it listens on 9000 and greets', () => {
  expect(Object.keys(server().streams ?? {})).toEqual(['9000']);
});

test('a line without end does not grow', async () => {
  const [near, far] = duplexPair();
  server().streams?.[9000]?.(far);
  near.resume().end(Buffer.alloc(300 * 1024, 'x'));
  await new Promise((ended) => near.on('end', ended));
});
