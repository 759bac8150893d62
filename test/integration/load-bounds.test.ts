// What Malla sends to a cluster has an end: in requests, in requests a second and in time.
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { afterEach, expect, test, vi } from 'vitest';
import { sendRequests } from '../../src/traffic/load.ts';
import { measureSplit } from '../../src/traffic/measure-split.ts';
import { streamRequests } from '../../src/traffic/stream.ts';

let server: Server | undefined;
afterEach(() => {
  vi.useRealTimers();
  server?.closeAllConnections();
  server?.close();
});

test('no more requests leave than the limit says', async () => {
  const { url, arrivals } = await serve((i) => `v${i % 3}`);
  for await (const _answer of sendRequests({ url, limit: 40, concurrency: 8 }));
  expect(arrivals).toHaveLength(40);
});

test('requests leave no faster than the rate says, however quick the answers are', async () => {
  const { url, arrivals } = await serve(() => 'v1');
  const begun = performance.now();
  for await (const _answer of sendRequests({ url, limit: 20, rate: 50, concurrency: 8 }));
  // The first leaves at once and each of the others 20 ms after the one before it; timers may ring a millisecond early.
  expect(performance.now() - begun).toBeGreaterThanOrEqual(19 * 19);
  expect(arrivals).toHaveLength(20);
});

test('a server that never answers is left alone when the time is over', async () => {
  const { url } = await serve(() => undefined);
  const answers = [];
  for await (const answer of sendRequests({ url, limit: 100, time: 300 })) answers.push(answer);
  expect(answers).toEqual([]);
});

test('a split that cannot be decided ends at its limit, undecided', async () => {
  // Half-way between what is asked and its complement: no evidence for either ever gathers.
  const { url, arrivals } = await serve((i) => (i % 4 < 3 ? 'v1' : 'v2'));
  const { decision, requests } = await measureSplit({
    url,
    headers: {},
    classes: { v1: 'v1', v2: 'v2' },
    expected: { v1: 75, v2: 25 },
    errorProbability: 1e-300,
    limit: 60,
  });
  expect({ decision, requests }).toEqual({ decision: 'seguir', requests: 60 });
  expect(arrivals.length).toBeLessThanOrEqual(60 + 8 * 4);
});

test('a split of a mesh that does not answer ends with the time, undecided', async () => {
  const { url } = await serve(() => undefined);
  const measured = await measureSplit({
    url,
    headers: {},
    classes: { v1: 'v1' },
    expected: { v1: 100 },
    errorProbability: 1e-3,
    time: 300,
  });
  expect(measured).toMatchObject({ decision: 'seguir', requests: 0 });
});

test('a stream ends by itself after four hours', async () => {
  vi.useFakeTimers();
  let sent = 0;
  const done = streamRequests({
    flows: [{ url: 'http://127.0.0.1:1/', headers: {}, rate: 1 }],
    signal: new AbortController().signal,
    send: async () => {
      sent++;
      return undefined;
    },
  });
  await vi.advanceTimersByTimeAsync(5 * 3_600_000);
  await done;
  expect(sent).toBeLessThanOrEqual(4 * 3600 + 1);
});

/** Answers the i-th request with that body; never, when it is undefined. */
async function serve(body: (i: number) => string | undefined): Promise<{ url: string; arrivals: number[] }> {
  const arrivals: number[] = [];
  server = createServer((_request, response) => {
    const text = body(arrivals.push(performance.now()) - 1);
    if (text !== undefined) response.end(text);
  });
  await new Promise<void>((listening) => server?.listen(0, '127.0.0.1', listening));
  return { url: `http://127.0.0.1:${(server.address() as AddressInfo).port}/`, arrivals };
}
