// `malla ssh` as a student uses it: the process of the machines, its ports, and the usual cluster beside it.
import { afterAll, beforeAll, expect, test } from 'vitest';
import { ClusterError } from '../../src/cluster/cluster-error.ts';
import { statusEmbedded } from '../../src/cluster/embedded/embedded.ts';
import { machinesHome } from '../../src/cluster/machines/machines.ts';
import { createSandbox, type Sandbox } from './support/sandbox.ts';

let sandbox: Sandbox;
beforeAll(async () => {
  sandbox = await createSandbox();
});
afterAll(() => sandbox.remove());

const ssh = (machine: string, ...words: string[]) => sandbox.malla('ssh', machine, '--', ...words);

test('a command on a machine gives its output and its exit code', async () => {
  expect(await ssh('nieve', 'hostname')).toMatchObject({ exitCode: 0, stdout: 'nieve\n' });
  expect(await ssh('arya', 'kubeadm version')).toMatchObject({
    exitCode: 127,
    stderr: expect.stringContaining('command not found'),
  });
  expect((await ssh('sansa', 'exit 7')).exitCode).toBe(7);
});

test('words are joined and read by a shell there, as ssh has it', async () => {
  expect((await ssh('nieve', 'echo', 'a; echo', 'b')).stdout).toBe('a\nb\n');
});

test('a machine that is not one of them is not found', async () => {
  expect(await ssh('cersei', 'hostname')).toMatchObject({
    exitCode: 255,
    stderr: expect.stringContaining('Could not resolve hostname cersei'),
  });
});

test('what was done on a machine is there after its process starts again', async () => {
  await ssh('nieve', 'swapoff -a; echo mine > /root/mine');
  expect((await sandbox.malla('cluster', 'parar', '--maquinas')).stdout).toContain('Parado');
  expect((await ssh('nieve', 'cat /root/mine; swapon --show')).stdout).toBe('mine\n');
});

test('before kubeadm init there is no API, and a cluster of nothing is no sick cluster', async () => {
  const { cluster } = await sandbox.start({ machines: true });
  expect(await cluster.client.list({ apiVersion: 'v1', kind: 'Node' })).toEqual([]);
  expect(await cluster.facts()).toMatchObject({ simulated: true, nodes: [] });
  expect(await cluster.machines?.()).toMatchObject({ initialised: false });
  await expect(
    cluster.client.create({ apiVersion: 'v1', kind: 'Namespace', metadata: { name: 'a' } }),
  ).rejects.toBeInstanceOf(ClusterError);
});

test('the usual cluster has its own process and its three nodes, whatever is done on the machines', async () => {
  const { cluster } = await sandbox.start();
  expect((await cluster.client.list({ apiVersion: 'v1', kind: 'Node' })).map((n) => n.metadata.name)).toEqual([
    'arya',
    'nieve',
    'sansa',
  ]);
  const [usual, machines] = await Promise.all(
    [sandbox.home, machinesHome(sandbox.home)].map((home) => statusEmbedded({ home })),
  );
  expect(usual).toMatchObject({ running: true });
  expect(machines).toMatchObject({ running: true });
  expect((await sandbox.malla('cluster', 'borrar')).stdout).toContain('Borrado');
  expect(await statusEmbedded({ home: machinesHome(sandbox.home) })).toEqual({ running: false });
});
