// The generator of made-up classes as one file. It lives in a world whose time passes when nothing is left to do: a module
// that were loaded late, from the disk, would come when its time is over.
import { join } from 'node:path';
import { build } from 'esbuild';
import { simulatorProgram } from './build.ts';

/** Writes it into the folder; its path. */
export async function buildGenerator(root: string, folder: string): Promise<string> {
  const entryPoints = { 'generar-clase': join(root, 'src/grading/class-generator/generate-bin.ts') };
  await build({ ...simulatorProgram, absWorkingDir: root, entryPoints, outdir: folder, legalComments: 'none' });
  return join(folder, 'generar-clase.mjs');
}
