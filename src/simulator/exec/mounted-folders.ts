// Folders of a container that lie elsewhere: in a volume, which others may have mounted too.
import { posix } from 'node:path';
import { FileError, type Files } from './files.ts';

export interface Mount {
  /** Path in the container, without a slash at its end. */
  at: string;
  /** Undefined: what is mounted there is with the container's own files. */
  files?: Files;
  /** What of the volume is to be seen there. */
  root: string;
  readOnly: boolean;
}

/** The files of a container with its mounts. What lies under a mount in the container itself is not to be seen. */
export function withMounts(own: Files, mounts: readonly Mount[]): Files {
  if (mounts.every(({ files }) => files === undefined)) return own;
  const longestFirst = [...mounts].sort((a, b) => b.at.length - a.at.length);
  const find = (path: string) => longestFirst.find(({ at }) => path === at || path.startsWith(`${at}/`));
  const toRead = (path: string): Place => {
    const mount = find(path);
    return mount?.files ? { files: mount.files, inside: insideOf(mount, path) } : { files: own, inside: path };
  };
  const toWrite = (path: string): Place => {
    const mount = find(path);
    if (mount?.files && mount.readOnly) throw new FileError('Read-only file system');
    return toRead(path);
  };
  return {
    read(path) {
      const { files, inside } = toRead(path);
      return files.read(inside);
    },
    write(path, content) {
      const { files, inside } = toWrite(path);
      files.write(inside, content);
    },
    append(path, content) {
      const { files, inside } = toWrite(path);
      files.append(inside, content);
    },
    kind(path) {
      const { files, inside } = toRead(path);
      return files.kind(inside);
    },
    list(path) {
      const { files, inside } = toRead(path);
      const mounted = mounts.filter(({ at }) => at !== path && posix.dirname(at) === path);
      return [...new Set([...files.list(inside), ...mounted.map(({ at }) => posix.basename(at))])].sort();
    },
    makeFolder(path) {
      const { files, inside } = toWrite(path);
      files.makeFolder(inside);
    },
    remove(path) {
      if (mounts.some(({ at }) => at === path || at.startsWith(`${path}/`)))
        throw new FileError('Device or resource busy');
      const { files, inside } = toWrite(path);
      files.remove(inside);
    },
  };
}

interface Place {
  files: Files;
  inside: string;
}

function insideOf({ at, root }: Mount, path: string): string {
  const rest = path.slice(at.length);
  return `${root === '/' ? '' : root}${rest}` || '/';
}
