// What can only be seen of hand-ins side by side. It is told; nobody is accused, and no grade changes by it.
import { problem, quoted } from '../handin/problems.ts';
import type { Graded, Problem } from './graded.ts';

/** The same hand-ins with what was found added; by name. */
export function acrossClass(all: readonly Graded[]): Graded[] {
  const graded = all.toSorted((a, b) => (a.submission < b.submission ? -1 : 1));
  const byStudent = groups(graded, (g) => (g.student === undefined ? [] : [g.student]));
  const byEvidence = groups(graded, (g) => [...new Set(g.evidence.map((e) => e.sha256))]);
  return graded.map((own) => {
    const problems: Problem[] = [];
    const twins = others(byStudent.get(own.student ?? ''), own);
    if (own.student !== undefined && twins.length > 0)
      problems.push(problem('MALLA-ENT-23', 'aviso', `También es de ${quoted(own.student)}: ${names(twins)}.`));
    // A student who hands in twice has the same journal twice.
    const alike = new Set(
      own.evidence.flatMap((e) => others(byEvidence.get(e.sha256), own).filter((o) => o.student !== own.student)),
    );
    if (alike.size > 0)
      problems.push(problem('MALLA-ENT-24', 'aviso', `Tiene los mismos registros que ${names([...alike])}.`));
    return problems.length === 0 ? own : { ...own, problems: [...own.problems, ...problems] };
  });
}

function groups(graded: readonly Graded[], keysOf: (own: Graded) => readonly string[]): Map<string, Graded[]> {
  const found = new Map<string, Graded[]>();
  for (const own of graded) for (const key of keysOf(own)) found.set(key, [...(found.get(key) ?? []), own]);
  return found;
}

function others(group: readonly Graded[] | undefined, own: Graded): Graded[] {
  return (group ?? []).filter((other) => other !== own);
}

function names(graded: readonly Graded[]): string {
  const all = graded.map((g) => quoted(g.submission)).toSorted();
  return all.length > 5 ? `${all.slice(0, 5).join(', ')} y ${all.length - 5} más` : all.join(', ');
}
