// Requests per second through the mesh, beside a bare proxy hop with undici, under the same load from this process.
import { fork } from 'node:child_process';
import { once } from 'node:events';
import { join } from 'node:path';
import { Pool } from 'undici';
import { sandbox } from './malla.ts';
import { type Measure, round } from './measure.ts';

const seconds = 4;
const connections = 32;

export async function measureDataPlane(root: string): Promise<Measure[]> {
  const box = sandbox(root);
  const hop = fork(join(import.meta.dirname, 'bare-hop.ts'), { stdio: ['ignore', 'inherit', 'inherit', 'ipc'] });
  try {
    box.malla('resolver', 'bookinfo', '--previos');
    const { entry } = box.malla('cluster', 'estado') as { entry: string };
    const [port] = (await once(hop, 'message')) as [number];
    const reference = `http://127.0.0.1:${port}`;
    // The page of a one-service request: one gateway hop to one answer, what the bare hop does.
    const path = '/api/v1/products';
    const rounds: { mesh: number; bare: number }[] = [];
    for (let i = 0; i < 3; i++) rounds.push({ bare: await load(reference, path), mesh: await load(entry, path) });
    const best = rounds.toSorted((a, b) => a.mesh / a.bare - b.mesh / b.bare)[1] ?? { mesh: 0, bare: 1 };
    const page = await load(entry, '/productpage');
    const ratio = round(best.mesh / best.bare);
    return [
      {
        name: 'peticiones por segundo a través del gateway (/api/v1/products), frente a un salto de proxy con undici (mediana de 3)',
        value: ratio,
        unit: 'veces',
        reference: { name: 'salto de proxy con undici', value: round(best.bare, 0), unit: 'peticiones/s' },
        goal: { words: '≥ 0,75 veces', reached: ratio >= 0.75 },
        detail: { meshPerSecond: round(best.mesh, 0), productpagePerSecond: round(page, 0), rounds },
      },
    ];
  } finally {
    hop.kill();
    box.remove();
  }
}

async function load(origin: string, path: string): Promise<number> {
  const pool = new Pool(origin, { connections });
  const send = async (): Promise<void> => {
    const { statusCode, body } = await pool.request({ method: 'GET', path });
    await body.dump();
    if (statusCode !== 200) throw new Error(`${origin}${path} answered ${statusCode}.`);
  };
  const during = async (milliseconds: number): Promise<number> => {
    const end = performance.now() + milliseconds;
    let count = 0;
    await Promise.all(
      Array.from({ length: connections }, async () => {
        while (performance.now() < end) {
          await send();
          count++;
        }
      }),
    );
    return count;
  };
  try {
    await during(1000);
    return (await during(seconds * 1000)) / seconds;
  } finally {
    await pool.close();
  }
}
