// A hostile kubeconfig given to the command itself: whatever the verb, nothing of it runs or is followed until agreed to.
import { access, mkdtemp, rm, symlink, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { PassThrough } from 'node:stream';
import { afterAll, beforeAll, expect, test } from 'vitest';
import type { Host } from '../host.ts';
import { malla } from '../malla.ts';

let folder: string;
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'malla-retenido-'));
});
afterAll(() => rm(folder, { recursive: true }));

async function run(...argv: string[]): Promise<{ code: number; out: string; err: string }> {
  const [stdout, stderr] = [new PassThrough(), new PassThrough()];
  const texts = { out: '', err: '' };
  stdout.on('data', (chunk) => {
    texts.out += chunk;
  });
  stderr.on('data', (chunk) => {
    texts.err += chunk;
  });
  const host: Host = {
    stdin: new PassThrough(),
    stdout,
    stderr,
    env: { MALLA_HOME: join(folder, 'casa'), HOME: folder },
    cwd: folder,
    nodePath: process.execPath,
    root: join(import.meta.dirname, '../../..'),
    signal: new AbortController().signal,
    holdInterrupts() {},
  };
  const code = await malla(argv, host);
  return { code, ...texts };
}

async function hostile(trace: string): Promise<string> {
  const path = join(folder, 'hostil.yaml');
  const exec = {
    apiVersion: 'client.authentication.k8s.io/v1',
    command: 'touch',
    args: [trace],
    interactiveMode: 'Never',
  };
  const config = {
    'current-context': 'a',
    contexts: [{ name: 'a', context: { cluster: 'c', user: 'u' } }],
    clusters: [{ name: 'c', cluster: { server: 'https://127.0.0.1:1' } }],
    users: [{ name: 'u', user: { exec } }],
  };
  await writeFile(path, JSON.stringify(config), { mode: 0o600 });
  return path;
}

test('a plugin that would write a file does not: not by listing, nor by looking, nor by joining with every yes', async () => {
  const trace = join(folder, 'rastro');
  const path = await hostile(trace);
  const listed = await run('kubeadm', 'contextos', '--kubeconfig', path, '--json');
  expect(JSON.parse(listed.out)).toMatchObject({ contexts: [{ name: 'a', held: ['MALLA-KCF-20'] }] });
  for (const verb of [['mirar'], ['unir', '--si', '--confirmo', 'a', '--todo-el-cluster']]) {
    const { code, err } = await run('kubeadm', ...verb, '--kubeconfig', path);
    expect(code).toBe(69);
    expect(err).toMatch(/^MALLA-KCF-20: .*touch .*rastro/s);
  }
  await expect(access(trace)).rejects.toMatchObject({ code: 'ENOENT' });
  await expect(access(join(folder, 'casa'))).rejects.toMatchObject({ code: 'ENOENT' });
});

test('a verb that works on the cluster of a file holds it as well', async () => {
  const trace = join(folder, 'otro-rastro');
  const { code, err } = await run('limpiar', '--lista', '--kubeconfig', await hostile(trace));
  expect([code, err]).toEqual([69, expect.stringContaining('MALLA-KCF-20:')]);
  await expect(access(trace)).rejects.toMatchObject({ code: 'ENOENT' });
});

test('an agreement to something that is no danger is an error, and so is one to another danger', async () => {
  const path = await hostile(join(folder, 'rastro'));
  expect((await run('kubeadm', 'mirar', '--kubeconfig', path, '--acepto', 'MALLA-KCF-99')).err).toContain(
    'MALLA-USO-40',
  );
  expect((await run('kubeadm', 'mirar', '--kubeconfig', path, '--acepto', 'MALLA-KCF-25')).err).toContain(
    'MALLA-KCF-20:',
  );
});

test.skipIf(process.platform === 'win32')('a link is not followed by listing', async () => {
  const link = join(folder, 'enlace');
  await symlink(await hostile(join(folder, 'rastro')), link);
  expect((await run('kubeadm', 'contextos', '--kubeconfig', link)).err).toContain('MALLA-KCF-28');
  expect((await run('kubeadm', 'contextos', '--kubeconfig', link, '--acepto', 'malla-kcf-28')).out).toContain('* a');
});

test('without any file it says where it has looked', async () => {
  expect((await run('kubeadm', 'contextos')).err).toMatch(/MALLA-KCF-01.*\.kube/s);
});
