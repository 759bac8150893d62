// Applies each mutant instead of the solution, at the state before its step, and says what the step's checks made of it.
import { join } from 'node:path';
import { createLabStream } from '../../../../src/checks/lab-stream.ts';
import { verifyCheck } from '../../../../src/checks/verify.ts';
import { perform } from '../../../../src/cli/perform.ts';
import { solveStep } from '../../../../src/cli/solve-step.ts';
import type { RunningSandbox, Sandbox } from '../../../../src/cli/trial/sandbox.ts';
import type { StartingPoints } from '../../../../src/cli/trial/starting-points.ts';
import { readScene, type Scene } from '../../../../src/diagnosis/scene.ts';
import type { Lab, Step } from '../../../../src/labs/lab.ts';
import { decisionsOf } from './decisions.ts';
import { type Mutant, mutantsOf } from './mutants-of.ts';
import { keep, restore } from './restore.ts';

export interface MutantTrial {
  mutant: Mutant;
  /** `equivalente`: nothing was refused, and the engine decides as with the solution. */
  result: 'rechazado' | 'equivalente' | 'aceptado';
  /** The first cause that was named, and its sentence. */
  code: string;
  message: string;
  rightCause: boolean;
  milliseconds: number;
}

export async function* tryMutants(
  lab: Lab,
  starting: StartingPoints,
  isWanted: (mutant: Mutant) => boolean,
): AsyncGenerator<MutantTrial> {
  const chosen = mutantsOf(lab).filter(isWanted);
  const wanted = lab.steps.map((step) => ({ step, mutants: chosen.filter((m) => m.step === step.id) }));
  const last = wanted.findLastIndex(({ mutants }) => mutants.length > 0);
  if (last < 0) return;
  const sandbox = await starting.of(lab);
  try {
    for (const { step, mutants } of wanted.slice(0, last + 1)) {
      const accepted: { trial: MutantTrial; scene: Scene }[] = [];
      for (const mutant of mutants) {
        const { trial, scene } = mutant.workloads
          ? await onBranch(lab, step, mutant, sandbox)
          : await inPlace(lab, step, mutant, sandbox);
        if (trial.result === 'aceptado') accepted.push({ trial, scene });
        else yield trial;
      }
      const running = await sandbox.start(lab);
      const solved = await solveStep(lab, step, running.cluster, sandbox.host, {
        where: whereIn(sandbox),
        env: running.env,
      });
      if (solved.state !== 'correcto') throw new Error(`The solution of ${lab.id}/${step.id} is ${solved.state}.`);
      const right = decisionsOf(step, await readScene(running.cluster.client), running.cluster);
      for (const { trial, scene } of accepted) {
        const same = right !== undefined && decisionsOf(step, scene, running.cluster) === right;
        yield { ...trial, result: same ? 'equivalente' : 'aceptado' };
      }
    }
  } finally {
    await sandbox.remove();
  }
}

interface Tried {
  trial: MutantTrial;
  scene: Scene;
}

async function onBranch(lab: Lab, step: Step, mutant: Mutant, sandbox: Sandbox): Promise<Tried> {
  const branch = await sandbox.branch();
  try {
    return await tryOne(lab, step, mutant, branch, await branch.start(lab));
  } finally {
    await branch.remove();
  }
}

async function inPlace(lab: Lab, step: Step, mutant: Mutant, sandbox: Sandbox): Promise<Tried> {
  const running = await sandbox.start(lab);
  const kept = await keep(running.cluster.client);
  try {
    return await tryOne(lab, step, mutant, sandbox, running);
  } finally {
    await restore(running.cluster.client, kept);
  }
}

/** The cluster may refuse what is applied, so exit codes do not matter: the verdicts do. */
async function tryOne(
  lab: Lab,
  step: Step,
  mutant: Mutant,
  { host, home }: Sandbox,
  { cluster, env }: RunningSandbox,
): Promise<Tried> {
  const begun = performance.now();
  const folder = join(home, 'trabajo', lab.id);
  const { signal } = host;
  const stream = createLabStream(lab, cluster, { signal });
  stream.start();
  try {
    for (const action of mutant.actions)
      for await (const _done of perform([action], { folder, env, home, signal, timeout: 20_000 })) {
        // Each action runs as the loop asks for it.
      }
    let undecided = '';
    for (const check of step.checks) {
      if (check.type === 'respuesta') continue;
      const { state, cause } = await verifyCheck(check, { cluster, signal });
      if (state === 'no verificable') undecided ||= `${check.id} no es verificable: ${cause?.message ?? ''}`;
      if (state !== 'incorrecto') continue;
      const code = cause?.code ?? '';
      return { trial: trialOf('rechazado', code, cause?.message ?? ''), scene: await readScene(cluster.client) };
    }
    return { trial: trialOf('aceptado', '', undecided), scene: await readScene(cluster.client) };
  } finally {
    stream.stop();
  }

  function trialOf(result: MutantTrial['result'], code: string, message: string): MutantTrial {
    const milliseconds = performance.now() - begun;
    return { mutant, result, code, message, rightCause: mutant.codes.includes(code), milliseconds };
  }
}

function whereIn(sandbox: Sandbox): string {
  return join(sandbox.home, 'trabajo');
}
