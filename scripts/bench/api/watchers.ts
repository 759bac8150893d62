// A hundred watchers of what is written a hundred times a second, and one more that does not read what it is sent.

import { setTimeout as wait } from 'node:timers/promises';
import { connect } from 'node:tls';
import { type Measure, quantile, round } from '../measure.ts';
import { type ApiCluster, startCluster, stateFolder } from './cluster.ts';
import { steady } from './steady.ts';

const WATCHERS = 100;
const WRITES_A_SECOND = 100;
const SECONDS = 10;
const MAPS = 50;
const PATH = '/api/v1/namespaces/default/configmaps';

export async function measureWatchers(root: string): Promise<Measure[]> {
  const folder = stateFolder();
  const cluster = await startCluster(root, folder.path);
  try {
    for (let i = 0; i < MAPS; i++) await cluster.api.call(`POST ${PATH}`, map(i));
    const alone = round(quantile(await delays(cluster), 0.99));
    const stalled = stall(cluster);
    const beside = round(quantile(await delays(cluster), 0.99));
    stalled();
    const words = `${WATCHERS} watches × ${WRITES_A_SECOND} escrituras por segundo, de la escritura confirmada a su cliente, p99`;
    return [
      {
        name: words,
        value: alone,
        unit: 'ms',
        goal: { words: '≤ 20 ms', reached: alone <= 20 },
      },
      {
        name: 'lo mismo junto a un watch que no lee, p99',
        value: beside,
        unit: 'ms',
        reference: { name: 'sin él', value: alone, unit: 'ms' },
        goal: { words: '≤ 20 ms', reached: beside <= 20 },
      },
    ];
  } finally {
    await cluster.kill('SIGKILL');
    folder.remove();
  }
}

function map(i: number) {
  return { metadata: { name: `map-${i}` }, data: { text: 'x'.repeat(500) } };
}

/** Milliseconds from an acknowledged write to each watcher's hearing of it; a watcher that hears before counts as none. */
async function delays({ api }: ApiCluster): Promise<number[]> {
  const heard: { turn: string; at: number }[] = [];
  const written = new Map<string, number>();
  const stop = new AbortController();
  const run = Math.random().toString(36).slice(2);
  const watches = Array.from({ length: WATCHERS }, () =>
    api.watch(
      `${PATH}?watch=1&sendInitialEvents=false&resourceVersionMatch=NotOlderThan`,
      (line) => {
        const turn = /"turn":"([^"]+)"/.exec(line)?.[1];
        if (turn?.startsWith(run)) heard.push({ turn, at: performance.now() });
      },
      stop.signal,
    ),
  );
  await wait(1_000);
  await steady(WRITES_A_SECOND, SECONDS, async (i) => {
    const turn = `${run}-${i}`;
    await api.call(`PATCH ${PATH}/map-${i % MAPS}`, { metadata: { annotations: { turn } } });
    written.set(turn, performance.now());
  });
  for (let tries = 0; heard.length < written.size * WATCHERS && tries < 100; tries++) await wait(100);
  stop.abort();
  await Promise.all(watches);
  if (heard.length !== written.size * WATCHERS)
    throw new Error(`${heard.length} of ${written.size * WATCHERS} events were heard.`);
  return heard.map(({ turn, at }) => Math.max(0, at - (written.get(turn) ?? 0)));
}

/** A watch whose client leaves its socket unread. Returns its end. */
function stall({ access }: ApiCluster): () => void {
  const socket = connect({ host: '127.0.0.1', port: access.port, ca: access.ca });
  const head = `GET ${PATH}?watch=1 HTTP/1.1\r\nhost: 127.0.0.1\r\nauthorization: Bearer ${access.token}\r\n\r\n`;
  socket.once('secureConnect', () => socket.write(head));
  socket.on('error', () => {});
  socket.pause();
  return () => socket.destroy();
}
