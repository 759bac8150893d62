// A client that is a process of its own: how long the API takes to answer when there are ten thousand pods. Told what to ask
// for by pods.ts, it says when it is ready, and at the next word measures.
import { once } from 'node:events';
import { setTimeout as wait } from 'node:timers/promises';
import { type ApiClient, CONNECTIONS, connect } from './cluster.ts';
import { CALLS_A_SECOND, LISTS, type Order } from './pods-order.ts';
import { steady } from './steady.ts';

const SECONDS = 10;
const WARM_UP_SECONDS = 2;
/** Sooner than the server closes a connection that nobody uses. */
const KEEP_ALIVE = 1_000;

/** Bytes: of a whole list, some more than it has; of what a connection reads at a time. */
const ANSWER = 48 * 1024 * 1024;
const PIECE = 64 * 1024;

const collect = globalThis.gc as () => void;

process.once('message', async (order: Order) => {
  const api = connect(order.access);
  const go = once(process, 'message');
  if (order.part === 'single') await warmUp(api, order, go);
  else await openConnections(api);
  await go;
  process.send?.(order.part === 'single' ? await singleObjects(api, order) : await wholeLists(api, order));
});

/** Connections are opened, what sends requests is compiled, and both are kept so until the word comes. */
async function warmUp(api: ApiClient, { namespace }: Order, go: Promise<unknown>): Promise<void> {
  const path = `${namespace}/configmaps`;
  await steady(CALLS_A_SECOND, WARM_UP_SECONDS, async (i) => {
    await api.call(`POST ${path}`, { metadata: { name: `warm-${i}` }, data: { a: 'b' } });
    await api.call(`PATCH ${path}/warm-${i}`, { metadata: { annotations: { turn: String(i) } } });
  });
  let told = false;
  void go.then(() => {
    told = true;
  });
  process.send?.('ready');
  while (!told) {
    await Promise.all(Array.from({ length: CONNECTIONS }, () => api.call(`GET ${path}/warm-0`)));
    await Promise.race([go, wait(KEEP_ALIVE)]);
  }
}

/** As above, with short lists. The memory that an answer takes is at hand, too: to get it of the system is not the server's time. */
async function openConnections(api: ApiClient): Promise<void> {
  const touched = Array.from({ length: (2 * ANSWER) / PIECE }, () => Buffer.alloc(PIECE, 1));
  touched.length = 0;
  collect();
  for (let i = 0; i < 20; i++)
    await Promise.all(Array.from({ length: CONNECTIONS }, () => api.read('/api/v1/nodes?limit=3')));
  process.send?.('ready');
}

/** At a steady rate, whatever the answers do: of four calls, two read. */
async function singleObjects(api: ApiClient, { namespace, pods }: Order): Promise<number[]> {
  const took: number[] = [];
  const timed = async (line: string, body?: unknown) => {
    const start = performance.now();
    await api.call(line, body);
    took.push(performance.now() - start);
  };
  collect();
  const maps = `${namespace}/configmaps`;
  const kinds: ((i: number) => Promise<void>)[] = [
    (i) => timed(`GET ${namespace}/pods/pod-${(i * 7919) % pods}`),
    (i) => timed(`POST ${maps}`, { metadata: { name: `map-${i}` }, data: { a: 'b' } }),
    (i) => timed(`GET ${namespace}/pods/pod-${(i * 104_729) % pods}`),
    (i) =>
      timed(`PATCH ${namespace}/pods/pod-${(i * 7919) % pods}`, { metadata: { annotations: { turn: String(i) } } }),
  ];
  await steady(CALLS_A_SECOND, SECONDS, (i) => kinds[i % kinds.length]?.(i) ?? Promise.resolve());
  return took;
}

async function wholeLists(api: ApiClient, { namespace, pods }: Order): Promise<number[]> {
  const took: number[] = [];
  for (let i = 0; i < LISTS; i++) {
    const start = performance.now();
    const pieces = await api.read(`${namespace}/pods`);
    took.push(performance.now() - start);
    const { items } = JSON.parse(Buffer.concat(pieces).toString()) as { items: unknown[] };
    if (items.length !== pods) throw new Error('The list is not whole.');
    // Else it would do so beside the server while the next one is timed.
    collect();
  }
  return took;
}
