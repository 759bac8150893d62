// helm 3, as its own sources make it, with a chart that has hooks. Not part of `npm test`: building it takes minutes the
// first time. `vitest run --project foreign`. Where it cannot be built this fails and says why.
import { execFile } from 'node:child_process';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { type ForeignCluster, startCluster } from '../../scripts/conformance/cluster.ts';
import { goProgram } from '../../scripts/conformance/go-program.ts';

const VERSION = 'v3.19.5';
const chart = join(import.meta.dirname, '../fixtures/chart');
let cluster: ForeignCluster;
let program: string;

beforeAll(async () => {
  program = await goProgram({
    name: 'helm',
    module: 'helm.sh/helm/v3',
    version: VERSION,
    main: { package: 'helm.sh/helm/v3/cmd/helm' },
  });
  cluster = await startCluster();
});
afterAll(() => cluster?.stop());

interface Ran {
  exitCode: number;
  stdout: string;
  stderr: string;
}

async function run(file: string, argv: string[]): Promise<Ran> {
  const env = { ...process.env, KUBECONFIG: cluster.kubeconfig };
  try {
    return { exitCode: 0, ...(await promisify(execFile)(file, argv, { env })) };
  } catch (error) {
    const { code, stdout = '', stderr = '' } = error as { code?: number; stdout?: string; stderr?: string };
    return { exitCode: code ?? -1, stdout, stderr };
  }
}

const helm = (...argv: string[]) => run(program, argv);
const kubectl = async (...argv: string[]) => (await run('kubectl', argv)).stdout.trim();

async function succeeds(...argv: string[]): Promise<string> {
  const { exitCode, stdout, stderr } = await helm(...argv);
  expect(exitCode, `helm ${argv.join(' ')}\n${stdout}\n${stderr}`).toBe(0);
  return stdout;
}

const page = () => kubectl('get', 'configmap', 'uno-pagina', '-o', 'jsonpath={.data.texto}');
const jobs = async () => (await kubectl('get', 'jobs', '-o', 'name')).split('\n').sort();

test('a chart with hooks is installed, tested, upgraded, rolled back and removed', async () => {
  const installed = await succeeds('install', 'uno', chart, '--wait', '--timeout', '2m');
  expect(installed).toMatch(/STATUS: deployed\nREVISION: 1/);
  expect(await jobs()).toEqual(['job.batch/uno-pre-install']);
  expect(await kubectl('get', 'deployment', 'uno', '-o', 'jsonpath={.status.readyReplicas}')).toBe('1');
  expect(
    await kubectl('get', 'deployment', 'uno', '-o', 'jsonpath={.metadata.labels.app\\.kubernetes\\.io/managed-by}'),
  ).toBe('Helm');
  expect(await succeeds('test', 'uno')).toMatch(/Phase:\s+Succeeded/);

  const upgraded = await succeeds(
    'upgrade',
    'uno',
    chart,
    '--set',
    'texto=adios,replicas=2',
    '--wait',
    '--timeout',
    '2m',
  );
  expect(upgraded).toMatch(/REVISION: 2/);
  expect(await page()).toBe('adios');
  expect(await kubectl('get', 'deployment', 'uno', '-o', 'jsonpath={.status.readyReplicas}')).toBe('2');
  expect(await jobs()).toContain('job.batch/uno-post-upgrade');

  await succeeds('rollback', 'uno', '1', '--wait', '--timeout', '2m');
  expect(await page()).toBe('hola');
  expect(await jobs()).toContain('job.batch/uno-pre-rollback');
  const history = JSON.parse(await succeeds('history', 'uno', '-o', 'json')) as { revision: number; status: string }[];
  expect(history.map(({ revision, status }) => `${revision} ${status}`)).toEqual([
    '1 superseded',
    '2 superseded',
    '3 deployed',
  ]);

  expect(await succeeds('uninstall', 'uno', '--wait', '--timeout', '2m')).toContain('release "uno" uninstalled');
  expect(await kubectl('get', 'deployment,service,configmap', '-o', 'name')).not.toContain('uno');
  expect(await kubectl('get', 'secret', '-l', 'owner=helm', '-o', 'name')).toBe('');
});

test('a hook that fails is told, and the release is marked as failed', async () => {
  const { exitCode, stderr } = await helm('install', 'dos', chart, '--set', 'fallo=true', '--timeout', '1m');
  expect(exitCode).not.toBe(0);
  expect(stderr).toContain('failed pre-install');
  const list = JSON.parse(await succeeds('list', '--all', '-o', 'json')) as { name: string; status: string }[];
  expect(list.map(({ name, status }) => `${name} ${status}`)).toEqual(['dos failed']);
});

test('what would be installed can be seen first, and a server that disagrees is heard', async () => {
  expect(await succeeds('template', 'tres', chart)).toContain('kind: Deployment');
  expect(await succeeds('install', 'tres', chart, '--dry-run=server')).toMatch(/STATUS: pending-install/);
  const { exitCode, stderr } = await helm('install', 'tres', chart, '--set', 'replicas=-1');
  expect(exitCode).not.toBe(0);
  expect(stderr).toContain('spec.replicas: Invalid value: -1');
});
