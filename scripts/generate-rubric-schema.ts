// Writes media/schemas/rubrica.schema.json; `rubricJsonSchema` is what its test compares.
import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { rubricJsonSchema } from '../src/grading/rubric/rubric.ts';

const file = join(import.meta.dirname, '../media/schemas/rubrica.schema.json');
await writeFile(file, `${JSON.stringify(rubricJsonSchema(), undefined, 2)}\n`);
