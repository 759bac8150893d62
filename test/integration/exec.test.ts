// Programs in containers, run by the real kubectl over SPDY and over WebSocket, by the client library, and by Malla's own.
import { join } from 'node:path';
import { PassThrough } from 'node:stream';
import { Attach, Exec, KubeConfig, type V1Status } from '@kubernetes/client-node';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { kubectl } from '../../src/tools/kubectl/kubectl.ts';
import { run } from './support/embedded.ts';
import { kubectlVersions } from './support/kubectl-versions.ts';
import { createToolBench, type ToolBench } from './support/tool-bench.ts';

const pods = join(import.meta.dirname, '../fixtures/exec/pods.yaml');
const versions = kubectlVersions();
let bench: ToolBench;

beforeAll(async () => {
  bench = await createToolBench();
  await bench.run(kubectl, 'apply', '-f', pods);
  await bench.run(kubectl, 'wait', '--for=condition=Ready', 'pod/curl', 'pod/httpbin', 'pod/nginx', '--timeout=20s');
});
afterAll(() => bench?.remove());

test.skipIf(versions.length > 0)('SKIPPED: there is no kubectl on this machine', () => {});

describe.each(versions)('kubectl $version', ({ path, version }) => {
  const exec = (argv: string[], input?: string) => run(path, ['exec', ...argv], bench.env, input);
  const sh = (script: string) => exec(['curl', '-c', 'curl', '--', 'sh', '-c', script]);

  test('the exit code of the program is the exit code of kubectl', async () => {
    expect(await sh('echo out; echo err >&2; exit 3')).toEqual({
      code: 3,
      stdout: 'out\n',
      stderr: 'err\ncommand terminated with exit code 3\n',
    });
  });

  test('standard input reaches the program and ends', async () => {
    expect(await exec(['-i', 'curl', '-c', 'curl', '--', 'sh', '-c', 'tr a-z A-Z; echo end'], 'hola\n')).toMatchObject({
      code: 0,
      stdout: 'HOLA\nend\n',
    });
  });

  test('curl calls a Service from the pod', async () => {
    const loop =
      'for i in $(seq 1 3); do curl -s -o /dev/null -w "%{http_code}\\n" http://httpbin:8000/status/418; done';
    expect((await sh(loop)).stdout).toBe('418\n418\n418\n');
    expect(await exec(['curl', '-c', 'curl', '--', 'curl', '-sS', 'http://nosuch:1/'])).toMatchObject({
      code: 6,
      stderr: 'curl: (6) Could not resolve host: nosuch\ncommand terminated with exit code 6\n',
    });
    expect((await exec(['curl', '-c', 'curl', '--', 'curl', '-sS', 'http://httpbin:9/'])).code).toBe(7);
    expect(
      (await exec(['curl', '-c', 'curl', '--', 'curl', '-sS', '-m', '1', 'http://httpbin:8000/delay/5'])).code,
    ).toBe(28);
  });

  test('a program that the image lacks is the runtime’s error', async () => {
    const { code, stderr } = await exec(['httpbin', '--', 'ls']);
    expect(code).toBe(1);
    expect(stderr).toContain(
      'OCI runtime exec failed: exec failed: unable to start container process: exec: "ls": executable file not found in $PATH',
    );
    const twice = stderr.startsWith('error: Internal error occurred: Internal error occurred: error executing');
    expect(twice).toBe(Number(version.slice(2)) >= 31);
  });

  test('pods and containers that are not there, or do not run, are told apart', async () => {
    expect((await exec(['nosuch', '--', 'ls'])).stderr).toBe('Error from server (NotFound): pods "nosuch" not found\n');
    // Since 1.36 kubectl looks for itself, and says which there are.
    expect((await exec(['curl', '-c', 'nosuch', '--', 'ls'])).stderr).toMatch(
      Number(version.slice(2)) >= 36
        ? /^error: container nosuch is not valid for pod curl out of: curl/
        : /^Error from server \(BadRequest\): container nosuch is not valid for pod curl\n$/,
    );
    expect((await exec(['done', '--', 'ls'])).stderr).toContain('cannot exec into a container in a completed pod');
  });

  test('the container has its own environment, name and resolver', async () => {
    const { stdout } = await sh('echo $SALUDO; hostname; head -1 /etc/resolv.conf; whoami');
    expect(stdout).toBe('hola\ncurl\nsearch default.svc.cluster.local svc.cluster.local cluster.local\ncurl_user\n');
  });

  test('much output arrives whole', async () => {
    const { stdout } = await sh('seq 1 100000');
    expect(stdout.length).toBe(588_895);
    expect(stdout.endsWith('\n100000\n')).toBe(true);
  });

  test('what one command writes another finds', async () => {
    await sh(`echo ${version} > /tmp/file`);
    expect((await sh('cat /tmp/file')).stdout).toBe(`${version}\n`);
  });
});

describe('the client library', () => {
  const config = () => {
    const loaded = new KubeConfig();
    loaded.loadFromFile(bench.env.KUBECONFIG ?? '');
    return loaded;
  };

  test('gets output and status', async () => {
    const [out, err] = [new PassThrough(), new PassThrough()];
    let text = '';
    out.on('data', (chunk) => {
      text += chunk;
    });
    const status = await new Promise<V1Status>((resolve) => {
      void new Exec(config()).exec(
        'default',
        'curl',
        'curl',
        ['sh', '-c', 'echo hola; exit 4'],
        out,
        err,
        null,
        false,
        resolve,
      );
    });
    expect(text).toBe('hola\n');
    expect(status).toMatchObject({ status: 'Failure', reason: 'NonZeroExitCode' });
    expect(status.details?.causes).toEqual([{ reason: 'ExitCode', message: '4' }]);
  });

  test('attach gives what the program writes from then on', async () => {
    const [out, err] = [new PassThrough(), new PassThrough()];
    const socket = await new Attach(config()).attach('default', 'nginx', 'nginx', out, err, null, false);
    const written = new Promise<string>((resolve) => out.once('data', (chunk) => resolve(String(chunk))));
    await bench.run(kubectl, 'exec', 'curl', '-c', 'curl', '--', 'curl', '-s', 'http://nginx/attached');
    expect(await written).toContain('GET /attached');
    socket.close();
  });
});

describe('Malla’s kubectl', () => {
  const ours = (...argv: string[]) => bench.run(kubectl, 'exec', ...argv);

  test('says which container it takes, and ends as the program does', async () => {
    expect(await ours('curl', '--', 'sh', '-c', 'echo hola; exit 3')).toEqual({
      code: 3,
      stdout: 'hola\n',
      stderr: 'Defaulted container "curl" out of: curl, other\ncommand terminated with exit code 3\n',
    });
  });

  test('words refusals as kubectl does', async () => {
    expect((await ours('nosuch', '--', 'ls')).stderr).toBe('Error from server (NotFound): pods "nosuch" not found\n');
    expect((await ours('curl', '-c', 'nosuch', '--', 'ls')).stderr).toBe(
      'Error from server (BadRequest): container nosuch is not valid for pod curl\n',
    );
    expect((await ours('curl')).stderr).toBe('error: you must specify at least one command for the container\n');
  });
});
