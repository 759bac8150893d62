// From nothing running to the first 200 of /productpage through the mesh, beside a bare Node that answers one request.
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { request } from 'node:http';
import { join } from 'node:path';
import { setTimeout as wait } from 'node:timers/promises';
import { sandbox } from './malla.ts';
import { type Measure, quantile, round } from './measure.ts';

const runs = 20;
const bare =
  "require('node:http').createServer((q,s)=>s.end('ok')).listen(0,'127.0.0.1',function(){console.log(this.address().port)})";

export async function measureColdStart(root: string): Promise<Measure[]> {
  const box = sandbox(root);
  try {
    box.malla('resolver', 'bookinfo', '--previos');
    const { entry } = box.malla('cluster', 'estado') as { entry: string };
    const times: number[] = [];
    const references: number[] = [];
    for (let i = 0; i < runs; i++) {
      box.malla('cluster', 'parar');
      times.push(await startSimulator(root, box.home, `${entry}/productpage`));
      references.push(await startBare());
    }
    const p95 = round(quantile(times, 0.95), 0);
    return [
      {
        name: `arranque en frío hasta el primer 200 de /productpage a través de la malla, con Bookinfo guardado (${runs} veces), p95`,
        value: p95,
        unit: 'ms',
        reference: {
          name: 'un Node vacío que contesta una petición, p95',
          value: round(quantile(references, 0.95), 0),
          unit: 'ms',
        },
        goal: { words: '≤ 1000 ms', reached: p95 <= 1000 },
        detail: { p50: round(quantile(times, 0.5), 0), referenceP50: round(quantile(references, 0.5), 0) },
      },
    ];
  } finally {
    box.remove();
  }
}

async function startSimulator(root: string, home: string, url: string): Promise<number> {
  const begun = performance.now();
  const child = spawn(
    process.execPath,
    ['--disable-warning=ExperimentalWarning', join(root, 'dist/simulator.mjs'), '--estado', join(home, 'embebido')],
    { stdio: ['ignore', 'ignore', 'inherit'], detached: true },
  );
  child.unref();
  await untilOk(url);
  return performance.now() - begun;
}

/** Milliseconds from nothing to the first answer of a Node that does nothing else. */
export async function startBare(): Promise<number> {
  const begun = performance.now();
  const child = spawn(process.execPath, ['-e', bare], { stdio: ['ignore', 'pipe', 'inherit'] });
  const [line] = (await once(child.stdout, 'data')) as [Buffer];
  await untilOk(`http://127.0.0.1:${line.toString().trim()}/`);
  const elapsed = performance.now() - begun;
  child.kill();
  return elapsed;
}

async function untilOk(url: string): Promise<void> {
  for (const deadline = performance.now() + 20_000; performance.now() < deadline; await wait(2)) {
    if ((await status(url)) === 200) return;
  }
  throw new Error(`No 200 from ${url} in 20 s.`);
}

function status(url: string): Promise<number | undefined> {
  return new Promise((resolve) => {
    request(url, { agent: false }, (response) => {
      response.resume();
      resolve(response.statusCode);
    })
      .on('error', () => resolve(undefined))
      .end();
  });
}
