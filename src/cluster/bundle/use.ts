// Puts what a bundle holds where it is used: programs in Malla's folder, images in the runtime and in a kind cluster.
import { chmod, copyFile, mkdir, rename, rm } from 'node:fs/promises';
import { basename, join } from 'node:path';
import { arch as thisArch, platform as thisPlatform } from 'node:process';
import { toolsFolder } from '../programs/find-program.ts';
import { digestOf } from './digest.ts';
import { bundleError, explainWrite } from './errors.ts';
import type { ImageRuntime } from './image-runtime.ts';
import { archOf, type BundleFile, type BundleManifest } from './manifest.ts';
import { type OpenBundle, verifyFile } from './verify.ts';

export interface Machine {
  platform: string;
  arch: string;
}

export const thisMachine: Machine = { platform: thisPlatform, arch: thisArch };

type FileOf<Role extends BundleFile['role']> = Extract<BundleFile, { role: Role }>;

/** The programs for this machine; empty when the bundle has none. */
export function toolsFor({ files }: BundleManifest, { platform, arch }: Machine): FileOf<'herramienta'>[] {
  return files.filter(
    (f): f is FileOf<'herramienta'> => f.role === 'herramienta' && f.os === platform && f.arch === archOf(arch),
  );
}

/** Throws MALLA-PAQ-12 when there are none for that architecture. */
export function archivesFor({ files }: BundleManifest, arch: string): FileOf<'imagenes'>[] {
  const found = files.filter((f): f is FileOf<'imagenes'> => f.role === 'imagenes' && f.arch === archOf(arch));
  if (found.length > 0) return found;
  const has = [...new Set(files.flatMap((f) => (f.role === 'imagenes' ? [f.arch] : [])))].join(', ') || 'ninguna';
  throw bundleError('MALLA-PAQ-12', `El paquete no tiene imágenes para ${arch}: tiene las de ${has}.`);
}

export function nodeImageFor({ files }: BundleManifest, arch: string): FileOf<'nodo'> | undefined {
  return files.find((f): f is FileOf<'nodo'> => f.role === 'nodo' && f.arch === archOf(arch));
}

/** Into `<home>/herramientas`. What is copied is what was checked. Rejects with CodedError. */
export async function installTools(
  { folder, manifest }: OpenBundle,
  home: string,
  machine: Machine,
): Promise<string[]> {
  const to = toolsFolder(home);
  const installed: string[] = [];
  for (const file of toolsFor(manifest, machine)) {
    const path = join(to, basename(file.path));
    const aside = `${path}.parcial`;
    try {
      await mkdir(to, { recursive: true, mode: 0o700 });
      await copyFile(join(folder, file.path), aside);
      const { sha256 } = await digestOf(aside);
      if (sha256 !== file.sha256)
        throw bundleError('MALLA-PAQ-04', `${join(folder, file.path)} no es el que se empaquetó.`);
      await chmod(aside, 0o755);
      await rename(aside, path);
    } catch (error) {
      await rm(aside, { force: true });
      throw explainWrite(error, path);
    }
    installed.push(`${file.name} ${file.version}`);
  }
  return installed;
}

/** Into the container runtime, unless it is there. Its name; undefined when the bundle has none for this machine. */
export async function loadNodeImage(
  { folder, manifest }: OpenBundle,
  runtime: ImageRuntime,
  { arch }: Machine,
): Promise<{ image: string; loaded: boolean } | undefined> {
  const file = nodeImageFor(manifest, arch);
  if (!file) return undefined;
  if ((await runtime.find(file.image))?.id === file.id) return { image: file.image, loaded: false };
  await verifyFile(folder, file);
  await runtime.load(join(folder, file.path));
  return { image: file.image, loaded: true };
}

/** What to do on each node of a cluster that is not of kind: nothing here enters those machines. */
export function nodeInstructions({ folder, manifest }: OpenBundle, arch: string): string[] {
  return archivesFor(manifest, arch).flatMap(({ path }) => [
    `scp '${join(folder, path)}' NODO:/tmp/`,
    `ssh NODO sudo ctr -n k8s.io images import /tmp/${basename(path)}`,
  ]);
}
