// The programs that kind clusters need on this machine: kind itself and what runs its nodes.
import { findProgram } from '../programs/find-program.ts';
import { type ProgramResult, runProgram } from '../programs/run-program.ts';
import { explainRuntime, garbled, noKind, noRuntime, oldKind } from './errors.ts';

export const runtimeNames = ['docker', 'podman', 'nerdctl'] as const;
export type RuntimeName = (typeof runtimeNames)[number];

export interface KindTools {
  kind: string;
  /** As in 0.30.0. */
  kindVersion: string;
  runtime: { name: RuntimeName; path: string; version: string };
  /** Of every call: the provider of kind is said in it. */
  env: Record<string, string | undefined>;
}

export interface FindOptions {
  home: string;
  env: Readonly<Record<string, string | undefined>>;
  signal?: AbortSignal | undefined;
  /** Milliseconds that asking a version may take. */
  patience?: number;
}

/** The node images of today want at least this one. */
const oldest = '0.20.0';

/** Rejects with CodedError: missing, old, stopped, silent, not understood. */
export async function findKindTools(options: FindOptions): Promise<KindTools> {
  const kind = await findProgram('kind', options);
  if (kind === undefined) throw noKind();
  const [kindVersion, runtime] = await Promise.all([readKindVersion(kind, options), findRuntime(options)]);
  if (isOlder(kindVersion, oldest)) throw oldKind(kindVersion, oldest);
  const provider = runtime.name === 'docker' ? {} : { KIND_EXPERIMENTAL_PROVIDER: runtime.name };
  return { kind, kindVersion, runtime, env: { ...options.env, ...provider } };
}

/** As in 0.30.0. Rejects with CodedError. */
export async function readKindVersion(kind: string, options: FindOptions): Promise<string> {
  const { stdout } = await ask(kind, ['version'], options);
  const version = /^kind v(\d+\.\d+\.\d+)/.exec(stdout)?.[1];
  if (version === undefined) throw garbled('kind version', stdout);
  return version;
}

/** The one that KIND_EXPERIMENTAL_PROVIDER names; else the first that is there and works. Rejects with CodedError. */
export async function findRuntime(options: FindOptions): Promise<KindTools['runtime']> {
  const named = options.env.KIND_EXPERIMENTAL_PROVIDER;
  const names = runtimeNames.filter((name) => !isRuntime(named) || name === named);
  let firstTrouble: unknown;
  for (const name of names) {
    const path = await findProgram(name, options);
    if (path === undefined) continue;
    try {
      return { name, path, version: await readRuntimeVersion(name, path, options) };
    } catch (error) {
      options.signal?.throwIfAborted();
      firstTrouble ??= error;
    }
  }
  throw firstTrouble ?? noRuntime();
}

async function readRuntimeVersion(name: RuntimeName, path: string, options: FindOptions): Promise<string> {
  const format = name === 'podman' ? '{{.Version}}' : '{{.Server.Version}}';
  const args = name === 'podman' ? ['info', '--format', '{{.Version.Version}}'] : ['version', '--format', format];
  const result = await ask(path, args, options).catch((error: unknown) => {
    throw explainRuntime(name, error);
  });
  const version = result.stdout.trim();
  if (!/^v?\d+\.\d+[\w.+~-]*$/.test(version)) throw garbled(`${name} ${args.join(' ')}`, result.stdout);
  return version;
}

function ask(program: string, args: string[], { env, signal, patience = 15_000 }: FindOptions): Promise<ProgramResult> {
  return runProgram({ program, args, timeout: patience, env, ...(signal ? { signal } : {}), limit: 64 * 1024 });
}

function isRuntime(name: string | undefined): name is RuntimeName {
  return runtimeNames.some((n) => n === name);
}

function isOlder(version: string, than: string): boolean {
  const [a, b] = [version, than].map((v) => v.split('.').map(Number));
  for (const [i, part] of (b ?? []).entries()) {
    const own = a?.[i] ?? 0;
    if (own !== part) return own < part;
  }
  return false;
}
