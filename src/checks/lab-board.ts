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
  /** It was right once, or all foretold that it would be and another change came before it was measured. */
  promised: boolean;
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
  /** The rules would have made it right, and others came before it was measured. */
  missed(followed: FollowedCheck): void;
  /** These steps were right, by whoever else has looked: `malla resolver` in a terminal beside this one. */
  learn(everPassed: Iterable<string>): void;
}

export function createLabBoard(
  lab: Lab,
  everPassed: Iterable<string>,
  onChange: (event: FollowEvent) => void,
): LabBoard {
  const passed = new Set(everPassed);
  const checks = lab.steps.flatMap((step) =>
    step.checks.map(
      (check): FollowedCheck => ({
        step,
        check,
        status: { state: 'pendiente' },
        touched: false,
        asked: false,
        promised: false,
      }),
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
    missed(followed) {
      followed.promised = true;
    },
    learn(everPassed) {
      const theirs = new Set(everPassed);
      overtake(lab.steps.filter(({ id }) => theirs.has(id) && !passed.has(id)));
    },
  };

  function set(followed: FollowedCheck, status: CheckStatus): void {
    const { status: before, step, check } = followed;
    followed.status = status;
    if (status.verdict?.state === 'correcto') followed.promised = true;
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
      pass(step);
      overtake(lab.steps.slice(0, lab.steps.indexOf(step)).filter(wasPromised));
    }
    if ((shown.get(step.id) ?? 'pendiente') === state) return;
    shown.set(step.id, state);
    onChange({ event: 'step', step: step.id, state });
  }

  /** Whoever is quicker than a measure (a script, a solution) leaves no time to see a step right. */
  function wasPromised(step: Step): boolean {
    const own = checks.filter((c) => c.step === step);
    return !passed.has(step.id) && own.length > 0 && own.every((c) => c.promised);
  }

  /** They count as passed, and what was said of them meanwhile is no news any longer. */
  function overtake(steps: readonly Step[]): void {
    for (const step of steps) pass(step);
    for (const step of steps) {
      const failing = checks.filter((c) => c.step === step && !c.asked && c.status.verdict?.state === 'incorrecto');
      for (const followed of failing) set(followed, { state: 'pendiente' });
      refreshStep(step);
    }
  }

  /** What the next step looks at has not been touched for its sake yet. */
  function pass(step: Step): void {
    passed.add(step.id);
    const next = activeStep(lab, passed);
    for (const followed of checks) if (followed.step === next) followed.touched = false;
  }
}

/** Figures that vary from one look to the next are not a change. */
function sameVerdict(a: Verdict | undefined, b: Verdict | undefined): boolean {
  return a?.state === b?.state && a?.cause?.code === b?.cause?.code && a?.cause?.message === b?.cause?.message;
}
