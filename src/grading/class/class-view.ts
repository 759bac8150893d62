// What the instructor's view shows, as plain data: the table of a class, and one student's work with its YAML annotated.

import { safeLines } from '../handin/safe-text.ts';
import type { RecordLine } from '../record/record.ts';
import type { Graded, GradedStep } from '../replay/graded.ts';
import type { ClassResult, StudentCheck, StudentResult } from './class-result.ts';
import { titleOf } from './misconceptions.ts';

export interface ClassView {
  title: string;
  outOf: number;
  decimals: number;
  students: StudentRow[];
  /** Those of the rubric, in its order, that somebody has wrong. */
  checks: { key: string; title: string; wrong: number }[];
  causes: { code: string; title: string; students: number }[];
  /** Hand-ins that are nobody's, and why. */
  unassigned: { submission: string; message: string }[];
  likenesses: number;
}

export interface StudentRow {
  code: string;
  name: string;
  state: StudentResult['state'];
  mark?: number;
  daysLate: number;
  adjusted: boolean;
  stranger: boolean;
  /** Codes of what to look at. */
  notices: string[];
  /** Checks that are not right, as `lab/step/check`. */
  wrong: string[];
  causes: string[];
}

export interface StudentDetail {
  code: string;
  name: string;
  mark?: number;
  state: StudentResult['state'];
  submission: string;
  handedIn: string;
  account: { title: string; lab: string; worth?: number; points: number; reason: string }[];
  checks: DetailCheck[];
  files: AnnotatedFile[];
  notices: { code: string; message: string }[];
  /** Decisions of the teacher, oldest first. */
  decisions: { number: number; at: string; what: string; reason: string; by: string; inForce: boolean }[];
}

export interface DetailCheck {
  /** `lab/step/check`. */
  key: string;
  title: string;
  /** Titles of its lab and step. */
  place: string;
  state: StudentCheck['state'];
  claimed: string;
  expected: string;
  observed: string;
  cause: { code: string; message: string; hint: string } | undefined;
  /** What the teacher has decided: `si`, `no`, `nada`, or '' for nothing. */
  decided: '' | 'si' | 'no' | 'nada';
}

export interface AnnotatedFile {
  name: string;
  lines: string[];
  notes: { line: number; code: string; message: string }[];
}

export function viewOf(result: ClassResult): ClassView {
  const { students, checks, rubric, unassigned, likenesses } = result;
  const rows = students.map(rowOf);
  const causes = Map.groupBy(
    rows.flatMap((row) => row.causes.map((code) => ({ code }))),
    ({ code }) => code,
  );
  return {
    title: rubric.title,
    outOf: rubric.outOf,
    decimals: rubric.decimals,
    students: rows,
    checks: checks
      .map((c) => ({ key: `${c.lab}/${c.step}/${c.check}`, title: c.title, wrong: c.wrong + c.missing }))
      .filter((c) => c.wrong > 0),
    causes: [...causes]
      .map(([code, all]) => ({ code, title: titleOf(code), students: all.length }))
      .toSorted((a, b) => b.students - a.students || (a.code < b.code ? -1 : 1)),
    unassigned: unassigned.map(({ submission, problems }) => ({
      submission,
      message: problems[0]?.message ?? 'No dice de quién es.',
    })),
    likenesses: likenesses.length,
  };
}

function rowOf(student: StudentResult): StudentRow {
  const notices = student.submissions.flatMap((s) =>
    s.problems.filter((p) => p.severity !== 'nota').map((p) => p.code),
  );
  const bad = student.checks.filter((c) => c.state === 'incorrecto' || c.state === 'falta');
  return {
    code: student.code,
    name: student.name,
    state: student.state,
    ...(student.mark === undefined ? {} : { mark: student.mark }),
    daysLate: student.daysLate,
    adjusted: student.lines.some((l) => l.kind === 'ajuste') || student.checks.some((c) => c.decided),
    stranger: student.stranger,
    notices: [...new Set(notices)],
    wrong: student.submission === undefined ? [] : bad.map(keyOf),
    causes: [...new Set(bad.flatMap((c) => c.cause?.code ?? []))],
  };
}

function keyOf({ lab, step, check }: StudentCheck): string {
  return `${lab}/${step}/${check}`;
}

/** `graded` is the hand-in that gives the mark. */
export function detailOf(
  student: StudentResult,
  graded: Graded | undefined,
  { labs }: Pick<ClassResult, 'labs'>,
  record: readonly RecordLine[],
): StudentDetail {
  return {
    code: student.code,
    name: student.name,
    ...(student.mark === undefined ? {} : { mark: student.mark }),
    state: student.state,
    submission: student.submission ?? '',
    handedIn: student.handedIn ?? '',
    account: student.lines.map(({ title, lab = '', worth, points, reason = '' }) => ({
      ...{ title, lab, points, reason },
      ...(worth === undefined ? {} : { worth }),
    })),
    checks: student.checks.map((c) => detailCheck(c, labs)),
    files: graded ? filesOf(graded, student.checks) : [],
    notices: student.submissions.flatMap((s) => s.problems.map(({ code, message }) => ({ code, message }))),
    decisions: decisionsOf(student.code, record),
  };
}

function detailCheck(check: StudentCheck, labs: ClassResult['labs']): DetailCheck {
  const lab = labs.find((l) => l.lab === check.lab);
  const step = lab?.steps.find((s) => s.step === check.step);
  const { decided, cause } = check;
  return {
    key: keyOf(check),
    title: check.title,
    place: `${lab?.title ?? check.lab} · ${step?.title ?? check.step}`,
    state: check.state,
    claimed: check.claimed ?? '',
    expected: check.expected ?? '',
    observed: check.observed ?? '',
    cause: cause && { code: cause.code, message: cause.message, hint: cause.hint },
    decided: !decided ? '' : decided.right === undefined ? 'nada' : decided.right ? 'si' : 'no',
  };
}

/** Each file of the hand-in as it stood last, with what is wrong at its lines. */
function filesOf(graded: Graded, checks: readonly StudentCheck[]): AnnotatedFile[] {
  return graded.labs.flatMap((lab) => {
    const last = new Map(lab.steps.flatMap((s: GradedStep) => s.files.map((f) => [f.path, f.sha256] as const)));
    return [...last].map(([path, digest]) => ({
      name: `${lab.lab}/${path}`,
      lines: safeLines(graded.texts[digest] ?? '').split('\n'),
      notes: checks.flatMap(({ lab: of, excerpt, cause, state }) =>
        of === lab.lab && state === 'incorrecto' && excerpt?.file === path && cause
          ? [{ line: excerpt.line, code: cause.code, message: `${cause.message}. ${cause.hint}` }]
          : [],
      ),
    }));
  });
}

function decisionsOf(code: string, record: readonly RecordLine[]): StudentDetail['decisions'] {
  const undone = new Set(record.flatMap(({ entry }) => (entry.kind === 'anulacion' ? [entry.number] : [])));
  return record.flatMap(({ number, at, entry }) => {
    if (entry.kind === 'notas' || entry.student !== code) return [];
    const { reason, by } = entry;
    return [
      { number, at, what: sayEntry(entry), reason, by, inForce: entry.kind !== 'anulacion' && !undone.has(number) },
    ];
  });
}

function sayEntry(entry: Exclude<RecordLine['entry'], { kind: 'notas' }>): string {
  if (entry.kind === 'anulacion') return `Sin efecto la línea ${entry.number}`;
  if (entry.kind === 'puntos') return `${entry.points > 0 ? '+' : ''}${String(entry.points).replace('.', ',')} puntos`;
  const how = entry.right === undefined ? 'no cuenta' : entry.right ? 'vale como correcta' : 'no vale';
  return `${entry.lab}/${entry.check}: ${how}`;
}
