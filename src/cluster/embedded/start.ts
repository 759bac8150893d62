// Finds the embedded cluster running, or starts its process, which goes on without us.
import { type ChildProcess, spawn } from 'node:child_process';
import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { CodedError } from '../coded-error.ts';
import { type EmbeddedAccess, statusEmbedded } from './embedded.ts';
import { startDied, startTimedOut } from './errors.ts';
import { memoryEnvironment, memoryFlags } from './process-memory.ts';
import { logTail, stateFiles } from './state-files.ts';

export interface StartOptions {
  /** Malla's own folder: mallaHome(). */
  home: string;
  /** Path of dist/simulator.mjs, or of dist/machines.mjs for machines. */
  simulatorEntry: string;
  /** The Node that runs it: VS Code's own will do. */
  nodePath: string;
  env: Record<string, string | undefined>;
  signal?: AbortSignal;
  /** A sentence in Spanish on what is being done. */
  onProgress?(text: string): void;
  options?: ProcessOptions;
}

export interface ProcessOptions {
  port?: number;
  entryPort?: number;
  /** No waiting for schedulers, pulls and probes. */
  fast?: boolean;
  /** Milliseconds of the simulator's own delays, by name, in place of the usual ones. */
  delays?: Readonly<Record<string, number>>;
  /** Hours without use until it stops by itself. */
  idleHours?: number;
  /** How long it may take to come up. */
  timeoutMilliseconds?: number;
}

/** Rejects with CodedError, or the signal's reason. */
export async function startEmbedded(options: StartOptions): Promise<EmbeddedAccess & { started: boolean }> {
  options.signal?.throwIfAborted();
  const status = await statusEmbedded(options);
  if (status.running) {
    const { running: _running, ...access } = status;
    return { ...access, started: false };
  }
  options.onProgress?.('Arrancando el clúster embebido…');
  try {
    return { ...(await launch(options)), started: true };
  } catch (error) {
    // Somebody else started it in the same moment: it is found now.
    if (!(error instanceof CodedError) || error.code !== 'MALLA-CLU-01') throw error;
    const winner = await foundSoon(options);
    if (!winner) throw error;
    return { ...winner, started: false };
  }
}

async function launch(options: StartOptions): Promise<EmbeddedAccess> {
  const files = stateFiles(options.home);
  const child = spawn(options.nodePath, processArguments(options, files.folder), {
    cwd: folderToStartIn(options.home),
    detached: true,
    windowsHide: true,
    stdio: ['ignore', 'pipe', 'ignore'],
    env: {
      ...options.env,
      ELECTRON_RUN_AS_NODE: '1',
      // Compiled code of earlier starts: a third less to wait.
      NODE_COMPILE_CACHE: join(options.home, 'cache'),
      ...memoryEnvironment,
    },
  });
  try {
    const answer = await firstLine(child, options, () => logTail(files));
    return {
      kind: 'embebido',
      kubeconfig: String(answer.kubeconfig),
      entry: String(answer.entry),
      ...(answer.secureEntry ? { secureEntry: String(answer.secureEntry) } : {}),
      pid: Number(answer.pid),
    };
  } catch (error) {
    child.kill();
    throw error;
  } finally {
    child.stdout?.destroy();
    child.unref();
  }
}

function processArguments({ simulatorEntry, options = {} }: StartOptions, folder: string): string[] {
  const { port, entryPort, fast, delays, idleHours } = options;
  return [
    '--disable-warning=ExperimentalWarning',
    ...memoryFlags,
    simulatorEntry,
    ...['--estado', folder],
    ...(port === undefined ? [] : ['--puerto', String(port)]),
    ...(entryPort === undefined ? [] : ['--entrada', String(entryPort)]),
    ...(fast ? ['--rapido'] : []),
    ...(delays ? ['--demoras', JSON.stringify(delays)] : []),
    ...(idleHours === undefined ? [] : ['--ocioso', String(idleHours)]),
  ];
}

/** The line with which the process says where it is, or why it is not. Rejects with CodedError or the signal's reason. */
function firstLine(
  child: ChildProcess,
  { signal, options }: StartOptions,
  tail: () => string,
): Promise<Record<string, unknown>> {
  const timeout = options?.timeoutMilliseconds ?? 30_000;
  return new Promise((resolve, reject) => {
    let text = '';
    const timer = setTimeout(() => settle(() => reject(startTimedOut(timeout / 1000, tail()))), timeout);
    const onAbort = (): void => settle(() => reject(signal?.reason));
    const onData = (chunk: Buffer): void => {
      text += chunk.toString();
      const end = text.indexOf('\n');
      if (end >= 0) settle(() => read(text.slice(0, end)));
    };
    const onError = (error: Error): void => settle(() => reject(startDied(error.message, tail())));
    const onClose = (code: number | null, killed: string | null): void =>
      settle(() => reject(startDied(killed ?? `código ${code}`, tail())));
    child.stdout?.on('data', onData);
    child.once('error', onError);
    child.once('close', onClose);
    signal?.addEventListener('abort', onAbort, { once: true });

    function settle(then: () => void): void {
      clearTimeout(timer);
      signal?.removeEventListener('abort', onAbort);
      child.stdout?.off('data', onData);
      child.off('close', onClose);
      then();
    }

    function read(line: string): void {
      const answer = parse(line);
      if (!answer) reject(startDied(`ha escrito «${line.slice(0, 200)}»`, tail()));
      else if (isFields(answer.error)) reject(new CodedError(answer.error));
      else resolve(answer);
    }
  });
}

/** Not the caller's: the process would keep that folder in use for hours. */
function folderToStartIn(home: string): string {
  try {
    mkdirSync(home, { recursive: true, mode: 0o700 });
    return home;
  } catch {
    // The process says it better.
    return process.cwd();
  }
}

async function foundSoon(options: StartOptions): Promise<EmbeddedAccess | undefined> {
  for (const deadline = Date.now() + 5_000; Date.now() < deadline; ) {
    const status = await statusEmbedded(options);
    if (status.running) {
      const { running: _running, ...access } = status;
      return access;
    }
    await new Promise((resolve) => setTimeout(resolve, 50));
  }
  return undefined;
}

function parse(line: string): Record<string, unknown> | undefined {
  try {
    const value: unknown = JSON.parse(line);
    return typeof value === 'object' && value !== null ? (value as Record<string, unknown>) : undefined;
  } catch {
    return undefined;
  }
}

function isFields(value: unknown): value is { code: string; happened: string; expected: string; todo: string } {
  const fields = (value ?? {}) as Record<string, unknown>;
  return ['code', 'happened', 'expected', 'todo'].every((name) => typeof fields[name] === 'string');
}
