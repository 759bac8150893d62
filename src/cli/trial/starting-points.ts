// Sandboxes in the state that labs start from. Each is made once: that of the labs before it, and one more solved.
import { join } from 'node:path';
import type { Lab } from '../../labs/lab.ts';
import { previousLabs } from '../course.ts';
import type { Host } from '../host.ts';
import { solveStep } from '../solve-step.ts';
import { createSandbox, type Sandbox } from './sandbox.ts';

export interface StartingPoints {
  /** A sandbox, stopped, in the state where `lab` begins. The caller removes it. Rejects with UnsolvedError. */
  of(lab: Lab): Promise<Sandbox>;
  remove(): Promise<void>;
}

/** A lab that others start from cannot be solved, so they cannot be tried. */
export class UnsolvedError extends Error {
  readonly lab: string;
  readonly step: string;
  constructor(lab: string, step: string) {
    super(`The solution of ${lab}, step ${step}, is not right.`);
    this.lab = lab;
    this.step = step;
  }
}

export function createStartingPoints(course: readonly Lab[], host: Host): StartingPoints {
  const made = new Map<string, Promise<Sandbox>>();
  const after = (labs: readonly Lab[]): Promise<Sandbox> => {
    const key = labs.map((l) => l.id).join();
    const known = made.get(key) ?? make(labs);
    made.set(key, known);
    return known;
  };

  async function make(labs: readonly Lab[]): Promise<Sandbox> {
    const last = labs.at(-1);
    if (!last) return createSandbox(host);
    const sandbox = await (await after(labs.slice(0, -1))).branch();
    const { cluster, env } = await sandbox.start();
    for (const step of last.steps) {
      const { state } = await solveStep(last, step, cluster, sandbox.host, {
        where: join(sandbox.home, 'trabajo'),
        env,
      });
      if (state !== 'correcto') {
        await sandbox.remove();
        throw new UnsolvedError(last.id, step.id);
      }
    }
    await sandbox.stop();
    return sandbox;
  }

  return {
    of: async (lab) => (await after(previousLabs(course, lab))).branch(),
    async remove() {
      for (const sandbox of made.values())
        await sandbox.then(
          (s) => s.remove(),
          () => {},
        );
    },
  };
}
