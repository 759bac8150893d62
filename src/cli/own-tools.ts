// Small launchers so that a student's terminal finds `malla`, and Malla's own kubectl, istioctl and curl where the
// machine has none. They live in Malla's home, in a folder that only Malla's terminals have on PATH.
import { chmod, mkdir, rm, writeFile } from 'node:fs/promises';
import { delimiter, join } from 'node:path';
import { findProgram, ownToolsFolder, toolsFolder } from '../cluster/programs/find-program.ts';

export interface OwnToolsOptions {
  home: string;
  nodePath: string;
  /** The bundled `malla` program. */
  entry: string;
  env: Record<string, string | undefined>;
}

/** Writes the launchers that are needed now and returns PATH with their folder first. */
export async function pathWithOwnTools(options: OwnToolsOptions): Promise<string> {
  const folder = join(options.home, ownToolsFolder);
  await mkdir(folder, { recursive: true });
  await writeLauncher(folder, 'malla', options, []);
  for (const tool of ['kubectl', 'istioctl', 'curl']) {
    // A real one wins; a launcher left from before it was installed would hide it.
    if (await findProgram(tool, options)) await removeLauncher(folder, tool);
    else await writeLauncher(folder, tool, options, [tool]);
  }
  const own = [folder, toolsFolder(options.home)];
  const rest = (options.env.PATH ?? '').split(delimiter).filter((f) => !own.includes(f));
  return [...own, ...rest].join(delimiter);
}

async function writeLauncher(folder: string, name: string, { nodePath, entry }: OwnToolsOptions, args: string[]) {
  // ELECTRON_RUN_AS_NODE: inside VS Code nodePath is the editor's own program.
  if (process.platform === 'win32') {
    const line = [`"${nodePath}"`, '--disable-warning=ExperimentalWarning', `"${entry}"`, ...args, '%*'].join(' ');
    await writeFile(join(folder, `${name}.cmd`), `@set ELECTRON_RUN_AS_NODE=1\r\n@${line}\r\n`);
    return;
  }
  const words = [nodePath, '--disable-warning=ExperimentalWarning', entry, ...args].map(
    (w) => `'${w.replaceAll("'", `'\\''`)}'`,
  );
  const path = join(folder, name);
  await writeFile(path, `#!/bin/sh\nELECTRON_RUN_AS_NODE=1 exec ${words.join(' ')} "$@"\n`);
  await chmod(path, 0o755);
}

async function removeLauncher(folder: string, name: string): Promise<void> {
  await rm(join(folder, process.platform === 'win32' ? `${name}.cmd` : name), { force: true });
}
