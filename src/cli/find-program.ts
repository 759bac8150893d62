// Looks a program up on PATH, without a shell.
import { constants } from 'node:fs';
import { access } from 'node:fs/promises';
import { delimiter, join } from 'node:path';

/** Folder of Malla's own launchers, see own-tools.ts. */
export const ownToolsFolder = 'malla-bin';

/**
 * The absolute path of a program, or undefined. Malla's own shims do not count: inside Malla its tools are functions.
 * `env` decides PATH and, on Windows, PATHEXT.
 */
export async function findProgram(name: string, env: Record<string, string | undefined>): Promise<string | undefined> {
  const endings = process.platform === 'win32' ? (env.PATHEXT ?? '.EXE;.CMD').split(';') : [''];
  for (const folder of (env.PATH ?? '').split(delimiter)) {
    if (folder === '' || folder.endsWith(ownToolsFolder)) continue;
    for (const ending of endings) {
      const path = join(folder, name + ending);
      if (await executable(path)) return path;
    }
  }
  return undefined;
}

async function executable(path: string): Promise<boolean> {
  try {
    await access(path, constants.X_OK);
    return true;
  } catch {
    return false;
  }
}
