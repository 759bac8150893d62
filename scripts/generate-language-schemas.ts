// Makes the schemas of the editor's help from the CRDs that Malla installs: those of Istio and of the Gateway API.
// Usage: node scripts/generate-language-schemas.ts
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { languageSchemas } from './language-schemas.ts';

const root = join(import.meta.dirname, '..');
const text = languageSchemas((path) => readFileSync(join(root, path), 'utf8'));
const output = join(root, 'src/language/generated/schemas.json');
writeFileSync(output, text);
console.log(`${JSON.parse(text).length} clases, ${text.length} bytes`);
