// Runs a parsed program.
import { resolvePath } from '../files.ts';
import type { ProgramStreams } from '../program.ts';
import { createByteQueue } from '../queue.ts';
import { builtins } from './builtins.ts';
import { type Capture, expandPattern, expandText, expandWords } from './expand.ts';
import { Jump } from './jump.ts';
import { matchesPattern } from './patterns.ts';
import { redirect } from './redirect.ts';
import type { Shell } from './shell.ts';
import { ShellError } from './shell-error.ts';
import type { Command, Item, List, Pipeline } from './syntax.ts';

/** The client went away, or a terminal's Ctrl-C: whatever runs ends here. */
export class Killed extends Error {}

const DEEPEST = 100;
const LARGEST_CAPTURE = 4 * 1024 * 1024;
/** Commands between two rests, so that a loop without end leaves the process to others. */
const RUN = 20;

export interface Runner {
  /** Resolves with the status of the last command. Rejects with Jump, ShellError and Killed. */
  run(list: List, shell: Shell, streams: ProgramStreams): Promise<number>;
}

export function createRunner(): Runner {
  let commands = 0;
  let depth = 0;

  async function rest(streams: ProgramStreams): Promise<void> {
    commands += 1;
    if (commands % RUN === 0) await new Promise((resolve) => setImmediate(resolve));
    await streams.drained();
    if (streams.signal.aborted) throw new Killed();
  }

  async function run(list: List, shell: Shell, streams: ProgramStreams): Promise<number> {
    for (const item of list) {
      if (item.background) void runItem(item, shell.copy(), streams).catch(() => {});
      else await runItem(item, shell, streams);
    }
    return shell.status;
  }

  async function runItem({ first, rest: others }: Item, shell: Shell, streams: ProgramStreams): Promise<void> {
    let last = first;
    await runPipeline(first, shell, streams);
    for (const { operator, pipeline } of others) {
      if ((operator === '&&') !== (shell.status === 0)) continue;
      last = pipeline;
      await runPipeline(pipeline, shell, streams);
    }
    const tested = last.negated || (others.length > 0 && last !== others.at(-1)?.pipeline);
    if (shell.options.exitOnError && shell.status !== 0 && !tested) throw new Jump('exit', shell.status);
  }

  async function runPipeline(
    { commands: stages, negated }: Pipeline,
    shell: Shell,
    streams: ProgramStreams,
  ): Promise<void> {
    const [only] = stages;
    const status =
      stages.length === 1 && only ? await runCommand(only, shell, streams) : await runStages(stages, shell, streams);
    shell.status = negated ? Number(status === 0) : status;
  }

  async function runStages(stages: readonly Command[], shell: Shell, streams: ProgramStreams): Promise<number> {
    let input: ProgramStreams['stdin'] = streams.stdin;
    const all = stages.map((stage, i) => {
      const stop = new AbortController();
      const own: ProgramStreams = { ...streams, stdin: input, signal: AbortSignal.any([streams.signal, stop.signal]) };
      const from = input;
      if (i < stages.length - 1) {
        const pipe = createByteQueue(() => stop.abort());
        own.stdout = (chunk) => pipe.push(typeof chunk === 'string' ? Buffer.from(chunk) : chunk);
        own.drained = pipe.drained;
        own.tty = false;
        input = pipe;
      }
      const to = input;
      return isolated(stage, shell.copy(), own).finally(() => {
        if (i > 0 && 'abandon' in from) (from as ReturnType<typeof createByteQueue>).abandon();
        if (to !== from && 'end' in to) (to as ReturnType<typeof createByteQueue>).end();
      });
    });
    const statuses = await Promise.all(all);
    if (streams.signal.aborted) throw new Killed();
    return statuses.at(-1) ?? 0;
  }

  /** In a shell of its own: what ends it does not end the one that started it. */
  async function isolated(command: Command, shell: Shell, streams: ProgramStreams): Promise<number> {
    try {
      return await runCommand(command, shell, streams);
    } catch (error) {
      if (error instanceof Killed) return 141;
      if (error instanceof Jump) return error.kind === 'exit' || error.kind === 'return' ? error.value : 0;
      if (!(error instanceof ShellError)) throw error;
      streams.stderr(`${shell.name}: ${error.message}\n`);
      return error.exitCode;
    }
  }

  async function runCommand(command: Command, shell: Shell, streams: ProgramStreams): Promise<number> {
    await rest(streams);
    depth += 1;
    try {
      if (depth > DEEPEST) throw new ShellError('too many levels');
      const redirected = await redirect(command.redirections, shell, streams, captureWith(shell, streams));
      if (typeof redirected === 'number') return redirected;
      const status = await perform(command, shell, redirected.streams);
      return redirected.finish() ?? status;
    } finally {
      depth -= 1;
    }
  }

  async function perform(command: Command, shell: Shell, streams: ProgramStreams): Promise<number> {
    switch (command.kind) {
      case 'simple':
        return simple(command, shell, streams);
      case 'group':
        if (!command.subshell) return run(command.body, shell, streams);
        return isolated({ ...command, subshell: false, redirections: [] }, shell.copy(), streams);
      case 'if': {
        for (const { condition, body } of command.branches) {
          if ((await tested(condition, shell, streams)) === 0) return run(body, shell, streams);
        }
        shell.status = 0;
        return command.otherwise ? run(command.otherwise, shell, streams) : 0;
      }
      case 'loop':
        return loop(
          shell,
          async () => ((await tested(command.condition, shell, streams)) === 0) !== command.until,
          () => run(command.body, shell, streams),
        );
      case 'for': {
        const words = command.words
          ? await expandWords(command.words, shell, captureWith(shell, streams))
          : [...shell.parameters];
        const more = async () => {
          const word = words.shift();
          if (word !== undefined) shell.assign(command.name, word);
          return word !== undefined;
        };
        return loop(shell, more, () => run(command.body, shell, streams));
      }
      case 'case': {
        const capture = captureWith(shell, streams);
        const text = await expandText(command.word, shell, capture);
        for (const { patterns, body } of command.arms) {
          for (const pattern of patterns) {
            if (matchesPattern(await expandPattern(pattern, shell, capture), text)) return run(body, shell, streams);
          }
        }
        return 0;
      }
      case 'function':
        shell.functions.set(command.name, command.body);
        return 0;
    }
  }

  /** A condition may fail without ending a shell that ends on errors. */
  async function tested(list: List, shell: Shell, streams: ProgramStreams): Promise<number> {
    const { exitOnError } = shell.options;
    shell.options.exitOnError = false;
    try {
      return await run(list, shell, streams);
    } finally {
      shell.options.exitOnError = exitOnError;
    }
  }

  async function loop(shell: Shell, more: () => Promise<boolean>, body: () => Promise<number>): Promise<number> {
    let status = 0;
    while (await more()) {
      try {
        status = await body();
      } catch (error) {
        if (!(error instanceof Jump) || (error.kind !== 'break' && error.kind !== 'continue')) throw error;
        if (error.value > 1) throw new Jump(error.kind, error.value - 1);
        if (error.kind === 'break') break;
      }
    }
    shell.status = status;
    return status;
  }

  async function simple(command: Command & { kind: 'simple' }, shell: Shell, streams: ProgramStreams): Promise<number> {
    const capture = captureWith(shell, streams);
    shell.status = command.words.length > 0 ? shell.status : 0;
    const [name, ...argv] = await expandWords(command.words, shell, capture);
    const assigned: [string, string][] = [];
    for (const [variable, word] of command.assignments)
      assigned.push([variable, await expandText(word, shell, capture)]);
    if (name === undefined) {
      for (const [variable, value] of assigned) shell.assign(variable, value);
      return shell.status;
    }
    if (shell.options.trace) streams.stderr(`+ ${[name, ...argv].join(' ')}\n`);
    const body = shell.functions.get(name);
    if (body) return call(body, argv, shell, streams);
    const builtin = Object.hasOwn(builtins, name) ? builtins[name] : undefined;
    if (builtin) {
      for (const [variable, value] of assigned) shell.assign(variable, value);
      return builtin(argv, shell, streams, (list) => run(list, shell, streams));
    }
    return start(name, argv, Object.fromEntries(assigned), shell, streams);
  }

  async function call(body: Command, argv: readonly string[], shell: Shell, streams: ProgramStreams): Promise<number> {
    const { parameters } = shell;
    shell.parameters = argv;
    try {
      return await runCommand(body, shell, streams);
    } catch (error) {
      if (error instanceof Jump && error.kind === 'return') return error.value;
      throw error;
    } finally {
      shell.parameters = parameters;
    }
  }

  function captureWith(shell: Shell, streams: ProgramStreams): Capture {
    return async (script) => {
      const chunks: Uint8Array[] = [];
      let length = 0;
      const stdout = (chunk: string | Uint8Array): void => {
        const bytes = Buffer.from(chunk);
        length += bytes.length;
        if (length <= LARGEST_CAPTURE) chunks.push(bytes);
      };
      const inner: Command = { kind: 'group', subshell: false, body: script, redirections: [] };
      const own = { ...streams, stdout, drained: async () => {}, tty: false };
      shell.status = await isolated(inner, shell.copy(), own);
      if (streams.signal.aborted) throw new Killed();
      return Buffer.concat(chunks).toString('utf8');
    };
  }

  return { run };
}

async function start(
  name: string,
  argv: readonly string[],
  assigned: Record<string, string>,
  shell: Shell,
  streams: ProgramStreams,
): Promise<number> {
  const program = shell.machine.program(name);
  if (!program) return notFound(name, shell, streams);
  const status = await program(argv, { ...streams, env: { ...shell.environment(), ...assigned }, cwd: shell.cwd });
  if (streams.signal.aborted) throw new Killed();
  return status;
}

function notFound(name: string, shell: Shell, streams: ProgramStreams): number {
  const { files, image } = shell.machine;
  const path = name.includes('/') ? resolvePath(shell.cwd, name) : undefined;
  const there = path === undefined ? undefined : files.kind(path);
  const line = image.shell === 'busybox' ? '' : image.shell === 'bash' ? 'line 1: ' : '1: ';
  if (there) {
    streams.stderr(`${shell.name}: ${line}${name}: Permission denied\n`);
    return 126;
  }
  const why =
    path !== undefined && image.shell === 'bash'
      ? 'No such file or directory'
      : image.shell === 'bash'
        ? 'command not found'
        : 'not found';
  streams.stderr(`${shell.name}: ${line}${name}: ${why}\n`);
  return 127;
}
