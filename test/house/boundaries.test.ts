// Who may import whom. The table is docs/arquitectura.md in machine form; cycles are Biome's noImportCycles.
import { globSync, readFileSync } from 'node:fs';
import { dirname, join, normalize, relative } from 'node:path';
import { expect, test } from 'vitest';

const root = join(import.meta.dirname, '../..');

/** Folder of src → folders of src that it may import, besides itself. */
const allowed: Record<string, string[]> = {
  mesh: [],
  cel: ['mesh'],
  promql: [],
  yaml: [],
  language: ['mesh', 'yaml', 'diagnosis', 'views'],
  labs: ['mesh'],
  traffic: ['mesh'],
  cluster: ['mesh'],
  diagnosis: ['mesh', 'labs', 'traffic', 'cluster'],
  checks: ['mesh', 'cel', 'promql', 'labs', 'traffic', 'cluster', 'diagnosis'],
  tools: ['mesh', 'cluster'],
  views: ['mesh', 'cluster', 'yaml'],
  simulator: ['mesh', 'cel', 'tools', 'promql'],
  grading: ['mesh', 'yaml', 'labs', 'traffic', 'cluster', 'diagnosis', 'checks', 'tools', 'views', 'simulator'],
  cli: ['mesh', 'yaml', 'labs', 'traffic', 'cluster', 'diagnosis', 'checks', 'tools', 'views', 'grading'],
  extension: [
    'mesh',
    'yaml',
    'labs',
    'traffic',
    'cluster',
    'diagnosis',
    'checks',
    'views',
    'grading',
    'webview',
    'language',
  ],
  webview: ['views', 'labs', 'checks', 'diagnosis'],
};

interface Import {
  from: string;
  specifier: string;
  typeOnly: boolean;
}

const imports: Import[] = globSync('src/**/*.ts', { cwd: root }).flatMap((file) => {
  const source = readFileSync(join(root, file), 'utf8');
  const statements = source.matchAll(
    /^(import|export)(\s+type\b)?[^'"`;]*?\sfrom\s*['"]([^'"]+)['"]|^import\s*['"]([^'"]+)['"]|\bimport\(\s*['"]([^'"]+)['"]\s*\)/gm,
  );
  return [...statements].map((s) => ({
    from: file,
    specifier: s[3] ?? s[4] ?? s[5] ?? '',
    typeOnly: s[2] !== undefined,
  }));
});

const folderOf = (file: string) => file.split('/')[1] ?? '';
const target = (i: Import) => relative(root, normalize(join(root, dirname(i.from), i.specifier)));
const say = (i: Import) => `${i.from} imports ${i.specifier}`;

test('each folder of src imports only the folders that the table allows', () => {
  const broken = imports.filter((i) => {
    if (!i.specifier.startsWith('.')) return false;
    const path = target(i);
    if (!path.startsWith('src/')) return !path.startsWith('package.json') && !i.from.endsWith('.test.ts');
    const [from, to] = [folderOf(i.from), folderOf(path)];
    return from !== to && !allowed[from]?.includes(to);
  });
  expect(broken.map(say)).toEqual([]);
});

test('vscode is imported only under src/extension', () => {
  expect(imports.filter((i) => i.specifier === 'vscode' && folderOf(i.from) !== 'extension').map(say)).toEqual([]);
});

test('the mesh engine is pure: no Node, no client, no editor', () => {
  const impure = imports.filter(
    (i) =>
      folderOf(i.from) === 'mesh' &&
      !i.from.endsWith('.test.ts') &&
      !i.specifier.startsWith('.') &&
      i.specifier !== 're2js',
  );
  expect(impure.map(say)).toEqual([]);
});

test('browser code imports only types from the rest', () => {
  const heavy = imports.filter(
    (i) =>
      folderOf(i.from) === 'webview' &&
      i.specifier.startsWith('.') &&
      folderOf(target(i)) !== 'webview' &&
      !i.typeOnly &&
      !i.from.endsWith('.test.ts'),
  );
  expect(heavy.map(say)).toEqual([]);
});

test('promql is pure: of the rest it needs the grammar and regular expressions only', () => {
  const allowedModules = new Set(['@prometheus-io/lezer-promql', '@lezer/common', 're2js']);
  const impure = imports.filter(
    (i) =>
      folderOf(i.from) === 'promql' &&
      !i.from.endsWith('.test.ts') &&
      !i.specifier.startsWith('.') &&
      !allowedModules.has(i.specifier),
  );
  expect(impure.map(say)).toEqual([]);
});
