// The archive of the package: compressed, sorted, and the same bytes for the same entries.
import { writeZip } from '../../src/grading/handin/zip-writer.ts';

export interface ZipEntry {
  /** With `/`, from the root of the archive. */
  path: string;
  data: Uint8Array;
}

/** Throws for an entry that is there twice. Nothing here comes near the format's limits of 4 GB and 65,535 entries. */
export function zip(entries: readonly ZipEntry[]): Buffer {
  const sorted = entries.toSorted((a, b) => (a.path < b.path ? -1 : 1));
  const twice = sorted.find((entry, index) => sorted[index + 1]?.path === entry.path);
  if (twice) throw new Error(`Twice in the archive: ${twice.path}.`);
  return writeZip(
    sorted.map(({ path, data }) => ({ name: path, content: data })),
    { compress: true },
  );
}
