// Brings in the help for rubrics when the first of them is opened: most windows never have one.
import * as vscode from 'vscode';
import type { Lab } from '../../labs/lab.ts';
import { isRubricName } from './rubric-name.ts';

export function watchRubrics(labs: readonly Lab[]): vscode.Disposable {
  let help: Promise<vscode.Disposable> | undefined;
  const look = ({ fileName }: vscode.TextDocument): void => {
    if (isRubricName(fileName)) help ??= import('./rubric-help.ts').then((m) => m.createRubricHelp(labs));
  };
  for (const document of vscode.workspace.textDocuments) look(document);
  return vscode.Disposable.from(vscode.workspace.onDidOpenTextDocument(look), {
    dispose: () => void help?.then((h) => h.dispose()),
  });
}
