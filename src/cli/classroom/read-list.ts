// The file with the list of a class, as whoever reads it needs it: its bytes.
import { readFile } from 'node:fs/promises';
import { resolve } from 'node:path';
import { CodedError } from '../../cluster/coded-error.ts';
import type { Host } from '../host.ts';

/** Rejects with MALLA-AUL-01. */
export async function readList(host: Pick<Host, 'cwd'>, path: string): Promise<Buffer> {
  try {
    return await readFile(resolve(host.cwd, path));
  } catch (cause) {
    throw new CodedError({
      code: 'MALLA-AUL-01',
      happened: `No se puede leer la lista ${path}.`,
      expected: 'Un fichero CSV con los alumnos.',
      todo: 'Comprueba la ruta que das en --lista.',
      cause,
    });
  }
}
