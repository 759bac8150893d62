// How late a hand-in is under a rubric, and what that costs.
import { dueFor, type Rubric } from './rubric.ts';

export interface Lateness {
  /** Begun days after the deadline; 0 in time. */
  days: number;
  /** Share of what was earned that is kept, from 0 to 1. */
  keeps: number;
  /** It came when nothing was taken any more. */
  refused: boolean;
}

const minute = 60_000;
const day = 24 * 60 * minute;

/** Minutes to hand in what was done in the hours of an exam: each step is judged by the time at which it was done. */
const handOver = 10;

function graceOf({ entrega, examen }: Rubric): number {
  return Math.max(entrega?.gracia ?? 0, examen ? handOver : 0) * minute;
}

/** `handedIn`: milliseconds since 1970. */
export function latenessOf(rubric: Rubric, student: string, handedIn: number): Lateness {
  const due = dueFor(rubric, student);
  const over = due === undefined ? 0 : handedIn - due - graceOf(rubric);
  if (over <= 0) return { days: 0, keeps: 1, refused: false };
  // The grace is for being in time, not for making the day longer.
  const days = due === undefined ? 0 : Math.ceil((handedIn - due) / day);
  const late = rubric.entrega?.tarde;
  if (!late || days > late.dias) return { days, keeps: 0, refused: true };
  return { days, keeps: Math.max(0, 1 - (days * late.descuento) / 100), refused: false };
}

/** When nothing is taken any more from this student; undefined when that never comes. */
export function closesFor(rubric: Rubric, student: string): number | undefined {
  const due = dueFor(rubric, student);
  if (due === undefined) return undefined;
  return due + Math.max(graceOf(rubric), (rubric.entrega?.tarde?.dias ?? 0) * day);
}
