import { mkdtemp, readdir, rm, stat, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { type ChosenCluster, readChosen, writeChosen } from './chosen.ts';

let home: string;
beforeEach(async () => {
  home = join(await mkdtemp(join(tmpdir(), 'malla-chosen-')), 'home');
});
afterEach(() => rm(join(home, '..'), { recursive: true, force: true }));

test('without a choice it is the embedded cluster', async () => {
  expect(await readChosen(home)).toEqual({ kind: 'embebido' });
});

test.each<ChosenCluster>([
  { kind: 'embebido' },
  { kind: 'kind', name: 'malla', kubeconfig: '/h/kind/kubeconfig', entry: 'http://127.0.0.1:31380' },
  { kind: 'kind', name: 'malla', kubeconfig: '/h/kind/kubeconfig', secureEntry: 'https://localhost:31390' },
  {
    kind: 'kubeadm',
    kubeconfig: '/h/kubeadm/kubeconfig',
    context: 'kubernetes-admin@kubernetes',
    server: 'https://10.0.0.1:6443',
    entry: 'http://[fd00::1]:31380',
    nodeHost: '10.0.0.2',
    namespace: 'ana',
    agreed: ['MALLA-KCF-01'],
  },
])('what is chosen is read again: $kind', async (chosen) => {
  await writeChosen(home, chosen);
  expect(await readChosen(home)).toEqual(chosen);
});

test('the file is for its owner alone, and no draft stays', async () => {
  await writeChosen(home, { kind: 'embebido' });
  expect((await stat(join(home, 'cluster.json'))).mode & 0o777).toBe(0o600);
  expect(await readdir(home)).toEqual(['cluster.json']);
});

test.each([
  'no es JSON',
  '{}',
  '{"kind":"otro"}',
  '{"kind":"kind","name":"malla","kubeconfig":"/k","entry":"file:///etc/passwd"}',
  '[]',
])('a broken file is told by its code: %s', async (content) => {
  await writeChosen(home, { kind: 'embebido' });
  await writeFile(join(home, 'cluster.json'), content);
  await expect(readChosen(home)).rejects.toMatchObject({ code: 'MALLA-CLU-30' });
});

test('a folder that cannot be written is told by its code', async () => {
  await writeFile(home, 'a file where the folder should be');
  await expect(writeChosen(home, { kind: 'embebido' })).rejects.toMatchObject({ code: 'MALLA-CLU-31' });
});
