// What a bundle asks of the container runtime of this machine: docker, or podman and nerdctl, which answer alike.
import { ProgramError } from '../programs/program-error.ts';
import { runProgram } from '../programs/run-program.ts';
import { bundleError } from './errors.ts';
import type { Architecture } from './manifest.ts';

export interface LocalImage {
  /** Digest of its configuration: `sha256:…`. */
  id: string;
  arch: string;
  bytes: number;
}

export interface ImageRuntime {
  /** Undefined: it is not on this machine. */
  find(image: string): Promise<LocalImage | undefined>;
  /** Rejects with MALLA-PAQ-09. */
  pull(image: string, arch: Architecture): Promise<void>;
  /** All in one archive, which shares their layers. */
  save(images: readonly string[], file: string): Promise<void>;
  load(file: string): Promise<void>;
}

export interface RuntimeOptions {
  /** Absolute path of docker, podman or nerdctl. */
  program: string;
  env: Record<string, string | undefined>;
  signal: AbortSignal;
}

const minute = 60_000;

/** Its calls reject with ProgramError, or with what is said above. */
export function imageRuntime({ program, env, signal }: RuntimeOptions): ImageRuntime {
  const run = (args: string[], timeout: number): Promise<{ stdout: string }> =>
    runProgram({ program, args, timeout, env, signal });
  return {
    async find(image) {
      try {
        const { stdout } = await run(['image', 'inspect', image], minute);
        const found = readImage(stdout);
        if (!found) throw bundleError('MALLA-PAQ-09', `${program} no dice nada que se entienda de la imagen ${image}.`);
        return found.Id ? { id: idOf(found.Id), arch: found.Architecture ?? '', bytes: found.Size ?? 0 } : undefined;
      } catch (error) {
        if (
          error instanceof ProgramError &&
          error.trouble === 'código' &&
          /no such (image|object)|not (found|known)/i.test(error.stderr)
        )
          return undefined;
        throw error;
      }
    },
    async pull(image, arch) {
      try {
        await run(['pull', '--platform', `linux/${arch}`, image], 20 * minute);
      } catch (error) {
        if (error instanceof ProgramError && error.trouble === 'código')
          throw bundleError('MALLA-PAQ-09', `No se puede bajar la imagen ${image}: ${lastLine(error.stderr)}`, error);
        throw error;
      }
    },
    save: (images, file) => withRoom(run(['save', '-o', file, ...images], 20 * minute), file),
    load: (file) => withRoom(run(['load', '-i', file], 20 * minute), 'las imágenes'),
  };
}

interface Inspected {
  Id?: string;
  Architecture?: string;
  Size?: number;
}

/** Undefined when it is not what `image inspect` writes. */
function readImage(stdout: string): Inspected | undefined {
  try {
    const list: unknown = JSON.parse(stdout);
    return Array.isArray(list) && typeof list[0] === 'object' && list[0] !== null ? (list[0] as Inspected) : undefined;
  } catch {
    return undefined;
  }
}

/** Podman leaves the algorithm out. */
function idOf(id: string): string {
  return id.startsWith('sha256:') ? id : `sha256:${id}`;
}

async function withRoom(work: Promise<unknown>, what: string): Promise<void> {
  try {
    await work;
  } catch (error) {
    if (error instanceof ProgramError && /no space left on device|disk quota exceeded/i.test(error.stderr))
      throw bundleError('MALLA-PAQ-08', `No queda sitio para ${what}.`, error);
    throw error;
  }
}

function lastLine(text: string): string {
  return text.trim().split('\n').at(-1) ?? '';
}
