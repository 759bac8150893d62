// Speed of the mesh: requests per second and their latency beside bare proxies under the same load from this process, taken
// in turns, so that whatever else the machine does falls on all; and how soon a changed rule is obeyed.
import { fork } from 'node:child_process';
import { once } from 'node:events';
import { join } from 'node:path';
import type { References } from './bare-hop.ts';
import { createLoad, type Load } from './load.ts';
import { sandbox } from './malla.ts';
import { type Measure, quantile, round } from './measure.ts';
import { measureObedience } from './obedience.ts';

const turns = 16;
const turn = 500;
const perSecond = 1_000;
/** One gateway hop and the sidecar of the program that answers. */
const path = '/api/v1/products';

export async function measureDataPlane(root: string): Promise<Measure[]> {
  const box = sandbox(root);
  const bare = fork(join(import.meta.dirname, 'bare-hop.ts'), { stdio: ['ignore', 'inherit', 'inherit', 'ipc'] });
  const loads: Load[] = [];
  const load = (origin: string, asked = path) => {
    const made = createLoad(origin, asked);
    loads.push(made);
    return made;
  };
  try {
    box.malla('resolver', 'bookinfo', '--previos');
    const { entry, kubeconfig } = box.malla('cluster', 'estado') as { entry: string; kubeconfig: string };
    const [ports] = (await once(bare, 'message')) as [References];
    const at = (port: number) => `http://127.0.0.1:${port}`;
    const sides = {
      mesh: load(entry),
      undici: load(at(ports.undici)),
      httpProxy: load(at(ports.httpProxy)),
    };
    const rates = await takeTurns(sides);
    const latencies = await steadily({ mesh: sides.mesh, server: load(at(ports.server)) });
    const page = await load(entry, '/productpage').flatOut(2_000);
    return [...throughput(rates, page), added(latencies), ...(await measureObedience({ entry, kubeconfig }))];
  } finally {
    for (const made of loads) await made.close();
    bare.kill();
    box.remove();
  }
}

type Rates = Record<'mesh' | 'undici' | 'httpProxy', number[]>;

async function takeTurns(sides: Record<keyof Rates, Load>): Promise<Rates> {
  const rates: Rates = { mesh: [], undici: [], httpProxy: [] };
  for (const side of Object.values(sides)) await side.flatOut(1_000);
  for (let i = 0; i < turns; i++) {
    for (const name of ['undici', 'mesh', 'httpProxy'] as const) rates[name].push(await sides[name].flatOut(turn));
  }
  return rates;
}

function throughput(rates: Rates, page: number): Measure[] {
  const median = (name: keyof Rates) => quantile(rates[name], 0.5);
  const ratio = (name: keyof Rates) =>
    round(
      quantile(
        rates.mesh.map((rate, i) => rate / (rates[name][i] ?? rate)),
        0.5,
      ),
    );
  const [undici, proxy] = [ratio('undici'), ratio('httpProxy')];
  const how = `(${path}, mediana de ${turns} turnos)`;
  return [
    {
      name: `peticiones por segundo a través del gateway, frente a un salto de proxy con undici ${how}`,
      value: undici,
      unit: 'veces',
      reference: { name: 'salto de proxy con undici', value: round(median('undici'), 0), unit: 'peticiones/s' },
      goal: { words: '≥ 0,75 veces', reached: undici >= 0.75 },
      detail: { meshPerSecond: round(median('mesh'), 0), productpagePerSecond: round(page, 0) },
    },
    {
      name: `lo mismo, frente a http-proxy con un agente ${how}`,
      value: proxy,
      unit: 'veces',
      reference: { name: 'http-proxy con un agente', value: round(median('httpProxy'), 0), unit: 'peticiones/s' },
      goal: { words: '≥ 1,1 veces', reached: proxy >= 1.1 },
    },
  ];
}

type Latencies = Record<'mesh' | 'server', number[]>;

async function steadily(sides: Record<keyof Latencies, Load>): Promise<Latencies> {
  const latencies: Latencies = { mesh: [], server: [] };
  for (let i = 0; i < turns / 4; i++) {
    for (const name of ['server', 'mesh'] as const)
      latencies[name].push(...(await sides[name].steady(perSecond, 1_000)));
  }
  return latencies;
}

function added({ mesh, server }: Latencies): Measure {
  const [through, direct] = [quantile(mesh, 0.9), quantile(server, 0.9)];
  const more = round(through - direct);
  return {
    name: `lo que dos saltos añaden a ${perSecond} peticiones por segundo, p90`,
    value: more,
    unit: 'ms',
    reference: { name: 'el servidor sin malla, p90', value: round(direct), unit: 'ms' },
    goal: { words: '≤ 1,5 ms', reached: more <= 1.5 },
    detail: { mesh: { p50: round(quantile(mesh, 0.5)), p90: round(through), p99: round(quantile(mesh, 0.99)) } },
  };
}
