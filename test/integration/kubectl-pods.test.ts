// What a student sees of running pods with the real kubectl: files, logs of crashes, tokens, the machinery around them.
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { missing, startWithKubectl, type WithKubectl } from './support/with-kubectl.ts';

const settings = { apiVersion: 'v1', kind: 'ConfigMap', metadata: { name: 'settings' }, data: { color: 'red' } };
const web = {
  apiVersion: 'v1',
  kind: 'Pod',
  metadata: { name: 'web' },
  spec: {
    volumes: [{ name: 'settings', configMap: { name: 'settings' } }],
    containers: [
      {
        name: 'nginx',
        image: 'nginx:1.28',
        volumeMounts: [{ name: 'settings', mountPath: '/settings' }],
        readinessProbe: { httpGet: { path: '/', port: 80 }, periodSeconds: 1 },
      },
      { name: 'other', image: 'busybox:1.36', command: ['sleep', '3600'] },
    ],
  },
};
const reader = {
  apiVersion: 'v1',
  kind: 'Pod',
  metadata: { name: 'reader' },
  spec: { containers: [{ name: 'c', image: 'busybox:1.36', command: ['sleep', '3600'] }] },
};
const crash = {
  apiVersion: 'v1',
  kind: 'Pod',
  metadata: { name: 'crash' },
  spec: { containers: [{ name: 'c', image: 'busybox:1.36', command: ['sh', '-c', 'echo me caigo; exit 1'] }] },
};

test.skipIf(!missing)('SKIPPED: there is no kubectl on the PATH, so nothing of this file was tested', () => {});

describe.skipIf(missing)('kubectl', () => {
  let running: WithKubectl;
  const kubectl = (...argv: string[]) => running.kubectl(...argv);

  beforeAll(async () => {
    running = await startWithKubectl();
    await running.apply(settings, web, crash);
    await kubectl('wait', '--for=condition=Ready', 'pod/web', '--timeout=60s');
  });

  afterAll(() => running?.remove());

  const inNginx = (script: string) => kubectl('exec', 'web', '-c', 'nginx', '--', 'sh', '-c', script);

  test('nginx has its files, and serves what somebody writes over them', async () => {
    expect(await inNginx('cat /etc/nginx/conf.d/default.conf')).toContain('listen 80;');
    await inNginx('echo hola > /usr/share/nginx/html/index.html');
    expect(await inNginx('curl -s localhost')).toBe('hola\n');
  });

  test('nginx writes down who asks: its own pod, another one, the node', async () => {
    const address = await kubectl('get', 'pod', 'web', '-o', 'jsonpath={.status.podIP}');
    await running.apply(reader);
    await kubectl('wait', '--for=condition=Ready', 'pod/reader', '--timeout=60s');
    const other = await kubectl('get', 'pod', 'reader', '-o', 'jsonpath={.status.podIP}');
    await kubectl('exec', 'reader', '--', 'wget', '-qO-', `http://${address}/otro`).catch(() => {});
    await inNginx('curl -s localhost/propio');
    const log = await kubectl('logs', 'web', '-c', 'nginx');
    expect(log).toMatch(new RegExp(`^${other.replaceAll('.', '\\.')} - - .*"GET /otro HTTP/1.1" 404`, 'm'));
    expect(log).toMatch(/^127\.0\.0\.1 - - .*"GET \/propio HTTP\/1.1" 404/m);
    expect(log).toMatch(
      new RegExp(
        `^${address.replace(/\d+$/, '1').replaceAll('.', '\\.')} - - .*"GET / HTTP/1.1" 200 .*kube-probe`,
        'm',
      ),
    );
  });

  test('the token in the files of a pod is that of its account', async () => {
    const token = await inNginx('cat /var/run/secrets/kubernetes.io/serviceaccount/token');
    expect(await kubectl(`--token=${token}`, 'auth', 'whoami')).toContain('system:serviceaccount:default:default');
    expect(await inNginx('cat /var/run/secrets/kubernetes.io/serviceaccount/namespace')).toBe('default');
  });

  test('a mounted ConfigMap follows the object', async () => {
    expect(await inNginx('cat /settings/color')).toBe('red');
    await kubectl('patch', 'configmap', 'settings', '--type=merge', '-p', '{"data":{"color":"blue"}}');
    expect(await inNginx('cat /settings/color')).toBe('blue');
  });

  test('the log of a container that crashed is there while it waits, with -p and without', async () => {
    const state = () =>
      kubectl('get', 'pod', 'crash', '-o', 'jsonpath={.status.containerStatuses[0].state.waiting.reason}');
    await expect.poll(state, { timeout: 60_000 }).toBe('CrashLoopBackOff');
    // It may just start again, and have written nothing yet.
    for (const argv of [['--previous'], []])
      await expect.poll(() => kubectl('logs', 'crash', ...argv), { timeout: 60_000 }).toBe('me caigo\n');
  });

  test('the machinery of the cluster answers who asks for it', async () => {
    expect(await kubectl('get', 'cs')).toMatch(/scheduler +Healthy +ok/);
    expect(await kubectl('describe', 'node', 'arya')).toMatch(/HolderIdentity: +arya/);
    expect(await kubectl('auth', 'can-i', '--list')).toContain('selfsubjectreviews.authentication.k8s.io');
  });
});
