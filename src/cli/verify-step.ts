// Verifies the checks of one step, one after another, and says what the step is worth.
import type { Verdict, VerdictState } from '../checks/verdict.ts';
import { verifyCheck } from '../checks/verify.ts';
import type { Cluster } from '../cluster/contract.ts';
import { answerKey, type LabAnswers, noAnswers } from '../labs/answers.ts';
import type { CheckDeclaration, Step } from '../labs/lab.ts';
import { worst } from './report.ts';

export interface StepResult {
  step: string;
  state: VerdictState;
  checks: { id: string; title: string; verdict: Verdict }[];
}

/** `onVerdict` hears each verdict as it comes; `point` may say more of where its cause is. Stops between checks when aborted. */
export async function verifyStep(
  step: Step,
  cluster: Cluster,
  signal: AbortSignal,
  onVerdict: (check: CheckDeclaration, verdict: Verdict) => void = () => {},
  answers: LabAnswers = noAnswers,
  point: (verdict: Verdict) => Promise<Verdict> = async (verdict) => verdict,
): Promise<StepResult> {
  const checks: StepResult['checks'] = [];
  for (const check of step.checks) {
    signal.throwIfAborted();
    const answer = answers.checks[answerKey(step.id, check.id)];
    const verdict = await point(await verifyCheck(check, { cluster, signal, answer }));
    onVerdict(check, verdict);
    checks.push({ id: check.id, title: check.title, verdict });
  }
  return { step: step.id, state: worst(checks.map((c) => c.verdict.state)), checks };
}
