import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import type { Answer } from './load.ts';
import { type StreamFlow, streamRequests } from './stream.ts';

const ok: Answer = { status: 200, headers: {}, body: '', milliseconds: 1 };
const flow: StreamFlow = { url: 'http://127.0.0.1:1/productpage', headers: {}, rate: 4 };

beforeEach(() => void vi.useFakeTimers());
afterEach(() => void vi.useRealTimers());

test('a flow keeps its pace and ends with the signal', async () => {
  const stop = new AbortController();
  const answers: Answer[] = [];
  const done = streamRequests({
    flows: [flow],
    signal: stop.signal,
    onAnswer: (answer) => answers.push(answer),
    send: async () => ok,
  });
  await vi.advanceTimersByTimeAsync(2_000);
  expect(answers).toHaveLength(9);
  stop.abort();
  await done;
  await vi.advanceTimersByTimeAsync(2_000);
  expect(answers).toHaveLength(9);
});

test('answers that do not come hold the flow back instead of piling up', async () => {
  const stop = new AbortController();
  let sent = 0;
  const done = streamRequests({
    flows: [flow],
    signal: stop.signal,
    send: (_flow, signal) => {
      sent++;
      return new Promise((resolve) => signal.addEventListener('abort', () => resolve(undefined)));
    },
  });
  await vi.advanceTimersByTimeAsync(60_000);
  expect(sent).toBe(8);
  stop.abort();
  await done;
});

test('two flows go side by side', async () => {
  const stop = new AbortController();
  const urls: string[] = [];
  const done = streamRequests({
    flows: [flow, { ...flow, url: 'http://127.0.0.1:1/status/500', rate: 1 }],
    signal: stop.signal,
    send: async ({ url }) => {
      urls.push(url);
      return ok;
    },
  });
  await vi.advanceTimersByTimeAsync(1_000);
  stop.abort();
  await done;
  expect(urls.filter((u) => u.endsWith('500'))).toHaveLength(2);
  expect(urls.filter((u) => u.endsWith('productpage'))).toHaveLength(5);
});

test('a stream that is over before it begins sends nothing', async () => {
  let sent = 0;
  await streamRequests({
    flows: [flow],
    signal: AbortSignal.abort(),
    send: async () => {
      sent++;
      return ok;
    },
  });
  expect(sent).toBe(0);
});
