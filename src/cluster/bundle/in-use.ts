// Which class bundle this machine works with: new kind clusters take their images from it.
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import * as z from 'zod';
import { writePrivateFile } from '../private-file.ts';

const schema = z.object({
  /** Absolute. */
  folder: z.string().min(1),
  /** Of its paquete.json when it was verified. */
  fingerprint: z.string().regex(/^[0-9a-f]{64}$/),
  /** In the container runtime already: for `kind create cluster`. */
  nodeImage: z.string().optional(),
});

export type BundleInUse = z.infer<typeof schema>;

/** Undefined when there is none, or its note cannot be understood. `home` is Malla's own folder. */
export async function readBundleInUse(home: string): Promise<BundleInUse | undefined> {
  try {
    return schema.parse(JSON.parse(await readFile(fileOf(home), 'utf8')));
  } catch {
    return undefined;
  }
}

/** Rejects with the system's error. */
export async function writeBundleInUse(home: string, bundle: BundleInUse): Promise<void> {
  await writePrivateFile(fileOf(home), `${JSON.stringify(bundle)}\n`);
}

function fileOf(home: string): string {
  return join(home, 'paquete.json');
}
