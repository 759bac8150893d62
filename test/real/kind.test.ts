// Real kind clusters: made, cancelled, stopped, started, adopted and deleted by Malla, beside what plain kind does. Needs
// kind and docker on PATH; MALLA_KIND_IMAGEN names a node image that is there, else the usual one is pulled.
import { execFileSync } from 'node:child_process';
import { existsSync } from 'node:fs';
import { mkdir, mkdtemp, readFile, rm, stat, writeFile } from 'node:fs/promises';
import { cpus, loadavg, tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { connect } from '../../src/cluster/client.ts';
import { kindConfig } from '../../src/cluster/kind/config.ts';
import { chooseImage } from '../../src/cluster/kind/node-image.ts';
import { waitUntilReady } from '../../src/cluster/kind/wait-until-ready.ts';
import { findProgram } from '../../src/cluster/programs/find-program.ts';
import { runMalla } from '../integration/support/run-malla.ts';
import { currentLoad, recordFigures } from './support/recordings.ts';

const name = 'malla-ensayo';
const root = join(import.meta.dirname, '../..');
const [kind, docker] = await Promise.all(
  ['kind', 'docker'].map((program) => findProgram(program, { env: process.env, home: '/nowhere' })),
);
if (!kind || !docker) console.warn('kind or docker is not on PATH: no kind cluster is made.');

describe.runIf(kind && docker)('a kind cluster', () => {
  let home: string;
  let before: string;
  const image = chooseImage(undefined, process.env);
  const shape = { nodes: 1, image, publish: false } as const;
  const usersOwn = () => readFile(join(home, '.kube', 'config'), 'utf8');

  const run = (program: string | undefined, args: string[], input = ''): string =>
    execFileSync(program ?? '', args, { encoding: 'utf8', input, env: environment(), stdio: ['pipe', 'pipe', 'pipe'] });
  const environment = (): Record<string, string> => ({
    PATH: process.env.PATH ?? '',
    HOME: home,
    MALLA_KIND_IMAGEN: image,
  });
  const malla = (argv: string[], options: Parameters<typeof runMalla>[3] = {}) =>
    runMalla(join(home, 'malla'), environment(), ['kind', ...argv, '--nombre', name], options);
  const containers = (all = true): string =>
    run(docker, [
      'ps',
      ...(all ? ['-a'] : []),
      '--filter',
      'label=io.x-k8s.kind.cluster',
      '--format',
      '{{.Names}} {{.ID}}',
    ])
      .split('\n')
      .toSorted()
      .join('\n');

  /** Somebody else may make clusters meanwhile. */
  function untouched(): void {
    const now = containers().split('\n');
    expect(before.split('\n').filter((container) => !now.includes(container))).toEqual([]);
    expect(now.filter((container) => container.startsWith(`${name}-`))).toEqual([]);
  }

  beforeAll(async () => {
    home = await mkdtemp(join(tmpdir(), 'malla-kind-real-'));
    await mkdir(join(home, '.kube'));
    await writeFile(join(home, '.kube', 'config'), '# de su dueño\n');
    before = containers();
    if (before.includes(`${name}-`)) throw new Error(`There is already a cluster called ${name}.`);
  });
  afterAll(async () => {
    run(kind, ['delete', 'cluster', '--name', name, '--kubeconfig', join(home, 'nada')]);
    await rm(home, { recursive: true, force: true });
  });

  let plain: { create: number; ready: number };

  test('made by plain kind, it is adopted with a yes only, and not deleted', async () => {
    const kubeconfig = join(home, 'plain');
    const begun = Date.now();
    run(
      kind,
      ['create', 'cluster', '--name', name, '--config', '-', '--kubeconfig', kubeconfig],
      kindConfig(shape).replace(/^ +labels:\n.*\n/gm, ''),
    );
    const created = Date.now();
    await waitUntilReady(kubeconfig, { count: 1, timeout: 300_000, signal: new AbortController().signal });
    plain = { create: (created - begun) / 1000, ready: (Date.now() - created) / 1000 };

    expect((await malla(['crear'])).stderr).toContain('MALLA-KND-20');
    const adopted = await malla(['crear', '--adoptar', '--json']);
    expect(JSON.parse(adopted.stdout)).toMatchObject({ adopted: true, owner: 'adoptado', state: 'en marcha' });
    expect((await malla(['borrar', '--si'])).stderr).toContain('MALLA-KND-21');
    expect(containers()).toContain(`${name}-control-plane`);
    run(kind, ['delete', 'cluster', '--name', name, '--kubeconfig', kubeconfig]);
    untouched();
  });

  test('cancelled in the middle, nothing of it is left and the others are as they were', async () => {
    const abort = new AbortController();
    const cancelled = await malla(['crear', '--nodos', '1', '--sin-puertos', '--si'], {
      signal: abort.signal,
      onStderr: (text) => text.includes('Arrancando el plano de control') && abort.abort(),
    });
    expect(cancelled.stderr).toContain('lo que se había creado se ha borrado');
    expect(cancelled.exitCode).toBe(130);
    untouched();
    expect(existsSync(join(home, 'malla', 'kind', `${name}.kubeconfig`))).toBe(false);
  });

  test('made by Malla: told phase by phase, in its own kubeconfig, with little added to what kind takes', async () => {
    const at = new Map<string, number>();
    const begun = Date.now();
    const made = await malla(['crear', '--nodos', '1', '--sin-puertos', '--si', '--json'], {
      onStderr(text) {
        for (const mark of ['[  0 %]', '[ 90 %]']) if (text.includes(mark) && !at.has(mark)) at.set(mark, Date.now());
      },
    });
    const ended = Date.now();
    expect(made.stderr).toContain('[ 48 %] Arrancando el plano de control…');
    expect(JSON.parse(made.stdout)).toMatchObject({ state: 'en marcha', owner: 'malla', nodes: [{ running: true }] });
    const kubeconfig = join(home, 'malla', 'kind', `${name}.kubeconfig`);
    expect((await stat(kubeconfig)).mode & 0o777).toBe(0o600);
    expect(await usersOwn()).toBe('# de su dueño\n');

    const [spawned = begun, kindEnded = ended] = [at.get('[  0 %]'), at.get('[ 90 %]')];
    const own = {
      before: (spawned - begun) / 1000,
      kind: (kindEnded - spawned) / 1000,
      after: (ended - kindEnded) / 1000,
    };
    // Plain kind does not wait for nodes either: what Malla waits beyond that is its own.
    const added = own.before + Math.max(0, own.after - plain.ready);
    const busy = (loadavg()[0] ?? 0) / cpus().length;
    console.log(JSON.stringify({ kindCreate: { plain, malla: own, added, target: 3, loadPerCore: busy } }));
    const seconds = (value: number): number => Number(value.toFixed(1));
    recordFigures({
      creation: {
        date: new Date().toISOString(),
        load: currentLoad(),
        plain: seconds(plain.create + plain.ready),
        malla: seconds((ended - begun) / 1000),
        added: seconds(added),
      },
    });
    if (busy > 1)
      console.warn(`This machine is busy (${busy.toFixed(1)} per core): what Malla adds is printed, not judged.`);
    else expect(added).toBeLessThanOrEqual(3);
  });

  test('stopped and started, what was in it is there, and its nodes have been heard again', async () => {
    const kubeconfig = join(home, 'malla', 'kind', `${name}.kubeconfig`);
    const object = {
      apiVersion: 'v1',
      kind: 'ConfigMap',
      metadata: { name: 'recuerdo', namespace: 'default' },
      data: { a: 'b' },
    };
    await connect(kubeconfig).create(object);
    expect((await malla(['parar'])).stdout).toContain('Parado');
    expect(containers(false)).not.toContain(`${name}-`);
    const started = Date.now();
    expect((await malla(['arrancar'])).stdout).toContain('Arrancado');
    const client = connect(kubeconfig);
    expect(
      await client.get({ apiVersion: 'v1', kind: 'ConfigMap', namespace: 'default', name: 'recuerdo' }),
    ).toMatchObject({ data: { a: 'b' } });
    const [lease] = await client.list({
      apiVersion: 'coordination.k8s.io/v1',
      kind: 'Lease',
      namespace: 'kube-node-lease',
    });
    const { renewTime = '' } = (lease?.spec ?? {}) as { renewTime?: string };
    expect(Date.parse(renewTime)).toBeGreaterThan(started - 2000);
    const verb = (await runMalla(join(home, 'malla'), environment(), ['cluster', 'estado', '--json'])).stdout;
    expect(JSON.parse(verb)).toMatchObject({ kind: 'kind', running: true, kubeconfig });
  });

  test('another Malla does not delete it without having made it; its own does', async () => {
    const stranger = await runMalla(join(home, 'otra'), environment(), ['kind', 'borrar', '--si', '--nombre', name]);
    expect(stranger.stderr).toContain('MALLA-KND-20');
    expect((await malla(['borrar', '--si', '--json'])).stdout).toBe('{"deleted":true}\n');
    untouched();
    expect(await usersOwn()).toBe('# de su dueño\n');
  });

  test('the packaged command says the same as the source', () => {
    const program = join(root, 'dist', 'malla.mjs');
    if (!existsSync(program)) return console.warn('dist/malla.mjs is not built.');
    const env = { ...environment(), MALLA_HOME: join(home, 'malla') };
    const out = execFileSync(process.execPath, [program, 'kind', 'comprobar', '--json'], { encoding: 'utf8', env });
    return expect(JSON.parse(out)).toMatchObject({ able: true, kind: expect.stringMatching(/^0\.\d+/) });
  });
});
