// `malla entregar`: one file with the student's work. What would leave the machine is shown first.
import { rename, writeFile } from 'node:fs/promises';
import { join, resolve } from 'node:path';
import type { Command } from 'commander';
import { CodedError } from '../../cluster/coded-error.ts';
import { mallaHome } from '../../cluster/home.ts';
import { readSeed } from '../../cluster/student-seed.ts';
import { studentCodeSchema } from '../../grading/handin/hand-in.ts';
import { makeHandIn } from '../../grading/handin/make-hand-in.ts';
import { readJournal, readKept } from '../../grading/journal/journal-file.ts';
import type { LabAnswers } from '../../labs/answers.ts';
import type { Lab } from '../../labs/lab.ts';
import { readAnswers } from '../answers-file.ts';
import { askYes, yesOption } from '../ask-yes.ts';
import { findLab, loadCourse } from '../course.ts';
import { describeHandIn } from '../describe-hand-in.ts';
import type { Host, Invocation } from '../host.ts';
import { keepStudentKey, readStudentKey } from '../student-key.ts';
import { paintFor } from '../style.ts';
import { mallaVersion } from '../version.ts';

export interface HandInOptions {
  alumno?: string;
  labs?: string;
  sello?: string;
  salida?: string;
  ver?: boolean;
  si?: boolean;
  json?: boolean;
}

export function handInCommand(program: Command, { host }: Invocation): void {
  program
    .command('entregar')
    .description('hace el fichero con tu trabajo que se entrega a quien corrige; antes enseña qué lleva dentro')
    .option('--alumno <CÓDIGO>', 'el código que te han dado; por defecto, el de tu sello o el de «malla semilla»')
    .option('--labs <LABS>', 'los que entregas, separados por comas; por defecto, todos en los que has trabajado')
    .option('--sello <FICHERO>', 'el sello que te ha dado quien corrige; se guarda para las próximas')
    .option('--salida <FICHERO>', 'dónde escribirlo; por defecto, entrega-CÓDIGO.zip')
    .option('--ver', 'solo enseña qué saldría de tu máquina')
    .option(...yesOption)
    .option('--json', 'una línea de JSON con lo que lleva y dónde está')
    .action(async (options: HandInOptions) => void (await handIn(host, options)));
}

/** Shows what would leave the machine, asks, and writes it. False when it was not written. */
export async function handIn(host: Host, options: HandInOptions): Promise<boolean> {
  const home = mallaHome(host.env);
  const course = await loadCourse(host);
  if (options.sello !== undefined) await keepStudentKey(home, resolve(host.cwd, options.sello));
  const key = await readStudentKey(home);
  const seed = readSeed(home, host.env);
  const student = codeOf(options.alumno ?? (key && key.student !== '*' ? key.student : seed));
  const journal = await readJournal(home);
  const answers = new Map<string, LabAnswers>();
  for (const lab of course) answers.set(lab.id, await readAnswers(home, lab.id));
  const answersOf = (lab: string): LabAnswers => answers.get(lab) ?? { checks: {}, questions: {} };
  const worked = (lab: Lab): boolean =>
    journal.records.some((r) => r.lab === lab.id) || Object.keys(answersOf(lab.id).questions).length > 0;
  const labs =
    options.labs === undefined
      ? course.filter(worked)
      : options.labs.split(',').map((id) => findLab(course, id.trim()));
  if (!labs.some(worked)) throw nothingToHandIn();
  const plan = {
    student,
    seed,
    malla: await mallaVersion(host.root),
    at: new Date().toISOString(),
    labs,
    answersOf,
    journal,
    textOf: (digest: string) => readKept(home, digest),
    key,
  };
  const bytes = await makeHandIn(plan);
  const path = resolve(host.cwd, options.salida ?? join('.', `entrega-${student}.zip`));
  const told = describeHandIn(plan, { path, bytes: bytes.length }, paintFor(host));
  if (options.json) host.stdout.write(`${JSON.stringify({ ...told.data, written: !options.ver })}\n`);
  else host.stdout.write(told.text);
  if (options.ver) return false;
  if (!(await askYes(host, '¿La escribo?', options))) return false;
  const aside = `${path}.${process.pid}`;
  await writeFile(aside, bytes, { mode: 0o600 });
  await rename(aside, path);
  if (!options.json) host.stdout.write(`Escrita en ${path}. Sube ese fichero donde te hayan dicho.\n`);
  return true;
}

function codeOf(given: string): string {
  const code = studentCodeSchema.safeParse(given.trim());
  if (code.success) return code.data;
  throw noCode(given);
}

export function noCode(given: string): CodedError {
  return new CodedError({
    code: 'MALLA-ENT-50',
    happened:
      given === '' ? 'No se sabe de quién es la entrega.' : `«${given.slice(0, 80)}» no vale como código de alumno.`,
    expected: 'Letras, cifras, puntos, guiones, «_» o «@», hasta 64, empezando por letra o cifra.',
    todo: 'Escribe «malla entregar --alumno CÓDIGO» con el que te hayan dado.',
  });
}

function nothingToHandIn(): CodedError {
  return new CodedError({
    code: 'MALLA-ENT-51',
    happened: 'No hay nada que entregar: aún no se ha comprobado ningún paso de esos laboratorios.',
    expected: 'Al menos un paso comprobado, bien o mal.',
    todo: 'Trabaja en un laboratorio y compruébalo con «malla verificar LAB» o en VS Code.',
  });
}
