// The commands about the cluster.
import * as vscode from 'vscode';
import type { Terminals } from '../actions/terminals.ts';
import type { ClusterSession } from '../cluster/cluster-session.ts';
import type { LabSessions } from '../lab-sessions.ts';
import { showProblem } from '../show-problem.ts';
import type { ViewsPanel } from '../views/views-panel.ts';
import { type CommandName, commandId, commandTable, type Handlers } from './command-table.ts';

/** What is not about a lab. */
export type ClusterCommands = Pick<
  Handlers,
  | 'startCluster'
  | 'stopCluster'
  | 'deleteCluster'
  | 'showCluster'
  | 'openEntry'
  | 'showViews'
  | 'copyKubeconfig'
  | 'copyEntry'
>;

export interface ClusterCommandsOptions {
  cluster: ClusterSession;
  sessions: LabSessions;
  terminals: Terminals;
  views: ViewsPanel;
  startCluster(): Promise<boolean>;
}

export function clusterCommands(options: ClusterCommandsOptions): ClusterCommands {
  const { cluster, sessions, terminals, views, startCluster } = options;
  return {
    startCluster,
    async stopCluster() {
      await showProblem(await cluster.stop());
    },
    async deleteCluster() {
      const remove = 'Borrar';
      const chosen = await vscode.window.showWarningMessage(
        '¿Borrar el clúster embebido?',
        { modal: true, detail: 'Se pierde todo lo que hay en él. Tus ficheros no se tocan.' },
        remove,
      );
      if (chosen !== remove) return;
      await showProblem(await cluster.delete());
      terminals.closeAll();
      await sessions.refreshPassed();
    },
    async showCluster() {
      await cluster.refresh();
      const names: CommandName[] = cluster.now.access
        ? ['openTerminal', 'openEntry', 'showViews', 'copyEntry', 'copyKubeconfig', 'stopCluster', 'deleteCluster']
        : ['startCluster', 'deleteCluster'];
      const items = names.map((name) => ({ label: commandTable[name].title, name }));
      const chosen = await vscode.window.showQuickPick(items, { placeHolder: 'El clúster embebido de Malla' });
      if (chosen) await vscode.commands.executeCommand(commandId(chosen.name));
    },
    async openEntry() {
      const entry = cluster.now.access?.entry;
      if (entry) await vscode.env.openExternal(vscode.Uri.parse(`${entry}/productpage`));
    },
    showViews: () => views.reveal(),
    copyKubeconfig: () => copy(cluster.now.access?.kubeconfig, 'la ruta de kubeconfig'),
    copyEntry: () => copy(cluster.now.access?.entry, 'la dirección de entrada'),
  };
}

/** Starts the cluster with its progress in a notification; true if it runs in the end. */
export async function startWithProgress(cluster: ClusterSession): Promise<boolean> {
  const problem = await vscode.window.withProgress(
    { location: { viewId: 'malla.cluster' }, title: 'Arrancando el clúster embebido…' },
    () => cluster.start(),
  );
  await showProblem(problem);
  return cluster.now.access !== undefined;
}

async function copy(text: string | undefined, what: string): Promise<void> {
  if (text === undefined) return;
  await vscode.env.clipboard.writeText(text);
  vscode.window.setStatusBarMessage(`Malla: copiada ${what}`, 3000);
}
