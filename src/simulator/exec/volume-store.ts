// What programs write to volumes: an emptyDir for as long as its pod, a folder of a node, a PersistentVolume until it is
// deleted. Made when somebody looks, kept in memory, and in a file for the next start.
import { posix } from 'node:path';
import type { KubeObject } from '../../mesh/objects.ts';
import type { Clock, ContainerContext } from '../contract.ts';
import { createFileTree, FileError, type Files, type FileTree, type Space } from './files.ts';
import { type Mount, withMounts } from './mounted-folders.ts';
import type { SavedVolumes, VolumeFile } from './volume-file.ts';

/** Bytes in all volumes together. */
const MOST_BYTES = 64 * 1024 * 1024;

export interface VolumeStore {
  /** Of a container; none for what is not mounted from such a volume. */
  mounts(context: ContainerContext | undefined): Mount[];
  /** The same, for a program that only reads. */
  reader(context: ContainerContext): NonNullable<ContainerContext['volumes']>;
  /** A pod's own volumes go with it. */
  leave(podUid: string): void;
  /** Of a PersistentVolume. */
  empty(volume: KubeObject): void;
  /** Writes what is not written yet; what happens afterwards is not kept: pods are stopped, not gone. */
  close(): void;
}

export interface VolumeStoreOptions {
  clock: Clock;
  /** Undefined: nothing is kept. */
  file: VolumeFile | undefined;
  /** A file that cannot be written. */
  onBug(error: unknown): void;
}

/** Milliseconds from a change to the file, and how many more for each megabyte that is to be written. */
const SAVE_AFTER = 2_000;
const SAVE_MEGABYTE = 1_000;

export function createVolumeStore(options?: VolumeStoreOptions): VolumeStore {
  const trees = new Map<string, FileTree>();
  const space: Space = { left: MOST_BYTES };
  let loaded = options?.file === undefined;
  let closed = false;
  let cancelSave: (() => void) | undefined;

  function load(): void {
    if (loaded) return;
    loaded = true;
    for (const [key, { folders, files }] of Object.entries(options?.file?.load() ?? {})) {
      const tree = createFileTree([], folders, space);
      trees.set(key, tree);
      for (const [path, content] of files) keepFile(tree, path, Buffer.from(content, 'base64'));
    }
  }

  function changed(): void {
    if (!options?.file || closed) return;
    const megabytes = (MOST_BYTES - space.left) / (1024 * 1024);
    cancelSave ??= options.clock.after(SAVE_AFTER + megabytes * SAVE_MEGABYTE, save);
  }

  function save(): void {
    if (!cancelSave) return;
    cancelSave();
    cancelSave = undefined;
    const saved: SavedVolumes = {};
    for (const [key, tree] of trees)
      saved[key] = {
        folders: tree.folders(),
        files: tree.entries().map(([path, content]) => [path, content.toString('base64')]),
      };
    try {
      options?.file?.save(saved);
    } catch (error) {
      options?.onBug(error);
    }
  }

  function mounts(context: ContainerContext | undefined): Mount[] {
    if (!context) return [];
    const { volumes = [], ...spec } = (context.pod.spec ?? {}) as PodSpec;
    const containers = [
      ...(spec.containers ?? []),
      ...(spec.initContainers ?? []),
      ...(spec.ephemeralContainers ?? []),
    ];
    const own = containers.find(({ name }) => name === context.containerName)?.volumeMounts ?? [];
    return own.map(({ name, mountPath, subPath, readOnly }) => {
      const volume = volumes.find((v) => v.name === name);
      const key = volume && keyOf(volume, context);
      const root = posix.resolve('/', subPath ?? '');
      const files = key === undefined ? undefined : folderOf(telling(treeOf(key), changed), root);
      return {
        at: mountPath.replace(/\/+$/, ''),
        ...(files && { files }),
        root,
        readOnly: readOnly === true || volume?.persistentVolumeClaim?.readOnly === true,
      };
    });
  }

  function treeOf(key: string): FileTree {
    load();
    const known = trees.get(key);
    if (known) return known;
    const made = createFileTree([], [], space);
    trees.set(key, made);
    return made;
  }

  function forget(key: string): void {
    const tree = trees.get(key);
    // Who still has it mounted sees it empty, and its space is free again.
    for (const name of tree?.list('/') ?? []) tree?.remove(`/${name}`);
    trees.delete(key);
    changed();
  }

  return {
    mounts,
    reader(context) {
      let found: Files | undefined;
      const files = () => {
        found ??= withMounts(NOTHING, mounts(context));
        return found;
      };
      return {
        read: (path) => (files().kind(path) === 'file' ? files().read(path) : undefined),
        list: (path) => (files().kind(path) === 'folder' ? files().list(path) : []),
      };
    },
    close() {
      save();
      closed = true;
    },
    leave(podUid) {
      for (const key of [...trees.keys()]) if (key.startsWith(`pod/${podUid}/`)) forget(key);
    },
    empty(volume) {
      load();
      const suffix = volumeKey(volume, '');
      // A folder of no node in particular may have been used on several.
      for (const key of [...trees.keys()]) if (key === suffix || isFolderOf(key, volume)) forget(key);
    },
  };
}

interface PodSpec {
  nodeName?: string;
  volumes?: PodVolume[];
  containers?: Container[];
  initContainers?: Container[];
  ephemeralContainers?: Container[];
}

interface PodVolume {
  name: string;
  emptyDir?: object;
  hostPath?: { path?: string };
  ephemeral?: object;
  persistentVolumeClaim?: { claimName?: string; readOnly?: boolean };
}

interface Container {
  name: string;
  volumeMounts?: { name: string; mountPath: string; subPath?: string; readOnly?: boolean }[];
}

/** Undefined for what is no folder that programs write to, as a ConfigMap. */
function keyOf(volume: PodVolume, { pod, api }: ContainerContext): string | undefined {
  const { namespace, name, uid } = pod.metadata;
  const { nodeName = '' } = (pod.spec ?? {}) as PodSpec;
  if (volume.emptyDir) return `pod/${uid}/${volume.name}`;
  if (volume.hostPath?.path) return folderKey(nodeName, volume.hostPath.path);
  const claimName =
    volume.persistentVolumeClaim?.claimName ?? (volume.ephemeral ? `${name}-${volume.name}` : undefined);
  if (claimName === undefined) return undefined;
  const claim = api?.get('persistentvolumeclaims', namespace, claimName);
  const { volumeName } = (claim?.spec ?? {}) as { volumeName?: string };
  const found = volumeName === undefined ? undefined : api?.get('persistentvolumes', undefined, volumeName);
  return found && volumeKey(found, nodeName);
}

function volumeKey(volume: KubeObject, node: string): string {
  const path = pathOf(volume);
  return path === undefined ? `volume/${volume.metadata.uid}` : folderKey(node, path);
}

function pathOf({ spec }: KubeObject): string | undefined {
  const { hostPath, local } = (spec ?? {}) as { hostPath?: { path?: string }; local?: { path?: string } };
  return hostPath?.path ?? local?.path;
}

function folderKey(node: string, path: string): string {
  return `node/${node}:${posix.resolve('/', path)}`;
}

function isFolderOf(key: string, volume: KubeObject): boolean {
  const path = pathOf(volume);
  return path !== undefined && key.startsWith('node/') && key.slice(key.indexOf(':') + 1) === posix.resolve('/', path);
}

/** The same files; `changed` hears of every change. */
function telling(files: Files, changed: () => void): Files {
  return {
    ...files,
    write(path, content) {
      files.write(path, content);
      changed();
    },
    append(path, content) {
      files.append(path, content);
      changed();
    },
    makeFolder(path) {
      files.makeFolder(path);
      changed();
    },
    remove(path) {
      files.remove(path);
      changed();
    },
  };
}

/** One that does not fit is left out. */
function keepFile(tree: FileTree, path: string, content: Buffer): void {
  try {
    tree.write(path, content);
  } catch (error) {
    if (!(error instanceof FileError)) throw error;
  }
}

/** The files, with that folder in them; undefined where it cannot be made. A file of that name is as good. */
function folderOf(files: Files, path: string): Files | undefined {
  const parts = path.split('/').filter(Boolean);
  try {
    parts.forEach((_, i) => {
      const folder = `/${parts.slice(0, i + 1).join('/')}`;
      if (!files.kind(folder)) files.makeFolder(folder);
    });
    return files;
  } catch (error) {
    if (error instanceof FileError) return undefined;
    throw error;
  }
}

/** What a container has beside its volumes, to who asks for those alone. */
const NOTHING: Files = {
  read: refuse,
  write: refuse,
  append: refuse,
  kind: () => undefined,
  list: refuse,
  makeFolder: refuse,
  remove: refuse,
};

function refuse(): never {
  throw new FileError('No such file or directory');
}
