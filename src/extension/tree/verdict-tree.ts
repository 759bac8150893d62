// The «Veredictos recientes» view.
import * as vscode from 'vscode';
import { commandId } from '../commands/command-table.ts';
import { verdictsViewId } from '../contributions.ts';
import { t } from '../l10n.ts';
import type { LabSessions } from '../lab-sessions.ts';
import { iconOf } from './lab-tree.ts';
import { markName } from './mark-name.ts';
import type { RecentVerdict, RecentVerdicts } from './recent-verdicts.ts';

export interface VerdictTree extends vscode.Disposable {
  readonly provider: vscode.TreeDataProvider<RecentVerdict>;
}

export function createVerdictTree(recent: RecentVerdicts, sessions: LabSessions): VerdictTree {
  const changes = new vscode.EventEmitter<undefined>();
  const provider: vscode.TreeDataProvider<RecentVerdict> = {
    onDidChangeTreeData: changes.event,
    getChildren: (verdict) => (verdict ? [] : [...recent.list]),
    getTreeItem: (verdict) => itemOf(verdict, sessions),
  };
  const view = vscode.window.createTreeView(verdictsViewId, { treeDataProvider: provider });
  const listening = recent.onChange(() => changes.fire(undefined));
  return { provider, dispose: () => vscode.Disposable.from(view, changes, listening).dispose() };
}

function itemOf(verdict: RecentVerdict, sessions: LabSessions): vscode.TreeItem {
  const { lab: labId, step: stepId, check: checkId, state, observed, cause, at } = verdict;
  const lab = sessions.of(labId)?.lab;
  const step = lab?.steps.find((s) => s.id === stepId);
  const title = step?.checks.find((c) => c.id === checkId)?.title ?? checkId;
  const item = new vscode.TreeItem(title);
  const when = new Date(at).toLocaleTimeString(vscode.env.language, { hour: '2-digit', minute: '2-digit' });
  item.id = `${labId}/${stepId}/${checkId}/${at}`;
  item.description = `${when} · ${lab?.title ?? labId}`;
  item.tooltip = [
    `${title}: ${markName(state)}`,
    step ? `${lab?.title} › ${step.title}` : '',
    t('Se observa: {0}', observed),
    cause ? t('Causa: {0} [{1}]', cause.message, cause.code) : '',
    new Date(at).toLocaleString(vscode.env.language),
  ]
    .filter(Boolean)
    .join('\n');
  item.iconPath = iconOf(state, 'check');
  item.accessibilityInformation = { label: `${title}, ${markName(state)}, ${item.description}` };
  item.command = { command: commandId('openStep'), title: t('Abrir'), arguments: [labId, stepId] };
  return item;
}
