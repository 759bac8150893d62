// Writes docs/errores.md from the catalogue of causes; `errorsPage` is what its test compares.
import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { errorsPage } from '../src/diagnosis/errors-page.ts';

await writeFile(join(import.meta.dirname, '../docs/errores.md'), errorsPage());
