// The labs of the course as each student has them: those that vary are drawn from the student's seed.
import { join } from 'node:path';
import { courseText } from '../../labs/course-files.ts';
import type { Lab } from '../../labs/lab.ts';
import { loadLabs } from '../../labs/load.ts';
import { parseLab } from '../../labs/parse.ts';

export interface CourseFor {
  /** With the seed of nobody: what everybody's labs start from. */
  labs: readonly Lab[];
  /** Undefined when the course has no such lab. */
  lab(id: string, seed: string): Lab | undefined;
  /** The labs whose solutions leave the state that this one starts from, in order. */
  before(id: string): Lab[];
}

/** Throws Error when a lab is malformed: the course's own are tested. */
export async function loadCourseFor(labsFolder: string, samplesFolder: string): Promise<CourseFor> {
  const { labs, problems } = await loadLabs(labsFolder, samplesFolder);
  const [problem] = problems;
  if (problem) throw new Error(`${problem.file}:${problem.line} ${problem.message}`);
  const drawn = new Map<string, Lab>();
  const find = (id: string): Lab | undefined => labs.find((l) => l.id === id);

  function draw(lab: Lab, seed: string): Lab {
    const text = courseText(labsFolder, `${lab.id}/lab.md`) ?? '';
    if (seed === '' || !/^parametros:/m.test(text)) return lab;
    const known = drawn.get(`${lab.id} ${seed}`);
    if (known) return known;
    const { lab: own = lab } = parseLab(text, {
      file: `labs/${lab.id}/lab.md`,
      folder: join(labsFolder, lab.id),
      samples: (name) => courseText(samplesFolder, name),
      seed,
    });
    drawn.set(`${lab.id} ${seed}`, own);
    return own;
  }

  return {
    labs,
    lab(id, seed) {
      const lab = find(id);
      return lab && draw(lab, seed);
    },
    before(id) {
      const needed = new Set<string>();
      const add = (required: string): void => {
        const lab = find(required);
        if (!lab || needed.has(required)) return;
        for (const previous of lab.requires) add(previous);
        needed.add(required);
      };
      for (const required of find(id)?.requires ?? []) add(required);
      return [...needed].flatMap((name) => find(name) ?? []);
    },
  };
}
