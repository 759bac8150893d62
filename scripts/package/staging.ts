// The files of the package, from the source of the repository: built, packed and in memory.
import { globSync, readFileSync } from 'node:fs';
import { join, relative, sep } from 'node:path';
import { type BuildOptions, build, type Metafile } from 'esbuild';
import { packedCourse } from '../../src/labs/course-files.ts';
import { editorPrograms, panelPrograms, terminalPrograms } from '../build.ts';
import { billOfMaterials, type LockFile } from './bill-of-materials.ts';
import { bundledPackages } from './bundled-packages.ts';
import { licencesFile } from './licences.ts';
import { packagedReadme } from './packaged-readme.ts';
import type { ZipEntry } from './zip.ts';

/** What is in one file, because the files of a package are counted. The add-ons are also read from their folder. */
const packed = ['labs/**/*', 'samples/**/*', 'media/labs/**/*', 'docs/glosario.md'];

/** Paths from the root of the extension, unsorted. Throws esbuild's own error when a source does not compile. */
export async function stagePackage(root: string): Promise<ZipEntry[]> {
  const built = await buildPrograms(root);
  const packages = bundledPackages(
    root,
    built.map(({ metafile }) => metafile),
  );
  const manifest = readManifest(root);
  const lock = JSON.parse(readFileSync(join(root, 'package-lock.json'), 'utf8')) as LockFile;
  const text = (path: string, content: string): ZipEntry => ({ path, data: Buffer.from(content) });
  const json = (path: string, value: unknown): ZipEntry => text(path, `${JSON.stringify(value, null, 2)}\n`);
  return [
    ...built.flatMap(({ files }) => files),
    ...found(root, taken(root)).map((path) => ({ path, data: readFileSync(join(root, path)) })),
    text(packedCourse.join('/'), JSON.stringify(packCourse(root))),
    json('package.json', packagedManifest(manifest)),
    text('README.md', packagedReadme(readFileSync(join(root, 'README.md'), 'utf8'))),
    text('LICENSE.txt', readFileSync(join(root, 'LICENSE'), 'utf8')),
    text('LICENCIAS.txt', licencesFile(packages)),
    json('sbom.cdx.json', billOfMaterials(manifest, packages, lock)),
  ];
}

/** The patterns that .vscodeignore does not leave out. */
function taken(root: string): string[] {
  const lines = readFileSync(join(root, '.vscodeignore'), 'utf8').split('\n');
  return lines.filter((line) => line.startsWith('!')).map((line) => line.slice(1).trim());
}

/** The terminal's programs share what they have in common: each would carry it again. */
async function buildPrograms(root: string): Promise<{ files: ZipEntry[]; metafile: Metafile }[]> {
  const [first] = terminalPrograms;
  const terminal: BuildOptions = {
    ...first,
    entryPoints: Object.assign({}, ...terminalPrograms.map(({ entryPoints }) => entryPoints)),
    splitting: true,
    minifyWhitespace: true,
    minifyIdentifiers: true,
  };
  return Promise.all(
    [terminal, ...editorPrograms, ...panelPrograms].map(async (options) => {
      const { outputFiles, metafile } = await build({
        ...options,
        absWorkingDir: root,
        metafile: true,
        write: false,
        sourcemap: false,
        legalComments: 'none',
      });
      const files = outputFiles.map(({ path, contents }) => ({ path: slashed(relative(root, path)), data: contents }));
      return { files, metafile };
    }),
  );
}

function packCourse(root: string): Record<string, string> {
  return Object.fromEntries(found(root, packed).map((path) => [path, readFileSync(join(root, path), 'utf8')]));
}

/** Files only, sorted, with `/`. */
function found(root: string, patterns: readonly string[]): string[] {
  const files = globSync([...patterns], { cwd: root, withFileTypes: true }).filter((entry) => entry.isFile());
  return files.map((entry) => slashed(relative(root, join(entry.parentPath, entry.name)))).toSorted();
}

function slashed(path: string): string {
  return path.replaceAll(sep, '/');
}

export interface Manifest {
  name: string;
  publisher: string;
  version: string;
  license: string;
  engines: { vscode: string };
  categories: string[];
  keywords: string[];
  extensionKind: string[];
  [other: string]: unknown;
}

export function readManifest(root: string): Manifest {
  return JSON.parse(readFileSync(join(root, 'package.json'), 'utf8')) as Manifest;
}

/** Without what only the repository needs. */
function packagedManifest(manifest: Manifest): Record<string, unknown> {
  const own = new Set(['private', 'files', 'scripts', 'allowScripts', 'devDependencies', 'dependencies']);
  return Object.fromEntries(Object.entries(manifest).filter(([key]) => !own.has(key)));
}
