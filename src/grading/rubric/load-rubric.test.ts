import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { loadRubric } from './load-rubric.ts';
import { course, smallRubric } from './rubric.fixture.ts';

let folder = '';
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'malla-rubrica-'));
});
afterAll(() => rm(folder, { recursive: true }));
const load = async (text: string) => {
  await writeFile(join(folder, 'r.yaml'), text);
  return loadRubric(join(folder, 'r.yaml'), course);
};

test('a right rubric comes with its text', async () => {
  const { rubric, text } = await load(smallRubric);
  expect([rubric.id, text]).toEqual(['practica-1', smallRubric]);
});

test('one with faults is refused with all of them', async () => {
  await expect(load(smallRubric.replace('lab: mtls', 'lab: mtl'))).rejects.toMatchObject({
    code: 'MALLA-RUB-09',
    happened: expect.stringContaining('r.yaml:9:5 [MALLA-RUB-04]'),
  });
});

test.each([
  ['a file that is not there', '/nada.yaml', 'no existe'],
  ['a folder', tmpdir(), 'es una carpeta'],
])('%s is refused with its reason', async (_what, path, why) => {
  await expect(loadRubric(path, course)).rejects.toMatchObject({
    code: 'MALLA-RUB-09',
    happened: expect.stringContaining(why),
  });
});
