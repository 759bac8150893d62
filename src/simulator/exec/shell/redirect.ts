// Where a command's input comes from and its output goes.
import { FileError, resolvePath } from '../files.ts';
import type { ProgramStreams } from '../program.ts';
import { createByteQueue } from '../queue.ts';
import { type Capture, expandText } from './expand.ts';
import type { Shell } from './shell.ts';
import type { Redirection } from './syntax.ts';

export interface Redirected {
  streams: ProgramStreams;
  /** Undefined, or the status of an output that could not be written. */
  finish(): number | undefined;
}

/** A number is the status of a redirection that failed. */
export async function redirect(
  redirections: readonly Redirection[],
  shell: Shell,
  streams: ProgramStreams,
  capture: Capture,
): Promise<Redirected | number> {
  let current = streams;
  let failed: number | undefined;
  const { files } = shell.machine;
  const complain = (verb: string, path: string, error: unknown): number => {
    if (!(error instanceof FileError)) throw error;
    const why = error.message.replace(
      'No such file or directory',
      verb === 'create' ? 'Directory nonexistent' : 'No such file',
    );
    streams.stderr(
      shell.machine.image.shell === 'dash'
        ? `${shell.name}: 1: cannot ${verb} ${path}: ${why}\n`
        : shell.machine.image.shell === 'busybox'
          ? `${shell.name}: can't ${verb} ${path}: ${error.message === 'No such file or directory' ? (verb === 'create' ? 'nonexistent directory' : 'no such file') : error.message}\n`
          : `${shell.name}: line 1: ${path}: ${error.message}\n`,
    );
    return 2;
  };
  for (const { from, operator, target } of redirections) {
    const word = await expandText(target, shell, capture);
    const path = resolvePath(shell.cwd, word);
    if (operator === '<<') current = { ...current, stdin: fixed(Buffer.from(word)) };
    else if (operator === '<') {
      try {
        current = { ...current, stdin: fixed(files.read(path)) };
      } catch (error) {
        return complain('open', word, error);
      }
    } else if (operator === '>&') {
      const to = word === '2' ? current.stderr : current.stdout;
      current = from === 2 ? { ...current, stderr: to } : { ...current, stdout: to };
    } else {
      try {
        if (operator === '>') files.write(path, new Uint8Array());
        else files.append(path, new Uint8Array());
      } catch (error) {
        return complain('create', word, error);
      }
      const write = (chunk: string | Uint8Array): void => {
        try {
          files.append(path, Buffer.from(chunk));
        } catch (error) {
          failed ??= complain('create', word, error);
        }
      };
      current = {
        ...current,
        tty: false,
        ...(from === 2 ? {} : { stdout: write }),
        ...(from === 2 || from === -1 ? { stderr: write } : {}),
      };
    }
  }
  return { streams: current, finish: () => failed };
}

function fixed(content: Uint8Array): ProgramStreams['stdin'] {
  const queue = createByteQueue();
  queue.push(content);
  queue.end();
  return queue;
}
