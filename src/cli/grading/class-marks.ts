// The marks of a folder of results: what was graded, the rubric, the list and the decisions of the record, put together.
import { basename, join, resolve } from 'node:path';
import { buildClass } from '../../grading/class/build-class.ts';
import type { ClassResult } from '../../grading/class/class-result.ts';
import { seedFor } from '../../grading/exam/exam-seed.ts';
import { likenessesOf } from '../../grading/integrity/likenesses.ts';
import { ownLinesOf } from '../../grading/integrity/own-lines.ts';
import { decisionsIn } from '../../grading/record/decisions.ts';
import { loadRecord } from '../../grading/record/record-file.ts';
import type { Graded } from '../../grading/replay/graded.ts';
import { type ClassList, readClassList } from '../../grading/roster/class-list.ts';
import { type CourseOutline, outlineOf } from '../../grading/rubric/against-course.ts';
import { loadRubric } from '../../grading/rubric/load-rubric.ts';
import { planOf } from '../../grading/rubric/plan.ts';
import { courseText } from '../../labs/course-files.ts';
import { loadLabs } from '../../labs/load.ts';
import { readList } from '../classroom/read-list.ts';
import { labsFolder } from '../course.ts';
import type { Host } from '../host.ts';
import { mallaVersion } from '../version.ts';

export interface MarksOptions {
  /** Where the results are, and the record. */
  folder: string;
  graded: readonly Graded[];
  /** File of the rubric. */
  rubric: string;
  /** File of the list of the class. */
  list?: string;
  anonymous?: boolean;
  /** Milliseconds since 1970. */
  now: number;
}

/** Rejects with the CodedErrors of the rubric, the list and the record. */
export async function marksOf(host: Host, options: MarksOptions): Promise<ClassResult> {
  const course = await gradingCourse(host);
  const { rubric, text } = await loadRubric(resolve(host.cwd, options.rubric), course);
  const list = options.list === undefined ? undefined : readClassList(await readList(host, options.list));
  const exam = rubric.examen;
  const likenesses = likenessesOf({
    graded: options.graded,
    codeOf: (g) => codeOf(g, list),
    ownLines: ownLinesIn(host),
    ...(exam ? { seedFor: (code: string) => seedFor(exam.semilla, code) } : {}),
  });
  return buildClass({
    graded: options.graded,
    plan: planOf(rubric, course),
    course,
    rubricText: text,
    ...(list ? { list } : {}),
    adjustments: decisionsIn(await loadRecord(options.folder)),
    likenesses,
    ...(options.anonymous ? { anonymous: true } : {}),
    now: options.now,
    malla: await mallaVersion(host.root),
  });
}

/** The course as nobody in particular has it: neither this machine's seed nor its place in a class counts. */
export async function gradingCourse(host: Host): Promise<CourseOutline> {
  const { labs } = await loadLabs(labsFolder(host), join(host.root, 'samples'));
  return outlineOf(labs);
}

export function codeOf({ student }: Graded, list: ClassList | undefined): string | undefined {
  return student === undefined ? undefined : (list?.find(student)?.code ?? student);
}

/** What each lab gives; one that does not vary is the same for all seeds. */
function ownLinesIn(host: Host): (lab: string, seed: string) => ReadonlySet<string> {
  const known = new Map<string, ReadonlySet<string>>();
  return (lab, seed) => {
    const text = courseText(labsFolder(host), `${basename(lab)}/lab.md`) ?? '';
    const key = /^parametros:/m.test(text) ? `${lab} ${seed}` : lab;
    const lines =
      known.get(key) ?? ownLinesOf({ text, samples: (name) => courseText(join(host.root, 'samples'), name) }, seed);
    known.set(key, lines);
    return lines;
  };
}
