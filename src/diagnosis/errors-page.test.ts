import { globSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { areas, catalogue } from './catalogue.ts';
import { errorsPage } from './errors-page.ts';

const root = join(import.meta.dirname, '../..');

test('docs/errores.md is what the catalogue says', () => {
  expect(readFileSync(join(root, 'docs/errores.md'), 'utf8')).toBe(errorsPage());
});

test('every code belongs to an area and has two digits', () => {
  for (const code of Object.keys(catalogue)) {
    expect(code).toMatch(/^MALLA-[A-Z]{3}-\d\d$/);
    expect(areas).toHaveProperty(code.slice(6, 9));
  }
});

test('titles have no final period, and the rest does', () => {
  for (const { title, why, cure } of Object.values(catalogue)) {
    expect(title).not.toMatch(/\.$/);
    expect(why).toMatch(/\.$/);
    expect(cure).toMatch(/\.$/);
  }
});

const sources = globSync(['src/**/*.ts', 'scripts/**/*.ts'], { cwd: root })
  .filter((f) => !f.includes('.test') && !f.includes('diagnosis/codes'))
  .map((f) => readFileSync(join(root, f), 'utf8'))
  .join('\n');

test('every code of the catalogue is used by some rule', () => {
  expect(Object.keys(catalogue).filter((code) => !sources.includes(code))).toEqual([]);
});

test('every code that Malla can say is in the catalogue', () => {
  const said = new Set(sources.match(/'MALLA-[A-Z]{3}-\d\d'/g)?.map((code) => code.slice(1, -1)));
  expect([...said].filter((code) => !(code in catalogue)).toSorted()).toEqual([]);
});
