// The seal of the student of this machine, in Malla's home.
import { mkdir, readFile, rename, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { CodedError } from '../cluster/coded-error.ts';
import { type StudentKey, studentKeySchema } from '../grading/handin/keys.ts';

/** Undefined when there is none. Throws MALLA-ENT-52 when it cannot be read. */
export async function readStudentKey(home: string): Promise<StudentKey | undefined> {
  let text: string;
  try {
    text = await readFile(fileOf(home), 'utf8');
  } catch {
    return undefined;
  }
  return parse(text, fileOf(home));
}

/** Throws MALLA-ENT-52 when the file is no seal. */
export async function keepStudentKey(home: string, path: string): Promise<void> {
  const text = await readFile(path, 'utf8').catch(() => '');
  const key = parse(text, path);
  await mkdir(home, { recursive: true });
  const aside = `${fileOf(home)}.${process.pid}`;
  await writeFile(aside, `${JSON.stringify(key, undefined, 2)}\n`, { mode: 0o600 });
  await rename(aside, fileOf(home));
}

function parse(text: string, path: string): StudentKey {
  try {
    return studentKeySchema.parse(JSON.parse(text));
  } catch {
    throw new CodedError({
      code: 'MALLA-ENT-52',
      happened: `${path} no es un sello de alumno.`,
      expected: 'El fichero sello-CÓDIGO.json que hace «malla calificar clave sello».',
      todo: 'Pide tu sello otra vez, o entrega sin él.',
    });
  }
}

function fileOf(home: string): string {
  return join(home, 'sello.json');
}
