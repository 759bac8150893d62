// `npm run package`: the extension in one file, out/malla-VERSION.vsix, that VS Code installs without a network.
import { mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { dirname, join, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';
import { readManifest, stagePackage } from './staging.ts';
import { contentTypes, vsixManifest } from './vsix-manifest.ts';
import { type ZipEntry, zip } from './zip.ts';

export const limits = { bytes: 3_000_000, files: 80 };

export interface Package {
  vsix: Buffer;
  /** What is in it, beside the two files of the format. Paths from the root of the extension. */
  entries: ZipEntry[];
}

/** The same source gives the same bytes. Throws when the package is over its limits or carries a native module. */
export async function makePackage(root: string): Promise<Package> {
  const entries = (await stagePackage(root)).toSorted((a, b) => (a.path < b.path ? -1 : 1));
  const texts = JSON.parse(readFileSync(join(root, 'package.nls.json'), 'utf8')) as Record<string, string>;
  const { name, publisher, version, engines, categories, keywords, extensionKind } = readManifest(root);
  const displayName = texts.displayName ?? name;
  const description = texts.description ?? '';
  const facts = { name, publisher, version, displayName, description, engine: engines.vscode };
  const inside = entries.map(({ path, data }) => ({ path: `extension/${path}`, data }));
  const manifest = {
    path: 'extension.vsixmanifest',
    data: Buffer.from(vsixManifest({ ...facts, categories, keywords, extensionKind })),
  };
  const types = contentTypes([...inside, manifest].map(({ path }) => path));
  const all = [...inside, manifest, { path: '[Content_Types].xml', data: Buffer.from(types) }];
  const vsix = zip(all);
  const native = entries.filter(({ path }) => path.endsWith('.node'));
  if (native.length > 0) throw new Error(`Native modules: ${native.map(({ path }) => path).join(', ')}.`);
  if (vsix.length > limits.bytes || all.length > limits.files)
    throw new Error(
      `The package has ${vsix.length} bytes and ${all.length} files; at most ${limits.bytes} and ${limits.files}.`,
    );
  return { vsix, entries };
}

/** Writes the package, and beside it a folder with the same files. Returns the path of the package. */
export async function writePackage(root: string, out = join(root, 'out')): Promise<string> {
  const { vsix, entries } = await makePackage(root);
  const file = join(out, `malla-${readManifest(root).version}.vsix`);
  const folder = join(out, 'package');
  rmSync(folder, { recursive: true, force: true });
  for (const { path, data } of entries) {
    mkdirSync(dirname(join(folder, path)), { recursive: true });
    writeFileSync(join(folder, path), data);
  }
  writeFileSync(file, vsix);
  console.log(`${file}: ${(vsix.length / 1e6).toFixed(2)} MB, ${entries.length + 2} ficheros`);
  return file;
}

if (process.argv[1] === fileURLToPath(import.meta.url)) await writePackage(resolve(import.meta.dirname, '../..'));
