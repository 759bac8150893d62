// The course executed from its own text: every step's solution is right, every mistake that a lab names is incorrecto with
// its cause, and each lab leaves the cluster as it found it.
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { verifyCheck } from '../../src/checks/verify.ts';
import { loadCourse } from '../../src/cli/course.ts';
import { perform } from '../../src/cli/perform.ts';
import { solveStep } from '../../src/cli/solve-step.ts';
import type { Action, Lab } from '../../src/labs/lab.ts';
import { createSandbox, root, type Sandbox } from './support/sandbox.ts';

let sandbox: Sandbox;
const course: Lab[] = await loadCourse({ env: {}, root } as Parameters<typeof loadCourse>[0]);

beforeAll(async () => {
  sandbox = await createSandbox();
});
afterAll(() => sandbox.remove());

for (const lab of course) {
  describe(lab.id, () => {
    for (const step of lab.steps) {
      for (const mistake of step.mistakes) {
        test(`${step.id}: ${mistake.title} → incorrecto, ${mistake.cause}`, async () => {
          await sandbox.stop();
          const branch = await sandbox.branch();
          try {
            const { cluster, env } = await branch.start();
            await doAll(mistake.actions, join(branch.home, 'trabajo', lab.id), env);
            const check = step.checks.find((c) => c.id === mistake.check);
            if (!check) throw new Error(`No check ${mistake.check}.`);
            const verdict = await verifyCheck(check, { cluster, signal: branch.host.signal });
            expect({ state: verdict.state, cause: verdict.cause?.code }).toEqual({
              state: 'incorrecto',
              cause: mistake.cause,
            });
          } finally {
            await branch.remove();
          }
        });
      }

      test(`${step.id}: the written solution is correcto`, async () => {
        const { cluster, env } = await sandbox.start();
        const solved = await solveStep(lab, step, cluster, sandbox.host, { where: join(sandbox.home, 'trabajo'), env });
        expect(solved.actions.filter((a) => a.exitCode !== 0)).toEqual([]);
        expect(solved.checks.filter((c) => c.verdict.state !== 'correcto')).toEqual([]);
      });
    }
  });
}

/** A mistake may be refused by the cluster, so exit codes do not matter here: the verdict does. */
async function doAll(
  actions: readonly Action[],
  folder: string,
  env: Record<string, string | undefined>,
): Promise<void> {
  for (const action of actions) {
    for await (const _done of perform([action], { folder, env, signal: new AbortController().signal })) {
      // Each action runs as the loop asks for it.
    }
  }
}
