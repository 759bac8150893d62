// One of Malla's own tools run to its end inside this process, as whoever carries out a lab's text runs it.
import { PassThrough } from 'node:stream';
import type { Tool } from './tool.ts';

export interface RunToolOptions {
  /** Where it runs. */
  folder: string;
  env: Record<string, string | undefined>;
  signal: AbortSignal;
  /** Milliseconds it may take; five minutes when it is not said. */
  timeout?: number;
}

export interface ToolRun {
  exitCode: number;
  /** Standard output and error as they came, without the last newline. */
  output: string;
}

/** With no input. */
export async function runTool(
  tool: Tool,
  args: readonly string[],
  { folder, env, signal, timeout = 300_000 }: RunToolOptions,
): Promise<ToolRun> {
  const output = new PassThrough();
  const chunks: Buffer[] = [];
  output.on('data', (chunk: Buffer) => chunks.push(chunk));
  const stdin = new PassThrough();
  stdin.end();
  const exitCode = await tool([...args], {
    streams: { stdin, stdout: output, stderr: output },
    env,
    cwd: folder,
    signal: AbortSignal.any([signal, AbortSignal.timeout(timeout)]),
  });
  return { exitCode, output: Buffer.concat(chunks).toString('utf8').trimEnd() };
}
