// From what a student has handed in to a mark, with the account of every point. A pure function: the same works, rubric
// and moment give the same mark.
import type { AccountLine } from './account.ts';
import { closesFor, type Lateness, latenessOf } from './lateness.ts';
import type { Plan } from './plan.ts';
import { highestMark, scoreWork, settle } from './score.ts';
import type { Adjustment, Attempt } from './work.ts';

export interface StudentWork {
  /** The student's code. */
  student: string;
  /** In any order. Those that could not be read are not here. */
  attempts: readonly Attempt[];
  adjustments?: readonly Adjustment[];
}

/**
 * - `calificada`: there is a mark.
 * - `pendiente`: nothing was handed in, and there is still time.
 * - `no entregada`: nothing was handed in, and there is no time left: 0.
 * - `sin nota`: nothing of what was handed in could be verified.
 */
export type GradeState = 'calificada' | 'pendiente' | 'no entregada' | 'sin nota';

export interface Grade {
  student: string;
  state: GradeState;
  mark?: number;
  /** With all right, bonus included. */
  highest: number;
  /** Mark of who has all right, bonus apart. */
  outOf: number;
  lines: AccountLine[];
  /** The hand-in that gives the mark. */
  attempt?: { id: string; handedIn: string; number: number; of: number; late: Lateness };
  /** Those that came when the attempts were over. */
  beyond: number;
}

/** `now`: milliseconds since 1970. */
export function grade(plan: Plan, { student, attempts, adjustments = [] }: StudentWork, now: number): Grade {
  const { rubric } = plan;
  const about = { student, highest: highestMark({ nota: rubric.nota, bonus: plan.bonus }), outOf: rubric.nota.sobre };
  const { counted, beyond } = countedAttempts(attempts, rubric.entrega?.intentos);
  if (counted.length === 0) return { ...about, ...withoutWork(plan, student, adjustments, now), beyond };
  const marked = counted.map((attempt, i) => ({
    attempt,
    number: i + 1,
    ...markOf(plan, student, attempt, adjustments),
  }));
  const chosen = choose(marked, rubric.entrega?.cuenta ?? 'mejor');
  if (!chosen) throw new RangeError('There is always one of the attempts that counts.');
  const { attempt, number, late, lines, mark } = chosen;
  return {
    ...about,
    state: mark === undefined ? 'sin nota' : 'calificada',
    ...(mark === undefined ? {} : { mark }),
    lines,
    attempt: { id: attempt.id, handedIn: attempt.handedIn, number, of: counted.length, late },
    beyond,
  };
}

interface Marked {
  late: Lateness;
  lines: AccountLine[];
  mark?: number;
}

function markOf(plan: Plan, student: string, attempt: Attempt, adjustments: readonly Adjustment[]): Marked {
  const late = latenessOf(plan.rubric, student, Date.parse(attempt.handedIn));
  const scored = scoreWork(plan, attempt, adjustments);
  if (!scored) return { late, lines: [] };
  const earned = scored.reduce((total, line) => total + line.points, 0);
  const penalty: AccountLine[] =
    late.days === 0
      ? []
      : [{ kind: 'retraso', title: 'Retraso', points: earned * (late.keeps - 1), reason: sayLate(late) }];
  return { late, ...settle(plan, [...scored, ...penalty], adjustments) };
}

function sayLate({ days, keeps, refused }: Lateness): string {
  const how = days === 1 ? 'un día de retraso' : `${days} días de retraso`;
  return refused ? `${how}: ya no se admitía` : `${how}: se pierde el ${Math.round((1 - keeps) * 100)} % de lo ganado`;
}

/** In the order of their moments; the same one twice counts once. */
function countedAttempts(
  attempts: readonly Attempt[],
  most = Number.POSITIVE_INFINITY,
): { counted: Attempt[]; beyond: number } {
  const unique = [...new Map(attempts.map((a) => [a.id, a])).values()].toSorted(
    (a, b) => Date.parse(a.handedIn) - Date.parse(b.handedIn) || (a.id < b.id ? -1 : 1),
  );
  return { counted: unique.slice(0, most), beyond: Math.max(0, unique.length - most) };
}

/** A hand-in without a mark never takes the place of one that has it. */
function choose<T extends { mark?: number }>(marked: readonly T[], counts: 'mejor' | 'ultima'): T | undefined {
  const valid = marked.filter((m) => m.mark !== undefined);
  if (valid.length === 0 || counts === 'ultima') return (valid.length > 0 ? valid : marked).at(-1);
  return valid.reduce((best, m) => ((m.mark ?? 0) > (best.mark ?? 0) ? m : best));
}

function withoutWork(
  plan: Plan,
  student: string,
  adjustments: readonly Adjustment[],
  now: number,
): Pick<Grade, 'state' | 'mark' | 'lines'> {
  const closes = closesFor(plan.rubric, student);
  const given = adjustments.filter((a) => a.kind === 'puntos');
  if (given.length === 0 && (closes === undefined || now <= closes)) return { state: 'pendiente', lines: [] };
  const nothing: AccountLine = { kind: 'parte', title: 'No hay entrega', worth: plan.rubric.nota.sobre, points: 0 };
  return { state: 'no entregada', ...settle(plan, [nothing], given) };
}
