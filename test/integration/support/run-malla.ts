// One call of `malla` with an environment of the test's own: nothing of this process's gets in.
import { mkdir } from 'node:fs/promises';
import { PassThrough } from 'node:stream';
import { malla } from '../../../src/cli/malla.ts';
import { hostFor } from './sandbox.ts';

export interface Ran {
  exitCode: number;
  stdout: string;
  stderr: string;
}

export async function runMalla(
  home: string,
  env: Record<string, string>,
  argv: readonly string[],
  { signal, onStderr }: { signal?: AbortSignal; onStderr?(whole: string): void } = {},
): Promise<Ran> {
  await mkdir(home, { recursive: true });
  const [stdout, stderr] = [new PassThrough(), new PassThrough()];
  const wrote = { stdout: '', stderr: '' };
  stdout.on('data', (chunk: Buffer) => {
    wrote.stdout += chunk.toString();
  });
  stderr.on('data', (chunk: Buffer) => {
    wrote.stderr += chunk.toString();
    onStderr?.(wrote.stderr);
  });
  const host = { ...hostFor(home), stdout, stderr, env: { MALLA_HOME: home, ...env }, ...(signal ? { signal } : {}) };
  return { exitCode: await malla(argv, host), ...wrote };
}
