// Whose mark moves from one grading of a class to another, and what changed between them.
import type { ClassResult, StudentResult } from '../class/class-result.ts';

export interface Move {
  student: string;
  before?: number;
  after?: number;
  /** Checks that stand otherwise, as `lab/step/check`. */
  checks: { check: string; before: string; after: string }[];
}

export interface Moves {
  moves: Move[];
  /** Of those that were in both gradings. */
  same: number;
  /** Spanish, a line for each thing that is not the same: the rubric, a lab, Malla. */
  changed: string[];
}

export function movesBetween(before: ClassResult, after: ClassResult): Moves {
  const codes = [...new Set([...before.students, ...after.students].map((s) => s.code))];
  const moves = codes.flatMap((student) => moveOf(student, before, after) ?? []);
  return { moves, same: codes.length - moves.length, changed: changesBetween(before, after) };
}

function moveOf(student: string, before: ClassResult, after: ClassResult): Move | undefined {
  const [was, is] = [before, after].map((result) => result.students.find((s) => s.code === student));
  const checks = checksBetween(was, is);
  if (was?.mark === is?.mark && checks.length === 0) return undefined;
  return {
    student,
    ...(was?.mark === undefined ? {} : { before: was.mark }),
    ...(is?.mark === undefined ? {} : { after: is.mark }),
    checks,
  };
}

function checksBetween(was: StudentResult | undefined, is: StudentResult | undefined): Move['checks'] {
  const states = new Map(was?.checks.map((c) => [`${c.lab}/${c.step}/${c.check}`, c.state as string]));
  return (is?.checks ?? []).flatMap((c) => {
    const check = `${c.lab}/${c.step}/${c.check}`;
    const old = states.get(check) ?? 'no estaba';
    return old === c.state ? [] : [{ check, before: old, after: c.state }];
  });
}

function changesBetween(before: ClassResult, after: ClassResult): string[] {
  const versions = (result: ClassResult): Map<string, string> =>
    new Map(result.labs.map((l) => [l.lab, l.versions.join(' ')]));
  const [old, now] = [versions(before), versions(after)];
  const labs = [...new Set([...old.keys(), ...now.keys()])].filter((lab) => old.get(lab) !== now.get(lab));
  return [
    ...(before.rubric.sha256 === after.rubric.sha256 ? [] : ['La rúbrica no es la misma.']),
    ...labs.map((lab) => `El laboratorio ${lab} no es la misma versión.`),
    ...(before.malla === after.malla ? [] : [`Malla era la ${before.malla} y es la ${after.malla}.`]),
  ];
}
