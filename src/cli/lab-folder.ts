// The folder where a student's files of a lab live: `<where>/<lab>`.
import { mkdir } from 'node:fs/promises';
import { join, resolve } from 'node:path';

/** Creates it if needed and returns its absolute path. */
export async function labFolder(where: string, labId: string): Promise<string> {
  const folder = join(resolve(where), labId);
  await mkdir(folder, { recursive: true });
  return folder;
}
