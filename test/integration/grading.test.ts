// A small class with known true grades, from its zips to its marks, by the programs that teachers run.
import { type ChildProcess, spawn } from 'node:child_process';
import { existsSync } from 'node:fs';
import { mkdtemp, readdir, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { PassThrough } from 'node:stream';
import { setTimeout as wait } from 'node:timers/promises';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { buildGenerator } from '../../scripts/generator-program.ts';
import { malla } from '../../src/cli/malla.ts';
import { saidOf, type Truth } from '../../src/grading/class-generator/truth.ts';
import { sha256 } from '../../src/grading/handin/canonical-json.ts';
import { readResults } from '../../src/grading/replay/results.ts';
import { hostFor, root } from './support/sandbox.ts';

let folder: string;
let truth: Truth;
const patience = 300_000;
const key = ['--clave', 'clave-curso.json'];

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'malla-clase-'));
  const options = {
    labs: join(root, 'labs'),
    samples: join(root, 'samples'),
    states: join(folder, 'comienzos'),
    program: sha256(await readFile(join(root, 'dist', 'replay.mjs'))),
    folder,
    // The least of a chain before it, and no traffic.
    lab: 'inyeccion',
    students: 14,
    behaviours: 3,
    hostile: 8,
    ownEvery: 2,
  };
  await ended(start([await buildGenerator(root, folder), JSON.stringify(options)]));
  truth = JSON.parse(await readFile(join(folder, 'verdad.json'), 'utf8')) as Truth;
  expect((await run('calificar', 'entregas', '--salida', 'notas', ...key)).exitCode).toBe(0);
}, patience);

afterAll(() => rm(folder, { recursive: true, force: true }));

test('the grades of a class are the true ones, and hostile hand-ins are told by their code', async () => {
  const graded = await readResults(join(folder, 'notas'));
  expect(graded.map((g) => g.submission)).toEqual(Object.keys(truth).toSorted());
  for (const own of graded) {
    const { checks, code, outcome } = truth[own.submission] ?? {};
    expect(own.outcome).toBe(outcome);
    if (code !== undefined) expect(own.problems.map((p) => p.code)).toContain(code);
    if (checks) expect(saidOf(own)).toEqual(checks);
    else expect(own.problems[0]?.severity).toBe('rechazo');
  }
  const table = (await readFile(join(folder, 'notas', 'entregas.csv'), 'utf8')).trim().split('\r\n');
  expect(table).toHaveLength(graded.length + 1);
});

test(
  'graded by parts, one of which is killed, without remembering anything: the same bytes',
  async () => {
    const part = (index: number): string[] => [
      ...['calificar', 'entregas', '--salida', `parte-${index}`, '--fragmento', `${index}/2`],
      ...['--sin-recordar', '--procesos', '1', ...key],
    ];
    const first = start([join(root, 'dist', 'malla.mjs'), ...part(0)]);
    const gone = new Promise((resolve) => first.once('close', resolve));
    while (first.exitCode === null && (await linesOf(join(folder, 'parte-0', 'diario.jsonl'))) < 4) await wait(20);
    first.kill('SIGKILL');
    await gone;
    for (const index of [0, 1]) expect((await run(...part(index))).exitCode).toBe(0);
    const { stdout } = await run('calificar', 'juntar', 'juntas', 'parte-0', 'parte-1');
    expect(stdout).toContain(`${Object.keys(truth).length} entregas juntas`);
    expect(await contentOf(join(folder, 'juntas'))).toEqual(await contentOf(join(folder, 'notas')));
  },
  patience,
);

test(
  'graded anew for an appeal, all comes out letter by letter',
  async () => {
    const before = await contentOf(join(folder, 'notas'));
    const { exitCode, stdout } = await run('calificar', 'repetir', 'notas', 'entregas', ...key);
    expect(stdout).toBe(`Las ${Object.keys(truth).length} salen igual, letra por letra.\n`);
    expect(exitCode).toBe(0);
    expect(await contentOf(join(folder, 'notas'))).toEqual(before);
  },
  patience,
);

async function run(...argv: string[]): Promise<{ exitCode: number; stdout: string }> {
  const host = { ...hostFor(folder), cwd: folder };
  const chunks: Buffer[] = [];
  (host.stdout as PassThrough).on('data', (chunk: Buffer) => void chunks.push(chunk));
  const exitCode = await malla(argv, host);
  return { exitCode, stdout: Buffer.concat(chunks).toString('utf8') };
}

async function linesOf(path: string): Promise<number> {
  return existsSync(path) ? (await readFile(path, 'utf8')).split('\n').length - 1 : 0;
}

async function contentOf(out: string): Promise<Record<string, string>> {
  const names = (await readdir(join(out, 'repeticion'))).toSorted().map((name) => join('repeticion', name));
  const texts = await Promise.all(
    ['entregas.csv', ...names].map(async (name) => [name, await readFile(join(out, name), 'utf8')]),
  );
  return Object.fromEntries(texts) as Record<string, string>;
}

function start(args: readonly string[]): ChildProcess {
  const env = { ...process.env, MALLA_HOME: folder };
  return spawn(process.execPath, args, { stdio: 'ignore', cwd: folder, env });
}

function ended(child: ChildProcess): Promise<void> {
  return new Promise((resolve, reject) => {
    child.once('error', reject);
    child.once('close', (code) => (code === 0 ? resolve() : reject(new Error(`Ended with code ${code}.`))));
  });
}
