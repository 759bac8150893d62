// What comes out otherwise when the same hand-ins are graded again.
import type { Graded } from './graded.ts';

export interface SubmissionChange {
  submission: string;
  student?: string;
  /** `lab/step/check`, and how it was and is; one that was or is not there is `no estaba` or `no está`. */
  checks: { check: string; before: string; after: string }[];
}

/** By name; those of which everything comes out as before are not there. */
export function changesBetween(before: readonly Graded[], after: readonly Graded[]): SubmissionChange[] {
  const names = [...new Set([...before, ...after].map((g) => g.submission))].toSorted();
  return names.flatMap((submission) => {
    const [was, is] = [before, after].map((all) => all.find((g) => g.submission === submission));
    const [old, now] = [statesOf(was), statesOf(is)];
    const checks = [...new Set([...old.keys(), ...now.keys()])].flatMap((check) => {
      const change = { check, before: old.get(check) ?? 'no estaba', after: now.get(check) ?? 'no está' };
      return change.before === change.after ? [] : [change];
    });
    const student = is?.student ?? was?.student;
    return checks.length === 0 ? [] : [{ submission, ...(student === undefined ? {} : { student }), checks }];
  });
}

function statesOf(graded: Graded | undefined): Map<string, string> {
  const states = new Map<string, string>();
  if (!graded) return states;
  states.set('entrega', graded.outcome);
  for (const lab of graded.labs)
    for (const step of lab.steps)
      for (const { check, replayed } of step.checks) {
        const cause = replayed?.cause ? ` (${replayed.cause.code})` : '';
        states.set(`${lab.lab}/${step.step}/${check}`, replayed ? `${replayed.state}${cause}` : 'sin repetir');
      }
  return states;
}
