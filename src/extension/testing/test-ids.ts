// Which steps and checks a run is about, from the ids of the tests that were chosen. Pure.
import type { Lab, Step } from '../../labs/lab.ts';

/** `lab`, `lab/step` or `lab/step/check`: no part may have a slash. */
export function testId(lab: string, step?: string, check?: string): string {
  return [lab, step, check].filter((part) => part !== undefined).join('/');
}

export interface ChosenStep {
  lab: Lab;
  step: Step;
  /** Those that were chosen, and no others. */
  checks: ReadonlySet<string>;
}

/** Labs that have something to test. A chapter of theory has no checks. */
export function testedLabs(labs: readonly Lab[]): Lab[] {
  return labs.filter((lab) => testedSteps(lab).length > 0);
}

export function testedSteps({ steps }: Lab): Step[] {
  return steps.filter((step) => step.checks.length > 0);
}

/** In the order of the course. `include` undefined: all. An id that names nothing chooses nothing. */
export function chosenSteps(
  labs: readonly Lab[],
  include: readonly string[] | undefined,
  exclude: readonly string[] = [],
): ChosenStep[] {
  const wanted = include && new Set(include);
  const unwanted = new Set(exclude);
  const named = (ids: ReadonlySet<string>, lab: Lab, step: Step, check: string): boolean =>
    ids.has(testId(lab.id)) || ids.has(testId(lab.id, step.id)) || ids.has(testId(lab.id, step.id, check));
  return testedLabs(labs).flatMap((lab) =>
    testedSteps(lab).flatMap((step): ChosenStep[] => {
      const checks = step.checks
        .map(({ id }) => id)
        .filter((id) => !wanted || named(wanted, lab, step, id))
        .filter((id) => !named(unwanted, lab, step, id));
      return checks.length > 0 ? [{ lab, step, checks: new Set(checks) }] : [];
    }),
  );
}
