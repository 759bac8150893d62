// The course that ships: every lab parses, and what it names exists.
import { existsSync } from 'node:fs';
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { lintLab } from './lint.ts';
import { loadLabs } from './load.ts';
import { orderLabs } from './order.ts';
import { parseLab } from './parse.ts';

const root = join(import.meta.dirname, '../..');
const { labs, problems } = await loadLabs(join(root, 'labs'), join(root, 'samples'));

test('no lab has a problem', () => {
  expect(problems).toEqual([]);
});

test('the course can be kept as JSON: nothing of a lab is lost', () => {
  expect(JSON.parse(JSON.stringify(labs))).toEqual(labs);
});

test('links, pictures and commands of the labs are all there', async () => {
  const found = await Promise.all(
    labs.map(async ({ id, folder }) => {
      const text = await readFile(join(folder, 'lab.md'), 'utf8');
      return lintLab(text, { file: `labs/${id}/lab.md`, exists: (path) => existsSync(join(root, path)) });
    }),
  );
  expect(found.flat()).toEqual([]);
});

test('a lab that varies is right for every seed, and not the same for all', async () => {
  const texts = await Promise.all(
    labs.map(async ({ id, folder }) => ({ id, folder, text: await readFile(join(folder, 'lab.md'), 'utf8') })),
  );
  const varying = texts.filter(({ text }) => /^parametros:/m.test(text));
  expect(varying.map((l) => l.id)).toContain('proyecto-final');
  for (const { id, folder, text } of varying) {
    const seeds = Array.from({ length: 20 }, (_, i) => `alumno-${i}`);
    const read = seeds.map((seed) => parseLab(text, { file: id, folder, samples: () => 'kind: List', seed }));
    for (const [i, { problems: wrong }] of read.entries()) expect(wrong, seeds[i]).toEqual([]);
    expect(new Set(read.map(({ lab }) => JSON.stringify(lab))).size).toBeGreaterThan(15);
  }
});

test('labs come after those they start from', () => {
  const ordered = orderLabs(labs).map((l) => l.id);
  for (const lab of labs)
    for (const id of lab.requires) expect(ordered.indexOf(id)).toBeLessThan(ordered.indexOf(lab.id));
});

for (const lab of labs) {
  test(`${lab.id}: folder, pictures and typical mistakes are there`, () => {
    expect(lab.folder.endsWith(lab.id)).toBe(true);
    const texts = [lab.introduction, ...lab.steps.map((s) => s.markdown)].join('\n');
    const pictures = [...texts.matchAll(/\]\((?:\.\.\/)*(media\/[^)]+)\)/g)].map((m) => m[1] ?? '');
    expect(pictures.length).toBeGreaterThan(0);
    for (const picture of pictures) expect(existsSync(join(root, picture)), picture).toBe(true);
    const questions = [lab, ...lab.steps].flatMap((part) => part.questions);
    if (lab.chapter) return expect(questions.length).toBeGreaterThanOrEqual(4);
    expect(lab.steps.flatMap((s) => s.mistakes).length).toBeGreaterThanOrEqual(3);
    expect(lab.cleanup.length).toBeGreaterThan(0);
  });
}
