// Applies the written solution of a step and verifies it.
import { createLabStream } from '../checks/lab-stream.ts';
import type { Verdict } from '../checks/verdict.ts';
import type { Cluster } from '../cluster/contract.ts';
import { mallaHome } from '../cluster/home.ts';
import type { CheckDeclaration, Lab, Step } from '../labs/lab.ts';
import { readAnswers } from './answers-file.ts';
import type { Host } from './host.ts';
import { labFolder } from './lab-folder.ts';
import { perform } from './perform.ts';
import { withStudentLine } from './student-files.ts';
import { type StepResult, verifyStep } from './verify-step.ts';

export interface SolveOptions {
  /** Folder under which the lab's own folder is made. */
  where: string;
  env: Record<string, string | undefined>;
  onAction?(action: ActionResult): void;
  onVerdict?(check: CheckDeclaration, verdict: Verdict): void;
}

export interface ActionResult {
  title: string;
  exitCode: number;
  output: string;
}

export type SolvedStep = StepResult & { actions: ActionResult[] };

/** Keeps the lab's stream of requests meanwhile. When an action fails the rest of the step's actions are not done; its checks are verified all the same. */
export async function solveStep(
  lab: Lab,
  step: Step,
  cluster: Cluster,
  host: Host,
  options: SolveOptions,
): Promise<SolvedStep> {
  const folder = await labFolder(options.where, lab.id);
  const actions: ActionResult[] = [];
  const stream = createLabStream(lab, cluster, { signal: host.signal });
  stream.start();
  try {
    for await (const { title, exitCode, output } of perform(step.solution, {
      folder,
      env: options.env,
      home: mallaHome(host.env),
      signal: host.signal,
    })) {
      const result = { title, exitCode, output };
      actions.push(result);
      options.onAction?.(result);
    }
    host.signal.throwIfAborted();
    const point = (verdict: Verdict) => withStudentLine(verdict, options.where, lab.id);
    const answers = await readAnswers(mallaHome(host.env), lab.id);
    return { ...(await verifyStep(step, cluster, host.signal, options.onVerdict, answers, point)), actions };
  } finally {
    stream.stop();
  }
}
