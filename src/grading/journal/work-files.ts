// The files that a student keeps in a lab's folder.
import { readdir, readFile, stat } from 'node:fs/promises';
import { join, relative, sep } from 'node:path';
import { sha256 } from '../handin/canonical-json.ts';
import type { ClaimedFile } from '../handin/hand-in.ts';

const mostFiles = 200;
const largest = 256 * 1024;
/** Manifests and the notes beside them; keys and certificates stay. */
const kinds = /\.(ya?ml|json|txt|md|sh)$/i;

/** In a fixed order; none when the folder is not there. Links, large files and what is no text are passed over. */
export async function workFiles(folder: string): Promise<(ClaimedFile & { text: string })[]> {
  const entries = await readdir(folder, { withFileTypes: true, recursive: true }).catch(() => []);
  const paths = entries
    .filter((e) => e.isFile() && kinds.test(e.name))
    .map((e) => join(e.parentPath, e.name))
    .toSorted()
    .slice(0, mostFiles);
  const files = await Promise.all(paths.map((path) => readOne(path, folder)));
  return files.flat();
}

async function readOne(path: string, folder: string): Promise<(ClaimedFile & { text: string })[]> {
  try {
    if ((await stat(path)).size > largest) return [];
    const bytes = await readFile(path);
    const text = bytes.toString('utf8');
    if (!Buffer.from(text).equals(bytes)) return [];
    return [{ path: relative(folder, path).split(sep).join('/').slice(0, 300), sha256: sha256(text), text }];
  } catch {
    return [];
  }
}
