// One terminal per lab, in the lab's folder, with the cluster's KUBECONFIG and PATH.
import { mkdir, writeFile } from 'node:fs/promises';
import { dirname } from 'node:path';
import * as vscode from 'vscode';
import type { ClusterAccess } from '../cluster/program-output.ts';
import { setting } from '../settings.ts';
import { shellKind, shellLine } from './shell-line.ts';
import { shellStart, wantsOwnConsole } from './terminal-shell.ts';

export interface Terminals extends vscode.Disposable {
  /** Shows the terminal of `name`, made if there is none, and types `argv` in it if given. */
  show(name: string, folder: string, access: ClusterAccess, argv?: readonly string[]): Promise<void>;
  /** Another cluster, another environment: the terminals of the old one are closed. */
  closeAll(): void;
}

export interface TerminalsOptions {
  /** A folder of the extension's own for the shells' settings. */
  scratch: string;
  /** What runs JavaScript, and dist/malla.mjs: Malla's own console. */
  start: { nodePath: string; entry: string };
}

export function createTerminals({ scratch, start: program }: TerminalsOptions): Terminals {
  const open = new Map<string, { terminal: vscode.Terminal; folder: string; kubeconfig: string; own: boolean }>();
  const listening = vscode.window.onDidCloseTerminal((closed) => {
    for (const [name, { terminal }] of open) if (terminal === closed) open.delete(name);
  });
  const closeAll = (): void => {
    for (const { terminal } of open.values()) terminal.dispose();
    open.clear();
  };

  return {
    async show(name, folder, access, argv) {
      const shell = vscode.env.shell;
      const own = wantsOwnConsole(setting('terminal.shell'), shell);
      const known = open.get(name);
      const fits =
        known?.folder === folder &&
        known.kubeconfig === access.env.KUBECONFIG &&
        known.own === own &&
        known.terminal.exitStatus === undefined;
      const terminal = fits
        ? known.terminal
        : own
          ? await openConsole(name, folder, access)
          : await create(name, folder, access, shell);
      if (!fits) open.set(name, { terminal, folder, kubeconfig: access.env.KUBECONFIG, own });
      terminal.show(true);
      if (argv) terminal.sendText(shellLine(argv, own ? 'malla' : shellKind(shell)), true);
    },
    closeAll,
    dispose() {
      listening.dispose();
      closeAll();
    },
  };

  async function openConsole(name: string, folder: string, access: ClusterAccess) {
    await mkdir(folder, { recursive: true });
    return vscode.window.createTerminal({
      name: `Malla: ${name}`,
      cwd: folder,
      env: { ...access.env, ELECTRON_RUN_AS_NODE: '1' },
      iconPath: new vscode.ThemeIcon('type-hierarchy-sub'),
      isTransient: true,
      shellPath: program.nodePath,
      shellArgs: ['--disable-warning=ExperimentalWarning', program.entry, 'consola'],
    });
  }

  async function create(name: string, folder: string, access: ClusterAccess, shell: string) {
    const start = shellStart(shell, { ...access.env }, scratch);
    for (const [path, content] of Object.entries(start.files)) {
      await mkdir(dirname(path), { recursive: true });
      await writeFile(path, content, { mode: 0o600 });
    }
    await mkdir(folder, { recursive: true });
    return vscode.window.createTerminal({
      name: `Malla: ${name}`,
      cwd: folder,
      env: start.env,
      iconPath: new vscode.ThemeIcon('type-hierarchy-sub'),
      isTransient: true,
      ...(start.args.length > 0 ? { shellPath: shell, shellArgs: start.args } : {}),
    });
  }
}
