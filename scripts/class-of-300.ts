// A made-up class with known true grades, graded and compared with the truth, with its time.
//
//   node scripts/class-of-300.ts [STUDENTS] [--lab LAB] [--sin-recordar] [--matar TIMES] [--fragmentos PARTS]
//                                [--en-cluster KUBECONFIG [--imagen IMAGE]] [--carpeta FOLDER]
//
// Besides that grading, each of these is another of the same class, of which every byte is compared: `--matar 10` kills it,
// unasked, at as many moments and lets it go on; `--fragmentos 3` does it in parts and puts them together; `--en-cluster`
// does it by pods of a real cluster. dist/ must be built.
import { type ChildProcess, spawn } from 'node:child_process';
import { copyFileSync, existsSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { cpus, tmpdir } from 'node:os';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { saidOf, sameTruth, type Truth } from '../src/grading/class-generator/truth.ts';
import { sha256 } from '../src/grading/handin/canonical-json.ts';
import { readResults } from '../src/grading/replay/results.ts';
import { buildGenerator } from './generator-program.ts';

const root = join(import.meta.dirname, '..');
const { values, positionals } = parseArgs({
  allowPositionals: true,
  options: {
    lab: { type: 'string', default: 'canary' },
    'sin-recordar': { type: 'boolean', default: false },
    matar: { type: 'string', default: '0' },
    fragmentos: { type: 'string', default: '0' },
    'en-cluster': { type: 'string' },
    imagen: { type: 'string', default: 'malla:local' },
    carpeta: { type: 'string' },
    hostiles: { type: 'string' },
    conductas: { type: 'string' },
  },
});
const students = Number(positionals[0] ?? 300);
const folder = values.carpeta ?? mkdtempSync(join(tmpdir(), 'malla-clase-'));
const home = join(folder, 'home');
const replayEntry = join(root, 'dist', 'replay.mjs');

if (!existsSync(join(folder, 'verdad.json'))) await generate();
const truth = JSON.parse(readFileSync(join(folder, 'verdad.json'), 'utf8')) as Truth;
await warmUp();
const reference = join(folder, 'notas');
rmSync(reference, { recursive: true, force: true });
const begun = performance.now();
const first = grading(reference);
const memory = watchMemory(first);
await finished(first);
const seconds = (performance.now() - begun) / 1000;
const wrong = await compare(reference);
process.stdout.write(
  `${Object.keys(truth).length} entregas de ${values.lab} en ${seconds.toFixed(1)} s (${cpus().length} procesadores): ` +
    `${Object.keys(truth).length - wrong.length} como la verdad\n${wrong.map((w) => `  ${w}\n`).join('')}`,
);
if (memory.most() > 0)
  process.stdout.write(`Memoria: como mucho ${memory.most()} MB a la vez, entre todos los procesos\n`);
const kills = Number(values.matar);
const different: number[] = [];
for (let i = 0; i < kills; i++) {
  const { same, done } = await survivesKill((i + 0.5) / kills);
  if (!same) different.push(i);
  process.stdout.write(`kill -9 con ${done} corregidas, y sigue: ${same ? 'los mismos bytes' : 'sale otra cosa'}\n`);
}
if (kills > 0)
  process.stdout.write(`Interrumpida ${kills} veces con kill -9: ${kills - different.length} veces los mismos bytes\n`);
const otherwise: string[] = [];
if (values.fragmentos !== '0') await sameAs('en partes', await inParts(Number(values.fragmentos)));
if (values['en-cluster'] !== undefined) await sameAs('en el clúster', await onCluster(values['en-cluster']));
if (values.carpeta === undefined) rmSync(folder, { recursive: true, force: true });
process.exit(wrong.length + different.length + otherwise.length === 0 ? 0 : 1);

async function generate(): Promise<void> {
  const options = {
    labs: join(root, 'labs'),
    samples: join(root, 'samples'),
    states: join(home, 'comienzos'),
    program: sha256(readFileSync(replayEntry)),
    folder,
    lab: values.lab,
    students,
    ...(values.hostiles === undefined ? {} : { hostile: Number(values.hostiles) }),
    ...(values.conductas === undefined ? {} : { behaviours: Number(values.conductas) }),
  };
  const entry = await buildGenerator(root, folder);
  await finished(
    spawn(process.execPath, [entry, JSON.stringify(options)], { stdio: ['ignore', 'inherit', 'inherit'] }),
  );
}

/** What the lab starts from is made once for each Malla: it is no part of the time. */
async function warmUp(): Promise<void> {
  const [one, out] = [join(folder, 'una'), join(folder, 'notas-una')];
  for (const each of [one, out]) rmSync(each, { recursive: true, force: true });
  const honest = Object.keys(truth).find((name) => name.startsWith('a')) ?? '';
  mkdirSync(one);
  copyFileSync(join(folder, 'entregas', honest), join(one, 'una.zip'));
  await finished(malla('calificar', one, '--salida', out));
}

function grading(out: string, ...more: string[]): ChildProcess {
  const forget = values['sin-recordar'] ? ['--sin-recordar'] : [];
  const key = join(folder, 'clave-curso.json');
  return malla('calificar', join(folder, 'entregas'), '--salida', out, '--clave', key, ...forget, ...more);
}

function malla(...args: string[]): ChildProcess {
  return spawn(process.execPath, [join(root, 'dist', 'malla.mjs'), ...args], {
    stdio: ['ignore', 'ignore', values['en-cluster'] === undefined ? 'ignore' : 'inherit'],
    env: { ...process.env, MALLA_HOME: home },
  });
}

/** Of it and of those that it starts; 0 where the system does not tell it. Megabytes. */
function watchMemory({ pid }: ChildProcess): { most(): number } {
  let most = 0;
  const timer = setInterval(() => {
    try {
      const all = readdirSync('/proc').filter((name) => /^\d+$/.test(name));
      const told = all.flatMap((id) => {
        const text = existsSync(`/proc/${id}/status`) ? readFileSync(`/proc/${id}/status`, 'utf8') : '';
        const field = (name: string): number => Number(new RegExp(`^${name}:\\s+(\\d+)`, 'm').exec(text)?.[1] ?? 0);
        return Number(id) === pid || field('PPid') === pid ? [field('VmRSS')] : [];
      });
      most = Math.max(most, Math.round(told.reduce((sum, size) => sum + size, 0) / 1024));
    } catch {
      // A process that ended meanwhile, or no /proc.
    }
  }, 500);
  timer.unref();
  return { most: () => most };
}

/** Hears whether every byte is that of the first grading. */
async function sameAs(how: string, out: string): Promise<void> {
  const same = contentOf(out) === contentOf(reference);
  if (!same) otherwise.push(how);
  process.stdout.write(`Calificada ${how}: ${same ? 'los mismos bytes' : 'sale otra cosa'}\n`);
}

async function inParts(parts: number): Promise<string> {
  const folders = Array.from({ length: parts }, (_, i) => join(folder, `parte-${i}`));
  const out = join(folder, 'notas-juntas');
  for (const each of [...folders, out]) rmSync(each, { recursive: true, force: true });
  for (const [i, each] of folders.entries()) await finished(grading(each, '--fragmento', `${i}/${parts}`));
  await finished(malla('calificar', 'juntar', out, ...folders));
  return out;
}

async function onCluster(kubeconfig: string): Promise<string> {
  const out = join(folder, 'notas-en-cluster');
  rmSync(out, { recursive: true, force: true });
  await finished(grading(out, '--en-cluster', '--kubeconfig', kubeconfig, '--imagen', values.imagen, '--si'));
  return out;
}

function finished(child: ChildProcess): Promise<void> {
  return new Promise((resolve, reject) => {
    child.once('error', reject);
    child.once('close', (code) => (code === 0 ? resolve() : reject(new Error(`Ended with code ${code}.`))));
  });
}

/** Spanish, a line for each hand-in that is not as the truth. */
async function compare(out: string): Promise<string[]> {
  const results = new Map((await readResults(out)).map((g) => [g.submission, g]));
  return Object.entries(truth).flatMap(([name, { checks, code, outcome, behaviour }]) => {
    const graded = results.get(name);
    if (!graded) return [`${name} no está`];
    const codes = graded.problems.map((p) => p.code);
    if (graded.outcome !== outcome)
      return [`${name} (${behaviour}): ${graded.outcome}, y es ${outcome} [${codes.join(' ')}]`];
    if (code !== undefined && !codes.includes(code)) return [`${name}: no se dice ${code}, sino ${codes.join(' ')}`];
    const said = saidOf(graded);
    if (checks && !sameTruth(said, checks))
      return [
        `${name} (${behaviour}): ${Object.entries(checks)
          .filter(([c, s]) => said[c] !== s)
          .map(([c, s]) => `${c} es ${s} y sale ${said[c]}`)
          .join('; ')}`,
      ];
    return [];
  });
}

/** Kills it when that part of the hand-ins is done, goes on, and compares. */
async function survivesKill(part: number): Promise<{ same: boolean; done: number }> {
  const out = join(folder, 'notas-tras-matar');
  rmSync(out, { recursive: true, force: true });
  const child = grading(out);
  const gone = new Promise((resolve) => child.once('close', resolve));
  const enough = Math.floor(Object.keys(truth).length * part);
  while (child.exitCode === null && doneIn(out) < enough) await new Promise((resolve) => setTimeout(resolve, 20));
  child.kill('SIGKILL');
  await gone;
  const done = doneIn(out);
  await finished(grading(out));
  return { same: contentOf(out) === contentOf(reference), done };
}

function doneIn(out: string): number {
  const journal = join(out, 'diario.jsonl');
  return existsSync(journal) ? readFileSync(journal, 'utf8').split('\n').length - 2 : 0;
}

/** Digest of all but the journal, whose lines are in the order in which they were done. */
function contentOf(out: string): string {
  const names = readdirSync(join(out, 'repeticion'))
    .toSorted()
    .map((name) => join('repeticion', name));
  return sha256(
    ['entregas.csv', ...names].map((name) => `${name} ${sha256(readFileSync(join(out, name)))}`).join('\n'),
  );
}
