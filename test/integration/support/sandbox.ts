// A sandbox for a test, with the command line as seen in it.
import { join } from 'node:path';
import { PassThrough } from 'node:stream';
import type { Host } from '../../../src/cli/host.ts';
import { malla } from '../../../src/cli/malla.ts';
import { createSandbox as createPlain, type Sandbox as Plain } from '../../../src/cli/trial/sandbox.ts';

export const root = join(import.meta.dirname, '../../..');

export interface Sandbox extends Plain {
  branch(): Promise<Sandbox>;
  /** Runs `malla` and returns what it wrote. */
  malla(...argv: string[]): Promise<{ exitCode: number; stdout: string; stderr: string }>;
}

export async function createSandbox(): Promise<Sandbox> {
  return withCommandLine(await createPlain(hostFor('')));
}

function withCommandLine(plain: Plain): Sandbox {
  return {
    ...plain,
    branch: async () => withCommandLine(await plain.branch()),
    async malla(...argv) {
      const own = hostFor(plain.home);
      const [stdout, stderr] = [collect(own.stdout as PassThrough), collect(own.stderr as PassThrough)];
      const exitCode = await malla(argv, own);
      return { exitCode, stdout: stdout(), stderr: stderr() };
    },
  };
}

export function hostFor(home: string): Host {
  return {
    stdin: new PassThrough(),
    stdout: new PassThrough(),
    stderr: new PassThrough().resume(),
    env: { ...process.env, MALLA_HOME: home },
    cwd: home,
    nodePath: process.execPath,
    root,
    signal: new AbortController().signal,
    holdInterrupts() {},
  };
}

function collect(stream: PassThrough): () => string {
  const chunks: Buffer[] = [];
  stream.on('data', (chunk: Buffer) => chunks.push(chunk));
  return () => Buffer.concat(chunks).toString('utf8');
}
