// The rubric of a file, or a refusal that says all that is wrong with it.
import { readFile, stat } from 'node:fs/promises';
import { basename } from 'node:path';
import { CodedError } from '../../cluster/coded-error.ts';
import type { Problem } from '../../labs/problem.ts';
import type { CourseOutline } from './against-course.ts';
import { largestRubric, readRubric } from './read-rubric.ts';
import type { Rubric } from './rubric.ts';

export interface LoadedRubric {
  rubric: Rubric;
  /** As it was read: its digest goes into the record. */
  text: string;
}

/** Rejects with MALLA-RUB-09 when it cannot be read or is not right. */
export async function loadRubric(path: string, course: CourseOutline): Promise<LoadedRubric> {
  const text = await readRubricText(path);
  const { rubric, problems } = readRubric(text, basename(path), course);
  if (rubric && problems.length === 0) return { rubric, text };
  throw new CodedError({
    code: 'MALLA-RUB-09',
    happened: `La rúbrica tiene faltas:\n${problems.map((p) => `  ${describeProblem(p)}`).join('\n')}`,
    expected: 'una rúbrica sin faltas: con ella no se ha calificado a nadie',
    todo: `Corrígela y compruébala con «malla calificar rubrica comprobar ${basename(path)}».`,
  });
}

/** Rejects with MALLA-RUB-09. A larger file is not read. */
export async function readRubricText(path: string): Promise<string> {
  try {
    const { size } = await stat(path);
    if (size > 2 * largestRubric) throw new RangeError('pasa de 512 KB');
    return await readFile(path, 'utf8');
  } catch (error) {
    throw new CodedError({
      code: 'MALLA-RUB-09',
      happened: `No puedo leer la rúbrica ${path}: ${whyUnread(error)}.`,
      expected: 'un fichero YAML de menos de 256 KB',
      todo: 'Comprueba el camino; hay un ejemplo en docs/instructores.md.',
      cause: error,
    });
  }
}

function whyUnread(error: unknown): string {
  const { code, message } = error as NodeJS.ErrnoException;
  return { ENOENT: 'no existe', EACCES: 'no tienes permiso', EISDIR: 'es una carpeta' }[code ?? ''] ?? message;
}

export function describeProblem({ code, file, line, column, message, cure }: Problem): string {
  return `${file}:${line}:${column} [${code}] ${message} ${cure}`;
}
