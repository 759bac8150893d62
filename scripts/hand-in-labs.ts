// Every lab's written solution done on a live cluster, handed in and replayed: what the journal says and what the replay
// says must be the same.
//
//   node scripts/hand-in-labs.ts [LAB…] [--carpeta FOLDER] [--solo-repetir]
//
// One cluster for each lab, in the state that it starts from. FOLDER keeps hand-ins and results; `--solo-repetir` replays
// again those that it has. dist/ must be built. Ends with code 1 when something differs.
import { mkdir, mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { PassThrough } from 'node:stream';
import { parseArgs } from 'node:util';
import { loadCourse } from '../src/cli/course.ts';
import type { Host } from '../src/cli/host.ts';
import { malla } from '../src/cli/malla.ts';
import { createStartingPoints } from '../src/cli/trial/starting-points.ts';
import type { GradedCheck } from '../src/grading/replay/graded.ts';
import { readResults } from '../src/grading/replay/results.ts';
import type { Lab } from '../src/labs/lab.ts';

const { values, positionals } = parseArgs({
  allowPositionals: true,
  options: { carpeta: { type: 'string' }, 'solo-repetir': { type: 'boolean', default: false } },
});
const folder = values.carpeta ?? (await mkdtemp(join(tmpdir(), 'malla-entregas-')));
const submissions = join(folder, 'entregas');
await mkdir(submissions, { recursive: true });
const host: Host = {
  stdin: new PassThrough(),
  stdout: process.stdout,
  stderr: process.stderr,
  env: { ...process.env, MALLA_HOME: join(folder, 'home') },
  cwd: folder,
  nodePath: process.execPath,
  root: join(import.meta.dirname, '..'),
  signal: new AbortController().signal,
  holdInterrupts() {},
};
const course = await loadCourse(host);
const wanted = course.filter((lab) => !lab.chapter && (positionals.length === 0 || positionals.includes(lab.id)));

if (!values['solo-repetir']) {
  const starting = createStartingPoints(course, host);
  try {
    for (const lab of wanted) await work(lab);
  } finally {
    await starting.remove();
  }

  async function work(lab: Lab): Promise<void> {
    const sandbox = await starting.of(lab);
    const own = { ...sandbox.host, stderr: process.stderr, cwd: join(sandbox.home, 'trabajo') };
    try {
      await mkdir(own.cwd, { recursive: true });
      const solved = await malla(['resolver', lab.id], own);
      if (solved !== 0) process.stderr.write(`${lab.id}: la solución no sale bien en vivo\n`);
      const path = join(submissions, `${lab.id}.zip`);
      await malla(['entregar', '--alumno', lab.id, '--labs', lab.id, '--salida', path, '--si'], own);
    } finally {
      await sandbox.remove();
    }
  }
}

const out = join(folder, 'notas');
await rm(out, { recursive: true, force: true });
await malla(['calificar', submissions, '--salida', out], { ...host, stdout: new PassThrough().resume() });
const graded = (await readResults(out)).filter((g) => wanted.some((lab) => lab.id === g.student));
let differing = 0;
process.stdout.write(`${row(['', 'comprobaciones', 'igual', 'distinto', 'sin repetir'])}\n`);
for (const { student = '', labs, problems } of graded) {
  const steps = labs.flatMap((l) => l.steps);
  const checks = steps.flatMap((s) => s.checks.map((check) => ({ step: s.step, ...check })));
  const not = checks.filter((c) => !c.replayed);
  const differs = checks.filter((c) => c.replayed && !isSame(c));
  differing += differs.length;
  const counts = [checks.length, checks.length - not.length - differs.length, differs.length, not.length];
  process.stdout.write(`${row([student, ...counts.map(String)])}\n`);
  for (const { step, check, claimed, replayed } of differs)
    process.stdout.write(
      `  ${step}/${check}: «${claimed?.state}» y al repetir «${replayed?.state}» ${replayed?.cause?.code ?? ''} ${replayed?.cause?.message ?? ''}\n`,
    );
  for (const { code, message } of problems)
    if (code !== 'MALLA-ENT-36' && code !== 'MALLA-ENT-21') process.stdout.write(`  ${code} ${message}\n`);
}
process.stdout.write(`${graded.length} laboratorios; distinto en ${differing} comprobaciones\n`);
if (values.carpeta === undefined) await rm(folder, { recursive: true, force: true });
process.exit(differing === 0 && graded.length === wanted.length ? 0 : 1);

function isSame({ claimed, replayed }: GradedCheck): boolean {
  return claimed?.state === replayed?.state && claimed?.cause?.code === replayed?.cause?.code;
}

function row([first = '', ...rest]: readonly string[]): string {
  return `${first.padEnd(16)}${rest.map((cell) => cell.padStart(15)).join('')}`;
}
