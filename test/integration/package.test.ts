// The extension as a file: what `npm run package` makes, apart from VS Code. The stories of the editor install it.
import { spawnSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { crc32, inflateRawSync } from 'node:zlib';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { limits, makePackage, type Package } from '../../scripts/package/package.ts';

const root = join(import.meta.dirname, '../..');
const folder = mkdtempSync(join(tmpdir(), 'malla-package-'));
let made: Package;
let again: Package;

beforeAll(async () => {
  [made, again] = await Promise.all([makePackage(root), makePackage(root)]);
  for (const { path, data } of made.entries) {
    mkdirSync(dirname(join(folder, path)), { recursive: true });
    writeFileSync(join(folder, path), data);
  }
});

afterAll(() => rmSync(folder, { recursive: true, force: true, maxRetries: 10, retryDelay: 100 }));

const entry = (path: string): string => {
  const found = made.entries.find((e) => e.path === path);
  if (!found) throw new Error(`Not in the package: ${path}`);
  return Buffer.from(found.data).toString();
};

test('the same source gives the same bytes', () => {
  expect(made.vsix.equals(again.vsix)).toBe(true);
});

test('it is small, and carries no native module, no sources and no secret of its maker', () => {
  const files = read(made.vsix);
  expect(made.vsix.length).toBeLessThanOrEqual(limits.bytes);
  expect(files.size).toBeLessThanOrEqual(limits.files);
  expect([...files.keys()].filter((path) => /\.(?:node|map|ts)$|node_modules/.test(path))).toEqual([]);
  const texts = [...files].filter(([path]) => /\.[cm]?js$|\.json$/.test(path));
  expect(texts.filter(([, data]) => data.includes(root)).map(([path]) => path)).toEqual([]);
});

test('the archive holds each file whole, and says what the extension is', () => {
  const files = read(made.vsix);
  for (const { path, data } of made.entries)
    expect(files.get(`extension/${path}`)?.equals(Buffer.from(data)), path).toBe(true);
  expect(files.get('extension.vsixmanifest')?.toString()).toContain('Id="malla" Version="');
  const kinds = files.get('[Content_Types].xml')?.toString() ?? '';
  files.delete('[Content_Types].xml');
  for (const path of files.keys()) expect(kinds).toContain(`".${path.slice(path.lastIndexOf('.') + 1)}"`);
});

test('package.json names only files that are there, and nothing that only the repository needs', () => {
  const manifest = JSON.parse(entry('package.json')) as Record<string, unknown>;
  expect(manifest).not.toHaveProperty('devDependencies');
  expect(manifest).not.toHaveProperty('scripts');
  const named = [...JSON.stringify(manifest).matchAll(/"(?:\.\/)?((?:media|dist|bin)\/[^"]+)"/g)].map(
    ([, path]) => path,
  );
  const there = new Set(made.entries.map(({ path }) => path));
  expect(named.length).toBeGreaterThan(2);
  expect(named.filter((path) => !there.has(path ?? ''))).toEqual([]);
});

test('every link of its README leads somewhere', () => {
  const links = [...entry('README.md').matchAll(/\]\(([^)]+)\)/g)].map(([, link = '']) => link);
  const there = new Set(made.entries.map(({ path }) => path));
  expect(links.filter((link) => !/^(?:https:|#)/.test(link) && !there.has(link))).toEqual([]);
});

test('the bill of materials has each package of the bundles, with its licence and its hash', () => {
  const bill = JSON.parse(entry('sbom.cdx.json')) as Bill;
  const names = bill.components.map(({ name }) => name);
  expect(bill.bomFormat).toBe('CycloneDX');
  for (const name of ['@kubernetes/client-node', 'yaml', 'zod', 'uplot', 're2js']) expect(names).toContain(name);
  // These only build and test.
  for (const name of ['esbuild', 'vitest', 'typescript', 'playwright-core']) expect(names).not.toContain(name);
  for (const { name, licenses, hashes } of bill.components) {
    expect(JSON.stringify(licenses), name).toMatch(/"(?:id|expression)":"(?!NOASSERTION)/);
    expect(hashes?.[0]?.content, name).toMatch(/^[0-9a-f]{128}$/);
    expect(entry('LICENCIAS.txt')).toContain(name);
  }
  const known = new Set([bill.metadata.component['bom-ref'], ...bill.components.map((c) => c['bom-ref'])]);
  expect(bill.dependencies.flatMap((d) => [d.ref, ...d.dependsOn]).filter((ref) => !known.has(ref))).toEqual([]);
});

test('its program runs from anywhere, with nothing installed: the course, a cluster, a lab', () => {
  const env = { ...process.env, MALLA_HOME: join(folder, 'home') };
  const malla = (...args: string[]): string => {
    const done = spawnSync(process.execPath, [join(folder, 'bin/malla.js'), ...args, '--json'], {
      cwd: folder,
      env,
      encoding: 'utf8',
    });
    expect(done.status, done.stderr + done.stdout).toBe(0);
    return done.stdout;
  };
  const order = readFileSync(join(root, 'labs/orden.txt'), 'utf8').split(/\s+/).filter(Boolean);
  const labs = JSON.parse(malla('labs')) as { id: string }[];
  expect(labs.map(({ id }) => id).sort()).toEqual(order.sort());
  try {
    malla('cluster', 'iniciar');
    expect(JSON.parse(malla('resolver', 'instalacion'))).toMatchObject({ state: 'correcto' });
  } finally {
    malla('cluster', 'borrar');
  }
});

interface Bill {
  bomFormat: string;
  metadata: { component: { 'bom-ref': string } };
  components: { name: string; 'bom-ref': string; licenses: object[]; hashes?: { content: string }[] }[];
  dependencies: { ref: string; dependsOn: string[] }[];
}

/** The files of an archive, as any program would find them: by its directory. */
function read(archive: Buffer): Map<string, Buffer> {
  const end = archive.lastIndexOf(Buffer.from([0x50, 0x4b, 5, 6]));
  const files = new Map<string, Buffer>();
  let at = archive.readUInt32LE(end + 16);
  for (let left = archive.readUInt16LE(end + 10); left > 0; left -= 1) {
    const [crc, size, nameSize] = [
      archive.readUInt32LE(at + 16),
      archive.readUInt32LE(at + 20),
      archive.readUInt16LE(at + 28),
    ];
    const name = archive.toString('utf8', at + 46, at + 46 + nameSize);
    const local = archive.readUInt32LE(at + 42);
    const start = local + 30 + archive.readUInt16LE(local + 26) + archive.readUInt16LE(local + 28);
    const data = inflateRawSync(archive.subarray(start, start + size));
    expect(crc32(data), name).toBe(crc);
    files.set(name, data);
    at += 46 + nameSize + archive.readUInt16LE(at + 30) + archive.readUInt16LE(at + 32);
  }
  return files;
}
