import { readFile } from 'node:fs/promises';
import { join } from 'node:path';

/** Malla's own, as its package says. */
export async function mallaVersion(root: string): Promise<string> {
  const { version } = JSON.parse(await readFile(join(root, 'package.json'), 'utf8')) as { version: string };
  return version;
}
