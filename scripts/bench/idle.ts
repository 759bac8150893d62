// What the embedded cluster costs when nobody uses it, with Bookinfo running, beside an idle bare Node.
import { spawn } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { setTimeout as wait } from 'node:timers/promises';
import { sandbox } from './malla.ts';
import { type Measure, round } from './measure.ts';

const settle = 60_000;
const window = 20_000;
const ticksPerSecond = 100;

/** Reads /proc, so only on Linux; elsewhere there is no figure. */
export async function measureIdle(root: string): Promise<Measure[]> {
  if (process.platform !== 'linux') return [];
  const box = sandbox(root);
  const bare = spawn(process.execPath, ['-e', "require('node:http').createServer().listen(0,'127.0.0.1')"], {
    stdio: 'ignore',
  });
  try {
    box.malla('resolver', 'bookinfo', '--previos');
    const { pid } = box.malla('cluster', 'estado') as { pid: number };
    await wait(settle);
    const before = cpuSeconds(pid);
    await wait(window);
    const cpu = round(((cpuSeconds(pid) - before) / (window / 1000)) * 100);
    const memory = round(residentMegabytes(pid), 0);
    return [
      {
        name: 'memoria residente a los 60 s con Bookinfo',
        value: memory,
        unit: 'MB',
        reference: { name: 'un Node vacío', value: round(residentMegabytes(bare.pid ?? 0), 0), unit: 'MB' },
        goal: { words: '≤ 120 MB', reached: memory <= 120 },
      },
      {
        name: 'CPU en reposo con Bookinfo, media de 20 s',
        value: cpu,
        unit: '% de un núcleo',
        reference: { name: 'un Node vacío', value: 0, unit: '% de un núcleo' },
        goal: { words: '≤ 0,5 %', reached: cpu <= 0.5 },
      },
    ];
  } finally {
    bare.kill();
    box.remove();
  }
}

function cpuSeconds(pid: number): number {
  // Fields 14 and 15 (utime, stime); the second field may hold spaces, so count from its closing parenthesis.
  const fields = readFileSync(`/proc/${pid}/stat`, 'utf8').split(') ')[1]?.split(' ') ?? [];
  return (Number(fields[11]) + Number(fields[12])) / ticksPerSecond;
}

function residentMegabytes(pid: number): number {
  return Number(/VmRSS:\s+(\d+)/.exec(readFileSync(`/proc/${pid}/status`, 'utf8'))?.[1] ?? 0) / 1024;
}
