// A container's own program where that is a command of the shell's: its output is the log, its exit code the container's.
import type { ContainerContext } from '../contract.ts';
import { StartError } from './container-access.ts';
import type { Machine } from './program.ts';
import { runCommand } from './run-command.ts';

/** A line without end is written in pieces of this length. */
const LONGEST_LINE = 16 * 1024;
/** Of a shell that cannot start what it was told to. */
const NOT_STARTED = 128;

/** Resolves when the program has ended, or its container has. Never rejects. */
export async function runMainCommand(
  machine: Machine,
  command: readonly string[],
  context: Pick<ContainerContext, 'log' | 'exit'>,
  signal: AbortSignal,
): Promise<void> {
  const lines = createLines(context.log);
  let code: number;
  try {
    code = await runCommand(machine, {
      command,
      tty: false,
      stdin: nothing(),
      stdout: lines.write,
      stderr: lines.write,
      // Programs that write without end leave room for others.
      drained: () => new Promise((resolve) => setImmediate(resolve)),
      signal,
    });
  } catch (error) {
    if (error instanceof StartError) lines.write(Buffer.from(`${error.message}\n`));
    code = error instanceof StartError ? NOT_STARTED : 1;
  }
  lines.end();
  if (!signal.aborted) context.exit?.(code);
}

async function* nothing(): AsyncGenerator<Uint8Array> {}

function createLines(log: (line: string) => void) {
  const decoder = new TextDecoder();
  let rest = '';
  return {
    write(chunk: Uint8Array): void {
      const parts = (rest + decoder.decode(chunk, { stream: true })).split('\n');
      rest = parts.pop() ?? '';
      for (const line of parts) log(line);
      for (; rest.length > LONGEST_LINE; rest = rest.slice(LONGEST_LINE)) log(rest.slice(0, LONGEST_LINE));
    },
    end(): void {
      if (rest !== '') log(rest);
      rest = '';
    },
  };
}
