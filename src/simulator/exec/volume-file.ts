// What lies in volumes, in a file beside the cluster's database: it is there again when the cluster starts again.
import { existsSync, readFileSync } from 'node:fs';
import { writeAtomically } from '../process/files.ts';

/** Key of a volume → its folders, and its files as base64. */
export type SavedVolumes = Record<string, { folders: string[]; files: [path: string, content: string][] }>;

export interface VolumeFile {
  /** Nothing for a file that is not there or cannot be read: what programs wrote is not worth a cluster that does not start. */
  load(): SavedVolumes;
  /** Throws the system's error. */
  save(volumes: SavedVolumes): void;
}

export function openVolumeFile(path: string): VolumeFile {
  return {
    load() {
      try {
        return existsSync(path) ? whole(JSON.parse(readFileSync(path, 'utf8'))) : {};
      } catch {
        return {};
      }
    },
    save: (volumes) => writeAtomically(path, JSON.stringify(volumes)),
  };
}

/** Those of the entries that are what they should be. */
function whole(saved: unknown): SavedVolumes {
  if (typeof saved !== 'object' || saved === null) return {};
  return Object.fromEntries(Object.entries(saved).filter(([, volume]) => isVolume(volume)));
}

function isVolume(volume: { folders?: unknown; files?: unknown } | null): boolean {
  const { folders, files } = volume ?? {};
  if (!Array.isArray(folders) || !Array.isArray(files)) return false;
  const isText = (value: unknown) => typeof value === 'string';
  return folders.every(isText) && files.every((file) => Array.isArray(file) && file.length === 2 && file.every(isText));
}
