import { mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { inspectLabFile, writeLabFile } from './lab-files.ts';

let scratch = '';
let lab = '';
beforeEach(() => {
  scratch = mkdtempSync(join(tmpdir(), 'malla-files-'));
  lab = join(scratch, 'canary');
});
afterEach(() => rmSync(scratch, { recursive: true }));

test('a file that is not there is new, and its folders are made', async () => {
  const { kind, path } = await inspectLabFile(lab, 'k8s/reviews.yaml', 'x');
  expect(kind).toBe('new');
  await writeLabFile(path, 'x');
  expect(readFileSync(join(lab, 'k8s/reviews.yaml'), 'utf8')).toBe('x');
  expect(readdirSync(join(lab, 'k8s'))).toEqual(['reviews.yaml']);
});

test('a file with the same content is the same; with another, different', async () => {
  mkdirSync(lab);
  writeFileSync(join(lab, 'a.yaml'), 'mine');
  expect((await inspectLabFile(lab, 'a.yaml', 'mine')).kind).toBe('same');
  expect((await inspectLabFile(lab, 'a.yaml', 'theirs')).kind).toBe('different');
});

test.each(['../x.yaml', 'a/../../x.yaml', '/etc/x.yaml', '..'])('the path %s is refused', async (path) => {
  expect((await inspectLabFile(lab, path, 'x')).kind).toBe('refused');
  expect(readdirSync(scratch)).not.toContain('x.yaml');
});

test('a link to a folder outside is refused', async () => {
  mkdirSync(lab);
  mkdirSync(join(scratch, 'outside'));
  symlinkSync(join(scratch, 'outside'), join(lab, 'k8s'));
  expect((await inspectLabFile(lab, 'k8s/x.yaml', 'x')).kind).toBe('refused');
});

test('a link or a folder in the place of the file is refused', async () => {
  mkdirSync(join(lab, 'folder.yaml'), { recursive: true });
  writeFileSync(join(scratch, 'secret'), '');
  symlinkSync(join(scratch, 'secret'), join(lab, 'link.yaml'));
  expect((await inspectLabFile(lab, 'folder.yaml', 'x')).kind).toBe('refused');
  expect((await inspectLabFile(lab, 'link.yaml', 'x')).kind).toBe('refused');
});
