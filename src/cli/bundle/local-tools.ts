// The programs of this machine that a class bundle takes along, with their versions.
import type { ToolSource } from '../../cluster/bundle/create.ts';
import type { Architecture } from '../../cluster/bundle/manifest.ts';
import { archOf } from '../../cluster/bundle/manifest.ts';
import { findIstioctl } from '../../cluster/istio-setup/find-istioctl.ts';
import { readKindVersion } from '../../cluster/kind/tools.ts';
import { findProgram } from '../../cluster/programs/find-program.ts';
import { runProgram } from '../../cluster/programs/run-program.ts';

export interface LocalToolsOptions {
  home: string;
  env: Readonly<Record<string, string | undefined>>;
  signal: AbortSignal;
}

/** Those that are there, for this machine's system; none for a system that bundles do not know. Rejects with CodedError. */
export async function localTools(options: LocalToolsOptions): Promise<ToolSource[]> {
  const os = osOf(process.platform);
  const arch = archOf(process.arch);
  if (!os || !arch) return [];
  const found: (ToolSource | undefined)[] = [
    await kind(options, os, arch),
    await kubectl(options, os, arch),
    await istioctl(options, os, arch),
  ];
  return found.filter((tool) => tool !== undefined);
}

async function kind(
  options: LocalToolsOptions,
  os: ToolSource['os'],
  arch: Architecture,
): Promise<ToolSource | undefined> {
  const path = await findProgram('kind', options);
  if (path === undefined) return undefined;
  return { name: 'kind', os, arch, path, version: await readKindVersion(path, options) };
}

async function istioctl(
  options: LocalToolsOptions,
  os: ToolSource['os'],
  arch: Architecture,
): Promise<ToolSource | undefined> {
  const found = await findIstioctl(options, options.signal);
  return found && { name: 'istioctl', os, arch, ...found };
}

async function kubectl(
  options: LocalToolsOptions,
  os: ToolSource['os'],
  arch: Architecture,
): Promise<ToolSource | undefined> {
  const path = await findProgram('kubectl', options);
  if (path === undefined) return undefined;
  const { env, signal } = options;
  const { stdout } = await runProgram({
    program: path,
    args: ['version', '--client', '-o', 'json'],
    timeout: 20_000,
    env,
    signal,
  });
  const version = /"gitVersion": *"v?([\w.+-]+)"/.exec(stdout)?.[1];
  return version === undefined ? undefined : { name: 'kubectl', os, arch, path, version };
}

function osOf(platform: string): ToolSource['os'] | undefined {
  return platform === 'linux' || platform === 'darwin' || platform === 'win32' ? platform : undefined;
}
