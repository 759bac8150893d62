// Checks that look at objects: once, and again while what they look at is still on its way.
import type { Diagnosis } from '../diagnosis/diagnosis.ts';
import { findCause } from '../diagnosis/find-cause.ts';
import type { CheckDeclaration } from '../labs/lab.ts';
import type { JudgeContext, Judgement } from './judgement.ts';
import { kindOf } from './kinds.ts';
import { isNewborn } from './newborn.ts';

/** How long pods may take to start before that is the answer. Real images are pulled and real programs boot. */
const startingTime = { simulated: 15_000, real: 180_000 };
const glance = { simulated: 100, real: 500 };

export async function judgeResources(check: CheckDeclaration, context: JudgeContext): Promise<Judgement> {
  const { clock, facts, signal, wait } = context;
  const deadline = clock.now() + patienceForStart(facts.simulated);
  for (;;) {
    const observation = await kindOf(check).observe(check, { ...context, errorProbability: 0 });
    if (!observation.symptom) {
      if (!wait || clock.now() >= deadline || !(await mayStillEnd(check, context))) return { observation };
      await clock.sleep(glance.real, signal);
      continue;
    }
    const cause = findCause(observation.symptom, await context.scene());
    if (!wait || !isSettling(cause) || clock.now() >= deadline) return { observation, cause };
    await clock.sleep(facts.simulated ? glance.simulated : glance.real, signal);
  }
}

/** Where programs are real. A simulated one that ends does so before anybody sees it Ready. */
async function mayStillEnd(check: CheckDeclaration, { cluster, facts, scene }: JudgeContext): Promise<boolean> {
  if (check.type !== 'pods' || facts.simulated) return false;
  const now = await cluster.client.serverTime();
  return now !== undefined && isNewborn(check.pattern, await scene(), now);
}

const settling: ReadonlySet<string> = new Set(['MALLA-SAL-06', 'MALLA-SAL-15', 'MALLA-APP-06']);

/** Causes that time alone may cure. */
export function isSettling({ code }: Diagnosis): boolean {
  return settling.has(code);
}

export function patienceForStart(simulated: boolean): number {
  return simulated ? startingTime.simulated : startingTime.real;
}
