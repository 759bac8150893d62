// What the command line gets from the process it runs in. Tests pass their own.
import type { Readable, Writable } from 'node:stream';

export interface Host {
  stdin: Readable & { isTTY?: boolean };
  stdout: Writable & { isTTY?: boolean; columns?: number };
  stderr: Writable & { isTTY?: boolean };
  env: Record<string, string | undefined>;
  cwd: string;
  /** The Node that runs Malla, for its child processes. */
  nodePath: string;
  /** The package's folder: labs/, samples/, dist/. */
  root: string;
  /** Aborted by Ctrl-C. */
  signal: AbortSignal;
  /** While held, Ctrl-C is somebody else's: the student's shell in the guide. */
  holdInterrupts(hold: boolean): void;
}

/** One call of `malla`. Verbs set the exit code; `malla` returns it. */
export interface Invocation {
  host: Host;
  exit(code: number): void;
}

/** Exit codes of every verb. 0 to 2 speak of the student's work; the rest, of the call or the machine. */
export const exitCodes = { right: 0, wrong: 1, unverifiable: 2, usage: 64, unavailable: 69, interrupted: 130 } as const;
