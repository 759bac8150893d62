// The YAML files of the open folders, found and read a few at a time: between them the worker answers questions.
import { readdir, readFile, stat } from 'node:fs/promises';
import { join } from 'node:path';

export interface FolderLimits {
  files: number;
  /** Characters of one file, and of all of them. */
  fileSize: number;
  totalSize: number;
}

export const folderLimits: FolderLimits = { files: 20_000, fileSize: 12_000_000, totalSize: 96_000_000 };

export interface FoundFile {
  path: string;
  text: string;
}

const passedOver = new Set(['node_modules', '.git', '.hg', '.svn', 'vendor', 'dist', 'out', 'target', '.venv']);
const yaml = /\.ya?ml$/i;

/**
 * Symbolic links are not followed, so a loop of them has no beginning. Folders and files that cannot be read are passed
 * over. Stops for good when `signal` aborts or a limit is reached.
 */
export async function* folderFiles(
  folders: readonly string[],
  signal: AbortSignal,
  limits: FolderLimits = folderLimits,
): AsyncGenerator<FoundFile> {
  const waiting = [...folders];
  let files = 0;
  let size = 0;
  while (waiting.length > 0) {
    const folder = waiting.shift();
    if (folder === undefined) return;
    const entries = await readdir(folder, { withFileTypes: true }).catch(() => []);
    for (const entry of entries.toSorted((a, b) => (a.name < b.name ? -1 : 1))) {
      if (signal.aborted || files >= limits.files || size >= limits.totalSize) return;
      const path = join(folder, entry.name);
      if (entry.isDirectory() && !passedOver.has(entry.name)) waiting.push(path);
      if (!entry.isFile() || !yaml.test(entry.name)) continue;
      const text = await readYamlFile(path, limits);
      if (text === undefined) continue;
      files += 1;
      size += text.length;
      yield { path, text };
    }
  }
}

/** Undefined for what is gone, is no plain file, or is too large. */
export async function readYamlFile(path: string, limits: FolderLimits = folderLimits): Promise<string | undefined> {
  try {
    const { size, mtimeMs } = await stat(path);
    if (!Number.isFinite(mtimeMs) || size > limits.fileSize) return undefined;
    const text = await readFile(path, 'utf8');
    // The editor does not count a mark of byte order either.
    return text.startsWith('\uFEFF') ? text.slice(1) : text;
  } catch {
    return undefined;
  }
}
