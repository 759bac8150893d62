// Looks a program up, without a shell: in Malla's own folder of tools, then on PATH.
import { constants } from 'node:fs';
import { access, stat } from 'node:fs/promises';
import { delimiter, isAbsolute, join } from 'node:path';

/** Folder of Malla's own launchers, see own-tools.ts. */
export const ownToolsFolder = 'malla-bin';

/** Where Malla puts the programs that the student let it download. */
export function toolsFolder(home: string): string {
  return join(home, 'herramientas');
}

export interface Places {
  /** Decides PATH and, on Windows, PATHEXT. */
  env: Readonly<Record<string, string | undefined>>;
  /** Malla's own folder: mallaHome(). */
  home: string;
}

/**
 * The absolute path of a program, or undefined. Malla's own launchers do not count: inside Malla its tools are
 * functions. Nor does a relative folder of PATH: it would depend on whose folder one is in.
 */
export async function findProgram(name: string, { env, home }: Places): Promise<string | undefined> {
  const endings = process.platform === 'win32' ? (env.PATHEXT ?? '.EXE;.CMD').split(';') : [''];
  for (const folder of [toolsFolder(home), ...pathFolders(env)]) {
    for (const ending of endings) {
      const path = join(folder, name + ending);
      if (await isExecutable(path)) return path;
    }
  }
  return undefined;
}

/** Windows calls it Path as often as PATH; a copy of its environment tells them apart. */
function pathFolders(env: Places['env']): string[] {
  const path = env.PATH ?? env.Path ?? '';
  return path.split(delimiter).filter((folder) => isAbsolute(folder) && !folder.endsWith(ownToolsFolder));
}

async function isExecutable(path: string): Promise<boolean> {
  try {
    await access(path, constants.X_OK);
    return (await stat(path)).isFile();
  } catch {
    return false;
  }
}
