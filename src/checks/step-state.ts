// What a step shows, from its checks and from what was once right.
//
// State is what is true now, with one exception. A later step may rightly undo an earlier one: a canary at 50/50 no longer
// shows 90/10. So a step that was once right is remembered as passed, and while a later step is active or passed too, its
// checks going wrong leave it "superado" instead of red.
import type { Lab, Step } from '../labs/lab.ts';
import type { Verdict } from './verdict.ts';

export type CheckState = 'pendiente' | 'comprobando' | 'hecho';
export type StepState = 'pendiente' | 'correcto' | 'incorrecto' | 'no verificable' | 'superado';

/** Right now, or once and left behind. */
export function isPassed(state: StepState): boolean {
  return state === 'correcto' || state === 'superado';
}

export interface CheckStatus {
  state: CheckState;
  verdict?: Verdict;
}

export function stepState(checks: readonly CheckStatus[], isOvertaken: boolean): StepState {
  const verdicts = checks.map((c) => (c.state === 'hecho' ? c.verdict?.state : undefined));
  if (verdicts.every((v) => v === 'correcto')) return 'correcto';
  if (isOvertaken) return 'superado';
  if (verdicts.includes('incorrecto')) return 'incorrecto';
  return verdicts.includes('no verificable') ? 'no verificable' : 'pendiente';
}

/** The first step with checks that was never right; undefined when all were. */
export function activeStep(lab: Lab, passed: ReadonlySet<string>): Step | undefined {
  return verifiable(lab).find((s) => !passed.has(s.id));
}

/** Once right, and with a later step at work or right too: only the last step of a lab can turn red again. */
export function isOvertaken(lab: Lab, step: Step, passed: ReadonlySet<string>): boolean {
  return passed.has(step.id) && verifiable(lab).at(-1) !== step;
}

function verifiable(lab: Lab): Step[] {
  return lab.steps.filter((s) => s.checks.length > 0);
}
