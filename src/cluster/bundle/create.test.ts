import { mkdtemp, readdir, readFile, rm, truncate, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { type BundleContent, type CreateOptions, createBundle } from './create.ts';
import type { ImageRuntime } from './image-runtime.ts';
import { verifyBundle } from './verify.ts';

let folder: string;
let tool: string;
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'malla-crear-'));
  tool = join(await mkdtemp(join(tmpdir(), 'malla-herramienta-')), 'kind');
  await writeFile(tool, '#!/bin/sh\n');
});
afterEach(() => rm(folder, { recursive: true, force: true }));

/** A runtime that has these images; `saved` says which archives it wrote, in order. */
function fakeRuntime(has: Record<string, string>, { fail }: { fail?: string } = {}) {
  const saved: string[] = [];
  const pulled: string[] = [];
  const runtime: ImageRuntime = {
    async find(image) {
      const arch = has[image];
      return arch ? { id: `sha256:${image.length.toString(16).padStart(64, '0')}`, arch, bytes: 10 } : undefined;
    },
    async pull(image, arch) {
      pulled.push(image);
      if (image !== fail) has[image] = arch;
    },
    async save(images, file) {
      if (fail && images.includes(fail)) throw Object.assign(new Error('no room'), { code: 'ENOSPC' });
      saved.push(images.join(' '));
      await writeFile(file, images.join('\n'));
    },
    load: async () => {},
  };
  return { runtime, saved, pulled };
}

const content = (): BundleContent => ({
  arch: 'amd64',
  images: [
    'nginx:1.28',
    'docker.io/library/nginx:1.28',
    'docker.io/istio/pilot:1.30.3',
    'docker.io/istio/proxyv2:1.30.3',
  ],
  nodeImage: 'kindest/node:v1.34.4',
  tools: [{ name: 'kind', os: 'linux', arch: 'amd64', version: '0.30.0', path: tool }],
  istio: { version: '1.30.3', manifests: 'kind: List\n' },
  labs: ['instalacion'],
});

const all = {
  'docker.io/library/nginx:1.28': 'amd64',
  'docker.io/istio/pilot:1.30.3': 'amd64',
  'docker.io/istio/proxyv2:1.30.3': 'amd64',
  'docker.io/kindest/node:v1.34.4': 'amd64',
};

const options = (runtime: ImageRuntime, pull = false): CreateOptions => ({
  runtime,
  pull,
  now: () => new Date(0),
  signal: new AbortController().signal,
  onProgress() {},
});

test('a bundle holds each image once, in archives that share layers, and is well', async () => {
  const { runtime, saved } = fakeRuntime({ ...all });
  const { manifest, fingerprint } = await createBundle(folder, content(), options(runtime));
  expect(saved).toEqual([
    'docker.io/istio/pilot:1.30.3 docker.io/istio/proxyv2:1.30.3',
    'docker.io/library/nginx:1.28',
    'docker.io/kindest/node:v1.34.4',
  ]);
  expect(manifest.files.map((f) => f.path)).toEqual([
    'imagenes/amd64/istio.tar',
    'imagenes/amd64/muestras.tar',
    'imagenes/amd64/nodo.tar',
    'herramientas/linux-amd64/kind',
    'istio/manifiestos.yaml',
  ]);
  expect((await verifyBundle(folder, { fingerprint })).manifest.labs).toEqual(['instalacion']);
});

test('a second run keeps what is whole, and writes again what is not', async () => {
  await createBundle(folder, content(), options(fakeRuntime({ ...all }).runtime));
  const again = fakeRuntime({ ...all });
  expect((await createBundle(folder, content(), options(again.runtime))).kept).toBe(5);
  expect(again.saved).toEqual([]);

  await truncate(join(folder, 'imagenes/amd64/istio.tar'), 3);
  await writeFile(tool, '#!/bin/sh\nexit 1\n');
  expect((await createBundle(folder, content(), options(again.runtime))).kept).toBe(3);
  expect(again.saved).toEqual(['docker.io/istio/pilot:1.30.3 docker.io/istio/proxyv2:1.30.3']);
  await verifyBundle(folder);
});

test('where the disk is full it says so, leaves no bundle, and goes on afterwards', async () => {
  const full = fakeRuntime({ ...all }, { fail: 'docker.io/library/nginx:1.28' });
  await expect(createBundle(folder, content(), options(full.runtime))).rejects.toMatchObject({ code: 'MALLA-PAQ-08' });
  expect(await readdir(folder)).not.toContain('paquete.json');
  expect(await readdir(join(folder, 'imagenes/amd64'))).toEqual(['istio.tar']);
  const later = fakeRuntime({ ...all });
  expect((await createBundle(folder, content(), options(later.runtime))).kept).toBe(1);
  expect(await readdir(folder)).toEqual(expect.not.arrayContaining(['paquete.a-medias.json']));
});

test('missing images are all named, and pulled where that is allowed', async () => {
  const { 'docker.io/library/nginx:1.28': _nginx, 'docker.io/istio/pilot:1.30.3': _pilot, ...some } = all;
  const refused = createBundle(folder, content(), options(fakeRuntime({ ...some }).runtime));
  await expect(refused).rejects.toMatchObject({
    code: 'MALLA-PAQ-09',
    happened: expect.stringMatching(/pilot.*nginx|nginx.*pilot/),
  });
  const { runtime, pulled } = fakeRuntime({ ...some });
  await createBundle(folder, content(), options(runtime, true));
  expect(pulled).toEqual(['docker.io/library/nginx:1.28', 'docker.io/istio/pilot:1.30.3']);
});

test('an image of another architecture is not taken for this one', async () => {
  const { runtime } = fakeRuntime({ ...all, 'docker.io/library/nginx:1.28': 'arm64' });
  await expect(createBundle(folder, content(), options(runtime))).rejects.toMatchObject({ code: 'MALLA-PAQ-09' });
});

test('another architecture is added to the same folder', async () => {
  await createBundle(folder, content(), options(fakeRuntime({ ...all }).runtime));
  const arm = Object.fromEntries(Object.keys(all).map((image) => [image, 'arm64']));
  const { runtime } = fakeRuntime(arm);
  await createBundle(folder, { ...content(), arch: 'arm64', tools: [] }, options(runtime));
  const { manifest } = await verifyBundle(folder);
  expect(new Set(manifest.files.map((f) => ('arch' in f ? f.arch : '-')))).toEqual(new Set(['amd64', 'arm64', '-']));
  expect(JSON.parse(await readFile(join(folder, 'paquete.json'), 'utf8')).files).toHaveLength(8);
});
