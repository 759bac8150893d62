// What a hand-in of an exam is not taken for: another's figures, or work done out of hours.
import type { Graded, Problem } from '../replay/graded.ts';
import type { Rubric } from '../rubric/rubric.ts';
import { dueFor } from '../rubric/rubric.ts';
import { seedFor } from './exam-seed.ts';

/** Each is a reason for which the hand-in, or a step of it, does not count. Empty for a rubric that is of no exam. */
export function examFaults(graded: Graded, rubric: Rubric, student: string): Problem[] {
  const { examen } = rubric;
  if (!examen || graded.outcome === 'rechazada') return [];
  if (graded.seed !== seedFor(examen.semilla, student))
    return [
      {
        code: 'MALLA-NOT-07',
        severity: 'rechazo',
        message: 'No está hecha con los datos que le tocan a este alumno en este examen: no cuenta.',
      },
    ];
  const from = Date.parse(examen.desde);
  const until = (dueFor(rubric, student) ?? Date.parse(examen.hasta)) + (rubric.entrega?.gracia ?? 0) * 60_000;
  return graded.labs.flatMap((lab) =>
    lab.steps.flatMap(({ step, at }): Problem[] => {
      const moment = at === undefined ? Number.NaN : Date.parse(at);
      if (Number.isNaN(moment) || (moment >= from && moment <= until)) return [];
      const message = `El paso ${step} de ${lab.lab} se hizo fuera de la hora del examen: no cuenta.`;
      return [{ code: 'MALLA-NOT-08', severity: 'rechazo', message, lab: lab.lab, step }];
    }),
  );
}
