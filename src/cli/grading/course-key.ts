// The key of a course on disk.
import { readFile } from 'node:fs/promises';
import { CodedError } from '../../cluster/coded-error.ts';
import { type CourseKey, type CoursePublic, courseKeySchema } from '../../grading/handin/keys.ts';

/** Throws MALLA-ENT-43. */
export async function readCourseKey(path: string): Promise<CourseKey> {
  try {
    return courseKeySchema.parse(JSON.parse(await readFile(path, 'utf8')));
  } catch {
    throw new CodedError({
      code: 'MALLA-ENT-43',
      happened: `${path} no es la clave de un curso.`,
      expected: 'El fichero que hace «malla calificar clave crear».',
      todo: 'Comprueba la ruta.',
    });
  }
}

/** What checking seals needs. Throws MALLA-ENT-43. */
export async function readCoursePublic(path: string): Promise<CoursePublic> {
  const { course, publicKey } = await readCourseKey(path);
  return { course, publicKey };
}
