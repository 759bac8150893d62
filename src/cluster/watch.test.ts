import { expect, test, vi } from 'vitest';
import { ClusterError } from './cluster-error.ts';
import type { KubeEvent } from './contract.ts';
import type { Transport } from './transport.ts';
import { startWatch } from './watch.ts';

const pod = (name: string, version: string) => ({
  metadata: { name, namespace: 'default', uid: name, resourceVersion: version },
});
const event = (type: string, object: unknown): string => JSON.stringify({ type, object });
const listOf = (version: string, ...items: unknown[]) => ({
  status: 200,
  body: { metadata: { resourceVersion: version }, items },
});

/** One answer per list and one stream of lines per watch, in order; the last stream stays open. */
function server(lists: { status: number; body: unknown }[], streams: (string[] | Error | number)[]) {
  const watched: string[] = [];
  const transport: Transport = {
    way: () => Promise.reject(new Error('nobody goes this way')),
    call: async () => ({ ...(lists.shift() ?? { status: 500, body: 'no more lists' }), retryAfter: undefined }),
    async lines(path, onOpen, onLine, signal) {
      watched.push(new URL(path, 'http://x').searchParams.get('resourceVersion') ?? '');
      const stream = streams.shift();
      if (stream instanceof Error) throw stream;
      if (typeof stream === 'number') return { status: stream, body: undefined, retryAfter: undefined };
      onOpen();
      for (const line of stream ?? []) onLine(line);
      if (streams.length === 0) await new Promise((resolve) => signal.addEventListener('abort', resolve));
      return { status: 200, body: undefined, retryAfter: undefined };
    },
  };
  return { transport, watched };
}

async function follow(lists: { status: number; body: unknown }[], streams: (string[] | Error | number)[]) {
  const { transport, watched } = server(lists, streams);
  const events: string[] = [];
  const states: string[] = [];
  const stop = new AbortController();
  await startWatch({
    transport,
    path: async () => '/api/v1/pods',
    query: {},
    apiVersion: 'v1',
    kind: 'Pod',
    onEvent: ({ type, object }: KubeEvent) => events.push(`${type} ${object.metadata.name}`),
    onState: (state) => states.push(state),
    signal: stop.signal,
    random: () => 0,
  });
  await vi.waitFor(() => expect(streams).toHaveLength(0), { timeout: 5_000 });
  await new Promise((resolve) => setTimeout(resolve, 10));
  stop.abort();
  return { events, states, watched };
}

test('what exists comes first, then each change', async () => {
  const { events, watched } = await follow(
    [listOf('5', pod('a', '3'))],
    [[event('ADDED', pod('b', '6')), event('DELETED', pod('a', '7'))]],
  );
  expect(events).toEqual(['ADDED a', 'ADDED b', 'DELETED a']);
  expect(watched).toEqual(['5']);
});

test('a watch that ends goes on from the last version, bookmarks included', async () => {
  const { watched } = await follow([listOf('5')], [[event('BOOKMARK', { metadata: { resourceVersion: '9' } })], []]);
  expect(watched).toEqual(['5', '9']);
});

test('after 410 the new list is told as differences', async () => {
  const lists = [listOf('5', pod('a', '3'), pod('b', '4')), listOf('20', pod('b', '4'), pod('c', '18'))];
  const { events } = await follow(lists, [[event('ERROR', { code: 410, reason: 'Expired' })], []]);
  expect(events).toEqual(['ADDED a', 'ADDED b', 'ADDED c', 'DELETED a']);
});

test('an answer of 410 to the watch itself also gives a new list', async () => {
  const { watched } = await follow([listOf('5'), listOf('20')], [410, []]);
  expect(watched).toEqual(['5', '20']);
});

test('a server that goes away is lost, and live again from where the stream was', async () => {
  const { states, watched } = await follow([listOf('5')], [new ClusterError('unreachable', 'refused'), []]);
  expect(states).toEqual(['live', 'lost', 'live']);
  expect(watched).toEqual(['5', '5']);
});

test('an event that repeats a known version is not told again', async () => {
  const { events } = await follow([listOf('5', pod('a', '3'))], [[event('ADDED', pod('a', '3'))]]);
  expect(events).toEqual(['ADDED a']);
});

test('a first list that is forbidden rejects', async () => {
  const { transport } = server([{ status: 403, body: { message: 'no' } }], []);
  const start = startWatch({
    transport,
    path: async () => '/api/v1/pods',
    query: {},
    apiVersion: 'v1',
    kind: 'Pod',
    onEvent: () => {},
    onState: () => {},
    signal: new AbortController().signal,
    random: Math.random,
  });
  await expect(start).rejects.toMatchObject({ reason: 'forbidden', code: 'MALLA-CLU-13' });
});
