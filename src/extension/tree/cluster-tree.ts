// The «Clúster» view: its facts while it runs; nothing, and so the welcome text of package.json, while it does not.
import * as vscode from 'vscode';
import type { ClusterSession } from '../cluster/cluster-session.ts';
import { type CommandName, commandId } from '../commands/command-table.ts';
import { clusterViewId } from '../contributions.ts';

interface Fact {
  label: string;
  value: string;
  icon: string;
  command?: CommandName;
  tooltip: string;
}

export function createClusterTree(cluster: ClusterSession): vscode.Disposable {
  const changes = new vscode.EventEmitter<undefined>();
  const listening = cluster.onChange(() => changes.fire(undefined));
  const view = vscode.window.createTreeView<Fact>(clusterViewId, {
    treeDataProvider: {
      onDidChangeTreeData: changes.event,
      getChildren: (fact) => (fact ? [] : factsOf(cluster)),
      getTreeItem: itemOf,
    },
  });
  return vscode.Disposable.from(view, changes, listening);
}

function factsOf({ now: { access } }: ClusterSession): Fact[] {
  if (!access) return [];
  return [
    {
      label: 'Embebido',
      value: 'simulador, en marcha',
      icon: 'server-process',
      tooltip: 'Un clúster de Kubernetes simulado, en tu máquina y sin salir de ella.',
    },
    ...(access.entry
      ? [
          {
            label: 'Entrada',
            value: access.entry,
            icon: 'globe',
            command: 'openEntry' as const,
            tooltip: 'La pasarela de entrada de la malla. Pulsa para abrir la página en el navegador.',
          },
        ]
      : []),
    {
      label: 'kubeconfig',
      value: access.kubeconfig,
      icon: 'key',
      command: 'copyKubeconfig',
      tooltip: `${access.kubeconfig}\nPulsa para copiar la ruta. Los terminales de Malla ya la usan.`,
    },
  ];
}

function itemOf({ label, value, icon, command, tooltip }: Fact): vscode.TreeItem {
  const item = new vscode.TreeItem(label);
  item.description = value;
  item.iconPath = new vscode.ThemeIcon(icon);
  item.tooltip = tooltip;
  if (command) item.command = { command: commandId(command), title: label };
  return item;
}
