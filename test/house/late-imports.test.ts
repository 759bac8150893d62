// A bundle in parts, as the extension's package is, gives a CommonJS package that is loaded late no names but `default`.
import { globSync, readFileSync } from 'node:fs';
import { isBuiltin } from 'node:module';
import { join } from 'node:path';
import { expect, test } from 'vitest';

const root = join(import.meta.dirname, '../..');

test('a package that is loaded late is an ES module; of another, a file of ours names what is used', () => {
  const late = globSync('src/**/*.ts', { cwd: root })
    .filter((file) => !file.endsWith('.test.ts'))
    .flatMap((file) =>
      [...readFileSync(join(root, file), 'utf8').matchAll(/await import\('([^.'][^']*)'\)/g)].map(([, name]) => ({
        file,
        name: name ?? '',
      })),
    )
    .filter(({ name }) => !isBuiltin(name));
  expect(late.length).toBeGreaterThan(0);
  const common = late.filter(({ name }) => {
    const manifest = readFileSync(join(root, 'node_modules', name, 'package.json'), 'utf8');
    return (JSON.parse(manifest) as { type?: string }).type !== 'module';
  });
  expect(common).toEqual([]);
});
