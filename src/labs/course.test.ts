// The course that ships: every lab parses, and what it names exists.
import { existsSync } from 'node:fs';
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { lintLab } from './lint.ts';
import { loadLabs } from './load.ts';
import { orderLabs } from './order.ts';

const root = join(import.meta.dirname, '../..');
const { labs, problems } = await loadLabs(join(root, 'labs'), join(root, 'samples'));

test('no lab has a problem', () => {
  expect(problems).toEqual([]);
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
  const seeds = Array.from({ length: 30 }, (_, i) => `alumno-${i}`);
  const courses = await Promise.all(seeds.map((seed) => loadLabs(join(root, 'labs'), join(root, 'samples'), { seed })));
  for (const [i, course] of courses.entries()) expect(course.problems, seeds[i]).toEqual([]);
  const shapes = (id: string) => new Set(courses.map((c) => JSON.stringify(c.labs.find((l) => l.id === id))));
  expect(shapes('proyecto-final').size).toBeGreaterThan(10);
  for (const { id } of labs.filter((l) => l.chapter)) expect(shapes(id).size).toBe(1);
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
