// Whether a folder is the bundle that its manifest says: each file whole, unchanged, in its place, and nothing more.
import { lstat, readdir, readFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { digestOf, digestOfText } from './digest.ts';
import { bundleError } from './errors.ts';
import { type BundleFile, type BundleManifest, largestManifest, manifestName, parseManifest } from './manifest.ts';

export interface VerifyOptions {
  /** SHA-256 of paquete.json, as who made the bundle told it: all else hangs from it. */
  fingerprint?: string;
  signal?: AbortSignal;
  onFile?(file: BundleFile): void;
}

export interface OpenBundle {
  folder: string;
  manifest: BundleManifest;
  fingerprint: string;
}

/** The manifest, checked, without looking at the files. Rejects with MALLA-PAQ-01, -06 or -07. */
export async function openBundle(folder: string, fingerprint?: string): Promise<OpenBundle> {
  const path = join(folder, manifestName);
  const found = await lstat(path).catch(() => undefined);
  if (!found) throw bundleError('MALLA-PAQ-01', `No hay ningún ${manifestName} en ${folder}.`);
  if (!found.isFile()) throw bundleError('MALLA-PAQ-06', `${path} no es un fichero corriente.`);
  if (found.size > largestManifest)
    throw bundleError('MALLA-PAQ-01', `${path} es demasiado grande (${found.size} bytes).`);
  const text = await readFile(path, 'utf8');
  const own = digestOfText(text);
  if (fingerprint !== undefined && own !== normal(fingerprint))
    throw bundleError('MALLA-PAQ-07', `La huella de ${path} es ${own}, y no ${normal(fingerprint)}.`);
  return { folder, manifest: parseManifest(text), fingerprint: own };
}

/** Rejects with MALLA-PAQ-01 to -07, which name the first file that is wrong. */
export async function verifyBundle(folder: string, options: VerifyOptions = {}): Promise<OpenBundle> {
  const bundle = await openBundle(folder, options.fingerprint);
  await refuseExtras(folder, bundle.manifest);
  for (const file of bundle.manifest.files) {
    await verifyFile(folder, file, options.signal);
    options.onFile?.(file);
  }
  return bundle;
}

/** Of one file: MALLA-PAQ-02, -03, -04 or -06. */
export async function verifyFile(folder: string, file: BundleFile, signal?: AbortSignal): Promise<void> {
  const path = await plainPath(folder, file.path);
  const { size } = await lstat(path);
  if (size < file.bytes)
    throw bundleError('MALLA-PAQ-03', `${path} está cortado: tiene ${size} bytes de ${file.bytes}.`);
  if (size > file.bytes) throw bundleError('MALLA-PAQ-04', `${path} tiene ${size} bytes, y no ${file.bytes}.`);
  const { sha256 } = await digestOf(path, signal);
  if (sha256 !== file.sha256)
    throw bundleError(
      'MALLA-PAQ-04',
      `${path} no es el que se empaquetó: su huella es ${sha256}, y no ${file.sha256}.`,
    );
}

/** Where a file of the manifest is, with no link on the way. Rejects with MALLA-PAQ-02 or -06. */
export async function plainPath(folder: string, path: string): Promise<string> {
  const parts = path.split('/');
  for (let i = 1; i <= parts.length; i++) {
    const here = join(folder, ...parts.slice(0, i));
    const found = await lstat(here).catch(() => undefined);
    if (!found) throw bundleError('MALLA-PAQ-02', `Falta ${join(folder, path)}.`);
    const right = i === parts.length ? found.isFile() : found.isDirectory();
    if (!right)
      throw bundleError(
        'MALLA-PAQ-06',
        `${here} no es ${i === parts.length ? 'un fichero' : 'una carpeta'} corriente.`,
      );
  }
  return join(folder, path);
}

/** What systems leave on any disk. */
const clutter =
  /^(\.DS_Store|\._.*|Thumbs\.db|desktop\.ini|System Volume Information|\$RECYCLE\.BIN|\.Trash.*|\.Spotlight.*|\.fseventsd|lost\+found)$/;
/** More is not listed: a bundle has a few dozen. */
const mostEntries = 20_000;

async function refuseExtras(folder: string, { files }: BundleManifest): Promise<void> {
  const known = new Set([manifestName, ...files.flatMap((f) => withParents(f.path))]);
  const extras: string[] = [];
  let seen = 0;
  const walk = async (inside: string): Promise<void> => {
    for (const entry of await readdir(join(folder, inside), { withFileTypes: true })) {
      const path = inside === '' ? entry.name : `${inside}/${entry.name}`;
      if (clutter.test(entry.name)) continue;
      if (++seen > mostEntries) throw bundleError('MALLA-PAQ-05', `Hay más de ${mostEntries} ficheros en ${folder}.`);
      if (!known.has(path)) extras.push(path);
      else if (entry.isDirectory()) await walk(path);
    }
  };
  await walk('');
  if (extras.length > 0) {
    const more = extras.length > 5 ? ` y ${extras.length - 5} más` : '';
    throw bundleError('MALLA-PAQ-05', `Sobran ficheros en ${folder}: ${extras.slice(0, 5).join(', ')}${more}.`);
  }
}

function withParents(path: string): string[] {
  const parents: string[] = [];
  for (let at = path; at !== '.'; at = dirname(at)) parents.push(at);
  return parents;
}

function normal(fingerprint: string): string {
  return fingerprint
    .trim()
    .toLowerCase()
    .replace(/^sha256:/, '');
}
