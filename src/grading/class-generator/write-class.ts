// A class with known true grades, on disk: a file for each student, and the truth beside it.
import { mkdir, mkdtemp, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { Lab } from '../../labs/lab.ts';
import { sha256 } from '../handin/canonical-json.ts';
import { beginningOf, chainRecord } from '../handin/chain.ts';
import type { JournalRecord } from '../handin/hand-in.ts';
import { type CourseKey, createStudentKey } from '../handin/keys.ts';
import { makeHandIn } from '../handin/make-hand-in.ts';
import { scopeOf } from '../journal/scope.ts';
import type { CourseFor } from '../replay/course-for.ts';
import type { StartingStates } from '../replay/starting-state.ts';
import type { World } from '../replay/world/world.ts';
import { type Behaviour, behavioursOf } from './behaviour.ts';
import { hostiles } from './hostile.ts';
import type { Truth } from './truth.ts';
import { type WorkedOut, workOut } from './work-out.ts';

export interface ClassOptions {
  students: number;
  /** Id of the lab that they hand in. */
  lab: string;
  folder: string;
  key: CourseKey;
  course: CourseFor;
  world: World;
  states: StartingStates;
  scratch: string;
  /** Of the behaviours, at most as many. */
  behaviours?: number;
  /** Of the hostile ones, at most as many. */
  hostile?: number;
  /** Every how many students one writes objects that nobody else has. */
  ownEvery?: number;
}

/** When it is due; one of seven is late. */
export const due = Date.UTC(2026, 0, 20);
const longest = 3_600_000;

export async function writeClass(options: ClassOptions): Promise<Truth> {
  const { course, states, folder } = options;
  const lab = course.lab(options.lab, '');
  if (!lab) throw new RangeError(`There is no lab ${options.lab}.`);
  await mkdir(folder, { recursive: true });
  await states.make(course.before(lab.id));
  const works: { behaviour: Behaviour; work: WorkedOut }[] = [];
  for (const behaviour of behavioursOf(lab).slice(0, options.behaviours))
    works.push({ behaviour, work: await workedOut(lab, behaviour, options) });
  const [right] = works;
  if (!right) throw new RangeError(`${lab.id} has nothing to do.`);
  const truth: Truth = {};
  const odd = hostiles.slice(0, options.hostile);
  for (const [i, hostile] of odd.entries()) {
    const name = `hostil-${String(i).padStart(2, '0')}-${hostile.name}.zip`;
    const seal = (work: WorkedOut, student: string) => handIn(work, { student, lab, at: due - 1, key: options.key });
    await hostile.write(join(folder, name), { right: right.work, seal });
    const { code, graded: outcome } = hostile;
    const checks = outcome === 'entera' && !hostile.less ? { checks: statesOf(right.behaviour) } : {};
    truth[name] = { student: hostile.name, behaviour: hostile.name, late: false, ...checks, code, outcome };
  }
  for (let i = 0; i < options.students - odd.length; i++) {
    const { behaviour, work } = works[i % works.length] ?? right;
    const student = `a${String(i).padStart(3, '0')}`;
    const late = i % 7 === 6;
    const at = late ? due + 36 * 3_600_000 : due - (i + 1) * 60_000;
    const own = i % (options.ownEvery ?? 3) === 0 ? withOwnWords(work, student) : work;
    await writeFile(join(folder, `${student}.zip`), await handIn(own, { student, lab, at, key: options.key }));
    truth[`${student}.zip`] = {
      student,
      behaviour: behaviour.name,
      late,
      checks: statesOf(behaviour),
      outcome: 'entera',
    };
  }
  return truth;
}

async function workedOut(lab: Lab, behaviour: Behaviour, options: ClassOptions): Promise<WorkedOut> {
  const { course, states, world, scratch } = options;
  const before = course.before(lab.id);
  const folder = await mkdtemp(join(scratch, 'clase-'));
  await states.copy(before, folder);
  const scope = scopeOf([...before, lab]);
  return world.live(folder, behaviour.name, (life) => workOut(life, { lab, scope, behaviour, folder }), longest);
}

function statesOf({ truth }: Behaviour): Record<string, string> {
  return Object.fromEntries(
    [...truth].map(([check, what]) => [check, what ? `${what.state}${what.cause ? ` ${what.cause}` : ''}` : 'nunca']),
  );
}

/** Annotations that mean nothing, so that the objects of the mesh are this student's alone. */
function withOwnWords(work: WorkedOut, student: string): WorkedOut {
  const renamed = new Map<string, string>();
  const texts = work.texts.map((text) => {
    if (!/^kind: (?:VirtualService|DestinationRule)$/m.test(text) || !text.startsWith('apiVersion:')) return text;
    const own = text.replace(/^metadata:\n/m, `metadata:\n  annotations:\n    clase/alumno: ${student}\n`);
    renamed.set(sha256(text), sha256(own));
    return own;
  });
  const named = <T extends { sha256: string }>(each: T): T => ({
    ...each,
    sha256: renamed.get(each.sha256) ?? each.sha256,
  });
  const records = work.records.map((r) => ({
    ...r,
    files: r.files.map(named),
    ...(r.objects ? { objects: r.objects.map(named) } : {}),
  }));
  return { records, texts };
}

async function handIn(
  { records, texts }: WorkedOut,
  { student, lab, at, key }: { student: string; lab: Lab; at: number; key: CourseKey },
): Promise<Buffer> {
  const journal = `diario de ${student}`;
  const kept = new Map(texts.map((text) => [sha256(text), text]));
  const first = Date.parse(records[0]?.at ?? new Date(at).toISOString());
  const chained: JournalRecord[] = [];
  for (const record of records) {
    // The work ends some minutes before it is handed in.
    const when = new Date(at - 600_000 + Math.min(599_000, Date.parse(record.at) - first)).toISOString();
    const own = { ...record, at: when };
    chained.push(chainRecord(own, chained.at(-1) ?? { number: 0, digest: beginningOf(journal) }));
  }
  return makeHandIn({
    student,
    seed: '',
    malla: '0.1.0',
    at: new Date(at).toISOString(),
    labs: [lab],
    answersOf: () => ({ checks: {}, questions: {} }),
    journal: { id: journal, records: chained },
    textOf: async (digest) => kept.get(digest),
    key: createStudentKey(key, student),
  });
}
