// One program of `kubectl exec`, with a terminal in front of it when the client asked for one.
import { createHash, randomBytes } from 'node:crypto';
import { type ExecCall, StartError } from './container-access.ts';
import type { Machine, ProgramStreams } from './program.ts';
import { openTerminal } from './terminal.ts';

/** Resolves with the exit code. Rejects with StartError. */
export async function runCommand(machine: Machine, call: ExecCall): Promise<number> {
  const [name = '', ...argv] = call.command;
  const program = machine.program(name);
  if (!program) throw startError(name);
  const killed = new AbortController();
  const kill = () => killed.abort();
  call.signal.addEventListener('abort', kill, { once: true });
  if (call.signal.aborted) kill();
  const streams: ProgramStreams = {
    machine,
    stdin: call.stdin,
    stdout: (chunk) => call.stdout(bytes(chunk)),
    stderr: (chunk) => call.stderr(bytes(chunk)),
    drained: call.drained,
    env: machine.env,
    cwd: machine.image.workingDirectory,
    signal: killed.signal,
    tty: call.tty,
  };
  const terminal = call.tty ? openTerminal(call, kill) : undefined;
  try {
    const code = await program(argv, terminal ? { ...streams, ...terminal.streams } : streams);
    return killed.signal.aborted ? 130 : code & 255;
  } finally {
    call.signal.removeEventListener('abort', kill);
    terminal?.close();
  }
}

const bytes = (chunk: string | Uint8Array): Uint8Array => (typeof chunk === 'string' ? Buffer.from(chunk) : chunk);

function startError(name: string): StartError {
  const id = createHash('sha256').update(randomBytes(16)).digest('hex');
  const why = name.includes('/') ? `stat ${name}: no such file or directory` : 'executable file not found in $PATH';
  return new StartError(
    `failed to exec in container: failed to start exec "${id}": OCI runtime exec failed: exec failed: unable to start container process: exec: ${JSON.stringify(name)}: ${why}`,
  );
}
