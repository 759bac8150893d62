// Does what a lab's written solution says: creates its files and runs its commands, from the closed list of actions.
import { existsSync } from 'node:fs';
import { mkdir, readFile, rename, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { stateFiles } from '../cluster/embedded/state-files.ts';
import { machinesHome } from '../cluster/machines/machines.ts';
import { findProgram } from '../cluster/programs/find-program.ts';
import { ProgramError } from '../cluster/programs/program-error.ts';
import { runProgram } from '../cluster/programs/run-program.ts';
import type { Action } from '../labs/lab.ts';
import { runTool } from '../tools/run-tool.ts';
import { ssh } from '../tools/ssh/ssh.ts';
import { tools } from '../tools/tools.ts';
import { recordAnswer } from './answers-file.ts';

export interface PerformOptions {
  /** The lab's folder: files go here and commands run here. */
  folder: string;
  /** Environment of the commands, KUBECONFIG included. */
  env: Record<string, string | undefined>;
  /** Malla's own: answers are kept there. */
  home: string;
  signal: AbortSignal;
  /** Milliseconds a command may take. */
  timeout?: number;
}

export interface Performed {
  action: Action;
  /** As the student would type it, or `crear FILE`. */
  title: string;
  exitCode: number;
  /** Standard output and error, in that order. */
  output: string;
}

/** Runs the actions in order and stops after the first that fails. Never throws for a failing command. */
export async function* perform(actions: readonly Action[], options: PerformOptions): AsyncGenerator<Performed> {
  // A command cannot run in a folder that is not there.
  await mkdir(options.folder, { recursive: true });
  for (const action of actions) {
    if (options.signal.aborted) return;
    const done = await performOne(action, options);
    yield done;
    if (done.exitCode !== 0) return;
  }
}

function performOne(action: Action, options: PerformOptions): Promise<Performed> {
  switch (action.type) {
    case 'file':
      return createFile(action, options.folder);
    case 'run':
      return runCommand(action, options);
    case 'answer':
      return answer(action, options.home);
  }
}

async function answer(action: Action & { type: 'answer' }, home: string): Promise<Performed> {
  await recordAnswer(home, action, action.text);
  const title = `malla responder ${action.lab} ${action.step}/${action.check} ${quote(action.text)}`;
  return { action, title, exitCode: 0, output: '' };
}

/** What the student already has under that name is kept beside it, never lost. */
async function createFile(action: Action & { type: 'file' }, folder: string): Promise<Performed> {
  const path = join(folder, action.path);
  await mkdir(dirname(path), { recursive: true });
  let output = '';
  if (existsSync(path) && (await readFile(path, 'utf8')) !== action.content) {
    const kept = `${path}.anterior-${Date.now()}`;
    await rename(path, kept);
    output = `Ya existía con otro contenido: lo guardo como ${kept}\n`;
  }
  await writeFile(path, action.content);
  return { action, title: `crear ${action.path}`, exitCode: 0, output };
}

async function runCommand(action: Action & { type: 'run' }, options: PerformOptions): Promise<Performed> {
  const [program, ...args] = action.argv;
  if (program === 'malla') return onMachine(action, args, options);
  const title = action.argv.map(quote).join(' ');
  const real = await findProgram(program, options);
  const ran = await (real ? runReal(real, args, options) : runTool(tools[program], args, options));
  return { action, title, ...ran };
}

async function runReal(path: string, args: string[], { folder, env, signal, timeout = 300_000 }: PerformOptions) {
  const lines: string[] = [];
  const call = {
    program: path,
    args,
    cwd: folder,
    env,
    signal,
    timeout,
    onLine: (line: string) => void lines.push(line),
  };
  try {
    const { exitCode } = await runProgram(call);
    return { exitCode, output: lines.join('\n') };
  } catch (error) {
    if (!(error instanceof ProgramError)) throw error;
    // What it wrote says enough when it ended by itself.
    const trouble = error.trouble === 'código' ? [] : [error.happened];
    return { exitCode: error.exitCode ?? 1, output: [...lines, ...trouble].join('\n') };
  }
}

/** `ssh MACHINE -- words…`. On a cluster of the student's own, its machines are theirs: there it is done by hand. */
async function onMachine(
  action: Action & { type: 'run' },
  args: readonly string[],
  options: PerformOptions,
): Promise<Performed> {
  const title = action.argv.map(quote).join(' ');
  const [, machine = '', , ...words] = args;
  const home = machinesHome(options.home);
  if (options.env.KUBECONFIG !== stateFiles(home).kubeconfig)
    return {
      action,
      title,
      exitCode: 0,
      output: `Esta orden es de la máquina ${machine}: en tus máquinas la escribes tú.`,
    };
  return { action, title, ...(await runTool((_argv, context) => ssh({ home, machine, words }, context), [], options)) };
}

function quote(word: string): string {
  return /^[\w./:=,@%+-]+$/.test(word) ? word : `'${word.replaceAll("'", `'\\''`)}'`;
}
