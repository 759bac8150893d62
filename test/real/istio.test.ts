// The preflight of Istio on a real cluster, which it does not change, given by MALLA_REAL_KUBECONFIG.
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { connect } from '../../src/cluster/client.ts';
import { viewCluster } from '../../src/cluster/istio-setup/cluster-view.ts';
import { isRefused, preflight, roomOf } from '../../src/cluster/istio-setup/preflight.ts';
import { minorOf } from '../../src/cluster/istio-setup/releases.ts';
import { runMalla } from '../integration/support/run-malla.ts';

const kubeconfig = process.env.MALLA_REAL_KUBECONFIG ?? '';
if (!kubeconfig) console.warn('MALLA_REAL_KUBECONFIG is not set: no preflight of Istio on a real cluster.');

describe.runIf(kubeconfig)('the preflight of Istio', () => {
  let home: string;
  beforeAll(async () => {
    home = await mkdtemp(join(tmpdir(), 'malla-istio-real-'));
  });
  afterAll(() => rm(home, { recursive: true, force: true }));

  test('the Istio that is there is seen with its version, and another release is refused', async () => {
    const view = await viewCluster(connect(kubeconfig));
    const [istiod, another] = view.istiods;
    expect(another).toBeUndefined();
    const version = istiod?.version ?? '';
    expect(minorOf(version)).toBeDefined();
    expect(isRefused(preflight(view, version))).toBe(false);
    expect(preflight(view, '1.24.0').map((f) => f.code)).toContain('MALLA-IST-08');
    expect(view.webhooks.filter((w) => !w.answered)).toEqual([]);
    expect(roomOf(view).cpu).toBeGreaterThan(0);
    expect(roomOf(view).memory).toBeGreaterThan(2 ** 28);
  });

  test('the verb tells it and changes nothing', async () => {
    const before = await connect(kubeconfig).list({ apiVersion: 'v1', kind: 'Namespace' });
    const ran = await runMalla(home, { PATH: process.env.PATH ?? '' }, [
      'istio',
      'comprobar',
      '--kubeconfig',
      kubeconfig,
      '--json',
    ]);
    expect(ran.exitCode).toBeLessThan(2);
    expect(JSON.parse(ran.stdout)).toMatchObject({ version: expect.any(String), findings: expect.any(Array) });
    const names = (list: typeof before): string[] => list.map((n) => n.metadata.name).toSorted();
    expect(names(await connect(kubeconfig).list({ apiVersion: 'v1', kind: 'Namespace' }))).toEqual(names(before));
  });
});
