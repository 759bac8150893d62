// The map of misconceptions: which diagnoses a class met on its way, how many students, and for how long.
import { catalogue } from '../../diagnosis/catalogue.ts';
import type { CatalogueEntry } from '../../diagnosis/codes/entry.ts';
import type { Graded, GradedCheck } from '../replay/graded.ts';
import type { Misconception } from './class-result.ts';

/** For each student, the hand-ins to look at. Those that most met come first. */
export function misconceptionsOf(byStudent: readonly (readonly Graded[])[]): Misconception[] {
  const met = byStudent.flatMap((hands, student) => hands.flatMap((g) => sightings(g).map((s) => ({ ...s, student }))));
  return [...Map.groupBy(met, (s) => s.code)]
    .map(([code, sightings]) => {
      const spent = [...Map.groupBy(sightings, (s) => s.student).values()]
        // The same stretch is in the journal of each hand-in of a student: it is counted once.
        .map((own) =>
          [...new Map(own.map((s) => [`${s.check} ${s.at}`, s.seconds])).values()].reduce((a, b) => a + b, 0),
        )
        .filter((seconds) => seconds > 0)
        .toSorted((a, b) => a - b);
      return {
        code,
        title: titleOf(code),
        students: new Set(sightings.map((s) => s.student)).size,
        left: new Set(sightings.filter((s) => s.left).map((s) => s.student)).size,
        medianSeconds: spent[Math.floor((spent.length - 1) / 2)] ?? 0,
        longestSeconds: spent.at(-1) ?? 0,
        checks: [...new Set(sightings.map((s) => s.check))].toSorted(),
      };
    })
    .toSorted((a, b) => b.students - a.students || b.medianSeconds - a.medianSeconds || (a.code < b.code ? -1 : 1));
}

export function titleOf(code: string): string {
  const entry: CatalogueEntry | undefined = Object.hasOwn(catalogue, code)
    ? (catalogue as Record<string, CatalogueEntry>)[code]
    : undefined;
  return entry?.title ?? 'Causa que esta versión de Malla no conoce';
}

interface Sighting {
  code: string;
  check: string;
  at: string;
  seconds: number;
  left: boolean;
}

function sightings({ labs, at = '' }: Graded): Sighting[] {
  return labs.flatMap((lab) =>
    lab.steps.flatMap((step) =>
      step.checks.flatMap((check) => ofCheck(`${lab.lab}/${step.step}/${check.check}`, check, at)),
    ),
  );
}

function ofCheck(name: string, { diagnoses, replayed }: GradedCheck, at: string): Sighting[] {
  const told = diagnoses.map(({ code, at: since, seconds }) => ({
    code,
    check: name,
    at: since,
    seconds,
    left: false,
  }));
  const code = replayed?.state === 'incorrecto' ? replayed.cause?.code : undefined;
  return code === undefined ? told : [...told, { code, check: name, at, seconds: 0, left: true }];
}
