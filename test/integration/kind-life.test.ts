// A kind cluster through its life, with fakes of kind and docker and the embedded cluster's API behind them.
import { mkdtemp, readFile, rm, stat } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { readChosen } from '../../src/cluster/chosen.ts';
import { type FakeRule, type Fakes, makeFakes } from './fakes/fakes.ts';
import { dockerWithCluster, goodDocker, goodKind, phases } from './fakes/kind-rules.ts';
import { runMalla } from './support/run-malla.ts';
import { createSandbox, type Sandbox } from './support/sandbox.ts';

let sandbox: Sandbox;
let folder: string;
let api: string;
beforeAll(async () => {
  sandbox = await createSandbox();
  folder = await mkdtemp(join(tmpdir(), 'malla-vida-'));
  api = (await sandbox.start()).cluster.access.kubeconfig;
});
afterAll(async () => {
  await sandbox.remove();
  await rm(folder, { recursive: true, force: true });
});

const when = (file: string, rules: readonly FakeRule[]): FakeRule[] => rules.map((rule) => ({ ...rule, when: file }));

/** kind that really writes a kubeconfig, and docker that shows a container from then on. */
async function world(name: string): Promise<{ fakes: Fakes; home: string }> {
  const kubeconfig = await readFile(api, 'utf8');
  const create = {
    args: '^create cluster ',
    stderr: phases.begin + phases.image + phases.nodes + phases.rest,
    touch: 'made',
    kubeconfig: api,
  };
  const fakes = await makeFakes(join(folder, name, 'bin'), {
    kind: [create, { args: '^get kubeconfig --name malla$', stdout: kubeconfig }, ...goodKind],
    docker: [
      { args: '^ps ', stdout: '', when: 'deleted' },
      { args: '^stop ', touch: 'stopped', unless: 'stopped' },
      { args: '^start ', removes: 'stopped', when: 'stopped' },
      ...when('stopped', dockerWithCluster('f00', false)),
      ...when('made', dockerWithCluster('f00')),
      ...goodDocker,
    ],
  });
  return { fakes, home: join(folder, name, 'home') };
}

test('it is made with its phases told, chosen, seen, stopped, started and deleted', async () => {
  const { fakes, home } = await world('vida');
  const malla = (...argv: string[]) => runMalla(home, { PATH: fakes.folder }, argv);

  const made = await malla('kind', 'crear', '--sin-puertos');
  expect(made.stderr.match(/\[ *\d+ %\] .*/g)).toEqual([
    '[  0 %] Arrancando kind…',
    '[  1 %] Empezando…',
    '[  2 %] Consiguiendo la imagen de los nodos…',
    '[ 30 %] Preparando los nodos…',
    '[ 45 %] Escribiendo la configuración…',
    '[ 48 %] Arrancando el plano de control…',
    '[ 70 %] Poniendo la red de pods…',
    '[ 74 %] Poniendo la clase de discos…',
    '[ 90 %] Esperando a que los nodos estén listos…',
  ]);
  expect(made.exitCode).toBe(0);
  const kubeconfig = join(home, 'kind', 'kubeconfig');
  expect((await stat(kubeconfig)).mode & 0o777).toBe(0o600);
  expect(await readChosen(home)).toMatchObject({ kind: 'kind', name: 'malla', kubeconfig });
  expect((await fakes.calls()).find((call) => call.startsWith('kind create'))).toBe(
    `kind create cluster --name malla --config - --kubeconfig ${kubeconfig}`,
  );

  const seen = await malla('cluster', 'estado', '--json');
  expect(JSON.parse(seen.stdout)).toMatchObject({ kind: 'kind', running: true, kubeconfig });
  expect(JSON.parse((await malla('kind', 'estado', '--json')).stdout)).toMatchObject({
    state: 'en marcha',
    owner: 'malla',
  });

  expect(JSON.parse((await malla('kind', 'parar', '--json')).stdout)).toEqual({ stopped: true });
  expect(JSON.parse((await malla('kind', 'parar', '--json')).stdout)).toEqual({ stopped: false });
  expect(JSON.parse((await malla('kind', 'estado', '--json')).stdout)).toMatchObject({ state: 'parado' });
  expect(await fakes.calls()).toContain('docker stop f00');

  expect((await malla('cluster', 'usar', 'embebido')).stdout).toContain('el clúster embebido');
  expect((await malla('cluster', 'usar', 'kind')).stdout).toContain('el clúster kind «malla»');
  expect(await fakes.calls()).toContain('docker start f00');

  expect((await malla('kind', 'borrar')).stderr).toContain('MALLA-USO-30');
  const deleted = await malla('kind', 'borrar', '--si', '--json');
  expect(JSON.parse(deleted.stdout)).toEqual({ deleted: true });
  expect(await readChosen(home)).toEqual({ kind: 'embebido' });
  await expect(stat(kubeconfig)).rejects.toMatchObject({ code: 'ENOENT' });
});

test('a cluster that was there is adopted with a yes, and never deleted', async () => {
  const { fakes, home } = await world('adoptado');
  const malla = (...argv: string[]) => runMalla(home, { PATH: fakes.folder }, argv);
  await makeFakes(fakes.folder, { docker: dockerWithCluster('f00') });
  expect((await malla('kind', 'crear')).stderr).toContain('MALLA-KND-20');
  const adopted = await malla('kind', 'crear', '--adoptar', '--json');
  expect(JSON.parse(adopted.stdout)).toMatchObject({
    adopted: true,
    owner: 'adoptado',
    entry: 'http://127.0.0.1:31380',
  });
  expect(await readChosen(home)).toMatchObject({ kind: 'kind', entry: 'http://127.0.0.1:31380' });
  expect((await malla('kind', 'borrar', '--si')).stderr).toContain('MALLA-KND-21');
  expect((await fakes.calls()).filter((call) => /^kind (create|delete)/.test(call))).toEqual([]);
});
