// `malla calificar clave`: the key of a course, and the seals that it gives to students.
import { mkdir, writeFile } from 'node:fs/promises';
import { dirname, join, resolve } from 'node:path';
import type { Command } from 'commander';
import { CodedError } from '../../cluster/coded-error.ts';
import { studentCodeSchema } from '../../grading/handin/hand-in.ts';
import { createCourseKey, createStudentKey } from '../../grading/handin/keys.ts';
import type { Host, Invocation } from '../host.ts';
import { readCourseKey } from './course-key.ts';

const usualFile = 'clave-curso.json';

export function keyVerbs(grade: Command, { host }: Invocation): void {
  const key = grade
    .command('clave')
    .description('la clave del curso, con la que se sabe que una entrega no ha cambiado');
  key
    .command('crear')
    .description('hace la clave de un curso; guárdala: quien la tenga puede dar sellos')
    .argument('[CURSO]', 'su nombre, para reconocerla', '')
    .option('--salida <FICHERO>', 'dónde escribirla', usualFile)
    .action(async (title: string, options: { salida: string }) => {
      const made = createCourseKey(title.slice(0, 200));
      const path = resolve(host.cwd, options.salida);
      await writeNew(path, made);
      host.stdout.write(
        `Clave ${made.course} en ${path}. No la des a nadie.\n` +
          'A cada alumno, un sello: «malla calificar clave sello ana luis…».\n',
      );
    });
  key
    .command('sello')
    .description('hace el sello de cada alumno: con él firma sus entregas, y nada más')
    .argument('<CÓDIGOS...>', 'los códigos de los alumnos; «*» hace uno solo para toda la clase')
    .option('--clave <FICHERO>', 'la del curso', usualFile)
    .option('--salida <CARPETA>', 'dónde escribirlos', 'sellos')
    .action(async (codes: string[], options: { clave: string; salida: string }) => {
      const course = await readCourseKey(resolve(host.cwd, options.clave));
      for (const code of codes) await giveSeal(host, code, course, options.salida);
    });
}

async function giveSeal(
  host: Host,
  code: string,
  course: Parameters<typeof createStudentKey>[0],
  folder: string,
): Promise<void> {
  if (code !== '*' && !studentCodeSchema.safeParse(code).success) {
    throw new CodedError({
      code: 'MALLA-ENT-50',
      happened: `«${code.slice(0, 80)}» no vale como código de alumno.`,
      expected: 'Letras, cifras, puntos, guiones, «_» o «@», hasta 64, empezando por letra o cifra.',
      todo: 'Usa otro código.',
    });
  }
  const path = join(resolve(host.cwd, folder), `sello-${code === '*' ? 'clase' : code}.json`);
  await writeNew(path, createStudentKey(course, code));
  host.stdout.write(`${path}\n`);
}

/** Never over another: with a new key, the seals given before would be worth nothing. */
async function writeNew(path: string, value: unknown): Promise<void> {
  await mkdir(dirname(path), { recursive: true });
  try {
    await writeFile(path, `${JSON.stringify(value, undefined, 2)}\n`, { mode: 0o600, flag: 'wx' });
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'EEXIST') throw error;
    throw new CodedError({
      code: 'MALLA-ENT-44',
      happened: `${path} ya existe.`,
      expected: 'Un fichero que no exista: no se escribe nunca encima de una clave.',
      todo: 'Usa la que hay, o elige otro fichero con --salida.',
    });
  }
}
