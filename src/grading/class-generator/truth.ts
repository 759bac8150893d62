// The true grades of a made-up class, and what a grading says in the same words.
import { canonicalJson } from '../handin/canonical-json.ts';
import type { Graded } from '../replay/graded.ts';

/** File → what is true of it. */
export type Truth = Record<
  string,
  {
    student: string;
    behaviour: string;
    late: boolean;
    /** `step/check` → state and cause; `nunca` for what was never done. Absent: nothing of it is graded. */
    checks?: Record<string, string>;
    /** Code that must be told. */
    code?: string;
    outcome: 'entera' | 'rechazada';
  }
>;

/** What a result says in the words of the truth. */
export function saidOf({ labs }: Pick<Graded, 'labs'>): Record<string, string> {
  const checks = labs.flatMap((l) => l.steps.flatMap((s) => s.checks.map((c) => ({ step: s.step, ...c }))));
  return Object.fromEntries(
    checks.map(({ step, check, replayed }) => [
      `${step}/${check}`,
      replayed ? `${replayed.state}${replayed.cause ? ` ${replayed.cause.code}` : ''}` : 'nunca',
    ]),
  );
}

export function sameTruth(a: Record<string, string>, b: Record<string, string>): boolean {
  return canonicalJson(a) === canonicalJson(b);
}
