// Writes docs/comprobaciones from the kinds of check; `checkPages` is what its test compares.
import { mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { checkPages } from '../src/labs/check-kinds/pages.ts';

const folder = join(import.meta.dirname, '../docs/comprobaciones');
await mkdir(folder, { recursive: true });
for (const [name, text] of Object.entries(checkPages())) await writeFile(join(folder, name), text);
