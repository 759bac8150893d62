// `sh`: a program from -c, from standard input, or from a person at a terminal.
import { FileError, resolvePath } from '../files.ts';
import type { Program, ProgramStreams } from '../program.ts';
import { takeLine } from './builtins.ts';
import { Jump } from './jump.ts';
import { parse } from './parse.ts';
import { createRunner, Killed } from './run.ts';
import { createShell, type Shell } from './shell.ts';
import { ShellError } from './shell-error.ts';
import { type List, SyntaxProblem } from './syntax.ts';
import { tokenize } from './tokens.ts';

/** `shellName` is what it calls itself in messages. */
export function sh(shellName: string): Program {
  return async (argv, streams) => {
    const options = argv.findIndex((word) => !/^[-+]/.test(word));
    const flags = (options < 0 ? argv : argv.slice(0, options)).join('');
    const words = options < 0 ? [] : argv.slice(options);
    const { machine, cwd, env } = streams;
    const inline = flags.includes('c');
    const script = inline ? words[0] : undefined;
    const [name, ...parameters] = inline ? words.slice(1) : words;
    if (inline && script === undefined) {
      streams.stderr(`${shellName}: 0: -c requires an argument\n`);
      return 2;
    }
    const shell = createShell({ machine, name: name ?? shellName, cwd, parameters, env });
    shell.options.exitOnError = /e/.test(flags.replace('-c', ''));
    shell.options.trace = /x/.test(flags);
    if (script !== undefined) return runText(script, shell, streams);
    if (name === undefined) return readAndRun(shell, streams);
    try {
      return await runText(machine.files.read(resolvePath(cwd, name)).toString('utf8'), shell, streams);
    } catch (error) {
      if (!(error instanceof FileError)) throw error;
      streams.stderr(`${shellName}: 0: cannot open ${name}: No such file\n`);
      return 2;
    }
  };
}

async function runText(text: string, shell: Shell, streams: ProgramStreams): Promise<number> {
  const list = parsed(text, shell, streams);
  return list === undefined ? 2 : ended(runList(list, shell, streams));
}

function parsed(text: string, shell: Shell, streams: ProgramStreams): List | undefined {
  try {
    return parse(tokenize(text));
  } catch (error) {
    if (!(error instanceof SyntaxProblem)) throw error;
    streams.stderr(`${shell.name}: ${lineMark(shell)}syntax error: ${error.message}\n`);
    return undefined;
  }
}

/** Rejects with Jump of kind exit only. */
async function runList(list: List, shell: Shell, streams: ProgramStreams): Promise<number> {
  try {
    return await createRunner().run(list, shell, streams);
  } catch (error) {
    if (error instanceof Killed) return 130;
    if (error instanceof Jump && error.kind !== 'exit') return error.kind === 'return' ? error.value : 0;
    // The parser meets a program within a program, of eval, only now.
    if (!(error instanceof ShellError) && !(error instanceof SyntaxProblem)) throw error;
    streams.stderr(`${shell.name}: ${lineMark(shell)}${error.message}\n`);
    shell.status = 2;
    return error instanceof ShellError ? error.exitCode : 2;
  }
}

async function ended(running: Promise<number>): Promise<number> {
  try {
    return await running;
  } catch (error) {
    if (error instanceof Jump) return error.value;
    throw error;
  }
}

const lineMark = ({ machine }: Shell): string =>
  machine.image.shell === 'bash' ? 'line 1: ' : machine.image.shell === 'dash' ? '1: ' : '';

/** Line by line, as the rest of the input belongs to the programs that are started. */
async function readAndRun(shell: Shell, streams: ProgramStreams): Promise<number> {
  let text = '';
  const gone = aborted(streams.signal);
  for (;;) {
    if (streams.tty) streams.stdout(text === '' ? prompt(shell) : '> ');
    const next = takeLine(streams.stdin);
    let interrupted = false;
    streams.onInterrupt?.(() => {
      interrupted = true;
      text = '';
      streams.stdout(prompt(shell));
    });
    const line = await Promise.race([next, gone]);
    if (interrupted) text = '';
    if (line === undefined) {
      streams.onInterrupt?.(undefined);
      if (streams.tty) streams.stdout('\n');
      return shell.status;
    }
    text += `${line}\n`;
    let list: List | undefined;
    try {
      list = parse(tokenize(text));
    } catch (error) {
      if (error instanceof SyntaxProblem && error.incomplete) continue;
      list = parsed(text, shell, streams);
    }
    text = '';
    if (!list) shell.status = 2;
    else {
      try {
        shell.status = await interruptible(list, shell, streams);
      } catch (error) {
        if (error instanceof Jump) return error.value;
        throw error;
      }
    }
  }
}

function interruptible(list: List, shell: Shell, streams: ProgramStreams): Promise<number> {
  const stop = new AbortController();
  streams.onInterrupt?.(() => stop.abort());
  const signal = AbortSignal.any([streams.signal, stop.signal]);
  return runList(list, shell, { ...streams, signal });
}

function aborted(signal: AbortSignal): Promise<undefined> {
  return new Promise((resolve) => {
    if (signal.aborted) resolve(undefined);
    else signal.addEventListener('abort', () => resolve(undefined), { once: true });
  });
}

/** As each shell shows it. */
function prompt({ machine, cwd, variable }: Shell): string {
  const { image, hostname } = machine;
  const mark = image.user.uid === 0 ? '#' : '$';
  if (image.shell === 'dash') return `${mark} `;
  const home = variable('HOME');
  const place = home !== undefined && cwd === home ? '~' : cwd;
  return image.shell === 'bash' ? `${image.user.name}@${hostname}:${place}${mark} ` : `${place} ${mark} `;
}
