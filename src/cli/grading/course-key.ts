// The key of a course on disk.
import { readFile } from 'node:fs/promises';
import * as z from 'zod';
import { CodedError } from '../../cluster/coded-error.ts';
import { type CourseKey, type CoursePublic, courseKeySchema, coursePublicSchema } from '../../grading/handin/keys.ts';

/** Throws MALLA-ENT-43. */
export function readCourseKey(path: string): Promise<CourseKey> {
  return readAs(courseKeySchema, path);
}

/** What checking seals needs: the course's key, or its public part alone. Throws MALLA-ENT-43. */
export async function readCoursePublic(path: string): Promise<CoursePublic> {
  const { course, publicKey } = await readAs(z.union([courseKeySchema, coursePublicSchema]), path);
  return { course, publicKey };
}

async function readAs<T>(schema: z.ZodType<T>, path: string): Promise<T> {
  try {
    return schema.parse(JSON.parse(await readFile(path, 'utf8')));
  } catch {
    throw new CodedError({
      code: 'MALLA-ENT-43',
      happened: `${path} no es la clave de un curso.`,
      expected: 'El fichero que hace «malla calificar clave crear».',
      todo: 'Comprueba la ruta.',
    });
  }
}
