// One terminal per lab, in the lab's folder, with the cluster's KUBECONFIG and PATH.
import { mkdir, writeFile } from 'node:fs/promises';
import { dirname } from 'node:path';
import * as vscode from 'vscode';
import type { ClusterAccess } from '../cluster/program-output.ts';
import { setContext } from '../context-keys.ts';
import { shellKind, shellLine } from './shell-line.ts';
import { shellStart } from './terminal-shell.ts';

export interface Terminals extends vscode.Disposable {
  /** Shows the terminal of `name`, made if there is none, and types `argv` in it if given. */
  show(name: string, folder: string, access: ClusterAccess, argv?: readonly string[]): Promise<void>;
  /** Another cluster, another environment: the terminals of the old one are closed. */
  closeAll(): void;
}

/** `scratch`: a folder of the extension's own for the shells' settings. */
export function createTerminals(scratch: string): Terminals {
  const open = new Map<string, { terminal: vscode.Terminal; folder: string; kubeconfig: string }>();
  const tell = (): void => setContext('malla.terminalOpen', open.size > 0);
  const listening = vscode.window.onDidCloseTerminal((closed) => {
    for (const [name, { terminal }] of open) if (terminal === closed) open.delete(name);
    tell();
  });
  const closeAll = (): void => {
    for (const { terminal } of open.values()) terminal.dispose();
    open.clear();
  };

  return {
    async show(name, folder, access, argv) {
      const shell = vscode.env.shell;
      const known = open.get(name);
      const fits =
        known?.folder === folder &&
        known.kubeconfig === access.env.KUBECONFIG &&
        known.terminal.exitStatus === undefined;
      const terminal = fits ? known.terminal : await create(name, folder, access, shell);
      if (!fits) open.set(name, { terminal, folder, kubeconfig: access.env.KUBECONFIG });
      tell();
      terminal.show(true);
      if (argv) terminal.sendText(shellLine(argv, shellKind(shell)), true);
    },
    closeAll,
    dispose() {
      listening.dispose();
      closeAll();
    },
  };

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
