// When the Testing view gets its labs: once the student has opened something of Malla's. A window that only has YAML files
// never sees it.
import * as vscode from 'vscode';
import type { LabPanels } from '../panel/lab-panels.ts';
import type { LabTree } from '../tree/lab-tree.ts';
import type { TestingView } from './testing-view.ts';

export function beginTesting(
  testing: Pick<TestingView, 'begin'>,
  { view }: Pick<LabTree, 'view'>,
  panels: Pick<LabPanels, 'onFront'>,
): vscode.Disposable {
  if (view.visible) testing.begin();
  return vscode.Disposable.from(
    view.onDidChangeVisibility(({ visible }) => {
      if (visible) testing.begin();
    }),
    panels.onFront(() => testing.begin()),
  );
}
