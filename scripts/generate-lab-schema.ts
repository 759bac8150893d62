// Writes media/schemas/lab.schema.json; `labJsonSchema` is what its test compares.
import { mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { labJsonSchema } from '../src/labs/schemas.ts';

const folder = join(import.meta.dirname, '../media/schemas');
await mkdir(folder, { recursive: true });
await writeFile(join(folder, 'lab.schema.json'), `${JSON.stringify(labJsonSchema(), undefined, 2)}\n`);
