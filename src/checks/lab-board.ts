// The state of each check and step of a followed lab, told as it changes.
import type { CheckDeclaration, Lab, Step } from '../labs/lab.ts';
import type { FollowEvent } from './follow-event.ts';
import { activeStep, type CheckStatus, isOvertaken, type StepState, stepState } from './step-state.ts';
import type { Verdict } from './verdict.ts';

export interface FollowedCheck {
  step: Step;
  check: CheckDeclaration;
  status: CheckStatus;
  /** Something that it looks at has changed since its step became the active one. */
  touched: boolean;
  /** The student has asked about it: from then on whatever it says is shown. */
  asked: boolean;
}

export interface LabBoard {
  checks: readonly FollowedCheck[];
  isActive(step: Step): boolean;
  isOvertaken(step: Step): boolean;
  /** Shows what was seen, or `pendiente` when a failure there is not news: see `isNews`. */
  see(followed: FollowedCheck, verdict: Verdict): void;
  /** Shows what was seen whatever it is: the student asked. */
  answer(followed: FollowedCheck, verdict: Verdict): void;
  working(followed: FollowedCheck): void;
  waiting(followed: FollowedCheck): void;
}

export function createLabBoard(
  lab: Lab,
  everPassed: Iterable<string>,
  onChange: (event: FollowEvent) => void,
): LabBoard {
  const passed = new Set(everPassed);
  const checks = lab.steps.flatMap((step) =>
    step.checks.map(
      (check): FollowedCheck => ({ step, check, status: { state: 'pendiente' }, touched: false, asked: false }),
    ),
  );
  const shown = new Map<string, StepState>();
  for (const step of lab.steps) if (step.checks.length > 0) refreshStep(step);

  const isActive = (step: Step): boolean => activeStep(lab, passed) === step;
  /**
   * A failure is worth showing where the student is at work: in the active step once they have touched what it looks
   * at, and in the last step of a finished lab. Red marks on steps that nobody has begun would only be noise.
   */
  const isNews = ({ step, touched, asked }: FollowedCheck): boolean =>
    asked || (isActive(step) ? touched : passed.has(step.id) && !isOvertaken(lab, step, passed));

  return {
    checks,
    isActive,
    isOvertaken: (step) => isOvertaken(lab, step, passed),
    see(followed, verdict) {
      set(
        followed,
        verdict.state === 'correcto' || isNews(followed) ? { state: 'hecho', verdict } : { state: 'pendiente' },
      );
    },
    answer(followed, verdict) {
      followed.asked = true;
      set(followed, { state: 'hecho', verdict });
    },
    working: (followed) => set(followed, { state: 'comprobando' }),
    waiting: (followed) => set(followed, { state: 'pendiente' }),
  };

  function set(followed: FollowedCheck, status: CheckStatus): void {
    const { status: before, step, check } = followed;
    followed.status = status;
    if (before.state !== status.state || !sameVerdict(before.verdict, status.verdict))
      onChange({ event: 'check', step: step.id, check: check.id, ...status });
    refreshStep(step);
  }

  function refreshStep(step: Step): void {
    const state = stepState(
      checks.filter((c) => c.step === step).map((c) => c.status),
      isOvertaken(lab, step, passed),
    );
    if (state === 'correcto' && !passed.has(step.id)) {
      passed.add(step.id);
      const next = activeStep(lab, passed);
      for (const followed of checks) if (followed.step === next) followed.touched = false;
    }
    if ((shown.get(step.id) ?? 'pendiente') === state) return;
    shown.set(step.id, state);
    onChange({ event: 'step', step: step.id, state });
  }
}

/** Figures that vary from one look to the next are not a change. */
function sameVerdict(a: Verdict | undefined, b: Verdict | undefined): boolean {
  return a?.state === b?.state && a?.cause?.code === b?.cause?.code && a?.cause?.message === b?.cause?.message;
}
