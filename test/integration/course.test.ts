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

describe('a second time, from scratch', () => {
  let second: Sandbox;
  let before: string[];

  beforeAll(async () => {
    second = await createSandbox();
    before = await objectsOf(second);
  });
  afterAll(() => second.remove());

  for (const lab of course) {
    test(`${lab.id}: every solution is correcto again`, async () => {
      const { cluster, env } = await second.start();
      for (const step of lab.steps) {
        const where = join(second.home, 'trabajo');
        const solved = await solveStep(lab, step, cluster, second.host, { where, env });
        expect({ step: step.id, state: solved.state }).toEqual({ step: step.id, state: 'correcto' });
      }
    });
  }

  test('the clean-ups, last lab first, leave the cluster as it was', async () => {
    const { env } = await second.start();
    for (const lab of course.toReversed()) await doAll(lab.cleanup, join(second.home, 'trabajo', lab.id), env);
    await expect.poll(() => objectsOf(second), { timeout: 10_000 }).toEqual(before);
  });
});

/** What a student could have left behind, as `Kind namespace/name`. istiod's root certificates stay, as on a real cluster. */
async function objectsOf(box: Sandbox): Promise<string[]> {
  const { cluster } = await box.start();
  const kinds = {
    v1: ['Namespace', 'Service', 'ServiceAccount', 'Pod'],
    'apps/v1': ['Deployment', 'ReplicaSet'],
    'apiextensions.k8s.io/v1': ['CustomResourceDefinition'],
    'admissionregistration.k8s.io/v1': ['MutatingWebhookConfiguration', 'ValidatingWebhookConfiguration'],
    'rbac.authorization.k8s.io/v1': ['ClusterRole', 'ClusterRoleBinding', 'Role', 'RoleBinding'],
  };
  const names: string[] = [];
  for (const [apiVersion, list] of Object.entries(kinds)) {
    for (const kind of list) {
      const objects = await cluster.client.list({ apiVersion, kind });
      names.push(
        ...objects.map((o) => `${kind} ${o.metadata.namespace ?? ''}/${o.metadata.name} ${labelsOf(kind, o)}`),
      );
    }
  }
  return names.sort();
}

function labelsOf(kind: string, object: { metadata: { labels?: Record<string, string> } }): string {
  return kind === 'Namespace' ? JSON.stringify(object.metadata.labels ?? {}) : '';
}
