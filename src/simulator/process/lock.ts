// One process per state folder. The lock is SQLite's own on an empty database: the operating system lets go of it however
// the process ends, so there is no stale lock to recover and no race in recovering it.
import { rmSync } from 'node:fs';
import { DatabaseSync } from 'node:sqlite';
import { folderLocked, folderNotWritable } from './start-error.ts';
import type { StateFolder } from './state-folder.ts';

const busy = 5;
const notADatabase = 26;
const corrupt = 11;

/** Returns the release. Throws StartError when another process holds it; `holder` says which, for the message. */
export function takeLock(folder: StateFolder, holder: () => number | undefined): () => void {
  const path = folder.file('lock');
  try {
    return lockFile(path);
  } catch (error) {
    const code = primaryCode(error);
    if (code === busy) throw folderLocked(folder.path, holder());
    if (code !== notADatabase && code !== corrupt) throw folderNotWritable(folder.path, error);
  }
  // It holds nothing: a damaged one is made again.
  rmSync(path, { force: true });
  return lockFile(path);
}

function lockFile(path: string): () => void {
  const database = new DatabaseSync(path, { timeout: 0 });
  try {
    database.exec('PRAGMA journal_mode = MEMORY; BEGIN EXCLUSIVE');
  } catch (error) {
    database.close();
    throw error;
  }
  return () => database.close();
}

/** Extended result codes carry the primary one in their low byte. */
function primaryCode(error: unknown): number | undefined {
  const { errcode } = (error ?? {}) as { errcode?: number };
  return errcode === undefined ? undefined : errcode & 0xff;
}
