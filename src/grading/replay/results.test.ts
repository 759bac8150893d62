// Results on disk: whole or not there, whenever whoever writes them is killed.
import { appendFile, mkdtemp, readdir, readFile, rm, symlink, truncate, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { limits } from '../handin/limits.ts';
import { acrossClass } from './across-class.ts';
import { changesBetween } from './changes.ts';
import { gradedCheckOf, gradedLabOf, gradedOf, gradedStepOf } from './graded.fixture.ts';
import { ContradictionError, mergeResults } from './merge-results.ts';
import { OtherResultsError, openResults, readResults } from './results.ts';
import { partOf, readShard } from './shard.ts';
import { findSubmissions } from './submissions.ts';

let folder: string;
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'malla-resultados-'));
});
afterEach(() => rm(folder, { recursive: true, force: true }));

const header = { format: 'malla-correccion/1' as const, malla: '0.1.0', program: 'p', course: 'c'.repeat(64), key: '' };
const journal = () => join(folder, 'diario.jsonl');

test('what was kept is found again by who goes on, while the file is the same', async () => {
  const first = await openResults(folder, header, 1_000);
  await first.keep('ana.zip', 'f1', gradedOf());
  const next = await openResults(folder, header, 9_000);
  expect(next.header.now).toBe(1_000);
  expect(await next.find('ana.zip', 'f1')).toEqual(gradedOf());
  expect(await next.find('ana.zip', 'f2')).toBeUndefined();
  expect(await next.find('eva.zip', 'f1')).toBeUndefined();
});

test('half a line is forgotten, and the next is written after what is whole', async () => {
  const first = await openResults(folder, header, 0);
  await first.keep('ana.zip', 'f1', gradedOf());
  await appendFile(journal(), '{"submission":"eva.zip","fi');
  const next = await openResults(folder, header, 0);
  await next.keep('luis.zip', 'f3', gradedOf({ submission: 'luis.zip' }));
  expect((await readResults(folder)).map((g) => g.submission)).toEqual(['ana.zip', 'luis.zip']);
});

test('what was being written when it was killed leaves nothing behind', async () => {
  await (await openResults(folder, header, 0)).keep('ana.zip', 'f1', gradedOf());
  const halves = [join('repeticion', `${'0'.repeat(24)}.json.123`), 'entregas.csv.45'];
  for (const half of halves) await writeFile(join(folder, half), '{"for');
  await openResults(folder, header, 0);
  expect((await readdir(folder)).toSorted()).toEqual(['diario.jsonl', 'repeticion']);
  expect(await readdir(join(folder, 'repeticion'))).toHaveLength(1);
});

test('a result that is not the one that was kept does not count', async () => {
  const results = await openResults(folder, header, 0);
  await results.keep('ana.zip', 'f1', gradedOf());
  const [line] = (await readFile(journal(), 'utf8')).trim().split('\n').slice(1);
  expect(line).toContain('ana.zip');
  const { sha256 } = await import('../handin/canonical-json.ts');
  await truncate(join(folder, 'repeticion', `${sha256('ana.zip').slice(0, 24)}.json`), 20);
  expect(await (await openResults(folder, header, 0)).find('ana.zip', 'f1')).toBeUndefined();
  expect(await readResults(folder)).toEqual([]);
});

test('results of another course, key or Malla are not gone on with', async () => {
  await openResults(folder, header, 0);
  for (const other of [{ malla: '0.2.0' }, { program: 'q' }, { course: 'd'.repeat(64) }, { key: 'k' }])
    await expect(openResults(folder, { ...header, ...other }, 0)).rejects.toBeInstanceOf(OtherResultsError);
});

test('a journal whose first line was never whole begins anew', async () => {
  await openResults(folder, header, 0);
  await truncate(journal(), 10);
  const results = await openResults(folder, header, 5);
  await results.keep('ana.zip', 'f1', gradedOf());
  expect(await readResults(folder)).toHaveLength(1);
});

test('links, folders and huge files are told and never opened; what is no zip is passed over', async () => {
  await writeFile(join(folder, 'ana.zip'), 'zip');
  await writeFile(join(folder, 'LEEME.txt'), 'hola');
  await symlink('/etc/passwd', join(folder, 'enlace.zip'));
  await symlink(folder, join(folder, 'vuelta.zip'));
  await writeFile(join(folder, 'grande.zip'), '');
  await truncate(join(folder, 'grande.zip'), limits.file + 1);
  const { found } = await findSubmissions(folder);
  expect(found.map((f) => [f.name, f.problem?.code])).toEqual([
    ['ana.zip', undefined],
    ['enlace.zip', 'MALLA-ENT-01'],
    ['grande.zip', 'MALLA-ENT-02'],
    ['vuelta.zip', 'MALLA-ENT-01'],
  ]);
});

test('two hand-ins of one student, and records that two students share, are told of each', () => {
  const evidence = [{ lab: 'canary', step: 'mitad', at: '2026-11-20T09:50:00.000Z', sha256: 'e'.repeat(64) }];
  const all = [
    gradedOf({ submission: 'ana-1.zip' }),
    gradedOf({ submission: 'ana-2.zip' }),
    gradedOf({ submission: 'eva.zip', student: 'eva', evidence }),
    gradedOf({ submission: 'luis.zip', student: 'luis', evidence }),
  ];
  const codes = acrossClass(all.toReversed()).map((g) => g.problems.map((p) => p.code));
  expect(codes).toEqual([['MALLA-ENT-23'], ['MALLA-ENT-23'], ['MALLA-ENT-24'], ['MALLA-ENT-24']]);
});

test('a check that comes out otherwise names whose work it changes', () => {
  const graded = (state: 'correcto' | 'incorrecto') =>
    gradedOf({ labs: [gradedLabOf('canary', [gradedStepOf('mitad', [gradedCheckOf('reparto', state)])])] });
  expect(changesBetween([graded('correcto')], [graded('correcto')])).toEqual([]);
  expect(changesBetween([graded('correcto')], [graded('incorrecto')])).toEqual([
    {
      submission: 'ana.zip',
      student: 'ana',
      checks: [{ check: 'canary/mitad/reparto', before: 'correcto', after: 'incorrecto (MALLA-OBJ-01)' }],
    },
  ]);
});

test('parts of a class cover it, each hand-in once, whatever their number', () => {
  const names = Array.from({ length: 23 }, (_, i) => `a${i}.zip`);
  for (const of of [1, 2, 5, 40]) {
    const parts = Array.from({ length: of }, (_, index) => partOf(names, { index, of }));
    expect(parts.flat().toSorted()).toEqual(names.toSorted());
  }
  expect(readShard('4/5')).toEqual({ index: 4, of: 5 });
  for (const text of ['5/5', '0/0', '-1/3', '1', '1/2/3', 'a/b', '0/99999']) expect(readShard(text)).toBeUndefined();
});

test('what several machines graded is, put together, what one would have left', async () => {
  const all = ['ana', 'eva', 'luis'].map((name) => gradedOf({ submission: `${name}.zip`, student: name }));
  const places = ['todo', 'parte-0', 'parte-1', 'junto'].map((name) => join(folder, name));
  const [whole = '', first = '', second = '', together = ''] = places;
  const keep = async (out: string, some: readonly (typeof all)[number][], now: number) => {
    const results = await openResults(out, header, now);
    for (const graded of some) await results.keep(graded.submission, 'f', graded);
  };
  await keep(whole, all, 5);
  await keep(first, partOf(all, { index: 0, of: 2 }), 5);
  await keep(second, partOf(all, { index: 1, of: 2 }), 5);
  await mergeResults(together, [second, first]);
  expect(await contentOf(together)).toEqual(await contentOf(whole));
  expect(await readFile(join(together, 'diario.jsonl'), 'utf8')).toBe(
    await readFile(join(whole, 'diario.jsonl'), 'utf8'),
  );
  // Again, nothing changes.
  await mergeResults(together, [first, second]);
  expect(await readResults(together)).toEqual(all);
});

test('parts of another grading, empty ones and ones that contradict each other are not put together', async () => {
  const [first, second, other, empty, out] = ['a', 'b', 'c', 'd', 'e'].map((name) => join(folder, name)) as [
    string,
    string,
    string,
    string,
    string,
  ];
  await (await openResults(first, header, 0)).keep('ana.zip', 'f', gradedOf());
  await (await openResults(second, header, 0)).keep('ana.zip', 'f', gradedOf({ student: 'otra' }));
  await openResults(other, { ...header, program: 'q' }, 0);
  await expect(mergeResults(out, [first, other])).rejects.toBeInstanceOf(OtherResultsError);
  await expect(mergeResults(out, [first, empty])).rejects.toBeInstanceOf(OtherResultsError);
  await expect(mergeResults(out, [first, second])).rejects.toBeInstanceOf(ContradictionError);
});

async function contentOf(out: string): Promise<Record<string, string>> {
  const names = (await readdir(join(out, 'repeticion'))).toSorted();
  return Object.fromEntries(
    await Promise.all(names.map(async (name) => [name, await readFile(join(out, 'repeticion', name), 'utf8')])),
  );
}
