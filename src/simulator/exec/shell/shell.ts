// What a shell remembers while it runs: variables, folder, parameters, functions.
import type { Machine } from '../program.ts';
import type { Command } from './syntax.ts';

export interface Shell {
  readonly machine: Machine;
  readonly name: string;
  cwd: string;
  parameters: readonly string[];
  status: number;
  readonly functions: Map<string, Command>;
  /** `set -e` and `set -x`. */
  readonly options: { exitOnError: boolean; trace: boolean };
  variable(name: string): string | undefined;
  assign(name: string, value: string, exported?: 'exported'): void;
  unset(name: string): void;
  /** What programs get. */
  environment(): Record<string, string>;
  /** What a subshell changes is its own. */
  copy(): Shell;
}

interface Start {
  machine: Machine;
  name: string;
  cwd: string;
  parameters: readonly string[];
  env: Readonly<Record<string, string>>;
}

const MOST_VARIABLES = 10_000;
const LONGEST_VALUE = 4 * 1024 * 1024;

export function createShell({ machine, name, cwd, parameters, env }: Start): Shell {
  return make(new Map(Object.entries(env)), new Set(Object.keys(env)), { cwd, parameters, status: 0 }, new Map());

  function make(
    values: Map<string, string>,
    exported: Set<string>,
    state: Pick<Shell, 'cwd' | 'parameters' | 'status'>,
    functions: Map<string, Command>,
    options = { exitOnError: false, trace: false },
  ): Shell {
    const shell: Shell = {
      machine,
      name,
      ...state,
      functions,
      options,
      variable(wanted) {
        switch (wanted) {
          case '?':
            return String(shell.status);
          case '#':
            return String(shell.parameters.length);
          case '@':
          case '*':
            return shell.parameters.join(' ');
          case '0':
            return name;
          case '$':
            return '7';
          case '!':
          case '-':
            return '';
          case 'PWD':
            return shell.cwd;
          default:
            return /^\d+$/.test(wanted) ? shell.parameters[Number(wanted) - 1] : values.get(wanted);
        }
      },
      assign(wanted, value, asExported) {
        if (values.size < MOST_VARIABLES || values.has(wanted)) values.set(wanted, value.slice(0, LONGEST_VALUE));
        if (asExported) exported.add(wanted);
      },
      unset(wanted) {
        values.delete(wanted);
        exported.delete(wanted);
        functions.delete(wanted);
      },
      environment: () =>
        Object.fromEntries([...exported].flatMap((n) => (values.has(n) ? [[n, values.get(n) ?? '']] : []))),
      copy: () =>
        make(
          new Map(values),
          new Set(exported),
          { cwd: shell.cwd, parameters: shell.parameters, status: shell.status },
          new Map(functions),
          { ...options },
        ),
    };
    return shell;
  }
}
