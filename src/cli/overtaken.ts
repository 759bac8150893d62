import type { StepResult } from './verify-step.ts';

/**
 * Steps that are not right now but once were, with a later step right now: a canary that has moved from 90/10 to 50/50
 * no longer shows 90/10, and that is no mistake.
 */
export function overtakenSteps(results: readonly StepResult[], everPassed: readonly string[]): Set<string> {
  const lastRight = results.findLastIndex((r) => r.state === 'correcto' && r.checks.length > 0);
  return new Set(
    results.filter((r, i) => i < lastRight && r.state !== 'correcto' && everPassed.includes(r.step)).map((r) => r.step),
  );
}
