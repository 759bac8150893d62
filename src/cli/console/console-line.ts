// One line of Malla's console: words, a few orders of its own, and the programs of the labs. It is no shell: what only a
// shell could do is told, not guessed.
import { readdir, readFile, stat } from 'node:fs/promises';
import { join, resolve } from 'node:path';
import { splitWords } from '../../labs/words.ts';

export interface ConsoleState {
  folder: string;
  /** The person's home, for `cd` alone. */
  home: string;
}

export interface ConsoleOptions {
  write(text: string): void;
  /** Runs a program of the labs, or `malla`, in a folder; resolves to its exit code. */
  run(program: string, args: readonly string[], folder: string): Promise<number>;
}

export const consolePrograms = ['kubectl', 'istioctl', 'curl', 'malla'] as const;

/** The next state; undefined when the console is over. Never rejects for what the line says. */
export async function runConsoleLine(
  line: string,
  state: ConsoleState,
  { write, run }: ConsoleOptions,
): Promise<ConsoleState | undefined> {
  const split = splitWords(line);
  if ('problem' in split) {
    write(
      `Esta consola no entiende ${split.problem}. Una orden y sus palabras; entre comillas, lo que lleve espacios.\n`,
    );
    return state;
  }
  const [name, ...args] = split.words;
  if (name === undefined) return state;
  if (name === 'salir' || name === 'exit') return undefined;
  if ((consolePrograms as readonly string[]).includes(name)) {
    const code = await run(name, args, state.folder);
    if (code !== 0) write(`(${name} ha terminado con el código ${code})\n`);
    return state;
  }
  const own = orders[name];
  if (!own) {
    write(`«${name}» no está en esta consola. Escribe «ayuda» para ver lo que hay.\n`);
    return state;
  }
  try {
    return await own(args, state, write);
  } catch (error) {
    write(`${name}: ${error instanceof Error ? error.message : String(error)}\n`);
    return state;
  }
}

type Order = (args: readonly string[], state: ConsoleState, write: (text: string) => void) => Promise<ConsoleState>;

/** A file that is read to be looked at, not to be loaded. */
const largestShown = 256 * 1024;

const help: Order = async (_args, state, write) => {
  write(
    `Programas: ${consolePrograms.join(', ')}.\n` +
      'Además: cd CARPETA, pwd, ls [CARPETA], cat FICHERO, ayuda, salir.\n' +
      'Una orden por línea, sin tuberías ni variables. Ctrl-C corta la orden en marcha.\n',
  );
  return state;
};

const list: Order = async ([path = '.'], state, write) => {
  const entries = await readdir(resolve(state.folder, path), { withFileTypes: true });
  const names = entries.map((entry) => (entry.isDirectory() ? `${entry.name}/` : entry.name)).toSorted();
  if (names.length > 0) write(`${names.join('\n')}\n`);
  return state;
};

const show: Order = async (paths, state, write) => {
  for (const path of paths) {
    const full = resolve(state.folder, path);
    const { size } = await stat(full);
    if (size > largestShown) throw new Error(`${path} ocupa demasiado para verlo aquí`);
    write(await readFile(full, 'utf8'));
  }
  return state;
};

const orders: Readonly<Record<string, Order | undefined>> = Object.assign(Object.create(null), {
  ayuda: help,
  help,
  ls: list,
  dir: list,
  cat: show,
  type: show,
  async pwd(_args, state, write) {
    write(`${state.folder}\n`);
    return state;
  },
  async cd([path], state) {
    const folder = path === undefined ? state.home : resolve(state.folder, path);
    if (!(await stat(folder)).isDirectory()) throw new Error(`${path} no es una carpeta`);
    return { ...state, folder: join(folder) };
  },
} satisfies Record<string, Order>);
