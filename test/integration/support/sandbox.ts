// An embedded cluster of its own for a test, with the CLI's view of it.
import { cp, mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { PassThrough } from 'node:stream';
import { embedded, studentEnvironment } from '../../../src/cli/access.ts';
import type { Host } from '../../../src/cli/host.ts';
import { malla } from '../../../src/cli/malla.ts';
import { openCluster } from '../../../src/cluster/cluster.ts';
import type { Cluster } from '../../../src/cluster/contract.ts';
import { deleteEmbedded, stopEmbedded } from '../../../src/cluster/embedded/embedded.ts';

export const root = join(import.meta.dirname, '../../..');

export interface Sandbox {
  home: string;
  host: Host;
  /** Starts the cluster, or finds it running. */
  start(): Promise<{ cluster: Cluster; env: Record<string, string | undefined> }>;
  stop(): Promise<void>;
  /** A second sandbox with a copy of this one's state; this one must be stopped meanwhile, as they share ports. */
  branch(): Promise<Sandbox>;
  /** Runs `malla` and returns what it wrote. */
  malla(...argv: string[]): Promise<{ exitCode: number; stdout: string; stderr: string }>;
  remove(): Promise<void>;
}

export async function createSandbox(from?: string): Promise<Sandbox> {
  const home = await mkdtemp(join(tmpdir(), 'malla-test-'));
  if (from) await cp(from, home, { recursive: true });
  const host = hostFor(home);
  return {
    home,
    host,
    async start() {
      const access = await embedded(host);
      return { cluster: openCluster(access), env: await studentEnvironment(host, access.kubeconfig) };
    },
    stop: async () => void (await stopEmbedded({ home })),
    branch: () => createSandbox(home),
    async malla(...argv) {
      const own = hostFor(home);
      const [stdout, stderr] = [collect(own.stdout as PassThrough), collect(own.stderr as PassThrough)];
      const exitCode = await malla(argv, own);
      return { exitCode, stdout: stdout(), stderr: stderr() };
    },
    async remove() {
      await deleteEmbedded({ home });
      await rm(home, { recursive: true, force: true });
    },
  };
}

function hostFor(home: string): Host {
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
