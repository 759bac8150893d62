// One history: eight clients that write, read and watch at once, over connections that are cut and an API that is killed.
import type { KubeObject } from '../../src/mesh/objects.ts';
import type { ApiReply } from '../../src/simulator/api/http/request.ts';
import type { History, Operation, Stored, Watch, WatchEvent } from './recorded.ts';
import { type Bug, createWorld, NAMESPACES, RESOURCES, storedOf, type World } from './world.ts';

const CLIENTS = 8;
const NAMES = 6;
const COLORS = ['rojo', 'azul'];
/** Of a hundred calls. */
const KINDS: [Operation['kind'], number][] = [
  ['create', 25],
  ['update', 40],
  ['delete', 12],
  ['get', 13],
  ['list', 10],
];

export interface PlayOptions {
  seed: number;
  operations: number;
  /** How often the API is killed. */
  crashes: number;
  bug?: Bug;
}

export async function play({ seed, operations: total, crashes, bug = {} }: PlayOptions): Promise<History> {
  const random = createRandom(seed);
  const world = await createWorld(bug);
  const history: History = { seed, operations: [], watches: [], writes: [], final: [] };
  const ending = new AbortController();
  let written = 0;
  let left = total;
  const crashAt = new Set(Array.from({ length: crashes }, () => 1 + Math.floor(random() * total)));
  const clients = Array.from({ length: CLIENTS }, (_, client) => client);
  const watching = clients.map((client) =>
    watchOn(world, history, { random: createRandom(seed * 31 + client), ending: ending.signal }),
  );
  await Promise.all(clients.map(work));
  // What was told is on its way still.
  for (let turn = 0; turn < 20; turn++) await nextTurn();
  ending.abort();
  await Promise.all(watching);
  for (const resource of RESOURCES) {
    const reply = await world.call(`GET /api/v1/${resource}`);
    history.final.push(...itemsOf(resource, parsed(reply)));
  }
  history.writes = [...world.writes];
  world.close();
  return history;

  async function work(client: number): Promise<void> {
    const seen = new Map<string, KubeObject>();
    while (left > 0) {
      left -= 1;
      if (crashAt.delete(left)) crash();
      await act(client, seen);
      if (random() < 0.2) await nextTurn();
    }
  }

  /**
   * The revisions that were never on disk are given again, to other writes: who asked or was answered meanwhile, and saw
   * none of what was lost, did so at the last one that stays. Who saw some of it was never answered.
   */
  function crash(): void {
    world.crash();
    const { revision } = world;
    for (const operation of history.operations) {
      operation.called = Math.min(operation.called, revision);
      if (operation.answered !== undefined) operation.answered = Math.min(operation.answered, revision);
    }
  }

  async function act(client: number, seen: Map<string, KubeObject>): Promise<void> {
    const kind = drawn(KINDS, random);
    const [resource, namespace] = [pick(RESOURCES, random), pick(NAMESPACES, random)];
    const name = `k${Math.floor(random() * NAMES)}`;
    const collection = `/api/v1/namespaces/${namespace}/${resource}`;
    const operation: Operation = {
      client,
      kind,
      key: kind === 'list' ? `${resource}/${namespace}` : `${resource}/${namespace}/${name}`,
      called: world.revision,
    };
    const known = seen.get(operation.key);
    if (kind === 'update' && !known) operation.kind = 'get';
    const call = requestOf(operation, { collection, name, resource, known });
    history.operations.push(operation);
    // Some do not wait for the answer: whether they were heard, they do not know.
    const cut = random() < 0.03;
    const reply = await world.call(call.line, call.body);
    if (!reply || cut) return;
    operation.answered = world.revision;
    operation.status = reply.status;
    const body = parsed(reply);
    if (reply.status >= 300) return void seen.delete(operation.key);
    if (operation.kind === 'delete') return void seen.delete(operation.key);
    if (operation.kind === 'list') {
      operation.revision = Number(body.metadata.resourceVersion);
      operation.objects = itemsOf(resource, body);
      return;
    }
    operation.objects = [storedOf(resource, body)];
    seen.set(operation.key, body);
  }

  function requestOf(
    operation: Operation,
    {
      collection,
      name,
      resource,
      known,
    }: { collection: string; name: string; resource: string; known?: KubeObject | undefined },
  ): { line: string; body?: unknown } {
    written += 1;
    const value = String(written);
    const content = { labels: { color: pick(COLORS, random) }, annotations: { value } };
    switch (operation.kind) {
      case 'create':
        operation.value = value;
        return { line: `POST ${collection}`, body: { metadata: { name, ...content } } };
      case 'update': {
        operation.value = value;
        operation.base = Number(known?.metadata.resourceVersion);
        const { uid: _uid, managedFields: _fields, ...metadata } = known?.metadata ?? { name };
        const kind = resource === 'secrets' ? 'Secret' : 'ConfigMap';
        return {
          line: `PUT ${collection}/${name}`,
          body: { apiVersion: 'v1', kind, metadata: { ...metadata, ...content } },
        };
      }
      case 'delete':
        return { line: `DELETE ${collection}/${name}` };
      case 'get':
        return { line: `GET ${collection}/${name}` };
      case 'list':
        return { line: `GET ${collection}` };
    }
  }
}

/** A client's watch: it lists or asks for what there is, follows, is cut, and goes on where it was, until the end. */
async function watchOn(
  world: World,
  history: History,
  { random, ending }: { random: () => number; ending: AbortSignal },
): Promise<void> {
  while (!ending.aborted) {
    const [resource, namespace] = [pick(RESOURCES, random), random() < 0.5 ? undefined : pick(NAMESPACES, random)];
    const color = random() < 0.4 ? pick(COLORS, random) : undefined;
    const path = namespace === undefined ? `/api/v1/${resource}` : `/api/v1/namespaces/${namespace}/${resource}`;
    const query = color === undefined ? '' : `&labelSelector=color%3D${color}`;
    const reply = await world.call(`GET ${path}?limit=0${query}`);
    if (!reply) continue;
    const list = parsed(reply);
    const from = Number(list.metadata.resourceVersion);
    let watch: Watch = { resource, namespace, color, from, known: itemsOf(resource, list), events: [], resumes: false };
    history.watches.push(watch);
    // As long as it can be taken up again, and sometimes it is given up.
    while (!ending.aborted && (await follow(world, watch, `GET ${path}?watch=1${query}`, { random, ending }))) {
      if (random() < 0.2) break;
      const last = lastOf(watch);
      watch = { resource, namespace, color, from: last, events: [], resumes: true };
      history.watches.push(watch);
      for (let turn = Math.floor(random() * 30); turn > 0; turn--) await nextTurn();
    }
    await nextTurn();
  }
}

/** False when the place was forgotten, and there is nothing to go on from. */
async function follow(
  world: World,
  watch: Watch,
  line: string,
  { random, ending }: { random: () => number; ending: AbortSignal },
): Promise<boolean> {
  const cut = new AbortController();
  const end = () => cut.abort();
  ending.addEventListener('abort', end, { once: true });
  const forget = world.onCrash(end);
  let until = 1 + Math.floor(random() * 60);
  try {
    const reply = await world.call(`${line}&resourceVersion=${watch.from}`, undefined, cut.signal);
    if (reply?.status !== 200 || typeof reply.body === 'string' || Symbol.iterator in reply.body) return false;
    for await (const chunk of reply.body) {
      if (cut.signal.aborted) break;
      for (const text of chunk.trimEnd().split('\n')) {
        const event = JSON.parse(text) as { type: string; object: KubeObject };
        if (event.type === 'ERROR') return false;
        watch.events.push(heard(watch.resource, event));
        until -= 1;
      }
      if (until <= 0) break;
    }
    return true;
  } finally {
    cut.abort();
    forget();
    ending.removeEventListener('abort', end);
  }
}

function heard(resource: string, { type, object }: { type: string; object: KubeObject }): WatchEvent {
  if (type === 'BOOKMARK') return { type, revision: Number(object.metadata.resourceVersion) };
  const kind = object.kind === 'Secret' ? 'secrets' : object.kind === 'ConfigMap' ? 'configmaps' : resource;
  return { type: type as 'ADDED', object: storedOf(kind, object) };
}

function lastOf(watch: Watch): number {
  const last = watch.events.at(-1);
  if (!last) return watch.from;
  return last.type === 'BOOKMARK' ? last.revision : last.object.revision;
}

function itemsOf(resource: string, list: { items: KubeObject[] }): Stored[] {
  return list.items.map((item) => storedOf(resource, item)).filter(({ value }) => value !== '');
}

function parsed(reply: ApiReply | undefined) {
  return JSON.parse(String(reply?.body ?? '{"items":[],"metadata":{}}'));
}

function pick<T>(from: readonly T[], random: () => number): T {
  const chosen = from[Math.floor(random() * from.length)];
  if (chosen === undefined) throw new Error('nothing to pick from');
  return chosen;
}

function drawn<T>(weights: readonly [T, number][], random: () => number): T {
  let rest = random() * weights.reduce((sum, [, weight]) => sum + weight, 0);
  for (const [what, weight] of weights) {
    rest -= weight;
    if (rest < 0) return what;
  }
  return pick(weights, random)[0];
}

/** Mulberry32: the same numbers for the same seed. */
export function createRandom(seed: number): () => number {
  let state = seed | 0;
  return () => {
    state = (state + 0x6d2b79f5) | 0;
    let t = Math.imul(state ^ (state >>> 15), 1 | state);
    t = (t + Math.imul(t ^ (t >>> 7), 61 | t)) ^ t;
    return ((t ^ (t >>> 14)) >>> 0) / 2 ** 32;
  };
}

function nextTurn(): Promise<void> {
  return new Promise((resolve) => setImmediate(resolve));
}
