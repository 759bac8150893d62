// A cluster that is sick costs nobody a mark: traffic verdicts are "no verificable", with the reason.
import { join } from 'node:path';
import { execa } from 'execa';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
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
  await execa('kubectl', ['apply', '-f', join(root, 'samples/curl/curl.yaml')], { env });
  await execa('kubectl', ['rollout', 'status', 'deployment/curl'], { env });
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

describe.each([
  ['a split', () => split],
  ['a request from a pod', () => fromPod],
])('%s', (_, check) => {
  test('is correcto on the healthy cluster', async () => {
    expect((await verdictAfter(async () => {}, check())).state).toBe('correcto');
  });

  test.each([
    ['a node that is not Ready', 'MALLA-SAL-02', nodeCondition('Ready', 'False')],
    ['a node without disk', 'MALLA-SAL-10', nodeCondition('DiskPressure', 'True')],
    ['a node whose clock is ahead', 'MALLA-SAL-11', clockAhead],
    ['istiod without pods', 'MALLA-SAL-03', (c: Cluster) => scale(c, 'istio-system', 'istiod', 0)],
  ])('is no verificable with %s', async (_name, code, harm) => {
    expect(await verdictAfter(harm, check())).toMatchObject({ state: 'no verificable', cause: { code } });
  });
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

/** As the node's kubelet would say it. */
function nodeCondition(type: string, status: string) {
  return async ({ client, access }: Cluster): Promise<void> => {
    const node = await client.get({ apiVersion: 'v1', kind: 'Node', name: 'sansa' });
    const { conditions = [] } = (node?.status ?? {}) as { conditions?: { type: string }[] };
    const changed = [...conditions.filter((c) => c.type !== type), { type, status, reason: 'Test', message: '' }];
    const patch = JSON.stringify({ status: { conditions: changed } });
    const words = ['patch', 'node', 'sansa', '--subresource=status', '--type=merge', '-p', patch];
    await execa('kubectl', words, { env: { KUBECONFIG: access.kubeconfig } });
  };
}

async function clockAhead({ client }: Cluster): Promise<void> {
  const renewTime = new Date(Date.now() + 300_000).toISOString().replace('Z', '000Z');
  await client.apply(
    {
      apiVersion: 'coordination.k8s.io/v1',
      kind: 'Lease',
      metadata: { name: 'sansa', namespace: 'kube-node-lease' },
      spec: { holderIdentity: 'sansa', leaseDurationSeconds: 40, renewTime },
    },
    'test',
  );
}

const fromPod: CheckDeclaration = {
  id: 'dentro',
  title: 'productpage asks details',
  line: 1,
  type: 'peticion',
  pattern: {
    from: { namespace: 'default', selector: 'app=curl' },
    url: 'http://details:9080/details/0',
    method: 'GET',
    headers: {},
    expected: { status: 200 },
    contains: [],
    excludes: [],
  },
};

async function verdictAfter(harm: (cluster: Cluster) => Promise<void>, check = split) {
  const branch = await healthy.branch();
  try {
    const { cluster } = await branch.start();
    await harm(cluster);
    return await verifyCheck(check, { cluster, signal: branch.host.signal });
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
