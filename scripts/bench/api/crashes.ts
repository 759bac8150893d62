// Killed again and again in the middle of writing: what was acknowledged must be there, and soon.
import { setTimeout as wait } from 'node:timers/promises';
import { startBare } from '../cold-start.ts';
import { type Measure, quantile, round } from '../measure.ts';
import { type ApiClient, startCluster, stateFolder } from './cluster.ts';

const KILLS = 200;
const WRITERS = 4;
/** A process is killed at any time in this span, once it has acknowledged something. */
const SPAN = 150;
const PATH = '/api/v1/namespaces/default/configmaps';

export async function measureCrashes(root: string): Promise<Measure[]> {
  const folder = stateFolder();
  const book: Book = { turn: 0, writes: 0, acknowledged: new Map() };
  const ups: number[] = [];
  const references: number[] = [];
  let lost = 0;
  try {
    for (let i = 0; i <= KILLS; i++) {
      const cluster = await startCluster(root, folder.path);
      if (i > 0) ups.push(cluster.upAfter);
      if (i % 10 === 1) references.push(await startBare());
      const found = await turnsOf(cluster.api);
      lost += [...book.acknowledged].filter(([name, turn]) => (found.get(name) ?? -1) < turn).length;
      if (i === KILLS) {
        await cluster.kill('SIGTERM');
        break;
      }
      const before = book.writes;
      const writers = Array.from({ length: WRITERS }, (_, n) => write(cluster.api, `${n}`, `${n}-${i}`, book));
      while (book.writes === before) await wait(1);
      await wait(Math.random() * SPAN);
      await cluster.kill('SIGKILL');
      await Promise.all(writers);
    }
  } finally {
    folder.remove();
  }
  const p95 = round(quantile(ups, 0.95), 0);
  return [
    {
      name: `escrituras confirmadas que faltan tras ${KILLS} kill -9 en cualquier momento (${book.writes} confirmadas)`,
      value: lost,
      unit: 'escrituras',
      goal: { words: '0', reached: lost === 0 },
    },
    {
      name: 'de arrancar tras un kill -9 a la primera respuesta del API, p95',
      value: p95,
      unit: 'ms',
      reference: {
        name: 'un Node vacío que contesta una petición, p95',
        value: round(quantile(references, 0.95), 0),
        unit: 'ms',
      },
      goal: { words: '≤ 500 ms', reached: p95 <= 500 },
      detail: { p50: round(quantile(ups, 0.5), 0), longest: round(Math.max(...ups), 0) },
    },
  ];
}

interface Book {
  turn: number;
  writes: number;
  /** The newest turn of each object that was confirmed. */
  acknowledged: Map<string, number>;
}

/** An object is made and then objects of the writer are changed, until the process is gone. */
async function write(api: ApiClient, writer: string, made: string, book: Book): Promise<void> {
  try {
    await confirmed(made, (data) => api.call(`POST ${PATH}`, { metadata: { name: `m-${made}` }, data }));
    const own = [...book.acknowledged.keys()].filter((name) => name.startsWith(`${writer}-`));
    for (let i = 0; ; i++) {
      const name = own[i % own.length] ?? made;
      await confirmed(name, (data) => api.call(`PATCH ${PATH}/m-${name}`, { data }));
    }
  } catch {
    // The process is gone.
  }

  async function confirmed(name: string, send: (data: { turn: string }) => Promise<unknown>): Promise<void> {
    const turn = ++book.turn;
    await send({ turn: String(turn) });
    book.writes += 1;
    book.acknowledged.set(name, turn);
  }
}

async function turnsOf(api: ApiClient): Promise<Map<string, number>> {
  const { items } = JSON.parse(await api.call(`GET ${PATH}`)) as {
    items: { metadata: { name: string }; data?: { turn?: string } }[];
  };
  return new Map(items.map(({ metadata, data }) => [metadata.name.slice(2), Number(data?.turn ?? -1)]));
}
