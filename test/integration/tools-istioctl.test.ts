import { execFile } from 'node:child_process';
import { promisify } from 'node:util';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { connect } from '../../src/cluster/client.ts';
import type { KubeObject } from '../../src/mesh/objects.ts';
import { istioctl } from '../../src/tools/istioctl/istioctl.ts';
import { kubectl } from '../../src/tools/kubectl/kubectl.ts';
import { findIstioctl } from './support/find-istioctl.ts';
import { createToolBench, type ToolBench } from './support/tool-bench.ts';

/** The official program, when the machine has it. */
const real = await findIstioctl();
let bench: ToolBench;
beforeAll(async () => {
  bench = await createToolBench();
});
afterAll(() => bench?.remove());

const client = () => connect(bench.env.KUBECONFIG ?? '');
const deployments = async () => {
  const found = await client().list({ apiVersion: 'apps/v1', kind: 'Deployment', namespace: 'istio-system' });
  return found.map((d) => d.metadata.name).sort();
};
const podsOf = (namespace: string) => client().list({ apiVersion: 'v1', kind: 'Pod', namespace });
const hasProxy = ({ spec }: KubeObject) =>
  (spec as { initContainers?: { name: string }[] }).initContainers?.some((c) => c.name === 'istio-proxy') === true;

async function nothingLeft() {
  const labelSelector = 'operator.istio.io/component';
  const kinds = [
    ['apps/v1', 'Deployment'],
    ['v1', 'Service'],
    ['v1', 'ConfigMap'],
    ['apiextensions.k8s.io/v1', 'CustomResourceDefinition'],
    ['admissionregistration.k8s.io/v1', 'MutatingWebhookConfiguration'],
  ] as const;
  const lists = await Promise.all(
    kinds.map(([apiVersion, kind]) => client().list({ apiVersion, kind, labelSelector })),
  );
  return lists.flat().map((o) => `${o.kind}/${o.metadata.name}`);
}

interface Installer {
  install(profile: string): Promise<unknown>;
  uninstall(): Promise<unknown>;
}

const installers: [string, Installer, boolean][] = [
  [
    "Malla's istioctl",
    {
      install: (profile) => bench.run(istioctl, 'install', '--set', `profile=${profile}`, '-y'),
      uninstall: () => bench.run(istioctl, 'uninstall', '--purge', '-y'),
    },
    true,
  ],
  [
    'the official istioctl',
    {
      install: (profile) =>
        promisify(execFile)(real ?? '', ['install', '--set', `profile=${profile}`, '-y'], { env: bench.env }),
      uninstall: () => promisify(execFile)(real ?? '', ['uninstall', '--purge', '-y'], { env: bench.env }),
    },
    real !== undefined,
  ],
];

describe.each(installers)('%s', (_, installer, present) => {
  test.skipIf(!present)('each profile has its Deployments, and uninstall leaves nothing', async () => {
    const profiles: [string, string[]][] = [
      ['minimal', ['istiod']],
      ['default', ['istio-ingressgateway', 'istiod']],
      ['demo', ['istio-egressgateway', 'istio-ingressgateway', 'istiod']],
    ];
    for (const [profile, expected] of profiles) {
      await installer.install(profile);
      expect(await deployments()).toEqual(expected);
      await installer.uninstall();
      expect(await nothingLeft()).toEqual([]);
    }
  });

  test.skipIf(!present)('pods of a labelled namespace get the proxy, others not', async () => {
    await installer.install('demo');
    for (const name of ['con', 'sin']) await bench.run(kubectl, 'create', 'namespace', name);
    await bench.run(kubectl, 'label', 'namespace', 'con', 'istio-injection=enabled');
    for (const name of ['con', 'sin']) {
      await bench.run(kubectl, 'apply', '-n', name, '-f', 'web.yaml');
      await bench.run(kubectl, 'rollout', 'status', 'deploy/web', '-n', name, '--timeout=20s');
    }
    expect((await podsOf('con')).map(hasProxy)).toEqual([true, true]);
    expect((await podsOf('sin')).map(hasProxy)).toEqual([false, false]);
    const { stdout } = await bench.run(kubectl, 'get', 'pods', '-n', 'con', '--no-headers');
    expect(stdout.match(/ 2\/2 +Running/g)).toHaveLength(2);
    const refused = await bench.run(kubectl, 'label', 'namespace', 'con', 'istio-injection=disabled');
    expect(refused.code).toBe(1);
    await bench.run(kubectl, 'delete', 'namespace', 'con', 'sin');
    await installer.uninstall();
  });
});

describe("Malla's istioctl on an installed mesh", () => {
  beforeAll(() => bench.run(istioctl, 'install', '--set', 'profile=demo', '-y'));

  test('a second installation changes nothing and says the same', async () => {
    const { code, stdout } = await bench.run(istioctl, 'install', '--set', 'profile=demo', '-y');
    expect(code).toBe(0);
    expect(stdout).toContain('✔ Installation complete');
  });

  test('version counts the proxies', async () => {
    const { stdout } = await bench.run(istioctl, 'version');
    expect(stdout).toBe(
      'client version: 1.30.3\ncontrol plane version: 1.30.3\ndata plane version: 1.30.3 (2 proxies)\n',
    );
  });

  test('verify-install agrees', async () => {
    expect((await bench.run(istioctl, 'verify-install')).code).toBe(0);
  });

  test('the webhook refuses what istiod refuses', async () => {
    const { runTool } = await import('./support/tool-bench.ts');
    const input = `apiVersion: networking.istio.io/v1
kind: VirtualService
metadata: {name: bad}
spec: {hosts: [a], http: [{match: [{uri: {prefix: /}}]}]}
`;
    const { code, stderr } = await runTool(kubectl, ['apply', '-f', '-'], bench.env, { input });
    expect(code).toBe(1);
    expect(stderr).toBe(
      'Error from server: error when creating "STDIN": admission webhook "validation.istio.io" denied the request: configuration is invalid: HTTP route, redirect or direct_response is required\n',
    );
  });

  test('analyze ends with 79 when there are errors, and names file and line', async () => {
    const { runTool } = await import('./support/tool-bench.ts');
    const input = `apiVersion: networking.istio.io/v1
kind: VirtualService
metadata:
  name: bad
spec:
  hosts: [kubernetes]
  http:
    - route:
        - destination:
            host: nothere
`;
    const { code, stdout } = await runTool(istioctl, ['analyze', '-'], bench.env, { input });
    expect(code).toBe(79);
    expect(stdout).toContain('Error [IST0101] (VirtualService default/bad -:10) Referenced host not found: "nothere"');
  });

  test('kube-inject edits workloads and leaves the rest as it was written', async () => {
    const { code, stdout } = await bench.run(istioctl, 'kube-inject', '-f', 'web.yaml');
    expect(code).toBe(0);
    expect(stdout).toContain('name: istio-proxy');
    expect(stdout).toContain('kind: ServiceAccount\nmetadata:\n  name: web\n---');
  });

  test.each([
    [['bogus'], 64],
    [['install', '--bogus'], 64],
    [['install', '--set', 'profile=nope', '-y'], 1],
    [['uninstall'], 1],
    [['kube-inject'], 1],
    [['proxy-config'], 1],
  ])('%j ends with %i', async (argv, code) => {
    expect((await bench.run(istioctl, ...argv)).code).toBe(code);
  });

  test('without an answer nothing is installed', async () => {
    const { code, stdout } = await bench.run(istioctl, 'install');
    expect(code).toBe(1);
    expect(stdout).toContain('Cancelled.');
  });
});
