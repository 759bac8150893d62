// The `malla` program as a child process: the only way the editor touches a cluster. Does not know `vscode`.
import { type ChildProcessWithoutNullStreams, spawn } from 'node:child_process';
import { createInterface } from 'node:readline';
import type { Problem } from '../../webview/protocol.ts';
import { t } from '../l10n.ts';
import { readProblem } from './program-output.ts';

export interface MallaProgram {
  /** Runs one verb to its end. Never rejects. */
  run(args: readonly string[], options?: RunOptions): Promise<Outcome>;
  /** Runs a verb that goes on until told to stop. */
  follow(args: readonly string[], listener: FollowListener): Following;
}

export interface RunOptions {
  signal?: AbortSignal;
  /** Lines of standard error, as they come. */
  onProgress?(line: string): void;
  /** JSON lines of standard output, as they come; the last one is the outcome too. */
  onValue?(value: unknown): void;
}

/** `value` is the last JSON line of standard output; `problem` is there when the verb could not do its work. */
export interface Outcome {
  exitCode: number;
  value?: unknown;
  problem?: Problem;
}

export interface FollowListener {
  onLine(value: unknown): void;
  /** `problem` is there unless it was asked to stop. */
  onEnd(problem: Problem | undefined): void;
}

export interface Following {
  /** Writes one order as a line of JSON. Does nothing once the program has ended. */
  order(value: unknown): void;
  /** Asks it to stop, and ends it if it does not within two seconds. */
  stop(): void;
}

export interface ProgramOptions {
  /** What runs JavaScript: inside VS Code, the editor's own program. */
  nodePath: string;
  /** dist/malla.mjs. */
  entry: string;
  env: Record<string, string | undefined>;
}

const linesKept = 20;

export function createMallaProgram(options: ProgramOptions): MallaProgram {
  const start = (args: readonly string[]): ChildProcessWithoutNullStreams =>
    spawn(options.nodePath, ['--disable-warning=ExperimentalWarning', options.entry, ...args], {
      env: childEnvironment(options.env),
      stdio: 'pipe',
      windowsHide: true,
    });
  return {
    run: (args, runOptions = {}) => runToEnd(start(args), runOptions),
    follow: (args, listener) => followUntilStopped(start(args), listener),
  };
}

function runToEnd(
  child: ChildProcessWithoutNullStreams,
  { signal, onProgress, onValue }: RunOptions,
): Promise<Outcome> {
  const output = collect(child, { onError: onProgress, onValue });
  const stop = (): void => void child.kill('SIGTERM');
  signal?.addEventListener('abort', stop, { once: true });
  if (signal?.aborted) stop();
  child.stdin.end();
  return new Promise((resolve) => {
    whenEnded(child, (exitCode, failure) => {
      signal?.removeEventListener('abort', stop);
      const value = output.values.at(-1);
      const problem = failure ? notStarted(failure) : (readProblem(value) ?? silentFailure(exitCode, value, output));
      resolve({ exitCode, value, ...(problem ? { problem } : {}) });
    });
  });
}

function followUntilStopped(child: ChildProcessWithoutNullStreams, listener: FollowListener): Following {
  let asked = false;
  let ended = false;
  let problem: Problem | undefined;
  const output = collect(child, {
    onValue(value) {
      const said = readProblem(value);
      if (said) problem = said;
      else if (!asked) listener.onLine(value);
    },
  });
  whenEnded(child, (exitCode, failure) => {
    ended = true;
    if (asked) return listener.onEnd(undefined);
    listener.onEnd(failure ? notStarted(failure) : (problem ?? endedAlone(exitCode, output.errors)));
  });
  const order = (value: unknown): void => {
    if (!ended && child.stdin.writable) child.stdin.write(`${JSON.stringify(value)}\n`);
  };
  return {
    order,
    stop() {
      if (ended || asked) return;
      asked = true;
      order({ do: 'stop' });
      child.stdin.end();
      const force = setTimeout(() => child.kill('SIGKILL'), 2000);
      child.once('close', () => clearTimeout(force));
    },
  };
}

interface Collected {
  values: unknown[];
  errors: string[];
}

/** Reads both streams by lines and keeps the last ones. Lines that are not JSON are not results and are dropped. */
function collect(
  child: ChildProcessWithoutNullStreams,
  { onValue, onError }: { onValue?(value: unknown): void; onError?(line: string): void },
): Collected {
  const kept: Collected = { values: [], errors: [] };
  createInterface({ input: child.stdout }).on('line', (line) => {
    const value = parseJson(line);
    if (value === undefined) return;
    keep(kept.values, value);
    onValue?.(value);
  });
  createInterface({ input: child.stderr }).on('line', (line) => {
    keep(kept.errors, line);
    onError?.(line);
  });
  // A child that ends before it has read an order is no error of ours.
  child.stdin.on('error', () => {});
  return kept;
}

function keep<T>(list: T[], item: T): void {
  list.push(item);
  if (list.length > linesKept) list.shift();
}

function parseJson(line: string): unknown {
  try {
    return JSON.parse(line);
  } catch {
    return undefined;
  }
}

/** Calls back once, after the streams are read to their end. */
function whenEnded(
  child: ChildProcessWithoutNullStreams,
  done: (exitCode: number, failure: Error | undefined) => void,
): void {
  let failure: Error | undefined;
  child.once('error', (error) => {
    failure = error;
    // A program that never started closes no streams.
    if (child.pid === undefined) done(-1, error);
  });
  child.once('close', (code) => {
    if (child.pid !== undefined) done(code ?? -1, code === null ? failure : undefined);
  });
}

function childEnvironment(env: Record<string, string | undefined>): Record<string, string | undefined> {
  const own = Object.entries(env).filter(([name]) => !/^(VSCODE|ELECTRON)_/.test(name));
  return { ...Object.fromEntries(own), ELECTRON_RUN_AS_NODE: '1' };
}

function notStarted(error: Error): Problem {
  return {
    code: 'MALLA-EDI-01',
    happened: t('El programa de Malla no arranca: {0}', error.message),
    expected: t('La extensión trae su propio programa y lo ejecuta con el Node de VS Code.'),
    todo: t('Vuelve a instalar la extensión; si sigue igual, avisa con este texto.'),
  };
}

/** A verb that gives no JSON and does not end with 0 has broken off. */
function silentFailure(exitCode: number, value: unknown, { errors }: Collected): Problem | undefined {
  return exitCode === 0 || value !== undefined ? undefined : endedAlone(exitCode, errors);
}

function endedAlone(exitCode: number, errors: readonly string[]): Problem {
  // Node ends its reports with its version; the error is above.
  const last = errors.findLast((line) => /error/i.test(line)) ?? errors.at(-1);
  return {
    code: 'MALLA-EDI-02',
    happened: `${t('El programa de Malla se ha cerrado sin decir por qué (código {0})', exitCode)}${last ? `: ${last}` : ''}`,
    expected: t('Sigue en marcha mientras se le necesita y explica sus errores.'),
    todo: t('Pulsa «Reintentar»; si vuelve a pasar, avisa con este texto.'),
  };
}
