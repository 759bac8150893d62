// A class bundle for real: made from what this machine has, used on a new kind cluster that pulls nothing, with Istio
// installed and a lab done; then malla limpiar leaves that cluster without them.
//
// Needs kind, docker, kubectl and istioctl on PATH, with the images of the labs at hand. MALLA_KIND_IMAGEN names the node
// image; MALLA_REAL_ISTIO_VALORES, _REGISTRO and _ETIQUETA say how Istio's images are there. The cluster is called
// malla-paquete and is deleted at the end.
import { execFileSync } from 'node:child_process';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { connect } from '../../src/cluster/client.ts';
import type { KubeClient } from '../../src/cluster/contract.ts';
import { kindFiles } from '../../src/cluster/kind/kind-files.ts';
import { findProgram } from '../../src/cluster/programs/find-program.ts';
import { runMalla } from '../integration/support/run-malla.ts';

const name = 'malla-paquete';
const wanted = ['kind', 'docker', 'kubectl', 'istioctl'];
const found = await Promise.all(wanted.map((p) => findProgram(p, { env: process.env, home: '/nowhere' })));
const missing = wanted.filter((_p, i) => !found[i]);
if (missing.length > 0) console.warn(`Not on PATH: ${missing.join(', ')}. No class bundle is tried.`);

describe.runIf(missing.length === 0)('a class bundle', () => {
  let scratch: string;
  let home: string;
  let client: KubeClient;
  const bundle = (): string => join(scratch, 'paquete');
  const images = [
    ...(process.env.MALLA_REAL_ISTIO_REGISTRO ? ['--registro', process.env.MALLA_REAL_ISTIO_REGISTRO] : []),
    ...(process.env.MALLA_REAL_ISTIO_ETIQUETA ? ['--etiqueta', process.env.MALLA_REAL_ISTIO_ETIQUETA] : []),
    ...(process.env.MALLA_REAL_ISTIO_VALORES ? ['--valores', process.env.MALLA_REAL_ISTIO_VALORES] : []),
  ];
  const malla = async (...argv: string[]) => {
    const env = { PATH: process.env.PATH ?? '', HOME: scratch, MALLA_KIND_IMAGEN: process.env.MALLA_KIND_IMAGEN ?? '' };
    const ran = await runMalla(home, env, argv);
    if (ran.exitCode > 2) throw new Error(`malla ${argv.join(' ')}: ${ran.exitCode}\n${ran.stderr}`);
    return ran;
  };
  const json = async <T>(...argv: string[]): Promise<T> => JSON.parse((await malla(...argv, '--json')).stdout) as T;

  beforeAll(async () => {
    scratch = await mkdtemp(join(tmpdir(), 'malla-paquete-real-'));
    home = join(scratch, 'malla');
  });
  afterAll(async () => {
    execFileSync('kind', ['delete', 'cluster', '--name', name, '--kubeconfig', join(scratch, 'nada')], {
      stdio: 'ignore',
    });
    await rm(scratch, { recursive: true, force: true });
  });

  test('it is made of what is here, and a second run writes nothing again', async () => {
    const order = ['paquete', 'crear', bundle(), '--laboratorios', 'blue-green', '--sin-red', '--si', ...images];
    const made = await json<{ fingerprint: string; files: number; kept: number; labs: string[] }>(...order);
    expect(made).toMatchObject({ kept: 0, labs: expect.arrayContaining(['bookinfo', 'blue-green']) });
    const again = await json<{ kept: number }>(...order);
    expect(again.kept).toBe(made.files);
    expect(await json('paquete', 'comprobar', bundle())).toMatchObject({ files: made.files });
  });

  test('used, it gives tools, a node image and images to a new cluster', async () => {
    const used = await json<{ tools: string[]; nodeImage?: string }>(
      'paquete',
      'usar',
      bundle(),
      '--nombre',
      name,
      '--si',
    );
    expect(used.tools.map((t) => t.split(' ')[0]).toSorted()).toEqual(['istioctl', 'kind', 'kubectl']);
    await malla('kind', 'crear', '--nombre', name, '--nodos', '1', '--sin-puertos', '--sin-comprobar', '--si');
    client = connect(kindFiles(home, name).kubeconfig);
    const [node] = await client.list({ apiVersion: 'v1', kind: 'Node' });
    const { images: held = [] } = (node?.status ?? {}) as { images?: { names?: string[] }[] };
    const names = held.flatMap((i) => i.names ?? []).join(' ');
    expect(names).toContain('examples-bookinfo-reviews-v3');
    expect(names).toContain('istio/pilot');
  });

  test('Istio is installed with its known ports, by istioctl and again from the manifests of the bundle', async () => {
    const installed = await json<{ entry?: string }>('istio', 'instalar', '--si', ...images);
    expect(installed.entry).toMatch(/:31380$/);
    await malla('istio', 'instalar', '--si', '--manifiestos', join(bundle(), 'istio/manifiestos.yaml'));
    expect(await json('istio', 'entrada')).toMatchObject({ changed: false });
    const apiVersion = 'admissionregistration.k8s.io/v1';
    const validators = await client.list({ apiVersion, kind: 'ValidatingWebhookConfiguration' });
    expect(validators.map((v) => v.metadata.name)).toContain('istiod-default-validator');
  });

  test('blue-green is done, and no node pulled anything', async () => {
    for (const lab of ['inyeccion', 'bookinfo', 'blue-green']) {
      const { stdout, exitCode } = await malla('resolver', lab);
      expect({ lab, exitCode, end: exitCode === 0 ? '' : stdout.slice(-2000) }).toEqual({ lab, exitCode: 0, end: '' });
    }
    const pulls = await json<{ verdict: string; pods: { present: number; pulled: string[] }[] }>(
      'paquete',
      'comprobar',
      '--descargas',
    );
    expect(pulls.pods.filter((p) => p.pulled.length > 0)).toEqual([]);
    expect(pulls.verdict).toBe('nada descargado');
    expect(pulls.pods.length).toBeGreaterThanOrEqual(9);
  });

  test('malla limpiar takes away what the labs made, and Istio, and leaves a person’s own', async () => {
    const own = { apiVersion: 'v1', kind: 'ConfigMap', metadata: { name: 'mio', namespace: 'default' } };
    await client.create(own);
    const done = await json<{ remove: string[]; left: unknown[]; apart: string[] }>('limpiar', '--todo', '--si');
    expect(done.remove).toContain('Deployment default/productpage-v1');
    expect(done.left).toEqual([]);
    expect(await client.list({ apiVersion: 'apps/v1', kind: 'Deployment', namespace: 'default' })).toEqual([]);
    expect(await client.get({ apiVersion: 'v1', kind: 'Namespace', name: 'istio-system' })).toBeUndefined();
    const crds = await client.list({ apiVersion: 'apiextensions.k8s.io/v1', kind: 'CustomResourceDefinition' });
    expect(crds.filter((c) => c.metadata.name.endsWith('istio.io'))).toEqual([]);
    expect(await client.get({ ...own, namespace: 'default', name: 'mio' })).toBeDefined();
    expect(await malla('limpiar', '--todo')).toMatchObject({ stdout: 'No hay nada que limpiar.\n' });
  });

  test('a bundle that was tampered with is not used', async () => {
    await writeFile(join(bundle(), 'istio/manifiestos.yaml'), 'kind: List\n');
    await expect(malla('paquete', 'usar', bundle(), '--nombre', name, '--si')).rejects.toThrow(/MALLA-PAQ-0[34]/);
  });
});
