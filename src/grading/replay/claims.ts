// What the journal of a hand-in claims of each check: how often it was judged, when it was first right, what it was told on
// the way, and which record a step is graded by.
import type { JournalRecord } from '../handin/hand-in.ts';
import type { GradedCheck } from './graded.ts';

/**
 * The last record of the step that was all right, else the last, also of those that an exam keeps by itself; undefined when
 * there is none.
 */
export function recordOf(records: readonly JournalRecord[], lab: string, step: string): JournalRecord | undefined {
  const own = records.filter((r) => r.lab === lab && r.step === step);
  const verified = own.filter((r) => r.event === 'verificacion' && r.verdicts.length > 0);
  return verified.findLast((r) => r.verdicts.every((v) => v.state === 'correcto')) ?? own.at(-1);
}

export function claimsOf(
  records: readonly JournalRecord[],
  at: { lab: string; step: string; check: string },
): Pick<GradedCheck, 'attempts' | 'firstRight' | 'diagnoses'> {
  const own = records
    .filter((r) => r.lab === at.lab && r.step === at.step && r.event === 'verificacion')
    .flatMap((r) => r.verdicts.filter((v) => v.check === at.check).map((verdict) => ({ at: r.at, verdict })));
  const firstRight = own.find(({ verdict }) => verdict.state === 'correcto')?.at;
  const told = own.map(({ at: when, verdict }) => ({ at: when, code: verdict.cause?.code ?? '' }));
  // The same thing told twice in a row is one time that lasts.
  const changes = told.filter(({ code }, i) => code !== told[i - 1]?.code);
  return {
    attempts: own.length,
    ...(firstRight === undefined ? {} : { firstRight }),
    diagnoses: changes.flatMap(({ at: from, code }, i) => {
      if (code === '') return [];
      const until = changes[i + 1]?.at ?? told.at(-1)?.at ?? from;
      const seconds = Math.max(0, Math.round((Date.parse(until) - Date.parse(from)) / 1000));
      return [{ code, at: from, seconds }];
    }),
  };
}
