// `malla consola`: a place to type the commands of the labs where there is no shell for them, as on Windows.
import { homedir } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import type { Command } from 'commander';
import { execa } from 'execa';
import { mallaHome } from '../../cluster/home.ts';
import { findProgram } from '../../cluster/programs/find-program.ts';
import { consolePrograms, runConsoleLine } from '../console/console-line.ts';
import type { Host, Invocation } from '../host.ts';

export function consoleCommand(program: Command, { host }: Invocation): void {
  program
    .command('consola')
    .description('una consola con kubectl, istioctl, curl y malla, para quien no tiene un terminal que los entienda')
    .action(() => converse(host));
}

async function converse(host: Host): Promise<void> {
  const tty = host.stdin.isTTY === true;
  const lines = createInterface({
    input: host.stdin,
    output: tty ? host.stdout : undefined,
    terminal: tty,
    prompt: 'malla> ',
    completer: (line: string) => [consolePrograms.filter((name) => name.startsWith(line)), line],
  });
  // Ctrl-C is for the order that runs; at the prompt it forgets the line.
  lines.on('SIGINT', () => {
    host.stdout.write('\n');
    lines.prompt();
  });
  host.holdInterrupts(true);
  let state = { folder: host.cwd, home: homedir() };
  if (tty) host.stdout.write('Consola de Malla. Escribe «ayuda» para ver lo que hay.\n');
  if (tty) lines.prompt();
  try {
    for await (const line of lines) {
      keepRaw(host, false);
      const next = await runConsoleLine(line, state, {
        write: (text) => void host.stdout.write(text),
        run: (name, args, folder) => runProgram(host, name, args, folder),
      });
      if (!next) break;
      state = next;
      keepRaw(host, tty);
      if (tty) lines.prompt();
    }
  } finally {
    lines.close();
    keepRaw(host, false);
    host.holdInterrupts(false);
    host.stdin.pause();
  }
}

/** A real program first; else Malla's own. Both write where the console does. */
async function runProgram(host: Host, name: string, args: readonly string[], folder: string): Promise<number> {
  const places = { env: host.env, home: mallaHome(host.env) };
  const found = name === 'malla' ? undefined : await findProgram(name, places);
  const own = ['--disable-warning=ExperimentalWarning', join(host.root, 'dist', 'malla.mjs')];
  const [path, ...rest] = found
    ? [found, ...args]
    : [host.nodePath, ...own, ...(name === 'malla' ? [] : [name]), ...args];
  const ended = await execa(path, rest, {
    cwd: folder,
    // Inside VS Code the Node that runs Malla is the editor's own program.
    env: { ...host.env, ELECTRON_RUN_AS_NODE: '1' },
    extendEnv: false,
    stdin: host.stdin.isTTY === true ? 'inherit' : 'ignore',
    stdout: 'inherit',
    stderr: 'inherit',
    reject: false,
  });
  return ended.exitCode ?? 1;
}

/** While an order runs, keys are the terminal's: Ctrl-C reaches the program. */
function keepRaw({ stdin }: Host, raw: boolean): void {
  if (stdin.isTTY === true && 'setRawMode' in stdin && typeof stdin.setRawMode === 'function') stdin.setRawMode(raw);
}
