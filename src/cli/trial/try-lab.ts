// A lab tried from its own text: each written solution is right twice, each declared mistake is wrong for the cause that it
// declares, and the clean-up leaves the cluster as it was found.
import { join } from 'node:path';
import type { Lab, Mistake, Step } from '../../labs/lab.ts';
import { takeSnapshot } from './left-behind.ts';
import type { Sandbox } from './sandbox.ts';
import type { StartingPoints } from './starting-points.ts';
import { commitMistake, type Place, type Trial, tryCleanup, trySolution } from './trial.ts';
import { createTurns, inOrder, type Turns } from './turns.ts';

export type { Place, Trial } from './trial.ts';
export { tryLabOn } from './try-lab-on.ts';

/** Clusters at the same time when nobody says how many. */
const usualPlaces = 3;

/**
 * In the order in which things are begun: mistakes are committed on copies of the cluster, while the solutions go on. Rejects
 * when aborted, or when a lab before this one cannot be solved.
 */
export async function* tryLab(
  lab: Lab,
  starting: StartingPoints,
  turns: Turns = createTurns(usualPlaces),
): AsyncGenerator<Trial> {
  // The rest is to be read: there is nothing that could go wrong.
  const steps = lab.steps.filter((s) => s.checks.length > 0 || s.solution.length > 0);
  if (steps.length === 0) return;
  yield* inOrder<Trial>(async (begin) => {
    const copies: Promise<void>[] = [];
    try {
      await turns.take(() => tryChain(lab, steps, starting, { begin, turns, copies }));
    } finally {
      await Promise.all(copies);
    }
  });
}

interface Chain {
  begin(trial: Promise<Trial>): void;
  turns: Turns;
  /** Of mistakes that go on by themselves; each resolves when its cluster is gone. */
  copies: Promise<void>[];
}

async function tryChain(lab: Lab, steps: readonly Step[], starting: StartingPoints, chain: Chain): Promise<void> {
  const sandbox = await starting.of(lab);
  const did = async (trial: Promise<Trial>): Promise<void> => {
    chain.begin(trial);
    await trial;
  };
  try {
    const before = await takeSnapshot((await sandbox.start(lab)).cluster.client);
    const alone = steps.findIndex(asksNodePort);
    for (const [index, step] of steps.entries()) {
      if (alone < 0 || index < alone) await copyFor(lab, step, sandbox, chain);
      else for (const mistake of step.mistakes) await did(tryMistake(lab, step, mistake, sandbox));
      await did(trySolution('solucion', lab, step, await placeIn(sandbox, lab)));
    }
    await did(tryCleanup(lab, await placeIn(sandbox, lab), before, 'la primera vez'));
    for (const step of steps) await did(trySolution('otra-vez', lab, step, await placeIn(sandbox, lab)));
    await did(tryCleanup(lab, await placeIn(sandbox, lab), before, 'la segunda'));
  } finally {
    await sandbox.remove();
  }
}

/** The step's mistakes begin on copies of the cluster as it is now. */
async function copyFor(lab: Lab, step: Step, sandbox: Sandbox, { begin, turns, copies }: Chain): Promise<void> {
  if (step.mistakes.length === 0) return;
  const copy = await sandbox.branch();
  const trials = step.mistakes.map((mistake) => turns.take(() => tryMistake(lab, step, mistake, copy)));
  trials.forEach(begin);
  copies.push(Promise.allSettled(trials).then(() => copy.remove()));
}

/** Clusters that are copies of one another share their NodePorts: the first to run would answer for all. */
function asksNodePort({ checks }: Step): boolean {
  return checks.some(({ pattern }) => 'service' in pattern && pattern.service !== undefined);
}

async function placeIn(sandbox: Sandbox, lab: Lab): Promise<Place> {
  return { ...(await sandbox.start(lab)), host: sandbox.host, folder: join(sandbox.home, 'trabajo') };
}

/** On a copy. */
async function tryMistake(lab: Lab, step: Step, mistake: Mistake, sandbox: Sandbox): Promise<Trial> {
  const branch = await sandbox.branch();
  try {
    return await commitMistake(lab, step, mistake, await placeIn(branch, lab));
  } finally {
    await branch.remove();
  }
}
