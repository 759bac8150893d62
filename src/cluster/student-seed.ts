// The code that makes a student's labs theirs: what the parameters of labs are drawn from. Kept in Malla's home, so that
// the terminal and the editor show the same labs.
import { readFileSync } from 'node:fs';
import { mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';

const longest = 200;

/** MALLA_SEMILLA, else the code that is kept; empty when there is none. */
export function readSeed(home: string, env: Record<string, string | undefined>): string {
  if (env.MALLA_SEMILLA !== undefined) return env.MALLA_SEMILLA.slice(0, longest);
  try {
    return readFileSync(fileOf(home), 'utf8').trim().slice(0, longest);
  } catch {
    return '';
  }
}

export async function keepSeed(home: string, seed: string): Promise<void> {
  await mkdir(home, { recursive: true });
  await writeFile(fileOf(home), `${seed.trim().slice(0, longest)}\n`);
}

function fileOf(home: string): string {
  return join(home, 'semilla.txt');
}
