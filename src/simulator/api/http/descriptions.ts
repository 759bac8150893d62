// What Kubernetes says of its kinds and fields: read when somebody asks for a schema, and not kept.
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { brotliDecompress } from 'node:zlib';
import { descriptionsFile } from './descriptions-file.ts';

/** Schema → what is said of it, and of each of its fields. */
export type Descriptions = Record<string, [own: string, fields: Record<string, string>]>;

/** None where a program is without its file: schemas serve without words, too. */
export async function readDescriptions(): Promise<Descriptions> {
  if (descriptionsFile === '') return {};
  try {
    const packed = await readFile(join(import.meta.dirname, descriptionsFile));
    return JSON.parse((await promisify(brotliDecompress)(packed)).toString('utf8')) as Descriptions;
  } catch {
    return {};
  }
}
