// The only way in which Malla runs a program that is not its own: with an array of arguments, a deadline and a cancel,
// in a process group that ends with Malla.
import { constants } from 'node:fs';
import { access } from 'node:fs/promises';
import { isAbsolute } from 'node:path';
import { setTimeout as wait } from 'node:timers/promises';
import { execa } from 'execa';
import { killTree, watchOver } from './process-tree.ts';
import { ProgramError, type ProgramFailure, printCommand } from './program-error.ts';
import { keepOutput } from './program-output.ts';

export interface ProgramCall {
  /** Absolute path: findProgram. */
  program: string;
  args: readonly string[];
  /** Milliseconds. */
  timeout: number;
  signal?: AbortSignal;
  /** The whole environment; undefined: that of this process. */
  env?: Readonly<Record<string, string | undefined>>;
  input?: string | Uint8Array;
  cwd?: string;
  /** Each line as it comes, without its end, colours or control characters. What it throws is not caught. */
  onLine?(line: string, from: 'stdout' | 'stderr'): void;
  /** Bytes of each stream; a program that writes more is stopped. 10 MB when undefined. */
  limit?: number;
}

export interface ProgramResult {
  stdout: string;
  stderr: string;
  exitCode: number;
}

const graceBeforeKill = 3_000;
/** A child of the program may hold its pipes open for ever. */
const graceForPipes = 2_000;

/**
 * Resolves when it ends with code 0. Rejects with ProgramError (CodedError): not found, not executable, ended with
 * another code, killed by a signal, out of time, cancelled, too much output; its text carries the command (quoted) and
 * the tail of stderr. It is killed (SIGTERM, then SIGKILL after 3 s), with its children where the system allows, when
 * the signal aborts, the time is over or Malla ends, however it ends.
 */
export async function runProgram(call: ProgramCall): Promise<ProgramResult> {
  const { program, args, timeout, signal, limit = 10 * 1024 * 1024 } = call;
  const command = printCommand(program, args);
  const nothing = { command, stdout: '', stderr: '' };
  if (signal?.aborted) throw new ProgramError({ ...nothing, trouble: 'cancelado', cause: signal.reason });
  await mustBeExecutable(program, nothing);

  const child = start(call);
  const unwatch = watchOver(child.pid);
  const ended = new AbortController();
  let stoppedFor: ProgramFailure['trouble'] | undefined;
  const stop = (trouble: ProgramFailure['trouble']): void => {
    if (stoppedFor || ended.signal.aborted) return;
    stoppedFor = trouble;
    killTree(child, 'SIGTERM');
    wait(graceBeforeKill, undefined, { signal: ended.signal }).then(
      () => killTree(child, 'SIGKILL'),
      () => {},
    );
  };
  const cancel = (): void => stop('cancelado');
  const [stdout, stderr] = [
    keepOutput(child.stdout, { limit, onLine: line('stdout'), onTooMuch }),
    keepOutput(child.stderr, { limit, onLine: line('stderr'), onTooMuch }),
  ];
  const timer = setTimeout(() => stop('tiempo'), Math.min(timeout, 2 ** 31 - 1));
  signal?.addEventListener('abort', cancel, { once: true });
  child.nodeChildProcess.once('exit', () => {
    setTimeout(() => {
      stdout.close();
      stderr.close();
    }, graceForPipes).unref();
  });

  const result = await child;
  ended.abort();
  clearTimeout(timer);
  signal?.removeEventListener('abort', cancel);
  // What it started and left behind ends with it when it was stopped, and not when it ended by itself.
  if (stoppedFor) killTree(child, 'SIGKILL');
  unwatch();
  const wrote = { command, stdout: stdout.text(), stderr: stderr.text() };
  if (stoppedFor) throw new ProgramError({ ...wrote, trouble: stoppedFor, detail: limitOf(stoppedFor) });
  const exitCode = child.nodeChildProcess.exitCode ?? result.exitCode;
  if (exitCode === 0) return { stdout: wrote.stdout, stderr: wrote.stderr, exitCode };
  throw failureOf(result, exitCode, wrote);

  function line(from: 'stdout' | 'stderr'): ((text: string) => void) | undefined {
    return call.onLine && ((text) => call.onLine?.(text, from));
  }

  function onTooMuch(): void {
    stop('demasiada salida');
  }

  function limitOf(trouble: ProgramFailure['trouble']): string {
    if (trouble === 'tiempo') return `${(timeout / 1000).toLocaleString('es')} s`;
    return `${(limit / 1024 / 1024).toLocaleString('es', { maximumFractionDigits: 2 })} MB`;
  }
}

function start({ program, args, cwd, env, input }: ProgramCall) {
  return execa(program, args, {
    ...(cwd === undefined ? {} : { cwd }),
    env: env ?? process.env,
    extendEnv: false,
    ...(input === undefined ? { stdin: 'ignore' } : { input }),
    stdout: 'pipe',
    stderr: 'pipe',
    buffer: false,
    reject: false,
    windowsHide: true,
    // A group of its own: its children can be ended with it.
    detached: process.platform !== 'win32',
  });
}

async function mustBeExecutable(program: string, call: Pick<ProgramFailure, 'command' | 'stdout' | 'stderr'>) {
  if (!isAbsolute(program)) throw new Error(`runProgram needs an absolute path, not ${program}`);
  try {
    await access(program, constants.X_OK);
  } catch (cause) {
    const missing = cause instanceof Error && 'code' in cause && (cause.code === 'ENOENT' || cause.code === 'ENOTDIR');
    throw new ProgramError({ ...call, trouble: missing ? 'no existe' : 'no ejecutable', cause });
  }
}

interface Ended {
  signal?: string;
  code?: string;
  cause?: unknown;
}

function failureOf(
  result: Ended,
  exitCode: number | undefined,
  wrote: Pick<ProgramFailure, 'command' | 'stdout' | 'stderr'>,
): ProgramError {
  if (exitCode !== undefined) return new ProgramError({ ...wrote, trouble: 'código', exitCode, cause: result.cause });
  if (result.signal) return new ProgramError({ ...wrote, trouble: 'señal', detail: result.signal });
  const trouble = result.code === 'ENOENT' ? 'no existe' : 'no ejecutable';
  return new ProgramError({ ...wrote, trouble, detail: result.code, cause: result.cause });
}
