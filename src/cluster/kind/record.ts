// Which containers are a cluster that Malla made, or that the student let it use.
import { readFile, rm } from 'node:fs/promises';
import * as z from 'zod';
import { writePrivateFile } from '../private-file.ts';
import { cannotWriteKubeconfig } from './errors.ts';
import type { KindFiles } from './kind-files.ts';

const recordSchema = z.object({
  /** The containers' own identities: another cluster of the same name has others. */
  containers: z.array(z.string()),
  /** False: it was there before. */
  made: z.boolean(),
  /**
   * Milliseconds since 1970: a creation began then and has not ended yet. If Malla was killed in the middle, what is
   * there since then is what it left.
   */
  since: z.number().optional(),
});

export type KindRecord = z.infer<typeof recordSchema>;

/** Undefined when there is none that can be understood: the cluster is nobody's, then. */
export async function readRecord({ record }: KindFiles): Promise<KindRecord | undefined> {
  try {
    return recordSchema.parse(JSON.parse(await readFile(record, 'utf8')));
  } catch {
    return undefined;
  }
}

/** Rejects with MALLA-KND-14. */
export async function writeRecord(files: KindFiles, record: KindRecord): Promise<void> {
  try {
    await writePrivateFile(files.record, `${JSON.stringify(record)}\n`);
  } catch (cause) {
    throw cannotWriteKubeconfig(files.record, cause);
  }
}

export async function forget(files: KindFiles): Promise<void> {
  for (const file of [files.record, files.kubeconfig]) await rm(file, { force: true });
}
