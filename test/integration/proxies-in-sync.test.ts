// A change on its way to the proxies, as istiod tells it: by its debug page, by istioctl and by what checks ask.
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test, vi } from 'vitest';
import { connect } from '../../src/cluster/client.ts';
import type { KubeClient } from '../../src/cluster/contract.ts';
import { deleteEmbedded } from '../../src/cluster/embedded/embedded.ts';
import { startEmbedded } from '../../src/cluster/embedded/start.ts';
import { proxiesInSync } from '../../src/cluster/proxies-in-sync.ts';
import { istioctl } from '../../src/tools/istioctl/istioctl.ts';
import { runTool } from './support/tool-bench.ts';

const root = join(import.meta.dirname, '../..');
let home: string;
let env: Record<string, string | undefined>;
let client: KubeClient;

beforeAll(async () => {
  home = await mkdtemp(join(tmpdir(), 'malla-sync-'));
  const delays = { schedule: 0, pull: 0, start: 0, ready: 0, push: 300, acknowledge: 1500 };
  const access = await startEmbedded({
    home,
    simulatorEntry: join(root, 'src/simulator/bin.ts'),
    nodePath: process.execPath,
    env: process.env,
    options: { delays },
  });
  env = { ...process.env, KUBECONFIG: access.kubeconfig };
  client = connect(access.kubeconfig);
  const installed = await runTool(istioctl, ['install', '--set', 'profile=demo', '-y'], env);
  expect(installed.code, installed.stderr).toBe(0);
});

afterAll(async () => {
  await deleteEmbedded({ home });
  await rm(home, { recursive: true, force: true });
});

test('a change is not in sync until it was sent and acknowledged, and istioctl shows STALE meanwhile', async () => {
  await vi.waitFor(async () => expect(await proxiesInSync(client)).toMatchObject({ inSync: true, proxies: 2 }), 20_000);
  const since = Date.now();
  await client.apply(
    {
      apiVersion: 'networking.istio.io/v1',
      kind: 'Gateway',
      metadata: { name: 'web', namespace: 'default' },
      spec: {
        selector: { istio: 'ingressgateway' },
        servers: [{ port: { number: 80, name: 'http', protocol: 'HTTP' }, hosts: ['*'] }],
      },
    },
    'test',
  );
  expect((await proxiesInSync(client, { since }))?.inSync).toBe(false);
  await vi.waitFor(
    async () =>
      expect((await proxiesInSync(client, { since }))?.waiting).toContainEqual(
        expect.stringMatching(/^istio-ingressgateway-.*\.istio-system$/),
      ),
    { timeout: 5_000, interval: 50 },
  );
  expect((await runTool(istioctl, ['proxy-status', '-v', '1'], env)).stdout).toContain('STALE');
  await vi.waitFor(async () => expect((await proxiesInSync(client, { since }))?.inSync).toBe(true), 10_000);
  expect(Date.now() - since).toBeGreaterThan(1_700);
  expect((await runTool(istioctl, ['proxy-status', '-v', '1'], env)).stdout).not.toContain('STALE');
});
