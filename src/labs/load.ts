// Reads the labs of a folder.

import { readFileSync } from 'node:fs';
import { readdir, readFile } from 'node:fs/promises';
import { join, normalize, sep } from 'node:path';
import type { Lab } from './lab.ts';
import { parseLab } from './parse.ts';
import type { Problem } from './problem.ts';

/** Every folder with a lab.md, by name. A malformed lab is left out and its problems are told. */
export async function loadLabs(
  labsFolder: string,
  samplesFolder: string,
): Promise<{ labs: Lab[]; problems: Problem[] }> {
  const labs: Lab[] = [];
  const problems: Problem[] = [];
  for (const entry of (await foldersOf(labsFolder)).toSorted()) {
    const folder = join(labsFolder, entry);
    const file = `labs/${entry}/lab.md`;
    const text = await readFile(join(folder, 'lab.md'), 'utf8').catch(() => undefined);
    if (text === undefined) continue;
    const result = parseLab(text, { file, folder, samples: (name) => sample(samplesFolder, name) });
    problems.push(...result.problems);
    if (result.lab) labs.push(result.lab);
  }
  const ids = new Set(labs.map((l) => l.id));
  for (const lab of labs) {
    for (const id of lab.requires.filter((r) => !ids.has(r))) {
      problems.push({
        code: 'MALLA-LAB-21',
        file: `labs/${lab.id}/lab.md`,
        line: 1,
        column: 1,
        message: `El laboratorio requiere «${id}», que no existe.`,
        cure: `Los que hay: ${[...ids].join(', ')}.`,
      });
    }
  }
  return { labs, problems };
}

async function foldersOf(folder: string): Promise<string[]> {
  const entries = await readdir(folder, { withFileTypes: true });
  return entries.filter((e) => e.isDirectory()).map((e) => e.name);
}

function sample(folder: string, name: string): string | undefined {
  const path = normalize(join(folder, name));
  if (!path.startsWith(normalize(folder) + sep)) return undefined;
  try {
    return readFileSync(path, 'utf8');
  } catch {
    return undefined;
  }
}
