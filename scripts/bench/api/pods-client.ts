// A client of its own process: how long the API takes to answer when there are ten thousand pods. Told what to ask for by
// pods.ts, whom it tells the milliseconds of each answer.
import { type Access, type ApiClient, connect } from './cluster.ts';
import { steady } from './steady.ts';

export const CALLS_A_SECOND = 500;
export const LISTS = 100;
const SECONDS = 10;
/** Of the same calls, uncounted: connections are opened, and what sends them is compiled. */
const WARM_UP_SECONDS = 2;

export type Part = 'single' | 'lists';
export interface Order {
  part: Part;
  access: Access;
  /** `/api/v1/namespaces/bench`. */
  namespace: string;
  /** How many there are: `pod-0` and on. */
  pods: number;
}

process.once('message', async (order: Order) => {
  const api = connect(order.access);
  const took = order.part === 'single' ? await singleObjects(api, order) : await wholeLists(api, order);
  process.send?.(took);
});

/** At a steady rate, whatever the answers do: of four calls, two read. */
async function singleObjects(api: ApiClient, { namespace, pods }: Order): Promise<number[]> {
  let took: number[] = [];
  const timed = async (line: string, body?: unknown) => {
    const start = performance.now();
    await api.call(line, body);
    took.push(performance.now() - start);
  };
  let made = 0;
  const maps = `${namespace}/configmaps`;
  const kinds: ((i: number) => Promise<void>)[] = [
    (i) => timed(`GET ${namespace}/pods/pod-${(i * 7919) % pods}`),
    () => timed(`POST ${maps}`, { metadata: { name: `map-${made++}` }, data: { a: 'b' } }),
    (i) => timed(`GET ${namespace}/pods/pod-${(i * 104_729) % pods}`),
    (i) =>
      timed(`PATCH ${namespace}/pods/pod-${(i * 7919) % pods}`, { metadata: { annotations: { turn: String(i) } } }),
  ];
  const calls = (seconds: number) =>
    steady(CALLS_A_SECOND, seconds, (i) => kinds[i % kinds.length]?.(i) ?? Promise.resolve());
  await calls(WARM_UP_SECONDS);
  took = [];
  await calls(SECONDS);
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
  }
  return took;
}
