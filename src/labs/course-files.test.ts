import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { courseFolders, courseHas, courseText } from './course-files.ts';
import { loadLabs } from './load.ts';

let root = '';

beforeEach(() => {
  root = mkdtempSync(join(tmpdir(), 'malla-course-'));
});

afterEach(() => rmSync(root, { recursive: true }));

const put = (path: string, text: string): void => {
  mkdirSync(join(root, path, '..'), { recursive: true });
  writeFileSync(join(root, path), text);
};

const lab = (id: string) => `---
id: ${id}
titulo: Un laboratorio
minutos: 5
clusters: [embebido]
objetivos: [mirar]
---

Hola.

## Un paso {#uno}

Nada.
`;

test('a file is read from its folder', () => {
  put('samples/hello/hello.yaml', 'a: 1\n');
  expect(courseText(join(root, 'samples'), 'hello/hello.yaml')).toBe('a: 1\n');
  expect(courseText(join(root, 'samples'), 'hello/other.yaml')).toBeUndefined();
});

test('a file that is only in the pack is read from it', () => {
  put('dist/course.json', JSON.stringify({ 'samples/hello/hello.yaml': 'b: 2\n' }));
  expect(courseText(join(root, 'samples'), 'hello/hello.yaml')).toBe('b: 2\n');
  expect(courseHas(root, 'samples/hello/hello.yaml')).toBe(true);
  expect(courseHas(root, 'constructor')).toBe(false);
});

test('a path that leaves the folder has no text, in a folder or in a pack', () => {
  put('secret.txt', 'x');
  put('dist/course.json', JSON.stringify({ 'labs/orden.txt': 'y' }));
  expect(courseText(join(root, 'samples'), '../secret.txt')).toBeUndefined();
  expect(courseText(join(root, 'samples'), '../labs/orden.txt')).toBeUndefined();
});

test('the labs of a pack are those of the folders that it was made from', async () => {
  put('labs/dos/lab.md', lab('dos'));
  put('labs/uno/lab.md', lab('uno'));
  put('labs/orden.txt', 'uno\ndos\n');
  const folders = await loadLabs(join(root, 'labs'), join(root, 'samples'));
  const other = mkdtempSync(join(tmpdir(), 'malla-course-'));
  mkdirSync(join(other, 'dist'));
  const texts = { 'labs/dos/lab.md': lab('dos'), 'labs/orden.txt': 'uno\ndos\n', 'labs/uno/lab.md': lab('uno') };
  writeFileSync(join(other, 'dist/course.json'), JSON.stringify(texts));
  expect(courseFolders(join(other, 'labs')).sort()).toEqual(['dos', 'uno']);
  const packed = await loadLabs(join(other, 'labs'), join(other, 'samples'));
  rmSync(other, { recursive: true });
  expect(folders.problems).toEqual([]);
  expect(packed.problems).toEqual([]);
  const bare = (labs: typeof folders.labs) => labs.map(({ folder: _, ...rest }) => rest);
  expect(bare(packed.labs)).toEqual(bare(folders.labs));
  expect(packed.labs.map((l) => l.id)).toEqual(['uno', 'dos']);
});
