// What a made-up student does in a lab, and what their grade must therefore be. The truth comes from the lab's own text: a
// solution is right, and a typical mistake makes wrong the check that it names. Only steps with one check take a mistake, and
// who makes it gets stuck there: of that step, and of no other, the text says everything.
import type { Lab, Mistake, Step } from '../../labs/lab.ts';
import type { VerdictState } from '../handin/claimed-verdict.ts';

export interface Behaviour {
  /** `bien`, `error noventa 2`, `hasta mitad`. */
  name: string;
  /** Step → what is done in it; steps that are missing are never reached. */
  does: ReadonlyMap<string, 'solucion' | Mistake>;
  /** `step/check` → what is true. `undefined`: never done. */
  truth: ReadonlyMap<string, { state: VerdictState; cause?: string } | undefined>;
}

/** The right one first, then those who got stuck in each mistake, then those who stopped after each step. */
export function behavioursOf(lab: Lab): Behaviour[] {
  const steps = lab.steps.filter((s) => s.checks.length > 0);
  const right = behaviour('bien', steps, () => 'solucion');
  const mistaken = steps.flatMap((step) =>
    step.checks.length !== 1
      ? []
      : step.mistakes.map((mistake, i) =>
          behaviour(`error ${step.id} ${i + 1}`, steps, (each) => {
            if (each === step) return mistake;
            return steps.indexOf(each) < steps.indexOf(step) ? 'solucion' : undefined;
          }),
        ),
  );
  const partial = steps
    .slice(0, -1)
    .map((last, i) =>
      behaviour(`hasta ${last.id}`, steps, (each) => (steps.indexOf(each) <= i ? 'solucion' : undefined)),
    );
  return [right, ...mistaken, ...partial];
}

function behaviour(
  name: string,
  steps: readonly Step[],
  choose: (step: Step) => 'solucion' | Mistake | undefined,
): Behaviour {
  const does = new Map<string, 'solucion' | Mistake>();
  const truth = new Map<string, { state: VerdictState; cause?: string } | undefined>();
  for (const step of steps) {
    const what = choose(step);
    if (what) does.set(step.id, what);
    for (const check of step.checks) {
      const wrong = what !== undefined && what !== 'solucion';
      truth.set(
        `${step.id}/${check.id}`,
        what === undefined ? undefined : wrong ? { state: 'incorrecto', cause: what.cause } : { state: 'correcto' },
      );
    }
  }
  return { name, does, truth };
}
