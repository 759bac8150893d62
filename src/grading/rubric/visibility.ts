// What a student is shown of each check, before and after the deadline.
import { dueFor, type Rubric, type Visibility, visibilities } from './rubric.ts';

/** `check` is `step/check`. Without a deadline, it has always passed. `now`: milliseconds since 1970. */
export function visibilityOf(
  rubric: Rubric,
  at: { student: string; lab: string; check: string },
  now: number,
): Visibility {
  const due = dueFor(rubric, at.student);
  const when = due !== undefined && now <= due ? 'antes' : 'despues';
  const own = rubric.laboratorios
    .find((l) => l.lab === at.lab)
    ?.comprobaciones.find((c) => c.comprobacion === at.check);
  return own?.[when] ?? rubric.visibilidad[when];
}

/** What the teacher has to say when it is not right. */
export function messageOf(rubric: Rubric, at: { lab: string; check: string }): string | undefined {
  return rubric.laboratorios.find((l) => l.lab === at.lab)?.comprobaciones.find((c) => c.comprobacion === at.check)
    ?.mensaje;
}

export function shows(given: Visibility, wanted: Visibility): boolean {
  return visibilities.indexOf(given) >= visibilities.indexOf(wanted);
}
