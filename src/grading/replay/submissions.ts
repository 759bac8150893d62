// The hand-ins of a folder, as a stranger filled it: nothing is followed, nothing is opened.
import { createHash } from 'node:crypto';
import { lstat, opendir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { limits } from '../handin/limits.ts';
import { problem } from '../handin/problems.ts';
import type { Problem } from './graded.ts';

export interface FoundSubmission {
  /** Under the folder, with `/`. */
  name: string;
  path: string;
  /** SHA-256 of the file; empty when it may not be read. */
  sha256: string;
  /** Why it may not be read. */
  problem?: Problem;
}

/** Sites that teachers download from put each student's file in a folder of its own. */
const deepest = 3;
/** Entries looked at, hand-ins or not. */
const most = 50_000;

/** By name. `truncated`: there was more than any class has. Rejects with the system's error when the folder cannot be read. */
export async function findSubmissions(folder: string): Promise<{ found: FoundSubmission[]; truncated: boolean }> {
  const found: FoundSubmission[] = [];
  let seen = 0;
  const walk = async (name: string, depth: number): Promise<void> => {
    for await (const entry of await opendir(join(folder, name))) {
      if (++seen > most) return;
      const own = name === '' ? entry.name : `${name}/${entry.name}`;
      if (entry.isDirectory() && depth < deepest) await walk(own, depth + 1);
      else if (/\.zip$/i.test(entry.name)) found.push(await look(folder, own));
    }
  };
  await walk('', 1);
  return { found: found.toSorted((a, b) => (a.name < b.name ? -1 : 1)), truncated: seen > most };
}

async function look(folder: string, name: string): Promise<FoundSubmission> {
  const path = join(folder, name);
  const about = await lstat(path);
  const refused = (code: string, message: string): FoundSubmission => ({
    name,
    path,
    sha256: '',
    problem: problem(code, 'rechazo', message),
  });
  if (!about.isFile())
    return refused('MALLA-ENT-01', 'No es un fichero normal: es un enlace, una carpeta u otra cosa.');
  if (about.size > limits.file) {
    const size = Math.round(about.size / 1_000_000).toLocaleString('es-ES');
    return refused('MALLA-ENT-02', `Ocupa ${size} MB; se admiten ${limits.file / 1_000_000} MB.`);
  }
  return {
    name,
    path,
    sha256: createHash('sha256')
      .update(await readFile(path))
      .digest('hex'),
  };
}
