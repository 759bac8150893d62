// What a followed lab says of each step, put together: the verdicts of its checks when the step's state changes, or when a
// verification that was asked for ends.
import type { FollowEvent } from '../checks/follow-event.ts';
import type { Verdict } from '../checks/verdict.ts';
import type { Lab, Step } from '../labs/lab.ts';

export interface LatestVerdicts {
  /** The step that was judged now; undefined when the event ends nothing, or some check was never judged. */
  hear(event: FollowEvent): { step: Step; verdicts: Verdict[] } | undefined;
}

export function latestVerdicts(lab: Pick<Lab, 'steps'>): LatestVerdicts {
  const known = new Map<string, Verdict>();
  const keyOf = (step: string, check: string): string => `${step}/${check}`;
  const whole = (name: string): { step: Step; verdicts: Verdict[] } | undefined => {
    const step = lab.steps.find((s) => s.id === name);
    const verdicts = step?.checks.flatMap((c) => known.get(keyOf(name, c.id)) ?? []) ?? [];
    return step && verdicts.length > 0 && verdicts.length === step.checks.length ? { step, verdicts } : undefined;
  };
  return {
    hear(event) {
      if (event.event === 'check' && event.verdict) known.set(keyOf(event.step, event.check), event.verdict);
      if (event.event === 'verified') {
        for (const verdict of event.verdicts) known.set(keyOf(event.step, verdict.check), verdict);
        return event.verdicts.length > 0 ? whole(event.step) : undefined;
      }
      if (event.event !== 'step' || event.state === 'pendiente' || event.state === 'superado') return undefined;
      return whole(event.step);
    },
  };
}
