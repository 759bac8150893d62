// Makes a class bundle, piece by piece: each is written aside, then given its name, then noted down, so that a second run
// goes on where the first one stopped.
import { chmod, copyFile, mkdir, readFile, realpath, rename, rm, stat, statfs, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { digestOf, digestOfText } from './digest.ts';
import { bundleError, explainWrite } from './errors.ts';
import { fullName, grouped } from './image-names.ts';
import type { ImageRuntime, LocalImage } from './image-runtime.ts';
import {
  type Architecture,
  type BundleFile,
  type BundleManifest,
  manifestName,
  parseManifest,
  writeManifest,
} from './manifest.ts';

export interface ToolSource {
  name: 'kind' | 'kubectl' | 'istioctl';
  os: 'linux' | 'darwin' | 'win32';
  arch: Architecture;
  version: string;
  /** Absolute path of the program, or how to bring it: that is only done when the bundle has not got that version. */
  path: string | (() => Promise<string>);
}

export interface BundleContent {
  arch: Architecture;
  /** Of the course; written in full or not. */
  images: readonly string[];
  /** Undefined: without it. */
  nodeImage?: string;
  tools: readonly ToolSource[];
  istio: { version: string; manifests: string };
  labs: readonly string[];
}

export interface CreateOptions {
  runtime: ImageRuntime;
  /** False: only what this machine has. */
  pull: boolean;
  now(): Date;
  signal: AbortSignal;
  /** Spanish, a line. */
  onProgress(line: string): void;
}

export interface CreatedBundle {
  manifest: BundleManifest;
  /** SHA-256 of paquete.json: who uses the bundle may ask for it. */
  fingerprint: string;
  /** Files that a run before this one had written. */
  kept: number;
}

/** What is done so far; it becomes paquete.json. */
const draftName = 'paquete.a-medias.json';

/** Rejects with CodedError, and leaves what is whole for the next run. A bundle of other architectures is kept and added to. */
export async function createBundle(
  folder: string,
  content: BundleContent,
  options: CreateOptions,
): Promise<CreatedBundle> {
  const { signal, onProgress, runtime } = options;
  await mkdir(folder, { recursive: true }).catch((error) => Promise.reject(explainWrite(error, folder)));
  const before = await readBefore(folder);
  const draft = createDraft(folder, before, content, options);

  const images = [...content.images, ...(content.nodeImage ? [content.nodeImage] : [])].map(fullName);
  const local = await fetchImages(images, content.arch, options);
  await mustHaveRoom(folder, [...local.values()]);
  const idOf = (image: string): string => local.get(image)?.id ?? '';

  for (const [group, names] of grouped(content.images)) {
    signal.throwIfAborted();
    const held = names.map((name) => ({ name, id: idOf(name) }));
    const file = {
      role: 'imagenes' as const,
      path: `imagenes/${content.arch}/${group}.tar`,
      arch: content.arch,
      images: held,
    };
    await draft.put(file, (to) => runtime.save(names, to), `imágenes de ${group} (${names.length})`);
  }
  if (content.nodeImage) {
    const image = fullName(content.nodeImage);
    const file = {
      role: 'nodo' as const,
      path: `imagenes/${content.arch}/nodo.tar`,
      arch: content.arch,
      image,
      id: idOf(image),
    };
    await draft.put(file, (to) => runtime.save([image], to), `imagen de los nodos (${image})`);
  }
  for (const { path: from, ...tool } of content.tools) {
    signal.throwIfAborted();
    const ending = tool.os === 'win32' ? '.exe' : '';
    const file = {
      role: 'herramienta' as const,
      path: `herramientas/${tool.os}-${tool.arch}/${tool.name}${ending}`,
      ...tool,
    };
    const copy = async (to: string): Promise<void> => {
      await copyFile(typeof from === 'string' ? from : await from(), to);
    };
    await draft.put(
      file,
      copy,
      `${tool.name} ${tool.version} para ${tool.os}-${tool.arch}`,
      typeof from === 'string' ? from : undefined,
    );
  }
  const manifests = { role: 'istio' as const, path: 'istio/manifiestos.yaml' };
  await draft.putText(manifests, content.istio.manifests, `manifiestos de Istio ${content.istio.version}`);

  const manifest = draft.manifest();
  const text = writeManifest(manifest);
  await writeAside(join(folder, manifestName), (to) => writeFile(to, text));
  await rm(join(folder, draftName), { force: true });
  onProgress(`listo: ${manifest.files.length} ficheros`);
  return { manifest, fingerprint: digestOfText(text), kept: draft.kept() };
}

/** Pulls what is missing. Rejects with MALLA-PAQ-09, which names every image that is not to be had. */
async function fetchImages(
  images: readonly string[],
  arch: Architecture,
  { runtime, pull, signal, onProgress }: CreateOptions,
): Promise<Map<string, LocalImage>> {
  const local = new Map<string, LocalImage>();
  const missing: string[] = [];
  for (const image of new Set(images)) {
    signal.throwIfAborted();
    let found = await runtime.find(image);
    if (pull && found?.arch !== arch) {
      onProgress(`bajo ${image}`);
      await runtime.pull(image, arch);
      found = await runtime.find(image);
    }
    if (found?.arch === arch) local.set(image, found);
    else missing.push(found ? `${image} (es de ${found.arch})` : image);
  }
  if (missing.length > 0)
    throw bundleError('MALLA-PAQ-09', `Faltan ${missing.length} imágenes para ${arch}: ${missing.join(', ')}.`);
  return local;
}

/** Archives are not smaller than a third of what the runtime says that its images take. */
async function mustHaveRoom(folder: string, images: readonly LocalImage[]): Promise<void> {
  const { bavail, bsize } = await statfs(folder);
  const least = images.reduce((sum, image) => sum + image.bytes, 0) / 3;
  if (bavail * bsize >= least) return;
  const needed = Math.ceil(least / 2 ** 20);
  throw bundleError(
    'MALLA-PAQ-08',
    `En ${folder} quedan ${Math.floor((bavail * bsize) / 2 ** 20)} MiB, y hacen falta al menos ${needed}.`,
  );
}

type Content = BundleFile extends infer F ? (F extends BundleFile ? Omit<F, 'bytes' | 'sha256'> : never) : never;

function createDraft(
  folder: string,
  before: BundleFile[],
  content: BundleContent,
  { now, onProgress, signal }: CreateOptions,
) {
  const files = new Map(before.map((file) => [file.path, file]));
  let kept = 0;
  const manifest = (): BundleManifest => ({
    format: 'malla-paquete-1',
    created: now().toISOString(),
    istio: content.istio.version,
    labs: [...content.labs],
    files: [...files.values()],
  });
  const put = async (
    file: Content,
    make: (to: string) => Promise<void>,
    title: string,
    source?: string,
  ): Promise<void> => {
    const known = files.get(file.path);
    if (known && (await isWhole(folder, known, file, source))) {
      kept++;
      return;
    }
    onProgress(title);
    const path = join(folder, file.path);
    await writeAside(path, make);
    // Whoever gets the disk reads it: runtimes write their archives for one person only.
    await chmod(path, file.role === 'herramienta' ? 0o755 : 0o644);
    files.set(file.path, { ...file, ...(await digestOf(path, signal)) } as BundleFile);
    await writeAside(join(folder, draftName), (to) => writeFile(to, writeManifest(manifest())));
  };
  return {
    put,
    async putText(file: Content, text: string, title: string): Promise<void> {
      const known = files.get(file.path);
      if (known && known.sha256 !== digestOfText(text)) files.delete(file.path);
      await put(file, (to) => writeFile(to, text), title);
    },
    manifest,
    kept: () => kept,
  };
}

/** The same content was asked for, and the file is there with its size; a program is compared with its source. */
async function isWhole(
  folder: string,
  known: BundleFile,
  wanted: Content,
  source: string | undefined,
): Promise<boolean> {
  const { bytes, sha256, ...content } = known;
  if (JSON.stringify(sortedKeys(content)) !== JSON.stringify(sortedKeys(wanted))) return false;
  const found = await stat(join(folder, known.path)).catch(() => undefined);
  if (found?.size !== bytes) return false;
  return source === undefined || (await digestOf(await realpath(source))).sha256 === sha256;
}

function sortedKeys(value: object): [string, unknown][] {
  return Object.entries(value).toSorted(([a], [b]) => (a < b ? -1 : 1));
}

async function readBefore(folder: string): Promise<BundleFile[]> {
  for (const name of [draftName, manifestName]) {
    const text = await readFile(join(folder, name), 'utf8').catch(() => undefined);
    if (text === undefined) continue;
    try {
      return parseManifest(text).files;
    } catch {
      // It is written again.
    }
  }
  return [];
}

/** Under its name only when it is whole. Rejects with MALLA-PAQ-08 when there is no room. */
async function writeAside(path: string, write: (to: string) => Promise<void>): Promise<void> {
  const aside = `${path}.parcial`;
  try {
    await mkdir(dirname(path), { recursive: true });
    await rm(aside, { force: true });
    await write(aside);
    await rename(aside, path);
  } catch (error) {
    await rm(aside, { force: true }).catch(() => {});
    throw explainWrite(error, path);
  }
}
