// What `malla paquete usar` does with a verified bundle, and `malla kind crear` with the one in use.
import { join, resolve } from 'node:path';
import { imageRuntime } from '../../cluster/bundle/image-runtime.ts';
import { readBundleInUse, writeBundleInUse } from '../../cluster/bundle/in-use.ts';
import { archivesFor, installTools, loadNodeImage, thisMachine } from '../../cluster/bundle/use.ts';
import { type OpenBundle, openBundle, verifyFile } from '../../cluster/bundle/verify.ts';
import { mallaHome } from '../../cluster/home.ts';
import type { KindCluster } from '../../cluster/kind/kind-cluster.ts';
import { loadImageArchive } from '../../cluster/kind/load-images.ts';
import { listNodes } from '../../cluster/kind/nodes.ts';
import { findRuntime } from '../../cluster/kind/tools.ts';
import type { Host } from '../host.ts';
import { kindCluster } from '../kind/use-kind.ts';

export interface Used {
  tools: string[];
  nodeImage?: string;
  /** Archives that went into the nodes of the kind cluster. */
  loaded: string[];
  /** The kind cluster that they went into; undefined when there is none yet. */
  cluster?: string;
}

export interface UseOptions {
  tools: boolean;
  /** Of the kind cluster. */
  name: string;
  onProgress(line: string): void;
}

/** Of a bundle that was verified. Rejects with CodedError. */
export async function putToUse(host: Host, bundle: OpenBundle, options: UseOptions): Promise<Used> {
  const home = mallaHome(host.env);
  const { onProgress } = options;
  const tools = options.tools ? await installTools(bundle, home, thisMachine) : [];
  for (const tool of tools) onProgress(`herramienta: ${tool}`);
  const runtime = imageRuntime({
    program: (await findRuntime({ home, env: host.env, signal: host.signal })).path,
    env: host.env,
    signal: host.signal,
  });
  const node = await loadNodeImage(bundle, runtime, thisMachine);
  if (node) onProgress(`imagen de los nodos: ${node.image}${node.loaded ? '' : ' (ya estaba)'}`);
  await writeBundleInUse(home, {
    folder: resolve(host.cwd, bundle.folder),
    fingerprint: bundle.fingerprint,
    ...(node && { nodeImage: node.image }),
  });
  const cluster = await kindCluster(host, options.name);
  const nodes = await listNodes(cluster.tools, options.name, host.signal);
  const loaded = nodes.length === 0 ? [] : await loadInto(cluster, bundle, onProgress);
  return {
    tools,
    loaded,
    ...(node && { nodeImage: node.image }),
    ...(nodes.length > 0 && { cluster: options.name }),
  };
}

/** Each archive is checked again right before: a disk may have been changed since. Rejects with CodedError. */
export async function loadInto(
  cluster: KindCluster,
  bundle: OpenBundle,
  onProgress: UseOptions['onProgress'],
): Promise<string[]> {
  const archives = archivesFor(bundle.manifest, thisMachine.arch);
  for (const file of archives) {
    await verifyFile(bundle.folder, file, cluster.signal);
    onProgress(`imágenes en los nodos: ${file.path} (${file.images.length})`);
    await loadImageArchive({ ...cluster, archive: join(bundle.folder, file.path) });
  }
  return archives.map((file) => file.path);
}

/** The bundle that `paquete usar` left noted; undefined when there is none, or it is not there any more. */
export async function bundleInUse(host: Host): Promise<OpenBundle | undefined> {
  const noted = await readBundleInUse(mallaHome(host.env));
  if (!noted) return undefined;
  return openBundle(noted.folder, noted.fingerprint).catch(() => undefined);
}

/** For new nodes: what the bundle in use brought. */
export async function bundledNodeImage(host: Host): Promise<string | undefined> {
  const noted = await readBundleInUse(mallaHome(host.env));
  return noted?.nodeImage;
}
