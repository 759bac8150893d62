import { globSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { catalogue } from '../diagnosis/catalogue.ts';

test('every code that the extension shows is documented, and no other of its area', () => {
  const sources = globSync('**/*.ts', { cwd: import.meta.dirname }).filter((f) => !f.endsWith('.test.ts'));
  const used = sources.flatMap((f) => readFileSync(join(import.meta.dirname, f), 'utf8').match(/MALLA-EDI-\d+/g) ?? []);
  expect([...new Set(used)].sort()).toEqual(Object.keys(catalogue).filter((c) => c.startsWith('MALLA-EDI-')));
});
