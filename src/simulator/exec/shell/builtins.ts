// Commands that only the shell itself can do.
import { resolvePath } from '../files.ts';
import type { ProgramStreams } from '../program.ts';
import { Jump } from './jump.ts';
import { parse } from './parse.ts';
import type { Shell } from './shell.ts';
import type { List } from './syntax.ts';
import { tokenize } from './tokens.ts';

export type Builtin = (
  argv: readonly string[],
  shell: Shell,
  streams: ProgramStreams,
  run: (list: List) => Promise<number>,
) => Promise<number> | number;

export const builtins: Record<string, Builtin> = {
  ':': () => 0,
  cd(argv, shell, { stderr }) {
    const target = argv[0] ?? shell.variable('HOME') ?? '/';
    const path = resolvePath(shell.cwd, target === '-' ? (shell.variable('OLDPWD') ?? '.') : target);
    if (shell.machine.files.kind(path) !== 'folder') {
      stderr(`${shell.name}: cd: can't cd to ${target}\n`);
      return 2;
    }
    shell.assign('OLDPWD', shell.cwd);
    shell.cwd = path;
    return 0;
  },
  pwd(_argv, shell, { stdout }) {
    stdout(`${shell.cwd}\n`);
    return 0;
  },
  export(argv, shell) {
    for (const word of argv) {
      const equals = word.indexOf('=');
      const name = equals < 0 ? word : word.slice(0, equals);
      if (/^[A-Za-z_]\w*$/.test(name))
        shell.assign(name, equals < 0 ? (shell.variable(name) ?? '') : word.slice(equals + 1), 'exported');
    }
    return 0;
  },
  unset(argv, shell) {
    for (const name of argv) if (!name.startsWith('-')) shell.unset(name);
    return 0;
  },
  set(argv, shell) {
    for (const [i, word] of argv.entries()) {
      if (word === '--') {
        shell.parameters = argv.slice(i + 1);
        break;
      }
      const on = word.startsWith('-');
      if (!on && !word.startsWith('+')) {
        shell.parameters = argv.slice(i);
        break;
      }
      if (word.includes('e')) shell.options.exitOnError = on;
      if (word.includes('x')) shell.options.trace = on;
    }
    return 0;
  },
  shift(argv, shell) {
    shell.parameters = shell.parameters.slice(Number(argv[0] ?? 1));
    return 0;
  },
  exit(argv, shell) {
    throw new Jump('exit', argv[0] === undefined ? shell.status : Number.parseInt(argv[0], 10) & 255);
  },
  return(argv, shell) {
    throw new Jump('return', argv[0] === undefined ? shell.status : Number.parseInt(argv[0], 10) & 255);
  },
  break(argv) {
    throw new Jump('break', Math.max(1, Number(argv[0] ?? 1)));
  },
  continue(argv) {
    throw new Jump('continue', Math.max(1, Number(argv[0] ?? 1)));
  },
  /** The program takes the shell's place: when it ends, so does the shell. */
  async exec(argv, shell, _streams, run) {
    if (argv.length === 0) return 0;
    await run([{ first: { commands: [simple(argv)], negated: false }, rest: [], background: false }]);
    throw new Jump('exit', shell.status);
  },
  eval: (argv, _shell, _streams, run) => run(parse(tokenize(argv.join(' ')))),
  read: readLine,
  wait: () => 0,
  trap: () => 0,
  umask: () => 0,
  local(argv, shell) {
    for (const word of argv) {
      const equals = word.indexOf('=');
      if (equals > 0) shell.assign(word.slice(0, equals), word.slice(equals + 1));
    }
    return 0;
  },
  type: describe,
  command(argv, shell, streams, run) {
    if (argv[0] !== '-v')
      return run([{ first: { commands: [simple(argv)], negated: false }, rest: [], background: false }]);
    const name = argv[1] ?? '';
    if (!Object.hasOwn(builtins, name) && !shell.machine.program(name)) return 127;
    streams.stdout(Object.hasOwn(builtins, name) ? `${name}\n` : `/usr/bin/${name}\n`);
    return 0;
  },
};

const simple = (argv: readonly string[]) => ({
  kind: 'simple' as const,
  assignments: [],
  words: argv.map((text) => [{ kind: 'text' as const, text, quoted: true }]),
  redirections: [],
});

function describe(argv: readonly string[], shell: Shell, { stdout, stderr }: ProgramStreams): number {
  const [name = ''] = argv;
  if (Object.hasOwn(builtins, name)) stdout(`${name} is a shell builtin\n`);
  else if (shell.machine.program(name)) stdout(`${name} is /usr/bin/${name}\n`);
  else {
    stderr(`${name}: not found\n`);
    return 127;
  }
  return 0;
}

const LONGEST_LINE = 1024 * 1024;

/** One line, whatever pieces it comes in; what follows it is left to the next reader. */
export async function takeLine(
  stdin: ProgramStreams['stdin'] & { unread?(chunk: Uint8Array): void },
): Promise<string | undefined> {
  let text: Buffer<ArrayBufferLike> = Buffer.alloc(0);
  for await (const chunk of stdin) {
    text = Buffer.concat([text, chunk]);
    const newline = text.indexOf(10);
    if (newline >= 0) {
      stdin.unread?.(text.subarray(newline + 1));
      return text.toString('utf8', 0, newline);
    }
    if (text.length > LONGEST_LINE) break;
  }
  return text.length > 0 ? text.toString('utf8') : undefined;
}

async function readLine(argv: readonly string[], shell: Shell, { stdin }: ProgramStreams): Promise<number> {
  const names = argv.filter((word) => !word.startsWith('-'));
  const line = await takeLine(stdin);
  const fields = (line ?? '').trim().split(/[ \t]+/);
  const all = names.length > 0 ? names : ['REPLY'];
  all.forEach((name, i) => {
    shell.assign(name, i === all.length - 1 ? fields.slice(i).join(' ') : (fields[i] ?? ''));
  });
  return line === undefined ? 1 : 0;
}
