// Files in memory, of a container or of a machine: those that were put there before, and what programs write.
import { posix } from 'node:path';

export class FileError extends Error {}

export interface Files {
  /** Throws FileError with the system's words. */
  read(path: string): Buffer;
  write(path: string, content: Uint8Array): void;
  append(path: string, content: Uint8Array): void;
  /** What is at the path; undefined: nothing. */
  kind(path: string): 'file' | 'folder' | undefined;
  /** Names in a folder, sorted. */
  list(path: string): string[];
  makeFolder(path: string): void;
  remove(path: string): void;
}

export const resolvePath = (cwd: string, path: string): string => posix.resolve(cwd, path);

const MOST_BYTES = 16 * 1024 * 1024;
const MOST_FILES = 2_000;

export interface FileTree extends Files {
  entries(): [path: string, content: Buffer][];
  folders(): string[];
}

/** Bytes that are free; several trees may share them. */
export interface Space {
  left: number;
}

/** What is given does not count towards the space there is. */
export function createFileTree(
  given: Iterable<readonly [string, string]>,
  wanted: Iterable<string>,
  space: Space = { left: MOST_BYTES },
): FileTree {
  const files = new Map<string, Buffer>();
  const folders = new Set(['/']);
  for (const [path, content] of given) {
    files.set(path, Buffer.from(content));
    addFolders(posix.dirname(path));
  }
  for (const folder of wanted) addFolders(folder);

  function addFolders(path: string): void {
    for (let at = path; !folders.has(at); at = posix.dirname(at)) folders.add(at);
  }

  function put(path: string, content: Buffer): void {
    if (folders.has(path)) throw new FileError('Is a directory');
    if (!folders.has(posix.dirname(path))) throw new FileError('No such file or directory');
    const more = content.length - (files.get(path)?.length ?? 0);
    if (more > space.left || files.size >= MOST_FILES) throw new FileError('No space left on device');
    space.left -= more;
    files.set(path, content);
  }

  return {
    entries: () => [...files],
    folders: () => [...folders],
    read(path) {
      if (path === '/dev/null') return Buffer.alloc(0);
      const content = files.get(path);
      if (content) return content;
      throw new FileError(folders.has(path) ? 'Is a directory' : 'No such file or directory');
    },
    write(path, content) {
      if (path !== '/dev/null') put(path, Buffer.from(content));
    },
    append(path, content) {
      if (path !== '/dev/null') put(path, Buffer.concat([files.get(path) ?? Buffer.alloc(0), content]));
    },
    kind: (path) => (folders.has(path) ? 'folder' : files.has(path) || path === '/dev/null' ? 'file' : undefined),
    list(path) {
      if (!folders.has(path)) throw new FileError(files.has(path) ? 'Not a directory' : 'No such file or directory');
      const prefix = path === '/' ? '/' : `${path}/`;
      const inside = [...files.keys(), ...folders].filter((p) => p.startsWith(prefix) && p !== path);
      return [...new Set(inside.map((p) => p.slice(prefix.length).split('/')[0] ?? ''))].filter(Boolean).sort();
    },
    makeFolder(path) {
      if (folders.has(path) || files.has(path)) throw new FileError('File exists');
      if (!folders.has(posix.dirname(path))) throw new FileError('No such file or directory');
      if (folders.size >= MOST_FILES) throw new FileError('No space left on device');
      folders.add(path);
    },
    remove(path) {
      const content = files.get(path);
      if (!content && !folders.has(path)) throw new FileError('No such file or directory');
      space.left += content?.length ?? 0;
      files.delete(path);
      if (!folders.has(path)) return;
      for (const [inner, { length }] of [...files]) {
        if (!inner.startsWith(`${path}/`)) continue;
        space.left += length;
        files.delete(inner);
      }
      for (const inner of [...folders]) if (inner === path || inner.startsWith(`${path}/`)) folders.delete(inner);
    },
  };
}
