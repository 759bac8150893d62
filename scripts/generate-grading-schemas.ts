// Writes the schemas of grading under media/schemas; tests compare each with the code that it is made from.
import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { classJsonSchema } from '../src/grading/class/class-result.ts';
import { rubricJsonSchema } from '../src/grading/rubric/rubric.ts';

const folder = join(import.meta.dirname, '../media/schemas');
for (const [name, schema] of Object.entries({ rubrica: rubricJsonSchema(), clase: classJsonSchema() }))
  await writeFile(join(folder, `${name}.schema.json`), `${JSON.stringify(schema, undefined, 2)}\n`);
