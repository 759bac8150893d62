// The labs that come with the extension, read once and when first needed.
import { join } from 'node:path';
import { courseText } from '../../labs/course-files.ts';
import { type Glossary, readGlossary } from '../../labs/glossary.ts';
import type { Lab } from '../../labs/lab.ts';
import type { Place } from '../../labs/place/place.ts';
import { defaultSeed } from '../../labs/seed.ts';
import type { Problem } from '../../webview/protocol.ts';
import { t } from '../l10n.ts';
import { readCourse } from './read-course.ts';

export interface Course {
  labs: readonly Lab[];
  glossary: Glossary;
  /** The namespace that the labs are written for; undefined: any. */
  place?: string;
  problem?: Problem;
}

/**
 * `root` is the extension's folder; `storage`, one of its own; `seed`, what the parameters of labs are drawn from; `place`, the
 * namespace that they are done in, for who has only that.
 */
export async function loadCourse(root: string, storage: string, seed = defaultSeed, place?: Place): Promise<Course> {
  const { labs, problems } = await readCourse(join(storage, 'course.json'), { root, seed, place });
  // Without it terms are only not explained.
  const glossary = courseText(join(root, 'docs'), 'glosario.md') ?? '';
  const [first] = problems;
  return {
    labs,
    glossary: readGlossary(glossary),
    ...(place ? { place: place.namespace } : {}),
    ...(first
      ? {
          problem: {
            code: first.code,
            happened: t('El laboratorio {0} está mal escrito (línea {1}): {2}', first.file, first.line, first.message),
            expected: t('Todos los laboratorios siguen el formato de docs/escribir-un-lab.md.'),
            todo: first.cure,
          },
        }
      : {}),
  };
}

/** The labs whose solutions leave the state that `lab` starts from, in the order of the course. */
export function previousLabs(labs: readonly Lab[], lab: Lab): Lab[] {
  const needed = new Set<string>();
  const add = (id: string): void => {
    const found = labs.find((l) => l.id === id);
    if (!found || needed.has(id)) return;
    needed.add(id);
    for (const earlier of found.requires) add(earlier);
  };
  for (const id of lab.requires) add(id);
  return labs.filter((l) => needed.has(l.id) && l.id !== lab.id);
}

/** The lab after this one. */
export function nextLab(labs: readonly Lab[], lab: Lab): Lab | undefined {
  return labs[labs.findIndex((l) => l.id === lab.id) + 1];
}
