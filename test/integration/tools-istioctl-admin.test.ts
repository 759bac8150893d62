// The commands of Malla's istioctl that look after a mesh: tags, levels of the log, checks, differences, dashboards.
import { PassThrough } from 'node:stream';
import { setTimeout as wait } from 'node:timers/promises';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { connect } from '../../src/cluster/client.ts';
import { istioctl } from '../../src/tools/istioctl/istioctl.ts';
import { kubectl } from '../../src/tools/kubectl/kubectl.ts';
import { createToolBench, type Outcome, runTool, type ToolBench } from './support/tool-bench.ts';

let bench: ToolBench;
const run = (...argv: string[]) => bench.run(istioctl, ...argv);
const done = async (running: Promise<Outcome>) => {
  const { code, stdout, stderr } = await running;
  expect(code, stderr).toBe(0);
  return stdout;
};

beforeAll(async () => {
  bench = await createToolBench();
  await done(run('install', '--set', 'profile=demo', '-y'));
});
afterAll(() => bench?.remove());

const ingressPod = async () => {
  const pods = await connect(bench.env.KUBECONFIG ?? '').list({
    apiVersion: 'v1',
    kind: 'Pod',
    namespace: 'istio-system',
    labelSelector: 'app=istio-ingressgateway',
  });
  return pods[0]?.metadata.name ?? '';
};

test('precheck finds a cluster fit for Istio', async () => {
  const { code, stderr } = await run('experimental', 'precheck');
  expect([code, stderr.split('\n')[0]]).toEqual([
    0,
    '✔ No issues found when checking the cluster. Istio is safe to install or upgrade!',
  ]);
});

test('a tag is set, listed with who follows it, injects for them, and is removed', async () => {
  expect((await run('tag', 'set', 'prod', '--revision', 'none')).stderr).toContain(
    'cannot find MutatingWebhookConfiguration or Service with revision "none"',
  );
  expect(await done(run('tag', 'set', 'prod', '--revision', 'default'))).toContain(
    'Revision tag "prod" created, referencing control plane revision "default".',
  );
  const again = await run('tag', 'set', 'prod', '--revision', 'default');
  expect([again.code, again.stderr]).toEqual([
    1,
    'Error: revision tag "prod" already exists, and --overwrite is false\n',
  ]);
  await done(bench.run(kubectl, 'create', 'namespace', 'tagged'));
  await done(bench.run(kubectl, 'label', 'namespace', 'tagged', 'istio.io/rev=prod'));
  const table = await done(run('tag', 'list'));
  expect(table).toMatch(/^TAG +REVISION +NAMESPACES$/m);
  expect(table).toMatch(/^prod +default +tagged$/m);
  const pod =
    '{"apiVersion":"v1","kind":"Pod","metadata":{"name":"web"},"spec":{"containers":[{"name":"web","image":"nginx"}]}}';
  const applied = await runTool(kubectl, ['apply', '-n', 'tagged', '-f', '-'], bench.env, { input: pod });
  expect(applied.code, applied.stderr).toBe(0);
  expect(await done(bench.run(kubectl, 'get', 'pod', 'web', '-n', 'tagged', '-o', 'json'))).toContain('"istio-proxy"');
  expect(await done(run('tag', 'remove', 'prod'))).toContain(
    'Caution, found 1 namespace(s) still injected by tag "prod": tagged',
  );
  expect(await done(run('tag', 'list'))).toContain('prod');
  expect(await done(run('tag', 'remove', 'prod', '-y'))).toBe('Revision tag prod removed\n');
  expect(await done(run('tag', 'list'))).not.toContain('prod');
  expect((await run('tag', 'remove', 'prod', '-y')).code).toBe(1);
});

test("the levels of istiod's log are shown, changed and put back", async () => {
  const level = async (scope: string) =>
    new RegExp(`^${scope} +.* (\\w+) +none$`, 'm').exec(await done(run('admin', 'log')))?.[1];
  expect(await level('ads')).toBe('info');
  await done(run('admin', 'log', '--level', 'ads:debug,authn:warn'));
  expect([await level('ads'), await level('authn')]).toEqual(['debug', 'warn']);
  await done(run('admin', 'log', '--reset'));
  expect(await level('ads')).toBe('info');
  expect((await run('admin', 'log', '--level', 'nothing:debug')).stderr).toContain('failed updating Scope nothing');
  expect((await run('admin', 'log', '--level', 'ads:loud')).code).toBe(1);
});

test('proxy-status of one pod compares what it runs with what istiod generates', async () => {
  const text = await done(run('proxy-status', `${await ingressPod()}.istio-system`));
  expect(text).toMatch(/^Clusters Match\nListeners Match\nRoutes Match/);
  expect((await run('proxy-status', 'nobody.default')).stderr).toContain('pods "nobody" not found');
});

test('proxy-config writes YAML', async () => {
  const yaml = await done(run('proxy-config', 'clusters', `${await ingressPod()}.istio-system`, '-o', 'yaml'));
  expect(yaml).toContain('  name: BlackHoleCluster\n');
  expect(yaml).toContain('  connectTimeout: 10s\n');
});

test('dashboard leads to the page until it is interrupted', async () => {
  const interrupt = new AbortController();
  const stdout = new PassThrough();
  const address = new Promise<string>((resolve) =>
    stdout.once('data', (chunk: Buffer) => resolve(String(chunk).trim())),
  );
  const streams = { stdin: new PassThrough(), stdout, stderr: new PassThrough().resume() };
  const running = istioctl(['dashboard', 'envoy', `${await ingressPod()}.istio-system`], {
    streams,
    env: bench.env,
    cwd: '/',
    signal: interrupt.signal,
  });
  const url = await address;
  expect(url).toMatch(/^http:\/\/localhost:\d+$/);
  const page = await fetch(`${url}/server_info`);
  expect(await page.json()).toMatchObject({ state: 'LIVE' });
  await wait(50);
  interrupt.abort();
  expect(await running).toBe(0);
  await expect(fetch(`${url}/server_info`)).rejects.toThrow();
});
