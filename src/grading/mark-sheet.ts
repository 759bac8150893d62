// Marks from verdicts: plain data, with the evidence behind each.
import type { Verdict } from '../checks/verdict.ts';
import type { Lab, Step } from '../labs/lab.ts';

export interface MarkSheet {
  format: 'malla-notas/1';
  /** As the teacher wrote it; empty when nobody said. */
  student: string;
  /** ISO 8601. */
  at: string;
  cluster: { serverVersion: string; simulated: boolean; istio?: string };
  labs: LabMark[];
  /** From 0 to 10, over all checks that could be verified; undefined when none could. */
  mark?: number;
}

export interface LabMark {
  lab: string;
  title: string;
  mark?: number;
  checks: CheckMark[];
}

export interface CheckMark {
  step: string;
  check: string;
  title: string;
  /**
   * 1 when it is right, or was and a later step has rightly changed it; 0 when it is wrong; undefined when it could not
   * be verified, which never counts.
   */
  points?: 0 | 1;
  /** Once right, and overtaken by a later step. */
  earlier: boolean;
  verdict: Verdict;
}

export interface VerifiedStep {
  step: Step;
  /** Once right, and a later step is right now. */
  overtaken: boolean;
  verdicts: readonly Verdict[];
}

export function markLab(lab: Lab, steps: readonly VerifiedStep[]): LabMark {
  const checks = steps.flatMap(({ step, overtaken, verdicts }) =>
    step.checks.map((check, i): CheckMark => {
      const verdict = verdicts[i];
      if (!verdict) throw new RangeError(`${lab.id}/${step.id}/${check.id} has no verdict.`);
      const earlier = overtaken && verdict.state !== 'correcto';
      const points = earlier ? 1 : pointsOf(verdict);
      const { id, title } = check;
      return { step: step.id, check: id, title, ...(points === undefined ? {} : { points }), earlier, verdict };
    }),
  );
  return { lab: lab.id, title: lab.title, ...markOf(checks), checks };
}

export function markSheet(labs: readonly LabMark[], about: Pick<MarkSheet, 'student' | 'at' | 'cluster'>): MarkSheet {
  return { format: 'malla-notas/1', ...about, labs: [...labs], ...markOf(labs.flatMap((l) => l.checks)) };
}

function pointsOf({ state }: Verdict): 0 | 1 | undefined {
  return state === 'no verificable' ? undefined : state === 'correcto' ? 1 : 0;
}

/** Two decimals; absent when nothing could be verified. */
function markOf(checks: readonly CheckMark[]): { mark?: number } {
  const points = checks.flatMap((c) => (c.points === undefined ? [] : [c.points]));
  if (points.length === 0) return {};
  return { mark: Math.round((points.reduce<number>((sum, p) => sum + p, 0) / points.length) * 1000) / 100 };
}
