// The record of a class on disk: registro.jsonl in the folder of results.
import { appendFile, mkdir, open, readFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { CodedError } from '../../cluster/coded-error.ts';
import { type Entry, nextLine, type RecordLine, readRecord } from './record.ts';

export function recordFile(folder: string): string {
  return join(folder, 'registro.jsonl');
}

/** Empty when there is none. Rejects with MALLA-NOT-03 when a line is not as it was written. */
export async function loadRecord(folder: string): Promise<RecordLine[]> {
  const text = await readFile(recordFile(folder), 'utf8').catch((error: NodeJS.ErrnoException) => {
    if (error.code === 'ENOENT') return '';
    throw error;
  });
  const { lines, broken } = readRecord(text);
  if (broken === undefined) return lines;
  throw new CodedError({
    code: 'MALLA-NOT-03',
    happened: `La línea ${broken} de ${recordFile(folder)} no es como se escribió.`,
    expected: 'un registro al que solo se han añadido líneas',
    todo: 'Recupera el fichero de una copia. Si no la hay, aparta este y vuelve a anotar los ajustes: sus motivos están en él.',
  });
}

/** On disk when it resolves. */
export async function addToRecord(folder: string, entry: Entry, at: string): Promise<RecordLine> {
  const line = nextLine((await loadRecord(folder)).at(-1), entry, at);
  const file = recordFile(folder);
  await mkdir(dirname(file), { recursive: true });
  await appendFile(file, `${JSON.stringify(line)}\n`, { mode: 0o600 });
  const handle = await open(file, 'r+');
  await handle.sync().finally(() => handle.close());
  return line;
}
