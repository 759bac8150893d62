// A cluster that is sick costs nobody a mark: traffic verdicts are "no verificable", with the reason.
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { verifyCheck } from '../../src/checks/verify.ts';
import { loadCourse } from '../../src/cli/course.ts';
import { solveStep } from '../../src/cli/solve-step.ts';
import type { Cluster } from '../../src/cluster/contract.ts';
import type { CheckDeclaration } from '../../src/labs/lab.ts';
import { createSandbox, root, type Sandbox } from './support/sandbox.ts';

let healthy: Sandbox;
let split: CheckDeclaration;

beforeAll(async () => {
  healthy = await createSandbox();
  const { cluster, env } = await healthy.start();
  const course = await loadCourse({ ...healthy.host, env: {}, root });
  const wanted = ['instalacion', 'inyeccion', 'bookinfo'];
  for (const lab of course.filter((l) => wanted.includes(l.id))) {
    for (const step of lab.steps) {
      await solveStep(lab, step, cluster, healthy.host, { where: join(healthy.home, 'trabajo'), env });
      const found = step.checks.find((c) => c.type === 'reparto');
      if (found) split = found;
    }
  }
  await healthy.stop();
});
afterAll(() => healthy.remove());

test('the same split is correcto on the healthy cluster', async () => {
  expect((await verdictAfter(async () => {})).state).toBe('correcto');
});

test('istiod without pods makes the split no verificable', async () => {
  const verdict = await verdictAfter((cluster) => scale(cluster, 'istio-system', 'istiod', 0));
  expect(verdict).toMatchObject({ state: 'no verificable', cause: { code: expect.stringMatching(/^MALLA-SAL-/) } });
});

test('workloads whose new image cannot be pulled make the split no verificable', async () => {
  const verdict = await verdictAfter(async (cluster) => {
    for (const version of ['v1', 'v2', 'v3']) await breakImage(cluster, `reviews-${version}`);
  });
  expect(verdict).toMatchObject({ state: 'no verificable', cause: { code: expect.stringMatching(/^MALLA-SAL-/) } });
});

test('an API server that does not answer makes the split no verificable', async () => {
  const branch = await healthy.branch();
  try {
    const { cluster } = await branch.start();
    await branch.stop();
    const verdict = await verifyCheck(split, { cluster, signal: branch.host.signal });
    expect(verdict).toMatchObject({
      state: 'no verificable',
      cause: { code: expect.stringMatching(/^MALLA-(SAL|CLU)-/) },
    });
  } finally {
    await branch.remove();
  }
});

async function verdictAfter(harm: (cluster: Cluster) => Promise<void>) {
  const branch = await healthy.branch();
  try {
    const { cluster } = await branch.start();
    await harm(cluster);
    return await verifyCheck(split, { cluster, signal: branch.host.signal });
  } finally {
    await branch.remove();
  }
}

async function scale(cluster: Cluster, namespace: string, name: string, replicas: number): Promise<void> {
  await cluster.client.patch({ apiVersion: 'apps/v1', kind: 'Deployment', namespace, name }, 'merge', {
    spec: { replicas },
  });
  await pods(
    cluster,
    namespace,
    (all) => all.filter((p) => p.metadata.name.startsWith(`${name}-`)).length === replicas,
  );
}

/** Takes the running pods away as well, as a node that lost its images would. */
async function breakImage(cluster: Cluster, name: string): Promise<void> {
  const ref = { apiVersion: 'apps/v1', kind: 'Deployment', namespace: 'default', name };
  await cluster.client.patch(ref, 'strategic', {
    spec: {
      strategy: { type: 'Recreate', rollingUpdate: null },
      template: { spec: { containers: [{ name: 'reviews', image: 'registry.invalid/nothing:1' }] } },
    },
  });
  await pods(cluster, 'default', (all) =>
    all.some((p) => p.metadata.name.startsWith(`${name}-`) && JSON.stringify(p.status).includes('ImagePull')),
  );
}

async function pods(
  cluster: Cluster,
  namespace: string,
  done: (pods: { metadata: { name: string }; status?: unknown }[]) => boolean,
) {
  for (let i = 0; i < 200; i++) {
    if (done(await cluster.client.list({ apiVersion: 'v1', kind: 'Pod', namespace }))) return;
    await new Promise((resolve) => setTimeout(resolve, 50));
  }
  throw new Error('The pods did not get there in 10 s.');
}
