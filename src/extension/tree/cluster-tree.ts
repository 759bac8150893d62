// The «Clúster» view: which one is in use, its nodes, namespaces, services and proxies, live while the view is in sight;
// nothing, and so the welcome text of package.json, while no cluster runs.
import * as vscode from 'vscode';
import type { ClusterSession } from '../cluster/cluster-session.ts';
import { createInventoryReader, type InventoryReader } from '../cluster/inventory-reader.ts';
import type { MallaProgram } from '../cluster/malla-program.ts';
import { commandId } from '../commands/command-table.ts';
import { clusterViewId } from '../contributions.ts';
import { t } from '../l10n.ts';
import { type ClusterNode, clusterChildren, clusterFace, clusterRoots, namespaceId } from './cluster-nodes.ts';

export interface ClusterTree extends vscode.Disposable {
  readonly provider: vscode.TreeDataProvider<ClusterNode>;
  readonly reader: InventoryReader;
  /** Reads again if reading had broken. */
  retry(): void;
}

/** Whoever turns to another view for a moment finds this one as it was. */
const GRACE = 20_000;

export function createClusterTree(cluster: ClusterSession, program: MallaProgram): ClusterTree {
  const changes = new vscode.EventEmitter<ClusterNode | undefined>();
  const reader = createInventoryReader(program, () => void cluster.refresh());
  // The tree knows a node by its identity.
  const nodes = new Map<string, ClusterNode>();
  const known = (list: ClusterNode[]): ClusterNode[] =>
    list.map((node) => {
      const same = nodes.get(node.id) ?? node;
      nodes.set(node.id, same);
      return same;
    });
  const sight = () => ({ cluster: cluster.now, inventory: reader.now });
  const provider: vscode.TreeDataProvider<ClusterNode> = {
    onDidChangeTreeData: changes.event,
    getChildren: (node) => known(node ? clusterChildren(node, sight()) : clusterRoots(sight())),
    getTreeItem: (node) => itemOf(node, clusterFace(node, sight())),
  };
  const view = vscode.window.createTreeView(clusterViewId, { treeDataProvider: provider, showCollapseAll: true });
  let leaving: NodeJS.Timeout | undefined;
  const look = (): void => {
    clearTimeout(leaving);
    if (view.visible) reader.read(cluster.now.access);
    else leaving = setTimeout(() => reader.read(undefined), GRACE);
  };
  const tell = (): void => {
    const { problem, now } = reader;
    view.message = problem
      ? `${problem.code}: ${problem.happened}`
      : now && !now.live && now.namespaces.size > 0
        ? t('El clúster no contesta: lo que ves es de antes.')
        : undefined;
  };
  const parts = vscode.Disposable.from(
    view,
    changes,
    reader,
    { dispose: () => clearTimeout(leaving) },
    view.onDidChangeVisibility(look),
    cluster.onChange(() => {
      if (view.visible || !cluster.now.access) reader.read(cluster.now.access);
      changes.fire(undefined);
    }),
    reader.onChange((change) => {
      tell();
      const id = change === 'all' ? undefined : change === 'nodes' ? 'nodes' : namespaceId(change.namespace);
      // A node that is not drawn yet comes with its parent.
      changes.fire(id === undefined ? undefined : nodes.get(id));
    }),
  );
  look();
  return {
    provider,
    reader,
    retry: () => reader.read(view.visible ? cluster.now.access : undefined),
    dispose: () => parts.dispose(),
  };
}

function itemOf(node: ClusterNode, face: ReturnType<typeof clusterFace>): vscode.TreeItem {
  const { None, Collapsed } = vscode.TreeItemCollapsibleState;
  const item = new vscode.TreeItem(face.label, face.children ? Collapsed : None);
  item.id = node.id;
  item.description = face.description;
  item.tooltip = face.tooltip;
  item.contextValue = node.type;
  item.iconPath = face.troubled
    ? new vscode.ThemeIcon('warning', new vscode.ThemeColor('list.warningForeground'))
    : new vscode.ThemeIcon(face.icon);
  item.accessibilityInformation = { label: [face.label, face.description].filter(Boolean).join(', ') };
  if (face.command) item.command = { command: commandId(face.command), title: face.label };
  return item;
}
