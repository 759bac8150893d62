// The texts of the course wherever they are: in folders, as they are written, or in the one file of a package of the
// extension (dist/course.json), whose files are counted.
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { basename, dirname, join, normalize, sep } from 'node:path';

/** Path of a file from the root of the package, with `/` → its text. */
export type PackedCourse = Readonly<Record<string, string>>;

export const packedCourse = ['dist', 'course.json'] as const;

/** Text of a file of `folder`, which is a folder of the package («…/samples») or any other. Undefined when there is none. */
export function courseText(folder: string, name: string): string | undefined {
  const path = normalize(join(folder, name));
  if (!path.startsWith(normalize(folder) + sep)) return undefined;
  try {
    return readFileSync(path, 'utf8');
  } catch {
    return packedText(folder, path);
  }
}

/** Whether the package at `root` has this file. */
export function courseHas(root: string, path: string): boolean {
  return existsSync(join(root, path)) || Object.hasOwn(packOf(root), path);
}

/** Names of the folders in `folder`; none when it does not exist. */
export function courseFolders(folder: string): string[] {
  if (existsSync(folder)) {
    const entries = readdirSync(folder, { withFileTypes: true });
    return entries.filter((e) => e.isDirectory()).map((e) => e.name);
  }
  const prefix = `${basename(folder)}/`;
  const own = Object.keys(packOf(dirname(folder))).filter((path) => path.startsWith(prefix));
  const names = own.map((path) => path.slice(prefix.length)).filter((rest) => rest.includes('/'));
  return [...new Set(names.map((rest) => rest.slice(0, rest.indexOf('/'))))];
}

function packedText(folder: string, path: string): string | undefined {
  const root = dirname(folder);
  const key = path.slice(normalize(root).length + 1).replaceAll(sep, '/');
  const pack = packOf(root);
  return Object.hasOwn(pack, key) ? pack[key] : undefined;
}

/** Read once: a package does not change under a program that runs from it. */
const packs = new Map<string, PackedCourse>();

function packOf(root: string): PackedCourse {
  const known = packs.get(root);
  if (known) return known;
  const file = join(root, ...packedCourse);
  const pack: PackedCourse = existsSync(file) ? (JSON.parse(readFileSync(file, 'utf8')) as PackedCourse) : {};
  packs.set(root, pack);
  return pack;
}
