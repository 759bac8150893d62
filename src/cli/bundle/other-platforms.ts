// Programs for the systems of the class that are not this one: the releases that Malla knows, by their digests.
import { mkdtemp } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { ToolSource } from '../../cluster/bundle/create.ts';
import { CodedError } from '../../cluster/coded-error.ts';
import { downloadTool } from '../../cluster/programs/download/download-tool.ts';
import { noRelease } from '../../cluster/programs/download/errors.ts';
import { downloadable, releaseOf } from '../../cluster/programs/download/releases.ts';

export interface Platform {
  os: 'linux' | 'darwin';
  arch: 'amd64' | 'arm64';
}

/** From `linux-amd64,darwin-arm64`. Throws MALLA-USO-01. */
export function readPlatforms(text: string): Platform[] {
  return text.split(',').map((name) => {
    const [os, arch] = name.trim().split('-');
    if ((os === 'linux' || os === 'darwin') && (arch === 'amd64' || arch === 'arm64')) return { os, arch };
    throw new CodedError({
      code: 'MALLA-USO-01',
      happened: `«${name}» no vale como sistema.`,
      expected: 'linux-amd64, linux-arm64, darwin-amd64 o darwin-arm64; varios, separados por comas.',
      todo: 'Por ejemplo: --sistemas linux-amd64,darwin-arm64.',
    });
  });
}

/** Each is downloaded when the bundle needs it. Throws MALLA-KND-32 for a program that is not published for a system. */
export function toolsOf(platform: Platform, signal: AbortSignal): ToolSource[] {
  return downloadable.map((name) => {
    const machine = { platform: platform.os, arch: platform.arch === 'amd64' ? 'x64' : 'arm64' };
    const release = releaseOf(name, machine);
    if (!release) throw noRelease(name, `${platform.os}-${platform.arch}`, 'https://kind.sigs.k8s.io');
    const path = async (): Promise<string> => {
      const home = await mkdtemp(join(tmpdir(), 'malla-herramienta-'));
      return downloadTool({ home, name, release, signal });
    };
    return { name, ...platform, version: release.version, path };
  });
}
