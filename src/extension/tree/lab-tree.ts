// The «Laboratorios» view. Drawn from the sessions; a change of a session redraws its lab.
import * as vscode from 'vscode';
import { commandId } from '../commands/command-table.ts';
import { viewId } from '../contributions.ts';
import { t } from '../l10n.ts';
import type { LabSessions } from '../lab-sessions.ts';
import { markName } from './mark-name.ts';
import { childrenOf, faceOf, type NodeFace, type TreeNode } from './nodes.ts';

export interface LabTree extends vscode.Disposable {
  readonly view: vscode.TreeView<TreeNode>;
  readonly provider: vscode.TreeDataProvider<TreeNode>;
}

export function createLabTree(sessions: LabSessions): LabTree {
  const changes = new vscode.EventEmitter<TreeNode | undefined>();
  // The tree knows a node by its identity: one object per lab.
  const roots = sessions.labs.flatMap((lab): TreeNode[] => {
    const session = sessions.of(lab.id);
    return session ? [{ type: 'lab', session }] : [];
  });
  /** All that the tree shows of a node, as text to compare. */
  const drawingOf = (node: TreeNode): string =>
    JSON.stringify([faceOf(node), childrenOf(node, sessions.of).map(drawingOf)]);
  /** Of the labs that the editor has asked for. */
  const drawn = new Map<TreeNode, string>();
  const listening = sessions.onChange(({ lab: { id } }) => {
    // Its own node, and those of the labs that start from it.
    for (const root of roots) {
      const { lab } = root.session;
      if (lab.id !== id && !lab.requires.includes(id)) continue;
      if (!drawn.has(root)) continue;
      const drawing = drawingOf(root);
      // A node drawn again for nothing would swallow a click that is on its way to the old one.
      if (drawn.get(root) === drawing) continue;
      drawn.set(root, drawing);
      changes.fire(root);
    }
  });
  const provider: vscode.TreeDataProvider<TreeNode> = {
    onDidChangeTreeData: changes.event,
    getChildren: (node) => (node ? childrenOf(node, sessions.of) : roots),
    getTreeItem(node) {
      if (node.type === 'lab') drawn.set(node, drawingOf(node));
      return getTreeItem(node);
    },
  };
  const view = vscode.window.createTreeView(viewId, { treeDataProvider: provider, showCollapseAll: true });
  return {
    view,
    provider,
    dispose() {
      listening.dispose();
      view.dispose();
      changes.dispose();
    },
  };
}

function getTreeItem(node: TreeNode): vscode.TreeItem {
  const face = faceOf(node);
  const item = new vscode.TreeItem(
    face.label,
    face.children ? vscode.TreeItemCollapsibleState.Collapsed : vscode.TreeItemCollapsibleState.None,
  );
  item.id = face.id;
  item.description = face.description;
  item.tooltip = face.tooltip;
  item.iconPath = iconOf(face.mark, node.type);
  item.contextValue = node.type;
  item.accessibilityInformation = { label: `${face.label}, ${face.description || markName(face.mark)}` };
  item.command = openingOf(node);
  return item;
}

function openingOf(node: TreeNode): vscode.Command {
  const { lab } = node.type === 'needed' ? node.needed : node.session;
  const page = node.type === 'step' || node.type === 'check' ? node.step.id : '';
  return { command: commandId('openStep'), title: t('Abrir'), arguments: [lab.id, page] };
}

export function iconOf(mark: NodeFace['mark'], level: TreeNode['type']): vscode.ThemeIcon {
  const color = (name: string) => new vscode.ThemeColor(name);
  switch (mark) {
    case 'correcto':
      return new vscode.ThemeIcon('pass-filled', color('testing.iconPassed'));
    case 'superado':
      return new vscode.ThemeIcon('pass', color('testing.iconPassed'));
    case 'incorrecto':
      return new vscode.ThemeIcon('error', color('testing.iconFailed'));
    case 'no verificable':
      return new vscode.ThemeIcon('question', color('testing.iconQueued'));
    case 'comprobando':
      return new vscode.ThemeIcon('loading~spin');
    case 'en curso':
      return new vscode.ThemeIcon('book', color('charts.blue'));
    case 'lectura':
      return new vscode.ThemeIcon('note');
    case 'pendiente':
      return new vscode.ThemeIcon(level === 'lab' ? 'book' : 'circle-outline');
  }
}
