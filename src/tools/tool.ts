// What a tool is: a function of arguments and environment that returns an exit code.
import type { Readable, Writable } from 'node:stream';

export interface ToolStreams {
  stdin: Readable & { isTTY?: boolean };
  stdout: Writable & { isTTY?: boolean; columns?: number };
  stderr: Writable & { isTTY?: boolean };
}

export interface ToolContext {
  streams: ToolStreams;
  env: Record<string, string | undefined>;
  cwd: string;
  /** Aborted by Ctrl-C. */
  signal: AbortSignal;
}

export type Tool = (argv: string[], context: ToolContext) => Promise<number>;

/** Ends a command with a message on stderr and an exit code. */
export class ToolError extends Error {
  readonly exitCode: number;

  constructor(message: string, exitCode = 1) {
    super(message);
    this.exitCode = exitCode;
  }
}

export async function readAll(stream: Readable): Promise<string> {
  const chunks: Buffer[] = [];
  for await (const chunk of stream as AsyncIterable<Buffer | string>) chunks.push(Buffer.from(chunk));
  return Buffer.concat(chunks).toString('utf8');
}
