// Ports of pods on this machine, by the real kubectl over SPDY and over WebSocket, by the client library, and the API's proxy.
import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { get } from 'node:http';
import { join } from 'node:path';
import { PassThrough } from 'node:stream';
import { KubeConfig, PortForward } from '@kubernetes/client-node';
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
  await bench.run(kubectl, 'wait', '--for=condition=Ready', 'pod/httpbin', '--timeout=20s');
});
afterAll(() => bench?.remove());

test.skipIf(versions.length > 0)('SKIPPED: there is no kubectl on this machine', () => {});

describe.each(versions)('kubectl $version', ({ path }) => {
  test('a local port answers for the pod’s, again and again', async () => {
    const { child, port } = await forward(path, 'pod/httpbin', ':8080');
    try {
      expect(await statusOf(port, '/status/418')).toBe(418);
      expect(await Promise.all(Array.from({ length: 10 }, () => statusOf(port, '/status/201')))).toEqual(
        Array(10).fill(201),
      );
    } finally {
      child.kill();
    }
  });

  test('a Service stands for a pod of its own', async () => {
    const { child, port } = await forward(path, 'svc/httpbin', ':8000');
    try {
      expect(await statusOf(port, '/get')).toBe(200);
    } finally {
      child.kill();
    }
  });

  test('a port on which nothing listens is refused in containerd’s words', async () => {
    const { child, port } = await forward(path, 'pod/httpbin', ':81');
    let errors = '';
    child.stderr?.on('data', (chunk) => {
      errors += chunk;
    });
    await expect(statusOf(port, '/')).rejects.toThrow();
    await once(child, 'exit');
    expect(errors).toContain('dial tcp4 127.0.0.1:81: connect: connection refused');
    expect(errors).toContain('error: lost connection to pod');
  });

  test('the proxy subresource answers for pods and Services', async () => {
    const raw = (what: string) => run(path, ['get', '--raw', `/api/v1/namespaces/default/${what}`], bench.env);
    expect(JSON.parse((await raw('services/httpbin:8000/proxy/get?a=1')).stdout).args).toEqual({ a: ['1'] });
    expect(JSON.parse((await raw('services/httpbin:http/proxy/get')).stdout).method).toBe('GET');
    expect(JSON.parse((await raw('pods/httpbin:8080/proxy/get')).stdout).method).toBe('GET');
    expect((await raw('services/httpbin:9/proxy/')).stderr).toBe(
      'Error from server (ServiceUnavailable): no service port 9 found for service "httpbin"\n',
    );
    expect((await raw('services/https:httpbin:8000/proxy/')).stderr).toContain('does not look like a TLS handshake');
  });
});

test('the client library forwards over its own WebSocket', async () => {
  const config = new KubeConfig();
  config.loadFromFile(bench.env.KUBECONFIG ?? '');
  const [out, input] = [new PassThrough(), new PassThrough()];
  await new PortForward(config).portForward('default', 'httpbin', [8080], out, null, input);
  input.write('GET /status/202 HTTP/1.1\r\nhost: x\r\n\r\n');
  const [first] = await once(out, 'data');
  expect(String(first)).toMatch(/^HTTP\/1\.1 202 /);
});

test('Malla’s kubectl forwards too', async () => {
  const stop = new AbortController();
  const [stdin, stdout, stderr] = [new PassThrough(), new PassThrough(), new PassThrough().resume()];
  const streams = { stdin, stdout, stderr };
  const running = kubectl(['port-forward', 'svc/httpbin', ':8000'], {
    streams,
    env: bench.env,
    cwd: '/',
    signal: stop.signal,
  });
  const [line] = await once(stdout, 'data');
  const port = Number(/127\.0\.0\.1:(\d+) -> 8080/.exec(String(line))?.[1]);
  expect(await statusOf(port, '/status/418')).toBe(418);
  stop.abort();
  expect(await running).toBe(130);
});

test('Malla’s kubectl tells what a port refused in containerd’s words, and its client is hung up on', async () => {
  const stop = new AbortController();
  const [stdin, stdout, stderr] = [new PassThrough(), new PassThrough(), new PassThrough()];
  let told = '';
  stderr.on('data', (chunk) => {
    told += chunk;
  });
  const running = kubectl(['port-forward', 'pod/httpbin', ':81'], {
    streams: { stdin, stdout, stderr },
    env: bench.env,
    cwd: '/',
    signal: stop.signal,
  });
  const [line] = await once(stdout, 'data');
  const port = Number(/127\.0\.0\.1:(\d+) -> 81/.exec(String(line))?.[1]);
  await expect(statusOf(port, '/')).rejects.toThrow();
  stop.abort();
  expect(await running).toBe(130);
  expect(told).toMatch(
    /^error: an error occurred forwarding to 81: .*dial tcp4 127\.0\.0\.1:81: connect: connection refused/,
  );
});

async function forward(path: string, ...argv: string[]): Promise<{ child: ChildProcess; port: number }> {
  const child = spawn(path, ['port-forward', ...argv], { env: bench.env, stdio: ['ignore', 'pipe', 'pipe'] });
  const [line] = await once(child.stdout, 'data');
  child.stdout.resume();
  return { child, port: Number(/127\.0\.0\.1:(\d+)/.exec(String(line))?.[1]) };
}

function statusOf(port: number, path: string): Promise<number> {
  return new Promise((resolve, reject) => {
    get({ host: '127.0.0.1', port, path, agent: false }, (response) => {
      response.resume();
      resolve(response.statusCode ?? 0);
    }).on('error', reject);
  });
}
