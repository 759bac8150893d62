// Writes docs/fidelidad.md from the recordings; `page` is what its test compares.
import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { currentPage } from '../test/fidelity/current-page.ts';

await writeFile(join(import.meta.dirname, '../docs/fidelidad.md'), currentPage());
