import { expect, test } from 'vitest';
import { createChannel } from './channel.ts';

async function collect(lines: AsyncIterable<string>): Promise<string> {
  let text = '';
  for await (const line of lines) text += line;
  return text;
}

test('what was queued before the end is delivered', async () => {
  let closed = 0;
  const channel = createChannel(new AbortController().signal, () => closed++);
  channel.push('a\n');
  channel.push('b\n');
  channel.end();
  expect(channel.push('c\n')).toBe(false);
  expect(await collect(channel.lines)).toBe('a\nb\n');
  expect(closed).toBe(1);
});

test('a reader that waits is woken by a push and by an abort', async () => {
  const abort = new AbortController();
  const channel = createChannel(abort.signal, () => {});
  const text = collect(channel.lines);
  await Promise.resolve();
  channel.push('a\n');
  await new Promise((resolve) => setImmediate(resolve));
  abort.abort();
  expect(await text).toBe('a\n');
});

test('a reader that stops is cut off when its queue is full, and the producer never waits', async () => {
  let closed = 0;
  const channel = createChannel(new AbortController().signal, () => closed++, 10);
  expect(channel.push('12345')).toBe(true);
  expect(channel.push('678901')).toBe(false);
  expect(closed).toBe(1);
  expect(await collect(channel.lines)).toBe('');
});

test('what was asked for at once is delivered first, however much it is', async () => {
  const channel = createChannel(new AbortController().signal, () => {}, 10);
  channel.begin(['x'.repeat(100)]);
  expect(channel.push('y')).toBe(true);
  channel.end();
  expect(await collect(channel.lines)).toBe(`${'x'.repeat(100)}y`);
});

test('what was asked for at once is written only as far as it is read, and no further once the client has gone', async () => {
  const abort = new AbortController();
  const channel = createChannel(abort.signal, () => {});
  let written = 0;
  const lines = function* () {
    for (; written < 1000; written++) yield 'x'.repeat(10_000);
  };
  channel.begin(lines());
  const reader = channel.lines[Symbol.asyncIterator]();
  await reader.next();
  expect(written).toBeGreaterThan(0);
  expect(written).toBeLessThan(20);
  abort.abort();
  expect((await reader.next()).done).toBe(true);
  expect(written).toBeLessThan(20);
});
