// malla istio on the embedded cluster, where Malla's own istioctl does: what it says, installs, opens and takes away.
import { get } from 'node:http';
import { afterAll, beforeAll, expect, test } from 'vitest';
import type { KubeClient } from '../../src/cluster/contract.ts';
import { addons, openPage } from '../../src/cluster/istio-setup/addons.ts';
import { readKubeconfig } from '../../src/cluster/kubeconfig.ts';
import { runMalla } from './support/run-malla.ts';
import { createSandbox, type Sandbox } from './support/sandbox.ts';

let sandbox: Sandbox;
let client: KubeClient;
let kubeconfig: string;
beforeAll(async () => {
  sandbox = await createSandbox();
  const { cluster } = await sandbox.start();
  client = cluster.client;
  kubeconfig = cluster.access.kubeconfig;
});
afterAll(() => sandbox.remove());

/** Without PATH: no real istioctl is found. */
const malla = (...argv: string[]) => runMalla(sandbox.home, { PATH: '/nowhere' }, argv);
const json = async <T>(...argv: string[]): Promise<T> => {
  const { stdout, stderr } = await malla(...argv, '--json');
  expect(stderr.includes('MALLA-') ? stderr : '').toBe('');
  return JSON.parse(stdout) as T;
};

test('the preflight refuses a release that Kubernetes is too new or too old for, and not the course’s', async () => {
  expect(await json('istio', 'comprobar')).toMatchObject({ version: '1.30', refused: false });
  const { exitCode, stdout } = await malla('istio', 'comprobar', '--version-istio', '1.17.0', '--json');
  expect(exitCode).toBe(1);
  expect(JSON.parse(stdout)).toMatchObject({ refused: true });
});

test('without a gateway there is no entry to pin', async () => {
  expect(await malla('istio', 'entrada')).toMatchObject({
    exitCode: 69,
    stderr: expect.stringContaining('MALLA-IST-25'),
  });
});

test('Istio is installed, its entry pinned, an addon put and its page opened; and all of it taken away', async () => {
  expect(await malla('istio', 'instalar')).toMatchObject({
    exitCode: 64,
    stderr: expect.stringContaining('MALLA-USO-30'),
  });
  expect(await json('istio', 'instalar', '--si')).toMatchObject({ installed: '1.30' });
  await malla('istio', 'entrada');
  expect(await json('istio', 'entrada')).toMatchObject({ changed: false });

  expect(await malla('istio', 'extras', 'nada', '--si')).toMatchObject({
    stderr: expect.stringContaining('MALLA-IST-26'),
  });
  expect(await json('istio', 'extras', 'prometheus', '--si')).toEqual({ installed: ['prometheus'] });
  const [prometheus] = addons;
  if (!prometheus) throw new Error('there is no addon');
  const stop = new AbortController();
  const page = await openPage(prometheus, client, await readKubeconfig(kubeconfig), stop.signal);
  expect(new URL(page.url).hostname).toBe('127.0.0.1');
  expect(await statusOf(`http://127.0.0.1:${page.port}/-/ready`)).toBe(200);
  stop.abort();

  const cleaned = await json<{ remove: string[]; left: unknown[] }>('limpiar', '--todo', '--si');
  expect(cleaned.remove).toContain('Deployment istio-system/prometheus');
  expect(cleaned.left).toEqual([]);
  expect(await client.get({ apiVersion: 'v1', kind: 'Namespace', name: 'istio-system' })).toBeUndefined();
});

function statusOf(url: string): Promise<number | undefined> {
  return new Promise((resolve, reject) => {
    get(url, { agent: false }, (response) => {
      response.resume();
      resolve(response.statusCode);
    }).on('error', reject);
  });
}
