// Puts images into the nodes of a kind cluster from a file, so that nothing is pulled.
import { runProgram } from '../programs/run-program.ts';
import type { KindTools } from './tools.ts';

export interface LoadOptions {
  tools: KindTools;
  /** The cluster's. */
  name: string;
  /** What `docker save` writes: absolute path. */
  archive: string;
  signal: AbortSignal;
  onLine?(line: string): void;
}

/** Rejects with ProgramError. */
export async function loadImageArchive({ tools, name, archive, signal, onLine }: LoadOptions): Promise<void> {
  await runProgram({
    program: tools.kind,
    args: ['load', 'image-archive', archive, '--name', name],
    timeout: 900_000,
    env: tools.env,
    signal,
    ...(onLine ? { onLine } : {}),
  });
}
