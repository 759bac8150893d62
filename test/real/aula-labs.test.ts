// The labs that fit in a place of a class cluster, from their solutions, as a student of it: with the kubeconfig that was
// handed out, and nothing else. The cluster is given by MALLA_REAL_KUBECONFIG; the class is taken away at the end.
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as wait } from 'node:timers/promises';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { reachCluster, studentEnvironment } from '../../src/cli/access.ts';
import { loadCourse } from '../../src/cli/course.ts';
import type { Host } from '../../src/cli/host.ts';
import { perform } from '../../src/cli/perform.ts';
import { solveStep } from '../../src/cli/solve-step.ts';
import { readClasses } from '../../src/cluster/classroom/class-status.ts';
import { deleteClass, planDeletion } from '../../src/cluster/classroom/delete-class.ts';
import { connect } from '../../src/cluster/client.ts';
import type { Cluster, KubeClient } from '../../src/cluster/contract.ts';
import { attach, lookAt } from '../../src/cluster/kubeadm/attach.ts';
import { readKubeconfigDocument } from '../../src/cluster/kubeadm/kubeconfig-document.ts';
import { pickContext } from '../../src/cluster/kubeadm/pick-context.ts';
import type { Lab } from '../../src/labs/lab.ts';
import { hostFor } from '../integration/support/sandbox.ts';
import { makeClass } from './support/make-class.ts';
import { createLacks, needsOf } from './support/needs.ts';

const admin = process.env.MALLA_REAL_KUBECONFIG ?? '';
if (!admin) console.warn('MALLA_REAL_KUBECONFIG is not set: no lab is done in a class.');
const only = process.env.MALLA_REAL_LABS?.split(',');

const name = 'practica';

describe.runIf(admin)('a student of a class', () => {
  let folder: string;
  let host: Host;
  let root: KubeClient;
  let cluster: Cluster;
  let env: Record<string, string | undefined>;
  let course: Lab[];

  beforeAll(async () => {
    folder = await mkdtemp(join(tmpdir(), 'malla-practica-'));
    root = connect(admin);
    await makeClass({ client: root, kubeconfig: admin, name, students: [{ id: 'carla', name: 'Carla' }], folder });
    for (const end = Date.now() + 300_000; Date.now() < end; await wait(1_000)) {
      const { places } = await readClasses(root, name);
      if (places.every((p) => p.gatewayReady)) break;
    }
    const home = join(folder, 'casa');
    host = hostFor(home);
    const picked = pickContext(await readKubeconfigDocument(join(folder, 'carla.yaml'), new Set()));
    const options = { agreed: new Set<string>(), now: Date.now };
    const chosen = await attach(home, picked, await lookAt(picked, options), options);
    cluster = await reachCluster(host, {});
    env = await studentEnvironment(host, chosen.kubeconfig);
    course = (await loadCourse(host)).filter((lab) => !lab.chapter && lab.notHere === undefined);
  });

  afterAll(async () => {
    const signal = new AbortController().signal;
    const plan = await planDeletion(root, name, [], 'istio-system');
    await deleteClass({ client: root, plan, istio: 'istio-system', signal, onProgress() {} });
    await rm(folder, { recursive: true, force: true });
  });

  test('does the labs that fit, each to its end, and cleans up', async () => {
    const results: string[] = [];
    const lacks = createLacks(root);
    const wanted = course.filter(({ id }) => id === 'bookinfo' || !only || only.includes(id));
    let standing: Lab[] = [];
    for (const lab of wanted) {
      // Bookinfo stays; of the rest, what this one begins from.
      for (const earlier of standing.filter(({ id }) => id !== 'bookinfo' && !lab.requires.includes(id)))
        await undo(earlier);
      standing = [...standing.filter(({ id }) => id === 'bookinfo' || lab.requires.includes(id)), lab];
      await cluster.refreshEntry?.();
      for (const step of lab.steps) {
        const lacking = await lacks(needsOf(lab, step));
        if (lacking !== undefined) {
          console.log(`${lab.id}/${step.id}: sin probar, ${lacking}`);
          continue;
        }
        const { state, checks, actions } = await solveStep(lab, step, cluster, host, { where: folder, env });
        const wrong = checks.filter((c) => c.verdict.state !== 'correcto');
        const failed = actions.filter((a) => a.exitCode !== 0).map((a) => `${a.title}: ${a.output}`);
        const told = wrong.map(
          (c) => `${c.id}: ${c.verdict.observed} ${c.verdict.cause?.code ?? ''} ${c.verdict.cause?.message ?? ''}`,
        );
        const line = [`${lab.id}/${step.id}: ${state}`, ...told, ...failed].join('\n    ');
        console.log(line);
        results.push(line);
      }
    }
    expect(results.filter((line) => !line.endsWith(': correcto'))).toEqual([]);
    expect(results.length).toBeGreaterThan(0);
  });

  async function undo(lab: Lab): Promise<void> {
    const options = { folder: join(folder, lab.id), env, home: join(folder, 'casa'), signal: host.signal };
    for await (const { title, exitCode, output } of perform(lab.cleanup, options))
      if (exitCode !== 0) console.log(`${lab.id}: ${title}: ${output}`);
  }
});
