// Verifies every step of a lab, with the traffic that the lab asks for.
import { createLabStream } from '../checks/lab-stream.ts';
import type { Verdict } from '../checks/verdict.ts';
import type { Cluster } from '../cluster/contract.ts';
import { mallaHome } from '../cluster/home.ts';
import type { Lab, Step } from '../labs/lab.ts';
import { readAnswers } from './answers-file.ts';
import type { Host } from './host.ts';
import { withStudentLine } from './student-files.ts';
import { type StepResult, verifyStep } from './verify-step.ts';

export interface VerifyLabOptions {
  /** By default, all of the lab. */
  steps?: readonly Step[];
  /** Under which the lab's own folder with the student's files may be. */
  where?: string;
  onStep?(step: Step): void;
  onVerdict?: Parameters<typeof verifyStep>[3];
}

/** Rejects only when aborted. */
export async function verifyLab(
  lab: Lab,
  cluster: Cluster,
  { signal, env }: Pick<Host, 'signal' | 'env'>,
  { steps = lab.steps, where, onStep, onVerdict }: VerifyLabOptions = {},
): Promise<StepResult[]> {
  const stream = createLabStream(lab, cluster, { signal });
  stream.start();
  const point = where === undefined ? undefined : (v: Verdict) => withStudentLine(v, where, lab.id);
  const answers = await readAnswers(mallaHome(env), lab.id);
  try {
    const results: StepResult[] = [];
    for (const step of steps) {
      onStep?.(step);
      results.push(await verifyStep(step, cluster, signal, onVerdict, answers, point));
    }
    return results;
  } finally {
    stream.stop();
  }
}
