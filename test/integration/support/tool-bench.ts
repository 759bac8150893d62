// A quick embedded cluster straight from the sources, and tools run on it as functions.
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { PassThrough } from 'node:stream';
import { deleteEmbedded } from '../../../src/cluster/embedded/embedded.ts';
import { startEmbedded } from '../../../src/cluster/embedded/start.ts';
import type { Tool } from '../../../src/tools/tool.ts';

const root = join(import.meta.dirname, '../../..');

export interface Outcome {
  code: number;
  stdout: string;
  stderr: string;
}

export interface ToolBench {
  env: Record<string, string | undefined>;
  entry: string;
  run(tool: Tool, ...argv: string[]): Promise<Outcome>;
  remove(): Promise<void>;
}

export const fixtures = join(root, 'test/fixtures/tools');

export async function createToolBench(): Promise<ToolBench> {
  const home = await mkdtemp(join(tmpdir(), 'malla-tools-'));
  const access = await startEmbedded({
    home,
    simulatorEntry: join(root, 'src/simulator/bin.ts'),
    nodePath: process.execPath,
    env: process.env,
    options: { fast: true },
  });
  const env = { ...process.env, KUBECONFIG: access.kubeconfig };
  return {
    env,
    entry: access.entry,
    run: (tool, ...argv) => runTool(tool, argv, env),
    async remove() {
      await deleteEmbedded({ home });
      await rm(home, { recursive: true, force: true });
    },
  };
}

export async function runTool(
  tool: Tool,
  argv: string[],
  env: Record<string, string | undefined> = {},
  { input = '', cwd = fixtures } = {},
): Promise<Outcome> {
  const [stdin, stdout, stderr] = [new PassThrough(), new PassThrough(), new PassThrough()];
  stdin.end(input);
  const [out, err] = [collect(stdout), collect(stderr)];
  const signal = new AbortController().signal;
  const code = await tool(argv, { streams: { stdin, stdout, stderr }, env, cwd, signal });
  return { code, stdout: out(), stderr: err() };
}

function collect(stream: PassThrough): () => string {
  const chunks: Buffer[] = [];
  stream.on('data', (chunk: Buffer) => chunks.push(chunk));
  return () => Buffer.concat(chunks).toString('utf8');
}
