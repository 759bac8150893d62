// The files that nginx reads: those of its image, under those of the volumes that the pod mounts.
import { posix } from 'node:path';
import type { ContainerContext } from '../../contract.ts';
import { mountedFiles } from '../../exec/mounted-files.ts';
import { NGINX_FILES } from './image-files.ts';

export interface Files {
  read(path: string): string | undefined;
  /** Paths that a pattern with `*` in its last part names, sorted. */
  glob(pattern: string): string[];
}

export function filesOf(context: ContainerContext): Files {
  const covered = mountPoints(context);
  const own = Object.entries(NGINX_FILES).filter(([path]) => !covered.some((point) => path.startsWith(`${point}/`)));
  const files = new Map([...own, ...mountedFiles(context)]);
  return {
    read(path) {
      const normal = posix.normalize(path);
      // What somebody has written there while it runs is served, too.
      const lived = context.files?.();
      if (lived) return lived.kind(normal) === 'file' ? lived.read(normal).toString('utf8') : undefined;
      return files.get(path) ?? context.volumes?.read(normal)?.toString('utf8');
    },
    glob(pattern) {
      const [before = '', after = ''] = posix.basename(pattern).split('*');
      const folder = posix.dirname(pattern);
      const names = [...files.keys()]
        .filter((path) => posix.dirname(path) === folder)
        .map((path) => posix.basename(path));
      const written = context.volumes?.list(folder) ?? [];
      const chosen = [...new Set([...names, ...written])].filter(
        (n) => n.startsWith(before) && n.endsWith(after) && n.length >= before.length + after.length,
      );
      return chosen.sort().map((n) => `${folder}/${n}`);
    },
  };
}

interface Spec {
  containers?: { name: string; volumeMounts?: { mountPath: string; subPath?: string }[] }[];
}

/** A volume hides what the image had in that folder; with subPath it is one file more. */
function mountPoints({ pod, containerName }: ContainerContext): string[] {
  const { containers = [] } = (pod.spec ?? {}) as Spec;
  const mounts = containers.find((c) => c.name === containerName)?.volumeMounts ?? [];
  return mounts.filter((m) => m.subPath === undefined).map((m) => m.mountPath.replace(/\/+$/, ''));
}
