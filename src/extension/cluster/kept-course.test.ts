import { mkdir, mkdtemp, readdir, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { type CourseSource, keep, keyOf, readKept } from './kept-course.ts';

let folder: string;
let source: CourseSource;
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'malla-curso-'));
  source = { root: join(folder, 'extension'), seed: '', place: undefined };
  await mkdir(join(source.root, 'dist'), { recursive: true });
  await writeFile(join(source.root, 'dist/course.json'), '{}');
  await writeFile(join(source.root, 'dist/course.cjs'), '');
});
afterEach(() => rm(folder, { recursive: true, force: true }));

const path = (): string => join(folder, 'storage/course.json');
const key = async (of = source): Promise<string> => (await keyOf(of)) ?? '';
const course = { labs: [], problems: [] };

test('what was kept is found again, and nothing lies beside it', async () => {
  await keep(path(), await key(), course);
  expect(await readKept(path(), await key())).toEqual(course);
  expect(await readdir(join(folder, 'storage'))).toEqual(['course.json']);
});

test('another seed, another place, another package and another reader are other courses', async () => {
  const keys = [
    await key(),
    await key({ ...source, seed: 'ana' }),
    await key({ ...source, place: { namespace: 'ana' } as CourseSource['place'] }),
  ];
  await writeFile(join(source.root, 'dist/course.json'), '{ }');
  keys.push(await key());
  await writeFile(join(source.root, 'dist/course.cjs'), ';');
  keys.push(await key());
  expect(new Set(keys).size).toBe(5);
});

test('one of another key, a broken one and none at all are not believed', async () => {
  expect(await readKept(path(), 'k')).toBeUndefined();
  await keep(path(), 'other', course);
  expect(await readKept(path(), 'k')).toBeUndefined();
  for (const text of ['{"key":"k","labs":[', '{"key":"k"}', 'null']) {
    await writeFile(path(), text);
    expect(await readKept(path(), 'k')).toBeUndefined();
  }
});

test('where labs are written nothing is kept', async () => {
  await rm(join(source.root, 'dist/course.json'));
  expect(await keyOf(source)).toBeUndefined();
});
