import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { readKubeconfig } from './kubeconfig.ts';

let folder: string;
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'malla-kubeconfig-'));
  await writeFile(join(folder, 'token'), 'from-file\n');
});
afterAll(() => rm(folder, { recursive: true }));

async function read(user: object, cluster: object = {}, context?: string) {
  const path = join(folder, 'config');
  const config = {
    'current-context': 'a',
    contexts: [{ name: 'a', context: { cluster: 'c', user: 'u' } }],
    clusters: [{ name: 'c', cluster: { server: 'https://127.0.0.1:6443/', ...cluster } }],
    users: [{ name: 'u', user }],
  };
  await writeFile(path, JSON.stringify(config));
  return readKubeconfig(path, context);
}

test('a token becomes a bearer header, and the server loses its slash', async () => {
  const way = await read({ token: 'secret' });
  expect(way.server).toBe('https://127.0.0.1:6443');
  expect(await way.headers()).toEqual({ authorization: 'Bearer secret' });
});

test('a token file is read at each request', async () => {
  const way = await read({ tokenFile: 'token' });
  expect(await way.headers()).toEqual({ authorization: 'Bearer from-file' });
  await writeFile(join(folder, 'token'), 'renewed');
  expect(await way.headers()).toEqual({ authorization: 'Bearer renewed' });
});

test('certificates come as data or as files beside the kubeconfig', async () => {
  const way = await read(
    { 'client-certificate-data': Buffer.from('cert').toString('base64'), 'client-key': 'token' },
    { 'certificate-authority-data': Buffer.from('ca').toString('base64') },
  );
  expect([way.tls.cert, way.tls.ca].map(String)).toEqual(['cert', 'ca']);
  expect(way.tls.key).toBeInstanceOf(Buffer);
});

test.each([
  ['a context that is not there', () => read({}, {}, 'z')],
  ['a cluster without a server', () => read({}, { server: 'nothing' })],
  ['a file that is not there', () => readKubeconfig(join(folder, 'absent'))],
  ['a certificate that is not there', () => read({ 'client-certificate': 'absent' })],
])('%s is MALLA-CLU-10', async (_what, attempt) => {
  await expect(attempt()).rejects.toMatchObject({ code: 'MALLA-CLU-10' });
});

test('a file that is not YAML is MALLA-CLU-10', async () => {
  const path = join(folder, 'broken');
  await writeFile(path, '{ a: [');
  await expect(readKubeconfig(path)).rejects.toMatchObject({ code: 'MALLA-CLU-10' });
});
