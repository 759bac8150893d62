// The YAML that the student has written for a lab, to point at the line that a diagnosis means.
import { readdir, readFile, stat } from 'node:fs/promises';
import { join, relative, resolve } from 'node:path';
import type { Verdict } from '../checks/verdict.ts';
import { placeOf, type YamlFile } from '../yaml/object-place.ts';

const mostFiles = 200;
const largest = 256 * 1024;

/** Adds the file and the line to where a verdict's cause is, when one of the lab's files has that object. */
export async function withStudentLine(verdict: Verdict, where: string, lab: string): Promise<Verdict> {
  const at = verdict.cause?.at;
  if (!verdict.cause || !at) return verdict;
  const place = placeOf(at, await yamlFiles(join(resolve(where), lab)));
  return place ? { ...verdict, cause: { ...verdict.cause, at: { ...at, ...place } } } : verdict;
}

/** Oldest first. None when the folder is not there. */
async function yamlFiles(folder: string): Promise<YamlFile[]> {
  const entries = await readdir(folder, { withFileTypes: true, recursive: true }).catch(() => []);
  const paths = entries
    .filter((e) => e.isFile() && /\.ya?ml$/i.test(e.name))
    .slice(0, mostFiles)
    .map((e) => join(e.parentPath, e.name));
  const files = await Promise.all(paths.map((path) => read(path, folder)));
  return files.flat().toSorted((a, b) => a.written - b.written);
}

/** A file that cannot be read, or that nobody wrote by hand, is passed over. */
async function read(path: string, folder: string): Promise<(YamlFile & { written: number })[]> {
  try {
    const { size, mtimeMs: written } = await stat(path);
    if (size > largest) return [];
    return [{ path: relative(folder, path), text: await readFile(path, 'utf8'), written }];
  } catch {
    return [];
  }
}
