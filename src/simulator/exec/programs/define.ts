// What most programs have in common: options, files or standard input, errors with their own name.
import { FileError, resolvePath } from '../files.ts';
import { type Program, type ProgramStreams, readAllText } from '../program.ts';
import { OptionError, type Options, readOptions } from './options.ts';

/** Ends a program with a message, to which its name is added. */
export class ProgramError extends Error {
  readonly exitCode: number;
  constructor(message: string, exitCode = 1) {
    super(message);
    this.exitCode = exitCode;
  }
}

export type Body = (options: Options, streams: ProgramStreams) => Promise<number | undefined> | number | undefined;

/** `undefined` from the body is 0. */
export function define(name: string, known: string, body: Body, long?: Readonly<Record<string, string>>): Program {
  return async (argv, streams) => {
    try {
      return (await body(readOptions(argv, known, long), streams)) ?? 0;
    } catch (error) {
      if (!(error instanceof OptionError || error instanceof ProgramError || error instanceof FileError)) throw error;
      streams.stderr(`${name}: ${error.message}\n`);
      return error instanceof ProgramError ? error.exitCode : 1;
    }
  };
}

/** Throws ProgramError that names the file as the program does. */
export function readFile(path: string, { machine, cwd }: ProgramStreams, shown: string = path): Buffer {
  try {
    return machine.files.read(resolvePath(cwd, path));
  } catch (error) {
    if (error instanceof FileError) throw new ProgramError(`${shown}: ${error.message}`);
    throw error;
  }
}

/** Of the files, or of standard input when there are none. */
export async function inputText(files: readonly string[], streams: ProgramStreams): Promise<string> {
  if (files.length === 0) return readAllText(streams);
  let text = '';
  for (const file of files)
    text += file === '-' ? await readAllText(streams) : readFile(file, streams).toString('utf8');
  return text;
}

/** Without the empty one after the last line's end. */
export function linesOf(text: string): string[] {
  if (text === '') return [];
  const all = text.split('\n');
  if (all.at(-1) === '') all.pop();
  return all;
}

export const joined = (all: readonly string[]): string => all.map((line) => `${line}\n`).join('');
