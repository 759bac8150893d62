import { cp, mkdir, mkdtemp, rename, rm, symlink, truncate, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { digestOfText } from './digest.ts';
import { type BundleManifest, manifestName, parseManifest, writeManifest } from './manifest.ts';
import { verifyBundle } from './verify.ts';

let folder: string;
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'malla-paquete-'));
});
afterEach(() => rm(folder, { recursive: true, force: true }));

const manifests = 'kind: List\n';
const program = '#!/bin/sh\n';
const good: BundleManifest = {
  format: 'malla-paquete-1',
  created: '2026-11-21T00:00:00Z',
  istio: '1.30.3',
  labs: ['blue-green'],
  files: [
    { role: 'istio', path: 'istio/manifiestos.yaml', bytes: manifests.length, sha256: digestOfText(manifests) },
    {
      role: 'herramienta',
      path: 'herramientas/linux-amd64/kind',
      bytes: program.length,
      sha256: digestOfText(program),
      arch: 'amd64',
      os: 'linux',
      name: 'kind',
      version: '0.30.0',
    },
  ],
};

async function write(manifest: unknown = good): Promise<void> {
  await mkdir(join(folder, 'istio'), { recursive: true });
  await mkdir(join(folder, 'herramientas/linux-amd64'), { recursive: true });
  await writeFile(join(folder, 'istio/manifiestos.yaml'), manifests);
  await writeFile(join(folder, 'herramientas/linux-amd64/kind'), program);
  await writeFile(join(folder, manifestName), typeof manifest === 'string' ? manifest : JSON.stringify(manifest));
}

const refusal = (fingerprint?: string) =>
  verifyBundle(folder, fingerprint === undefined ? {} : { fingerprint }).then(
    () => 'bien',
    (error: { code?: string }) => error.code,
  );

test('a whole bundle is well, with its fingerprint and without; systems’ clutter does not matter', async () => {
  await write(writeManifest(good));
  await writeFile(join(folder, '.DS_Store'), 'x');
  const { fingerprint } = await verifyBundle(folder);
  expect(fingerprint).toBe(digestOfText(writeManifest(good)));
  expect(await refusal(`SHA256:${fingerprint.toUpperCase()}`.replace('SHA256', 'sha256'))).toBe('bien');
});

test.each<[string, string, () => Promise<unknown>]>([
  ['has no manifest', 'MALLA-PAQ-01', () => rm(join(folder, manifestName))],
  ['lacks a file', 'MALLA-PAQ-02', () => rm(join(folder, 'istio/manifiestos.yaml'))],
  ['was cut short', 'MALLA-PAQ-03', () => truncate(join(folder, 'istio/manifiestos.yaml'), 3)],
  ['was tampered with', 'MALLA-PAQ-04', () => writeFile(join(folder, 'istio/manifiestos.yaml'), 'kind: Lisp\n')],
  ['grew', 'MALLA-PAQ-04', () => writeFile(join(folder, 'istio/manifiestos.yaml'), `${manifests}\n`)],
  ['holds one file more', 'MALLA-PAQ-05', () => writeFile(join(folder, 'istio/otro.yaml'), '')],
  ['holds a folder more', 'MALLA-PAQ-05', () => mkdir(join(folder, 'otra'))],
])('a bundle that %s is %s', async (_title, code, spoil) => {
  await write();
  await spoil();
  expect(await refusal()).toBe(code);
});

test.skipIf(process.platform === 'win32')('links are refused: of a file, of a folder, of the manifest', async () => {
  for (const linked of ['istio/manifiestos.yaml', 'istio', manifestName]) {
    await rm(folder, { recursive: true, force: true });
    await mkdir(folder);
    await write();
    const aside = await mkdtemp(join(tmpdir(), 'malla-aparte-'));
    await rename(join(folder, linked), join(aside, 'x'));
    await symlink(join(aside, 'x'), join(folder, linked));
    expect([linked, await refusal()]).toEqual([linked, 'MALLA-PAQ-06']);
    await rm(aside, { recursive: true });
  }
});

test('a fingerprint of another bundle is refused before any file is read', async () => {
  await write();
  await rm(join(folder, 'istio'), { recursive: true });
  expect(await refusal('0'.repeat(64))).toBe('MALLA-PAQ-07');
});

const withFile = (change: object): unknown => ({ ...good, files: [{ ...good.files[0], ...change }] });
test.each<[string, unknown]>([
  ['a path out of the folder', withFile({ path: '../fuera.yaml' })],
  ['a path with a way out in the middle', withFile({ path: 'istio/../../fuera.yaml' })],
  ['a path from the root', withFile({ path: '/etc/passwd' })],
  ['a path of Windows', withFile({ path: 'C:\\fuera' })],
  ['a device of Windows', withFile({ path: 'istio/nul.yaml' })],
  ['a hidden file', withFile({ path: '.profile' })],
  ['an empty part', withFile({ path: 'istio//x' })],
  ['the manifest itself', withFile({ path: manifestName })],
  ['no digest', withFile({ sha256: 'abc' })],
  ['a size that is none', withFile({ bytes: -1 })],
  ['a size without end', withFile({ bytes: 1e18 })],
  ['a file twice', { ...good, files: [good.files[0], { ...good.files[0], path: 'istio/MANIFIESTOS.yaml' }] }],
  ['another format', { ...good, format: 'malla-paquete-9' }],
  ['no files', { ...good, files: [] }],
  ['a role that is none', withFile({ role: 'script' })],
  ['a list', []],
  ['nothing', null],
])('a manifest with %s is refused', (_title, manifest) => {
  expect(() => parseManifest(JSON.stringify(manifest))).toThrow(expect.objectContaining({ code: 'MALLA-PAQ-01' }));
});

test('a manifest that is no JSON, or endless, is refused', async () => {
  await write('{');
  expect(await refusal()).toBe('MALLA-PAQ-01');
  await write(' '.repeat(1_000_001));
  expect(await refusal()).toBe('MALLA-PAQ-01');
});

test('a bundle may be copied', async () => {
  await write(writeManifest(good));
  const copy = await mkdtemp(join(tmpdir(), 'malla-copia-'));
  await cp(folder, copy, { recursive: true });
  expect((await verifyBundle(copy)).fingerprint).toBe((await verifyBundle(folder)).fingerprint);
  await rm(copy, { recursive: true });
});
