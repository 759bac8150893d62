// From what replay says of each hand-in to the marks of a class. A pure function: the same hand-ins in any order, with the
// same rubric, list, decisions and moment, give the same result.
import { examFaults } from '../exam/exam-faults.ts';
import { sha256 } from '../handin/canonical-json.ts';
import type { Graded } from '../replay/graded.ts';
import type { ClassList, Enrolled } from '../roster/class-list.ts';
import type { CourseOutline } from '../rubric/against-course.ts';
import { grade, type StudentWork } from '../rubric/grade.ts';
import type { Plan } from '../rubric/plan.ts';
import { dueOf } from '../rubric/rubric.ts';
import { highestMark } from '../rubric/score.ts';
import type { Adjustment } from '../rubric/work.ts';
import { attemptOf } from './attempt-of.ts';
import { type ClassResult, classFormat, type Likeness, type StudentResult, type Submission } from './class-result.ts';
import { misconceptionsOf } from './misconceptions.ts';
import { accountOf, checksOf, piecesOf, questionsOf, summariesOf } from './student-checks.ts';

export interface ClassInput {
  graded: readonly Graded[];
  plan: Plan;
  course: CourseOutline;
  /** Of the rubric's file. */
  rubricText: string;
  /** Without one, whoever has handed in is the class. */
  list?: ClassList;
  /** By student's code. */
  adjustments?: ReadonlyMap<string, readonly Adjustment[]>;
  likenesses?: readonly Likeness[];
  /** Names, users and mails are left out. */
  anonymous?: boolean;
  /** Milliseconds since 1970. */
  now: number;
  malla: string;
}

export function buildClass(input: ClassInput): ClassResult {
  const { plan, now } = input;
  const { nota, id, titulo } = plan.rubric;
  const graded = input.graded.toSorted((a, b) => (a.submission < b.submission ? -1 : 1));
  const { people, unassigned } = assign(graded, input.list);
  for (const person of people) person.graded = person.graded.map((g) => withExam(g, person, plan));
  const students = people.map((person) => resultOf(person, input));
  const due = dueOf(plan.rubric);
  return {
    format: classFormat,
    at: new Date(now).toISOString(),
    malla: input.malla,
    rubric: {
      id,
      title: titulo,
      sha256: sha256(input.rubricText),
      outOf: nota.sobre,
      highest: highestMark({ nota, bonus: plan.bonus }),
      decimals: nota.decimales,
      ...(due === undefined ? {} : { due }),
    },
    labs: labsOf(input, graded),
    students,
    unassigned: unassigned.map(submissionOf),
    checks: summariesOf(plan, students),
    misconceptions: misconceptionsOf(people.map((p) => p.graded)),
    likenesses: [...(input.likenesses ?? [])],
  };
}

interface Person {
  who: Enrolled;
  stranger: boolean;
  graded: Graded[];
}

/** Who handed in what. Those of the list come first, in its order; then who is on no list, by code. */
function assign(graded: readonly Graded[], list: ClassList | undefined): { people: Person[]; unassigned: Graded[] } {
  const people = new Map<string, Person>(
    (list?.enrolled ?? []).map((who) => [keyOf(who.code), { who, stranger: false, graded: [] }]),
  );
  const strangers = new Map<string, Person>();
  const unassigned: Graded[] = [];
  for (const g of graded) {
    if (g.student === undefined) {
      unassigned.push(g);
      continue;
    }
    const known = list?.find(g.student);
    const code = known?.code ?? g.student;
    const own = people.get(keyOf(code)) ?? strangers.get(keyOf(code));
    if (own) own.graded.push(g);
    else strangers.set(keyOf(code), { who: nobody(code), stranger: list !== undefined, graded: [g] });
  }
  const others = [...strangers.values()].toSorted((a, b) => (a.who.code < b.who.code ? -1 : 1));
  return { people: [...people.values(), ...others], unassigned };
}

function labsOf({ plan, course }: ClassInput, graded: readonly Graded[]): ClassResult['labs'] {
  const named = new Set(piecesOf(plan).map((p) => p.lab));
  return course
    .filter((lab) => named.has(lab.id))
    .map(({ id, title, steps }) => {
      const versions = graded.flatMap((g) => g.labs.filter((l) => l.lab === id).map((l) => l.version.graded));
      return {
        lab: id,
        title,
        versions: [...new Set(versions)].toSorted(),
        steps: steps.map((s) => ({ step: s.id, title: s.title })),
      };
    });
}

function nobody(code: string): Enrolled {
  return { id: code, code, name: '', user: '', mail: '' };
}

function keyOf(code: string): string {
  return code.normalize('NFC').toLowerCase();
}

/** A hand-in that is not the student's own exam is not counted; a step out of hours, neither. */
function withExam(graded: Graded, { who }: Person, { rubric }: Plan): Graded {
  const faults = examFaults(graded, rubric, who.code);
  if (faults.length === 0) return graded;
  const whole = faults.some((f) => f.lab === undefined);
  return { ...graded, problems: [...graded.problems, ...faults], ...(whole ? { outcome: 'rechazada' as const } : {}) };
}

function resultOf({ who, stranger, graded }: Person, input: ClassInput): StudentResult {
  const { plan, anonymous = false, now } = input;
  const adjustments = input.adjustments?.get(who.code) ?? [];
  const attempts = graded.flatMap((g) => attemptOf(g, plan.rubric) ?? []);
  const work: StudentWork = { student: who.code, attempts, adjustments };
  const result = grade(plan, work, now);
  const source = graded.find((g) => result.attempt && (g.sha256 || g.submission) === result.attempt.id);
  return {
    code: who.code,
    ...(anonymous ? { name: '', user: '', mail: '' } : { name: who.name, user: who.user, mail: who.mail }),
    stranger,
    state: result.state,
    ...(result.mark === undefined ? {} : { mark: result.mark }),
    lines: accountOf(result.lines),
    ...(source ? { submission: source.submission, handedIn: source.at } : {}),
    daysLate: result.attempt?.late.days ?? 0,
    submissions: graded.map(submissionOf),
    checks: checksOf(plan, { student: who.code, graded: source, adjustments }, now),
    questions: questionsOf(plan, source),
  };
}

function submissionOf(g: Graded): Submission {
  return {
    submission: g.submission,
    sha256: g.sha256,
    claimed: g.student ?? '',
    ...(g.at === undefined ? {} : { at: g.at }),
    outcome: g.outcome,
    seal: g.seal,
    problems: g.problems,
  };
}
