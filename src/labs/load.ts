// Reads the labs of a folder.
import { join } from 'node:path';
import { setImmediate } from 'node:timers/promises';
import { courseFolders, courseText } from './course-files.ts';
import type { Lab } from './lab.ts';
import { parseLab } from './parse.ts';
import { inPlace, type Place } from './place/place.ts';
import type { Problem } from './problem.ts';
import { defaultSeed } from './seed.ts';

/** Every folder with a lab.md, in the order of the course, as they are written or for a place of the student's. A malformed lab is left out and its problems are told. */
export async function loadLabs(
  labsFolder: string,
  samplesFolder: string,
  { seed = defaultSeed, place }: { seed?: string; place?: Place | undefined } = {},
): Promise<{ labs: Lab[]; problems: Problem[] }> {
  const labs: Lab[] = [];
  const problems: Problem[] = [];
  for (const entry of inOrder(courseFolders(labsFolder), readOrder(labsFolder))) {
    // Reading all of it takes longer than an editor may stand still.
    await setImmediate();
    const folder = join(labsFolder, entry);
    const file = `labs/${entry}/lab.md`;
    const text = courseText(labsFolder, `${entry}/lab.md`);
    if (text === undefined) continue;
    const placed = (content: string): string => (place ? inPlace(content, place) : content);
    const samples = (name: string): string | undefined => {
      const content = courseText(samplesFolder, name);
      return content === undefined ? undefined : placed(content);
    };
    const result = parseLab(placed(text), { file, folder, samples, seed });
    problems.push(...result.problems);
    if (result.lab) labs.push(result.lab);
  }
  const ids = new Set(labs.map((l) => l.id));
  for (const lab of labs) {
    for (const id of lab.requires.filter((r) => !ids.has(r))) {
      problems.push({
        code: 'MALLA-LAB-21',
        file: `labs/${lab.id}/lab.md`,
        line: 1,
        column: 1,
        message: `El laboratorio requiere «${id}», que no existe.`,
        cure: `Los que hay: ${[...ids].join(', ')}.`,
      });
    }
  }
  return { labs, problems };
}

/** The names in labs/orden.txt, one a line, in the order of the course. */
function readOrder(folder: string): string[] {
  const text = courseText(folder, 'orden.txt') ?? '';
  return text.split(/\s+/).filter((name) => name !== '');
}

/** Those that the course does not name come last, by name. */
function inOrder(names: readonly string[], order: readonly string[]): string[] {
  const place = (name: string): number => (order.includes(name) ? order.indexOf(name) : order.length);
  return names.toSorted((a, b) => place(a) - place(b) || (a < b ? -1 : 1));
}
