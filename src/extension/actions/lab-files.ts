// Files of a lab live in <folder>/<lab>/ and nowhere else, links included. Does not know `vscode`.
import { constants } from 'node:fs';
import { lstat, mkdir, open, readFile, realpath, rename, rm } from 'node:fs/promises';
import { dirname, isAbsolute, join, relative, sep } from 'node:path';

export type FileState =
  | { kind: 'new' | 'same' | 'different'; path: string }
  /** The path leaves the lab's folder, or is not a file. */
  | { kind: 'refused'; path: string };

/** What is at `path` inside the lab's folder, compared with `content`. Creates the folders on the way. */
export async function inspectLabFile(labFolder: string, path: string, content: string): Promise<FileState> {
  const full = join(labFolder, path);
  if (isAbsolute(path) || escapes(labFolder, full)) return { kind: 'refused', path: full };
  await mkdir(labFolder, { recursive: true });
  // Checked from the inside out: a folder on the way may be a link to somewhere else.
  if (!(await makeFolders(labFolder, dirname(full)))) return { kind: 'refused', path: full };
  const found = await lstat(full).catch(() => undefined);
  if (!found) return { kind: 'new', path: full };
  if (!found.isFile()) return { kind: 'refused', path: full };
  return { kind: (await readFile(full, 'utf8')) === content ? 'same' : 'different', path: full };
}

/** Whole or not at all: an interrupted write leaves what was there. */
export async function writeLabFile(path: string, content: string): Promise<void> {
  const aside = `${path}.${process.pid}.nuevo`;
  const file = await open(aside, constants.O_WRONLY | constants.O_CREAT | constants.O_EXCL, 0o666);
  try {
    await file.writeFile(content);
    await file.close();
    await rename(aside, path);
  } catch (error) {
    await rm(aside, { force: true });
    throw error;
  }
}

async function makeFolders(labFolder: string, folder: string): Promise<boolean> {
  const root = await realpath(labFolder);
  let reached = labFolder;
  for (const name of relative(labFolder, folder).split(sep).filter(Boolean)) {
    reached = join(reached, name);
    await mkdir(reached).catch((error: NodeJS.ErrnoException) => {
      if (error.code !== 'EEXIST') throw error;
    });
    const real = await realpath(reached);
    if (escapes(root, real)) return false;
  }
  return true;
}

function escapes(root: string, path: string): boolean {
  const way = relative(root, path);
  return way === '' ? false : way === '..' || way.startsWith(`..${sep}`) || isAbsolute(way);
}
