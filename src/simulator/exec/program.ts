// What a program in a container is, a function of its words and streams to an exit code, and what it sees there.
import type { KubeObject } from '../../mesh/objects.ts';
import type { ContainerContext, ExecStreams } from '../contract.ts';
import type { Files } from './files.ts';
import type { ImageFacts } from './image-facts.ts';

/** What a program sees inside one container: files, environment, other programs. */
export interface Machine {
  pod: KubeObject;
  hostname: string;
  image: ImageFacts;
  files: Files;
  env: Readonly<Record<string, string>>;
  /** Undefined for containers of the cluster itself. */
  context: ContainerContext | undefined;
  /** Undefined: no such file. */
  program(name: string): Program | undefined;
}

export interface ProgramStreams extends ExecStreams {
  machine: Machine;
  /** Resolves when there is room for more output. */
  drained(): Promise<void>;
  /** Whether output goes to a terminal. */
  tty: boolean;
  /** Of a terminal: Ctrl-C calls the handler instead of ending the program. */
  onInterrupt?(handler: (() => void) | undefined): void;
}

/** `argv` without the program's name. */
export type Program = (argv: readonly string[], streams: ProgramStreams) => Promise<number>;

/** Ends when the client goes away, too. */
export async function readAllText({ stdin }: Pick<ExecStreams, 'stdin'>, most = 8 * 1024 * 1024): Promise<string> {
  const chunks: Uint8Array[] = [];
  let length = 0;
  for await (const chunk of stdin) {
    length += chunk.length;
    if (length > most) break;
    chunks.push(chunk);
  }
  return Buffer.concat(chunks).toString('utf8');
}

/** Lines without their ends, as they come. */
export async function* lines({ stdin }: Pick<ExecStreams, 'stdin'>): AsyncGenerator<string> {
  const decoder = new TextDecoder();
  let rest = '';
  for await (const chunk of stdin) {
    const parts = (rest + decoder.decode(chunk, { stream: true })).split('\n');
    rest = parts.pop() ?? '';
    // A line without end is not kept for ever.
    if (rest.length > 4 * 1024 * 1024) rest = '';
    yield* parts;
  }
  if (rest !== '') yield rest;
}
