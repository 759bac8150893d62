// Brings in the help for a kind of file when the first of them is opened: most windows never have one.
import * as vscode from 'vscode';

export function onFirstDocument(
  wanted: (document: vscode.TextDocument) => boolean,
  bring: () => Promise<vscode.Disposable>,
): vscode.Disposable {
  let help: Promise<vscode.Disposable> | undefined;
  const look = (document: vscode.TextDocument): void => {
    if (wanted(document)) help ??= bring();
  };
  for (const document of vscode.workspace.textDocuments) look(document);
  return vscode.Disposable.from(vscode.workspace.onDidOpenTextDocument(look), {
    dispose: () => void help?.then((h) => h.dispose()),
  });
}
